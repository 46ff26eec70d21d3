"""Completeness, from what kiosks said to what the office tells."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from sync.central import completeness, heartbeats, restored, store
from sync.feedback import wire
from tests import databases
from tests.senders import NOW, Kiosk, comment, lost, rating, start

MINUTE = 60_000


@pytest.fixture
def kiosk(books: store.Store) -> Kiosk:
    """A kiosk of a fresh office."""
    return Kiosk(books)


def told(kiosk: Kiosk, now: int = NOW) -> dict[str, Any]:
    """Give the kiosk's row of `completeness --json`."""
    (row,) = completeness.to_json(completeness.report(kiosk.books, now, kiosk=kiosk.id))
    return row


def beat(kiosk: Kiosk, last_seq: int, pending: int, now: int = NOW) -> None:
    """Send a heartbeat."""
    message = wire.Heartbeat(stream=kiosk.stream, last_seq=last_seq, pending=pending)
    assert isinstance(heartbeats.hear(kiosk.books, kiosk.id, message, now), wire.Heard)


def test_a_kiosk_never_heard_from_is_not_complete(kiosk: Kiosk) -> None:
    """Nothing is said of whom nobody heard from."""
    row = told(kiosk)
    assert (row["complete"], row["complete_through"], row["silent"]) == (False, None, True)
    assert (row["streams"], row["stored"], row["missing"]) == (0, 0, [])


def test_the_row_has_the_shape_of_outside_md(kiosk: Kiosk) -> None:
    """One row per kiosk, its fields as promised."""
    kiosk.stored(start(), rating(2), rating(3, face=9), lost(4, 6), lost(7, 8), rating(9))
    kiosk.stored(rating(2, face=1))
    row = told(kiosk)
    (reason,) = (one.pop("reason") for one in row["refused"])
    assert "face" in reason
    assert row == {
        "kiosk": kiosk.id,
        "site": "Lund",
        "streams": 1,
        "stored": 9,
        "complete": True,
        "complete_through": "2025-11-21T11:00:00+01:00",
        "silent": False,
        "lost": [{"stream": kiosk.stream, "runs": [[4, 8]]}],
        "refused": [{"stream": kiosk.stream, "seq": 3}],
        "conflicts": [{"stream": kiosk.stream, "seq": 2}],
        "missing": [],
    }


def test_what_waits_is_missing_once_its_kiosk_is_silent(kiosk: Kiosk) -> None:
    """In contact it waits; seven minutes later nobody knows where it is."""
    kiosk.stored(start(), rating(2), last=2)
    beat(kiosk, last_seq=5, pending=3, now=NOW + MINUTE)
    row = told(kiosk, NOW + 2 * MINUTE)
    assert (row["complete"], row["missing"], row["silent"]) == (False, [], False)
    assert row["complete_through"] == "2025-11-21T11:00:00+01:00"
    row = told(kiosk, NOW + 9 * MINUTE)
    assert row["missing"] == [{"stream": kiosk.stream, "runs": [[3, 5]]}]
    assert row["silent"]
    kiosk.stored(rating(3), rating(4), rating(5), now=NOW + 10 * MINUTE)
    row = told(kiosk, NOW + 10 * MINUTE)
    assert (row["complete"], row["complete_through"]) == (True, "2025-11-21T11:10:00+01:00")


def test_a_gap_is_known_though_nothing_of_it_is_stored(kiosk: Kiosk) -> None:
    """A batch that was turned away for its gap still said how much there is."""
    kiosk.stored(start())
    kiosk.problem(rating(5), last=7)
    row = told(kiosk, NOW + 60 * MINUTE)
    assert row["missing"] == [{"stream": kiosk.stream, "runs": [[2, 7]]}]
    assert not row["complete"]


def test_a_stream_that_never_came_is_missing(kiosk: Kiosk) -> None:
    """A start names a stream that the office never saw: not complete, and named."""
    gone = str(uuid.uuid4())
    kiosk.stored(start(after={"stream": gone, "seq": 40}), rating(2))
    row = told(kiosk)
    assert row["missing"] == [{"stream": gone, "runs": [[1, 40]]}]
    assert not row["complete"]


def test_after_a_restore_nobody_is_complete_until_heard(kiosk: Kiosk) -> None:
    """A back-up put back knows nothing of what came since; a word of the kiosk makes it sure."""
    kiosk.stored(start(), rating(2), comment(3))
    assert told(kiosk)["complete"]
    done = restored.restored(kiosk.books, NOW + MINUTE)
    assert done.kiosks == 1
    row = told(kiosk, NOW + MINUTE)
    assert (row["complete"], row["complete_through"], row["silent"]) == (False, None, True)
    beat(kiosk, last_seq=3, pending=0, now=NOW + 2 * MINUTE)
    row = told(kiosk, NOW + 2 * MINUTE)
    assert (row["complete"], row["complete_through"]) == (True, "2025-11-21T11:02:00+01:00")


def test_after_a_restore_an_old_streams_batch_proves_nothing(kiosk: Kiosk) -> None:
    """The back-up knows no stream after it: only the heartbeat names the newest one.

    A kiosk with an old stream to send was called complete while whole streams lacked.
    """
    kiosk.stored(start(), rating(2))
    restored.restored(kiosk.books, NOW + MINUTE)
    kiosk.stored(rating(3), now=NOW + 2 * MINUTE)
    row = told(kiosk, NOW + 2 * MINUTE)
    assert (row["complete"], row["complete_through"]) == (False, None)
    old, kiosk.stream = kiosk.stream, str(uuid.uuid4())
    beat(kiosk, 1, 1, now=NOW + 3 * MINUTE)
    assert told(kiosk, NOW + 3 * MINUTE)["complete"] is False
    kiosk.stored(start(after={"stream": old, "seq": 3}), now=NOW + 4 * MINUTE)
    assert told(kiosk, NOW + 4 * MINUTE)["complete"] is True


def test_figures_and_completeness_of_many_kiosks_are_their_own(books: store.Store) -> None:
    """One kiosk's hole is not another's."""
    one, other = Kiosk(books), Kiosk(books, site="Malmö")
    one.stored(start(), rating(2), last=5)
    other.stored(start())
    rows = {row.kiosk: row for row in completeness.report(books, NOW)}
    assert [rows[one.id].complete, rows[other.id].complete] == [False, True]
    assert databases.NOW == NOW


def test_runs_without_end_do_not_break_the_report(books: store.Store) -> None:
    """A kiosk that says it lost everything there could be, in stream after stream, harms nobody."""
    kiosk = Kiosk(books)
    with books.write() as connection:
        for _ in range(1100):
            values = f"'{uuid.uuid4()}', '{kiosk.id}', 0, {wire.MAX_INTEGER}, {wire.MAX_INTEGER}"
            connection.exec_driver_sql(
                "INSERT INTO streams (stream, kiosk, made_at, stored_through, heard_seq) "
                f"VALUES ({values})"
            )
    assert told(kiosk)["stored"] > 1000 * wire.MAX_INTEGER
