"""Nothing that a stream may say ends in a traceback, holds the fold up, or counts below nothing."""

import json
import os
import random

import hypothesis
import pytest
from hypothesis import strategies as st

from sync.feedback import cells, events, totals

EXAMPLES = 2000 if os.environ.get("FULL") else 200
STREAMS = ("a", "b", "c", "d")
NUMBERS = (0, 1, 2, 3, 5, 8, 1000, 10**6, 1763719200000, 2**53 - 1)


def nonsense(chance: random.Random, seq: int) -> bytes:
    """An event that may be taken, and means little."""

    def number(least: int = 0) -> int:
        return max(chance.choice(NUMBERS), least)

    stream = {} if chance.random() < 0.5 else {"stream": chance.choice(STREAMS)}
    face = {"face": chance.choice([1, 2, 4, 11])}
    kinds: list[dict[str, object]] = [
        {
            "kind": "start",
            "at": number(),
            "boot_id": chance.choice(["x", "y", "?a", ""]),
            "after": chance.choice([None, {"stream": chance.choice(STREAMS), "seq": number(1)}]),
        },
        {
            "kind": "settings",
            "time_zone": chance.choice(["UTC", "Asia/Kathmandu", "No/Such", "..", "localtime"]),
            "hours": chance.choice([None, {}, {"mon": [["24:00", "00:00"]]}]),
            "pause": number(),
            "run": number(1),
            "rules": number(1),
        },
        {"kind": "clock", "at": 0, "trusted": number(), "uncertainty": number(), "source": "ntp"},
        {"kind": "clock", "at": 0, "trusted": number(), "source": "staff"},
        *[
            {
                "kind": "rating",
                "survey": "a",
                "survey_version": number(),
                "question": chance.choice("ab"),
                "faces": chance.choice([2, 11, 101]),
                "language": "sv",
                "via": "touch",
                "visit": min(number(), seq),
                **face,
                **stream,
                **({"began": "next"} if chance.random() < 0.1 else {}),
            }
        ]
        * 4,
        {"kind": "answer", "rating": number(1), "reasons": ["a", "a", "b"], **stream},
        {"kind": "correction", "rating": number(1), **face, **stream},
        {"kind": "mark", "ratings": [number(1), 1, 2, 3], "as": "test", **stream},
        {"kind": "lost", "through": seq + chance.choice([0, 1, 3])},
        {"kind": "wrapped", "bytes": ""},
        {"kind": "glimpse"},
        {"kind": "rating", "face": "none"},
    ]
    return json.dumps({**chance.choice(kinds), "seq": seq, "mono": number()}).encode()


def cards(chance: random.Random) -> dict[str, list[bytes]]:
    """A few streams of nonsense, each in order and without a hole."""
    found: dict[str, list[bytes]] = {}
    for stream in STREAMS:
        seq, found[stream] = 1, []
        for _ in range(chance.choice([0, 3, 25])):
            raw = nonsense(chance, seq)
            found[stream].append(raw)
            seq = json.loads(raw).get("through", seq) + 1
    return found


def fold(card: dict[str, list[bytes]], chance: random.Random, window: int) -> cells.Deltas:
    """The table of a card fed in some order and pieces."""
    given = dict.fromkeys(card, 0)

    def history(stream: str) -> list[bytes]:
        return card[stream][: given[stream]]

    book, table = totals.Book(history=history, window=window), dict[cells.Cell, int]()
    while left := [stream for stream in card if given[stream] < len(card[stream])]:
        stream = chance.choice(left)
        begin, number = given[stream], chance.choice([1, 7])
        cells.add(table, book.apply(stream, card[stream][begin : begin + number]))
        given[stream] = min(begin + number, len(card[stream]))
        if chance.random() < 0.3:
            book = totals.Book.load(book.dump(), history=history, window=window)
    return table


@pytest.mark.timeout(1800)
@hypothesis.settings(max_examples=EXAMPLES, deadline=None)
@hypothesis.given(st.integers(0, 2**40))
def test_nonsense_counts_as_taps_or_not_at_all(seed: int) -> None:
    """Circles of streams, boots everywhere, times past all calendars: no number below 0."""
    chance = random.Random(seed)
    card = cards(chance)
    taken = [
        event
        for raws in card.values()
        for raw in raws
        if isinstance(event := _decoded(raw), events.Rating)
    ]
    table = fold(card, chance, window=chance.choice([1, 50]))
    assert all(number > 0 for number in table.values())
    assert sum(n for cell, n in table.items() if not cell.reason) <= len(taken)
    assert totals.rows([table], "0000-00-00", "9999-99-99") is not None


@pytest.mark.timeout(1800)
@hypothesis.settings(max_examples=EXAMPLES, deadline=None)
@hypothesis.given(st.integers(0, 2**40))
def test_nonsense_too_gives_one_table_in_any_order(seed: int) -> None:
    """Also what means little comes to the same, unless streams say that they follow each other."""
    card = cards(random.Random(seed))
    hypothesis.assume(not goes_in_circles(card))
    tables = [fold(card, random.Random(seed + n), window) for n, window in enumerate((1, 50, 1))]
    assert tables[0] == tables[1] == tables[2]


def goes_in_circles(card: dict[str, list[bytes]]) -> bool:
    """Whether streams, or the boots they are of, come before each other."""
    firsts = {name: json.loads(raws[0]) for name, raws in card.items() if raws}
    boots = {name: first.get("boot_id", f"?{name}") for name, first in firsts.items()}
    after = {n: f["after"]["stream"] for n, f in firsts.items() if f.get("after")}
    links = list(after.items())
    links += [
        (f"boot {boots[a]}", f"boot {boots[b]}")
        for a, b in after.items()
        if b in boots and boots[a] != boots[b]
    ]
    while links:  # take away what nothing comes after, again and again
        leaves = {a for a, _ in links} - {b for _, b in links}
        if not leaves:
            return True
        links = [(a, b) for a, b in links if a not in leaves]
    return False


def _decoded(raw: bytes) -> events.Event | None:
    try:
        return events.decode(raw)
    except events.Invalid:
        return None
