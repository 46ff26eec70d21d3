"""The files of streams: their names, their head, their lines.

1. A stream's events lie in segments, ``streams/OPENING-STREAM-FIRST-TRY.journal``. ``OPENING``
   counts the openings of this card, so that one listing of the folder gives all streams in order
   without opening a file. ``FIRST`` is the first seq inside; ``TRY`` is 0, or more when
   the card neither took the file that would have had this name nor let it be removed.
2. A segment is a TinyDB on a :class:`~sync.buffer.storage.JournalStorage` whose salt is the stream,
   so that lines of other streams do not count. Table ``stream``, document 1, is the head: format,
   stream, opening, office and kiosk it was opened for. Table ``events`` holds the events; an
   event's id is its seq, and its document is the event. The head and the first events are one line.
3. Events of a segment have seqs from ``FIRST`` up to the next segment's ``FIRST``. What stands in
   two segments is the same event, written again after the card had refused the first.
4. When the card is short an acknowledged segment becomes ``OPENING-STREAM-FIRST-TRY.counts``: what
   its events counted to (:mod:`sync.buffer.purge`).
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast

import msgspec

from sync.buffer import errors, files, journal, storage, tables

FORMAT = 1
SIZE = 2048
"""Events in a full segment: some 400 KB, a day of a busy shop."""

_NAME = re.compile(r"(\d{8,})-([0-9a-f-]{36})-(\d{10,})-(\d{4,})\.(journal|counts)")
_EVENTS = b'{"events":{"'
_HEAD = b'[{"stream":{"1":'


class Name(NamedTuple):
    """What a segment's file name says. They sort in the order in which they were made."""

    opening: int
    stream: str
    first: int
    attempt: int = 0
    kind: str = "journal"

    def __str__(self) -> str:
        return f"{self.opening:08d}-{self.stream}-{self.first:010d}-{self.attempt:04d}.{self.kind}"


class Head(msgspec.Struct, frozen=True):
    """Whose a segment is."""

    stream: str
    opening: int
    office: str = ""
    kiosk: str = ""
    format: int = FORMAT


class Writer:
    """A segment being written. Any error means: never again this file, but a new one."""

    def __init__(self, card: files.Files, folder: str, name: Name, head: Head) -> None:
        self.name = name
        self.count = 0
        self._head = head
        self._db = storage.JournalDB(
            f"{folder}/{name}", files=card, salt=head.stream.encode(), compact=False
        )
        self._events = self._db.table("events")

    def __repr__(self) -> str:
        return f"<Writer {self.name}, {self.count} events>"

    def add(self, waiting: Sequence[tuple[int, bytes]]) -> None:
        """Return when all of these events would survive a power cut."""
        steps: list[journal.Step] = [{"events": {str(seq): raw}} for seq, raw in waiting]
        if not self.count:
            steps.insert(0, {"stream": {"1": msgspec.json.encode(self._head)}})
        cast(storage.JournalStorage, self._db.storage).change(steps)
        self.count += len(waiting)

    def add_one(self, seq: int, raw: bytes) -> None:
        """Return when this event would survive a power cut."""
        if self.count:
            self._events.insert(tables.Raw(raw, seq))
            self.count += 1
        else:
            self.add([(seq, raw)])

    def close(self) -> None:
        """Let go of the file; twice is fine."""
        self._db.close()


def name(text: str) -> Name | None:
    """The name in ``text``, None when the file is no segment."""
    found = _NAME.fullmatch(text)
    if found is None:
        return None
    opening, stream, first, attempt, kind = found.groups()
    return Name(int(opening), stream, int(first), int(attempt), kind)


def listing(card: files.Files, folder: str) -> list[Name]:
    """The names of all segments in the folder, oldest first."""
    return sorted(filter(None, map(name, card.listing(folder))))


def head(data: bytes, stream: str) -> Head | None:
    """The head in a segment's first bytes, None when it is not there whole.

    Raises ``errors.NewerFormat`` for what a newer version of the program wrote.
    """
    for line in journal.lines(data, stream.encode()):
        if line.change is None:
            continue
        if line.start == 0:
            _refuse_newer(msgspec.json.decode(line.change).get("format", 0), journal.FORMAT)
        elif line.change.startswith(_HEAD):
            fields = msgspec.json.decode(line.change)[0]["stream"]["1"]
            _refuse_newer(fields.get("format", 0), FORMAT)
            return msgspec.convert(fields, Head)
    return None


def _refuse_newer(found: int, known: int) -> None:
    if found > known:
        raise errors.NewerFormat(
            f"a segment of format {found}, and this version reads up to {known}: update the program"
        )


class Event(NamedTuple):
    """An event in a file; whoever goes on from byte ``end`` meets every later one."""

    seq: int
    raw: bytes
    end: int


def events(data: bytes, stream: str, start: int = 0) -> tuple[list[Event], bool]:
    """The whole events in ``data``, which begins at byte ``start`` of its file.

    Ascending by seq, each once, whatever order a failing card left the lines in; and whether the
    lines were in that order.
    """
    found = list(_events(data, stream.encode(), start))
    ordered = all(a.seq < b.seq for a, b in itertools.pairwise(found))
    if not ordered:
        found = sorted({event.seq: event for event in reversed(found)}.values())
    return found, ordered


def _events(data: bytes, salt: bytes, start: int) -> Iterator[Event]:
    begin = len(_EVENTS)
    for start_of_line, place, change in journal.lines(data, salt, start):
        if change is None:
            continue
        if change.startswith(_EVENTS):
            end = change.index(b'"', begin)
            yield Event(int(change[begin:end]), change[end + 2 : -2], place)
        elif change[:1] == b"[":
            several = list(_several(change))
            ends = [start_of_line] * (len(several) - 1) + [place]
            yield from (Event(*event, end) for event, end in zip(several, ends, strict=False))


def _several(change: bytes) -> Iterator[tuple[int, bytes]]:
    """The events of a change of several steps."""
    for step in journal.steps(change):
        if not isinstance(step, list):
            table = step.get("events", {})
            if not isinstance(table, bytes):
                yield from ((int(seq), document) for seq, document in table.items())
