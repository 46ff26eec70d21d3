"""Cards for the benchmarks: any number of waiting events in any number of streams, made quickly.

The segments are written by the product's own writer, in memory, and then put on the disk: what
takes a kiosk ten years of fsyncs takes seconds.
"""

import uuid
from collections.abc import Iterator
from pathlib import Path

from sync.buffer import segments
from sync.buffer.memory import MemoryFiles
from sync.feedback import events

BEGIN = 1_672_531_200_000
"""2023-01-01T00:00:00Z."""
DAY = 24 * 60 * 60 * 1000
SURVEY = {"id": "exit", "version": 1, "questions": [{"id": "visit", "faces": 4}]}


def rating(mono: int, number: int) -> events.Rating:
    """A tap as a kiosk records it; ``number`` varies face and language."""
    return events.Rating(
        mono=mono,
        survey="exit",
        survey_version=1,
        question="visit",
        face=1 + number % 7 % 4,
        faces=4,
        language=("sv", "en", "ar")[number % 3],
        via="touch",
    )


def stream_events(day: int, count: int, after: events.After | None) -> Iterator[events.Event]:
    """One day of a kiosk: switched on, told the time, tapped ``count`` − 4 times."""
    yield events.Start(
        mono=41_250,
        at=BEGIN + day * DAY,
        boot_id=str(uuid.UUID(int=day)),
        serial="10000000a1b2c3d4",
        app="1.0.0",
        after=after,
        stopped="power",
    )
    yield events.Settings(mono=41_260, time_zone="Europe/Stockholm")
    yield events.Survey(mono=41_261, survey="exit", version=1, document=SURVEY)
    now = BEGIN + day * DAY + 8 * 3600_000
    yield events.Clock(mono=42_250, at=now, trusted=now, uncertainty=50, source="ntp")
    pace = 10 * 3600_000 // max(count, 1)
    for number in range(count - 4):
        yield rating(101_250 + number * pace, number)


def make(folder: Path, streams: int, each: int) -> int:
    """Put ``streams`` streams of ``each`` events on the disk; gives how many events that are."""
    target = folder / "streams"
    target.mkdir(parents=True)
    (folder / "state").mkdir()
    after: events.After | None = None
    for day in range(streams):
        name = str(uuid.UUID(int=day + 1, version=4))
        for path, data in _segments(day, name, each, after).items():
            (target / path.rpartition("/")[2]).write_bytes(data)
        after = events.After(stream=name, seq=each)
    return streams * each


def _segments(day: int, stream: str, each: int, after: events.After | None) -> dict[str, bytes]:
    card = MemoryFiles()
    card.make_folder("streams")
    head = segments.Head(stream=stream, opening=day + 1)
    writer: segments.Writer | None = None
    for seq, event in enumerate(stream_events(day, each, after), 1):
        if writer is None or writer.count == segments.SIZE:
            writer = segments.Writer(card, "streams", segments.Name(day + 1, stream, seq), head)
        raw = events.encode(event)
        writer.add([(seq, b'{"kind"' + raw[7:].replace(b',"mono"', b',"seq":%d,"mono"' % seq, 1))])
    return {path: bytes(data) for path, data in card.files.items()}
