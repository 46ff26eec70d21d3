"""Disks that are full, really: a file system of a few MiB under the books and under the card.

Where this machine lets nobody mount one, the database itself raises the same error, and the card is
the one in memory.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
from collections.abc import Callable, Iterator
from urllib import parse

import pytest
import sqlalchemy as sa

from sync.buffer import files, machine, memory
from sync.buffer.buffer import Buffer
from sync.central import fold, heartbeats, store
from sync.feedback import framing, wire
from tests import databases, small_disk
from tests.senders import NOW, Kiosk, rating, start
from tests.taps import tap

BATCH = 500


def fill(kiosk: Kiosk) -> int:
    """Send batches until the office takes no more; gives up to where it took them."""
    reached = kiosk.stored(start()).stored_through
    for _ in range(200):
        answer = kiosk.send(*[rating(seq) for seq in range(reached + 1, reached + 1 + BATCH)])
        if isinstance(answer, wire.Problem):
            assert (answer.type, answer.status) == (wire.OFFICE_FULL, 503)
            assert answer.retry_after == 300
            return reached
        reached = answer.stored_through
    raise AssertionError("the disk took 100,000 events")


def full_and_free_again(books: store.Store, make_room: Callable[[], None]) -> None:
    """A full disk is 503, nothing is half stored, and what is there is read; then all is taken."""
    kiosk = Kiosk(books)
    reached = fill(kiosk)
    assert len(kiosk.rows()) == reached
    assert fold.differences(books, kiosk.id) == {}
    more = [rating(seq) for seq in range(reached + 1, reached + 1 + BATCH)]
    assert kiosk.problem(*more).type == wire.OFFICE_FULL
    make_room()
    assert kiosk.stored(*more).stored_through == reached + BATCH
    assert len(kiosk.rows()) == reached + BATCH
    assert fold.differences(books, kiosk.id) == {}
    beat = wire.Heartbeat(stream=kiosk.stream, last_seq=reached + BATCH, pending=0)
    assert isinstance(heartbeats.hear(books, kiosk.id, beat, NOW), wire.Heard)


def run(books: store.Store, *statements: str) -> None:
    """Run statements, each for itself."""
    with books.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


@contextlib.contextmanager
def tables_on(books: store.Store, disk: small_disk.Disk) -> Iterator[None]:
    """Have the events lie on that disk."""
    data = parse.parse_qs(parse.urlsplit(str(books.engine.url)).query)["host"][0]
    owner = pathlib.Path(data).stat()
    place = disk.folder / "events"
    place.mkdir(mode=0o700)
    os.chown(place, owner.st_uid, owner.st_gid)
    run(
        books,
        f"CREATE TABLESPACE small LOCATION '{place}'",
        "ALTER TABLE events SET TABLESPACE small",
        "ALTER INDEX events_pkey SET TABLESPACE small",
    )
    try:
        yield
    finally:
        run(
            books,
            "ALTER TABLE events SET TABLESPACE pg_default",
            "ALTER INDEX events_pkey SET TABLESPACE pg_default",
            "DROP TABLESPACE small",
        )


RAISE = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT count(*) FROM events) > 1200 THEN
    RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
  END IF;
  RETURN NULL;
END $$
"""


@pytest.mark.parametrize("way", ["disk", "raised"])
def test_a_full_postgresql_takes_nothing_and_says_so(
    fresh_postgresql: databases.Fresh, way: str
) -> None:
    """Its own word for it, disk_full, is 503 office-full; with room again all is taken."""
    with store.open(fresh_postgresql()) as books, small_disk.mounted(4) as disk:
        if disk is not None and way == "disk":
            with tables_on(books, disk):
                full_and_free_again(books, lambda: disk.grow(64))
            return
        run(
            books,
            RAISE,
            "CREATE TRIGGER full_disk AFTER INSERT ON events EXECUTE FUNCTION full_disk()",
        )
        full_and_free_again(books, lambda: run(books, "DROP TRIGGER full_disk ON events"))


def test_a_full_disk_under_sqlite(fresh_sqlite: databases.Fresh) -> None:
    """Books, log and all on one small disk: nothing of a batch is half there."""
    with small_disk.mounted(4) as disk:
        path = pathlib.Path(fresh_sqlite().removeprefix("sqlite:///"))
        if disk is not None:
            (disk.folder / path.name).write_bytes(path.read_bytes())
            with store.open(f"sqlite:///{disk.folder / path.name}") as books:
                full_and_free_again(books, lambda: disk.grow(64))
            return
        pages = [1000]
        with store.open(f"sqlite:///{path}") as books:

            def limit(connection: sa.engine.interfaces.DBAPIConnection, _record: object) -> None:
                connection.execute(f"PRAGMA max_page_count = {pages[0]}")

            def make_room() -> None:
                pages[0] = 1_000_000
                books.engine.dispose()

            sa.event.listen(books.engine, "connect", limit)
            books.engine.dispose()
            full_and_free_again(books, make_room)


def test_a_full_card_of_a_kiosk() -> None:
    """On a file system that ends: taps wait in memory, go first once there is room, none lost."""
    with small_disk.mounted(1) as disk:
        in_memory = memory.MemoryFiles(room=1 << 20)
        card = in_memory if disk is None else files.RealFiles()
        folder = "card" if disk is None else str(disk.folder / "card")
        pi = machine.MemoryMachine(seed=1, wall=NOW)
        buffer = Buffer.open(folder, files=card, machine=pi, tending_every=None, room=0)
        taps = 0
        while buffer.in_memory < 50 and taps < 50_000:
            buffer.record(tap(1 + taps % 4))
            taps += 1
        assert buffer.in_memory == 50
        assert "No space left" in buffer.trouble
        durable = buffer.last_seq
        assert buffer.read(buffer.stream, durable - 1)
        if disk is None:
            in_memory.room = 1 << 24
        else:
            disk.grow(16)
        buffer.tend()
        assert (buffer.in_memory, buffer.trouble) == (0, "")
        seqs, stream = list[int](), buffer.stream
        while raws := buffer.read(stream, seqs[-1] if seqs else 0):
            seqs += [framing.span(raw).seq for raw in raws]
        assert seqs == list(range(1, taps + 2))
        buffer.close()
        again = Buffer.open(folder, files=card, machine=pi, tending_every=None, room=0)
        with again:
            assert again.pending() == taps + 1
