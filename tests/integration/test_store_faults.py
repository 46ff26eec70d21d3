"""Databases that are full, gone for a moment, or in each other's way: never a half."""

from __future__ import annotations

import pathlib

import pytest
import sqlalchemy as sa
from click import testing

from sync.central import cli, fold, heartbeats, store
from sync.central.store import errors
from sync.feedback import wire
from tests import databases
from tests.senders import NOW, Kiosk, rating, start


def test_a_full_sqlite_takes_nothing_and_says_so(fresh_sqlite: databases.Fresh) -> None:
    """Where the disk ends, a batch is 503 office-full, and nothing of it is stored."""
    with store.open(fresh_sqlite()) as books:
        kiosk = Kiosk(books)
        kiosk.stored(start())
        pages: list[int] = []

        def limit(connection: sa.engine.interfaces.DBAPIConnection, _record: object) -> None:
            if pages:
                connection.execute(f"PRAGMA max_page_count = {pages[0]}")

        with books.read() as connection:
            pages.append(connection.exec_driver_sql("PRAGMA page_count").scalar_one() + 2)
        sa.event.listen(books.engine, "connect", limit)
        books.engine.dispose()
        many = [rating(seq) for seq in range(2, 500)]
        told = kiosk.problem(*many)
        assert (told.type, told.status, told.retry_after) == (wire.OFFICE_FULL, 503, 300)
        assert len(kiosk.rows()) == 1
        pages[0] = 100_000
        books.engine.dispose()
        assert kiosk.stored(*many).stored_through == 499
        assert fold.differences(books, kiosk.id) == {}


def test_connections_that_are_cut_cost_nobody_a_batch(fresh_postgresql: databases.Fresh) -> None:
    """A PostgreSQL that was restarted between two batches: the next one is taken."""
    url = fresh_postgresql()
    with store.open(url) as books, store.open(url) as admin:
        kiosk = Kiosk(books)
        kiosk.stored(start())
        with admin.write() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        assert kiosk.stored(rating(2)).stored_through == 2


@pytest.mark.parametrize("when", ["FROM streams", "FROM accounts", "INTO rollups", "commit"])
def test_a_connection_cut_in_the_middle_is_503(
    fresh_postgresql: databases.Fresh, when: str
) -> None:
    """A PostgreSQL that goes away during a batch: 503, nothing of it stored, then it is taken."""
    url = fresh_postgresql()
    with store.open(url) as books, store.open(url) as admin:
        kiosk = Kiosk(books)
        kiosk.stored(start())

        cuts: list[str] = []

        def cut() -> None:
            if cuts:
                return
            cuts.append(when)
            with admin.write() as connection:
                connection.exec_driver_sql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )

        def executed(_c: object, _cursor: object, statement: str, *_more: object) -> None:
            if when in statement:
                cut()

        sa.event.listen(books.engine, "after_cursor_execute", executed)
        if when == "commit":
            sa.event.listen(books.engine, "commit", lambda _: cut())
        told = kiosk.problem(rating(2))
        assert (told.type, told.status) == (wire.BUSY, 503)
        assert cuts == [when]
        assert len(kiosk.rows()) == 1
        assert kiosk.stored(rating(2)).stored_through == 2


def test_serialization_failures_are_tried_again(books: store.Store) -> None:
    """What only failed because others were in the way is done once more, from the start."""
    calls: list[int] = []

    def work(connection: sa.Connection) -> int:
        calls.append(1)
        connection.exec_driver_sql("UPDATE office SET restored_at = 1")
        if len(calls) < 3:
            raise errors.Busy("another writer")
        return 7

    assert books.attempt(work) == 7
    assert len(calls) == 3

    def hopeless(connection: sa.Connection) -> None:
        calls.append(1)
        connection.exec_driver_sql("UPDATE office SET restored_at = 2")
        raise errors.Busy("another writer")

    with pytest.raises(errors.Busy):
        books.attempt(hopeless)
    with books.read() as connection:
        assert connection.exec_driver_sql("SELECT restored_at FROM office").scalar() == 1


def test_a_deadlock_is_broken_and_both_are_done(fresh_postgresql: databases.Fresh) -> None:
    """PostgreSQL ends one of two that wait for each other; it is tried again."""
    import threading
    from concurrent import futures

    url = fresh_postgresql()
    with store.open(url) as books:
        one, other = Kiosk(books), Kiosk(books)
        met = threading.Barrier(2)
        tries: list[str] = []

        def lock(connection: sa.Connection, first: str, second: str) -> None:
            tries.append(first)
            for kiosk in (first, second):
                connection.exec_driver_sql(
                    f"UPDATE accounts SET events = events + 1 WHERE kiosk = '{kiosk}'"
                )
                if len(tries) <= 2 and kiosk == first:
                    met.wait(10)

        with futures.ThreadPoolExecutor(2) as pool:
            pairs = ((one.id, other.id), (other.id, one.id))
            done = [
                pool.submit(books.attempt, lambda connection, pair=pair: lock(connection, *pair))
                for pair in pairs
            ]
            for each in done:
                each.result()
        assert len(tries) == 3
        with books.read() as connection:
            counted = connection.exec_driver_sql("SELECT events FROM accounts").scalars().all()
        assert counted == [2, 2]


@pytest.mark.parametrize(
    "beat",
    [
        wire.Heartbeat(stream="x", last_seq=1, pending=0),
        wire.Heartbeat(stream="0b51aaaa-0000-4000-8000-000000000000", last_seq=-1, pending=0),
        wire.Heartbeat(stream="0b51aaaa-0000-4000-8000-000000000000", last_seq=2**53, pending=0),
        wire.Heartbeat(stream="0b51aaaa-0000-4000-8000-000000000000", last_seq=1, pending=2**70),
    ],
)
def test_a_heartbeat_out_of_bounds_is_malformed(books: store.Store, beat: wire.Heartbeat) -> None:
    """No number reaches a database that could not hold it."""
    kiosk = Kiosk(books)
    told = heartbeats.hear(books, kiosk.id, beat, NOW)
    assert isinstance(told, wire.Problem)
    assert told.type == wire.MALFORMED
    hello = wire.Heartbeat(stream=kiosk.stream, last_seq=3, pending=3, app="\x00", uptime=5)
    assert isinstance(heartbeats.hear(books, kiosk.id, hello, NOW), wire.Heard)


def test_a_damaged_sqlite_is_told_in_a_sentence(fresh_sqlite: databases.Fresh) -> None:
    """A file spoilt by another's -wal beside it: what to do is said, and no traceback."""
    url = fresh_sqlite()
    path = pathlib.Path(url.removeprefix("sqlite:///"))
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    for command in ("restored", "completeness"):
        done = testing.CliRunner().invoke(cli.group, [command, "--database", url])
        assert isinstance(done.exception, errors.Unusable)
        assert "remove the -wal and -shm files" in str(done.exception)
