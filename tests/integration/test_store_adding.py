"""Events that are put in while the caller does something else, and a batch's locks."""

from __future__ import annotations

import pytest

from sync.central import store
from sync.central.store import accounts, errors, events, places, streams
from tests import databases

STREAM = "0b6d9b1e-7b1a-4c3e-9b1e-7b1a4c3e9b1e"


def row(kiosk: str, seq: int) -> events.Row:
    """A stored rating."""
    raw = '{"kind":"rating"}' + " " * 200
    return events.Row(STREAM, seq, seq, kiosk, "rating", 0, 3, False, databases.NOW, raw)


def stored(books: store.Store) -> int:
    """How many events are in the books."""
    with books.read() as connection:
        return sum(len(page) for page in events.of(connection, STREAM))


def lock_now(books: store.Store, kiosk: str) -> None:
    """Lock a kiosk's place without much patience."""
    with books.write() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL lock_timeout = '100ms'")
        places.lock(connection, STREAM, kiosk, databases.NOW)


def test_rows_are_there_once_the_caller_asked(books: store.Store) -> None:
    """What is added can be read in the same transaction, and asking twice is fine."""
    kiosk = databases.kiosk(books)
    with books.write() as connection:
        streams.lock(connection, STREAM, kiosk, databases.NOW)
        with events.adding(connection, [row(kiosk, seq) for seq in range(1, 1001)]) as added:
            added()
            assert sum(len(page) for page in events.of(connection, STREAM)) == 1000
            added()
    assert stored(books) == 1000


def test_a_mistake_while_rows_are_added_leaves_none(books: store.Store) -> None:
    """The caller's own error comes out as it is, nothing is stored, and the books go on."""
    kiosk = databases.kiosk(books)
    rows = [row(kiosk, seq) for seq in range(1, 1001)]

    def stumble() -> None:
        with books.write() as connection:
            streams.lock(connection, STREAM, kiosk, databases.NOW)
            with events.adding(connection, rows):
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stumble()
    assert stored(books) == 0
    with books.write() as connection:
        streams.lock(connection, STREAM, kiosk, databases.NOW)
        events.add(connection, rows)
    assert stored(books) == 1000


def test_a_batch_locks_what_is_there_and_makes_what_is_not(books: store.Store) -> None:
    """The stream and the account come as they are stored; only the first caller made them."""
    kiosk, other = databases.kiosk(books), databases.kiosk(books, touchpoint="Exit B")
    with books.write() as connection:
        first = places.lock(connection, STREAM, kiosk, databases.NOW)
        assert (first.stream.kiosk, first.made, first.account.kiosk) == (kiosk, True, kiosk)
        streams.save(connection, first.stream._replace(stored_through=7))
        accounts.save(connection, first.account._replace(events=9))
    with books.write() as connection:
        again = places.lock(connection, STREAM, kiosk, databases.NOW + 1)
        assert (again.stream.stored_through, again.made, again.account.events) == (7, False, 9)
        strange = places.lock(connection, STREAM, other, databases.NOW + 1)
        assert (strange.stream, strange.account.kiosk) == (again.stream, other)


def test_two_that_lock_the_same_place_take_turns(books: store.Store) -> None:
    """Who comes second sees what the first one saved, or is told to try again."""
    kiosk = databases.kiosk(books)
    with books.write() as connection:
        places.lock(connection, STREAM, kiosk, databases.NOW)
    with books.write() as first:
        held = places.lock(first, STREAM, kiosk, databases.NOW)
        with pytest.raises(errors.Busy):
            lock_now(books, kiosk)
        accounts.save(first, held.account._replace(events=3))
    with books.write() as connection:
        assert places.lock(connection, STREAM, kiosk, databases.NOW).account.events == 3
