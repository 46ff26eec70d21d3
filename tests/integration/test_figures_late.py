"""Figures that are late: when, for how long, and who is told."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from click import testing

from sync.central import cli, figures, fold, store
from sync.central.store import accounts
from sync.feedback import totals
from tests import databases, office_desk
from tests.senders import NOW, Kiosk, clock, lost, rating, settings, start

DAY = 86_400_000
EACH = 400  # ratings that one mark may name


@pytest.fixture
def kiosk(books: store.Store) -> Kiosk:
    """A kiosk of a fresh office."""
    return Kiosk(books)


def account(kiosk: Kiosk) -> accounts.Account:
    """The kiosk's row with its figures."""
    with kiosk.books.write() as connection:
        return accounts.lock(connection, kiosk.id)


def mark(seq: int, stream: str | None = None) -> dict[str, Any]:
    """Make a mark on ratings that have not come."""
    first = 10**6 + seq * EACH
    told = {"seq": seq, "kind": "mark", "mono": 10**8, "as": "test"}
    told |= {"ratings": list(range(first, first + EACH))}
    return told | ({"stream": stream} if stream else {})


def test_an_office_whose_clock_was_wrong_counts_again_at_once(kiosk: Kiosk) -> None:
    """Reading paid for in a year that is yet to come holds no figures up until then."""
    taps = 3 * totals.WINDOW
    kiosk.stored(start(), *[rating(seq) for seq in range(2, taps)])
    with kiosk.books.write() as connection:
        row = accounts.lock(connection, kiosk.id)
        accounts.save(connection, row._replace(folded_until=NOW + 365 * DAY))
    kiosk.stored(mark(taps) | {"ratings": [2]})
    assert not fold.due(account(kiosk))
    assert fold.differences(kiosk.books, kiosk.id) == {}
    assert NOW < account(kiosk).folded_until < NOW + fold.CREDIT


def test_whoever_looks_at_late_figures_is_told(fresh: databases.Fresh) -> None:
    """The first page, the metrics and the command name the kiosk whose figures are not true yet."""
    with office_desk.desk(url := fresh()) as desk:
        kiosk = desk.kiosk()
        desk.user()
        desk.log_in()
        many = fold.AT_ONCE + 10
        through = {"last_seq": many + 1}
        assert kiosk.send(start(), lost(2, many), rating(many + 1), **through).status_code == 200
        for copy, late in (([rating(5, 1)], True), ([rating(many + 2)], False)):
            assert kiosk.send(*copy, last_seq=many + 2).status_code == 200
            assert ("its figures are late" in desk.client.get("/").text) is late
            figure = f'smiley_figures{{state="late"}} {float(late)}'
            assert figure in desk.client.get("/metrics").text
            told = testing.CliRunner().invoke(cli.group, ["totals", "--json", "--database", url])
            assert isinstance(json.loads(told.stdout), list)
            assert (kiosk.id in told.stderr) is late


@pytest.mark.parametrize("stream", [None, "0b51c0de-0000-4000-8000-000000000001"])
def test_a_fold_carries_no_more_than_it_may(kiosk: Kiosk, stream: str | None) -> None:
    """Marks on ratings that never come make the kiosk's own figures late, and no more memory.

    A few hundred of them, with a stolen token, had each message read and write tens of megabytes.
    """
    other = Kiosk(kiosk.books)
    kiosk.stored(start(), settings(2), clock(3, NOW), rating(4))
    numbers = itertools.count(5)
    while not fold.due(account(kiosk)):
        sent = [mark(seq, stream) for seq in itertools.islice(numbers, 100)]
        kiosk.stored(*sent)
        assert sent[-1]["seq"] * EACH < 2 * fold.HEAVIEST
    before = len(account(kiosk).book or b"")
    assert before < 100 * fold.HEAVIEST
    for later in range(3):
        kiosk.stored(rating(next(numbers)), now=NOW + later * DAY)
        assert fold.due(account(kiosk))
        assert len(account(kiosk).book or b"") == before
    assert kiosk.id in figures.late(kiosk.books)
    fold.settle(kiosk.books, kiosk.id)
    assert fold.due(account(kiosk))
    other.stored(start(), rating(2))
    assert figures.late(kiosk.books) == [kiosk.id]


def test_a_first_batch_that_is_too_heavy_is_late_too(kiosk: Kiosk) -> None:
    """What was never folded is due as well: else what follows would be folded without it."""
    last = 5 + fold.HEAVIEST // EACH
    kiosk.stored(start(), *[mark(seq) for seq in range(2, last)])
    assert figures.late(kiosk.books) == [kiosk.id]
    kiosk.stored(rating(last))
    assert figures.late(kiosk.books) == [kiosk.id]
    assert figures.table(kiosk.books, NOW) == []
