"""What ``totals --json`` prints, and the reasons that were given."""

import msgspec
import pytest

from sync.feedback import cells, events, totals
from tests.unit.totals_card import Card


@pytest.fixture
def card() -> Card:
    """A card whose first boot knows the time."""
    return Card.at_noon()


def test_rows_are_what_totals_prints(card: Card) -> None:
    """One row per survey, question and number of faces, without what is set apart."""
    for face, number in ((4, 126), (3, 60), (2, 16), (1, 17)):
        for _ in range(number):
            card.tap(len(card.streams["a"]) * 6000, face)
    card.tap(len(card.streams["a"]) * 6000 - 5999, 1)
    card.put("a", events.Mark(ratings=[4], as_="test"), 10**8)
    table = {cell._replace(day="2025-11-21"): 0 for cell in card.table}
    for cell, number in card.table.items():
        table[cell._replace(day="2025-11-21")] += number
    rows = msgspec.to_builtins(totals.rows([table], "2025-11-21", "2025-11-21"))
    assert list(rows[0]) == [
        *("survey", "question", "from", "to", "faces", "counts", "n"),
        *("set_apart", "uncertain", "index", "interval", "enough"),
    ]
    row = rows[0]
    assert row["counts"] == {"1": 17, "2": 16, "3": 60, "4": 125}
    assert row["n"] == 218
    assert row["set_apart"] == {"mark": 1, "repeat": 1}
    assert (row["index"], row["enough"], row["uncertain"]) == (78.1, True, 0)
    assert row["interval"][0] < 78.1 < row["interval"][1]
    all_taps = totals.rows([table], "2025-11-21", "2025-11-21", with_set_apart=True)[0]
    assert all_taps.n == 220
    assert all_taps.set_apart == row["set_apart"]
    assert totals.rows([table], "2025-11-22", "2025-11-30") == []


def test_too_few_to_say_shows_no_index(card: Card) -> None:
    """With fewer than five taps index and interval are null."""
    for n in range(4):
        card.tap(10_000 * (n + 1))
    row = totals.rows([card.table], "2025-01-01", "2025-12-31")[0]
    assert (row.n, row.enough, row.index, row.interval) == (4, False, None, None)


def test_reasons_by_face_and_hour_with_those_who_gave_none(card: Card) -> None:
    """Each reason by face and by hour; who gave none is told too; set apart taps are left out."""
    for n, (face, reasons) in enumerate(
        [(1, ["queue", "price"]), (1, ["queue"]), (1, []), (1, None), (4, None), (4, ["staff"])]
    ):
        seq = card.tap(3_600_000 * (n // 2) + 10_000 * (n + 1), face)
        if reasons is not None:
            card.put("a", events.Answer(rating=seq, reasons=reasons), 3_600_000 * (n // 2) + 99_000)
    hurried = card.tap(3_600_000 * 2 + 60_001, 1)
    card.put("a", events.Answer(rating=hurried, reasons=["queue"]), 3_600_000 * 2 + 99_000)
    (row,) = totals.reasons([card.table], "2025-11-21", "2025-11-21")
    assert row.taps == {1: 4, 4: 2}
    assert row.given == {"queue": {1: 2}, "price": {1: 1}, "staff": {4: 1}}
    assert row.none == {1: 2, 4: 1}
    assert row.hours == {12: {"queue": 2, "price": 1}, 14: {"staff": 1}}


def test_cells_go_into_a_checkpoint_and_back(card: Card) -> None:
    """Packed, a table is the same table."""
    card.tap(10_000, 3)
    assert cells.unpack(cells.pack(card.table)) == card.table
    total: cells.Deltas = {}
    cells.add(total, card.table)
    cells.add(total, {cell: -number for cell, number in card.table.items()})
    assert total == {}
