"""The fleet that plays kiosks, against an office in this process."""

from __future__ import annotations

import collections
import datetime
import random

import pytest

from sync.central import cards, completeness, exports, figures, fold, rhythms, simulate, store
from tests import databases

UNTIL = datetime.datetime(2026, 11, 21, 20, tzinfo=datetime.UTC).timestamp()


@pytest.fixture
def books(fresh_sqlite: databases.Fresh) -> store.Store:
    """A fresh office."""
    return store.open(fresh_sqlite())


def played(books: store.Store, kiosks: int = 4, days: int = 3, seed: int = 7) -> cards.Report:
    """Play a small fleet."""
    fleet = simulate.fleet(books, kiosks, seed, UNTIL - days * simulate.DAY)
    return simulate.run(fleet, days, UNTIL)


def test_a_fleet_is_in_the_books(books: store.Store) -> None:
    """What the fleet recorded is in the books or still on its cards, each event once."""
    with books:
        report = played(books)
        rows = list(exports.jsonl(books))
        assert report.taps > 100
        assert report.failed > 0
        assert len(rows) >= report.events
        seen = collections.Counter(row.split('"kind"')[0] for row in rows)
        assert max(seen.values()) == 1
        total = sum(one.stored for one in completeness.report(books, round(UNTIL * 1000)))
        assert len(rows) == total
        taps = sum('"kind":"rating"' in row for row in rows)
        assert taps <= report.taps
        assert report.taps - taps <= report.waiting


def test_the_office_counts_what_the_fleet_pressed(books: store.Store) -> None:
    """The roll-ups are what a fold from scratch gives, late clocks and cut lines included."""
    with books:
        played(books, kiosks=6)
        for row in completeness.report(books, round(UNTIL * 1000)):
            assert fold.differences(books, row.kiosk) == {}
        [table] = figures.table(books, round(UNTIL * 1000), days=40)
        assert table.n > 100
        assert set(table.set_apart) & {"all_faces", "repeat", "run"}


def test_the_same_seed_is_the_same_fleet(fresh_sqlite: databases.Fresh) -> None:
    """Two fleets of one seed press the same faces at the same moments; another seed does not."""

    def presses(seed: int) -> list[str]:
        with store.open(fresh_sqlite()) as books:
            played(books, kiosks=2, days=2, seed=seed)
            found = [row.split('"stream":', 1)[1] for row in exports.jsonl(books)]
            return sorted(row for row in found if '"rating"' in row)

    first = presses(3)
    assert first == presses(3)
    assert first != presses(4)


def test_people_have_rhythms() -> None:
    """Tuesdays are quieter than Saturdays, noon is busier than the first hour; nights are off."""
    chance = random.Random(1)
    shop = rhythms.shop(chance, 0)._replace(visits=300.0, opens=9 * 3600.0, closes=20 * 3600.0)
    tuesday, saturday = datetime.date(2026, 11, 17), datetime.date(2026, 11, 21)
    quiet = rhythms.day(chance, shop, tuesday).presses
    busy = rhythms.day(chance, shop, saturday).presses
    assert len(busy) > 1.5 * len(quiet)
    hours = collections.Counter(int(press.at // 3600) for press in busy)
    assert hours[17] > hours[9]
    assert all(9 <= hour <= 20 for hour in hours)


def test_a_cut_line_is_a_cut_line() -> None:
    """Within a cut the line is down, around it up."""
    day = rhythms.Day(0.0, 86_400.0, 0.0, ((3600.0, 7200.0),), ())
    assert [day.line(at) for at in (3599.0, 3600.0, 7199.0, 7200.0)] == [True, False, False, True]
