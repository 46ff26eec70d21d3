"""The fold and the figures: what a tap and a look at 90 days cost."""

import json
import statistics
import time
from collections.abc import Callable

from sync.feedback import cells, events, totals

DAY = 86_400_000
BATCH = 500


def run() -> dict[str, dict[str, object]]:
    """The entries of this file: milliseconds for a look, and the fold against json.loads."""
    card = _card(days=90, taps=300)
    table = _fold(card)
    look = _median(lambda: totals.rows([table], "2000-01-01", "2999-12-31"), 15)
    few = {stream: card[stream] for stream in list(card)[:20]}
    number = sum(map(len, few.values()))
    folded = _median(lambda: _fold(few), 5) / number
    read = _median(lambda: [json.loads(raw) for raws in few.values() for raw in raws], 5) / number
    return {
        "totals/90 days": {
            "value": round(1000 * look, 2),
            "goal": 20,
            "better": "lower",
            "against": f"milliseconds, {len(table):,} cells",
        },
        "fold/event": {
            "value": round(folded / read, 2),
            "goal": 12,
            "better": "lower",
            "against": f"json.loads of the same; {1 / folded:,.0f} events/s, batches of 500",
        },
    }


def _card(days: int, taps: int) -> dict[str, list[bytes]]:
    """A stream a day, a tap every two minutes on average, hours known to the minute."""
    card: dict[str, list[bytes]] = {}
    after = None
    for day in range(days):
        stream, mono = f"{day:08d}-0000-4000-8000-000000000000", 30_000
        at = 1_763_712_000_000 + day * DAY
        told: list[events.Event] = [
            events.Start(mono=mono, at=at, boot_id=f"boot-{day}", after=after),
            events.Settings(
                mono=mono,
                time_zone="Europe/Stockholm",
                hours={name: [("09:00", "20:00")] for name in events.WEEKDAYS},
            ),
            events.Clock(mono=mono, at=at, trusted=at, source="ntp"),
        ]
        for tap in range(taps):
            mono += (3_000, 60_000, 120_000, 300_000)[tap * 7 % 4]
            told.append(
                events.Rating(
                    mono=mono,
                    survey="exit",
                    survey_version=1,
                    question="visit",
                    face=1 + (tap * tap + day) % 4,
                    faces=4,
                    language=("sv", "en")[tap % 7 == 0],
                    via="touch",
                )
            )
        card[stream] = [_stamped(event, seq) for seq, event in enumerate(told, 1)]
        after = events.After(stream=stream, seq=len(told))
    return card


def _stamped(event: events.Event, seq: int) -> bytes:
    fields = json.loads(events.encode(event))
    return json.dumps({**fields, "seq": seq}, separators=(",", ":")).encode()


def _fold(card: dict[str, list[bytes]]) -> dict[cells.Cell, int]:
    book, table = totals.Book(history=card.__getitem__), dict[cells.Cell, int]()
    for stream, raws in card.items():
        for begin in range(0, len(raws), BATCH):
            cells.add(table, book.apply(stream, raws[begin : begin + BATCH]))
    return table


def _median(work: Callable[[], object], times: int) -> float:
    measured = []
    for _ in range(times):
        begin = time.process_time()
        work()
        measured.append(time.process_time() - begin)
    return statistics.median(measured)
