"""The office of the pair's world: the product's functions on books in memory, and its back-ups."""

from __future__ import annotations

import atexit
import collections
import dataclasses
import functools
import pathlib
import shutil
import sqlite3
import tempfile
from typing import TYPE_CHECKING

import msgspec
import sqlalchemy as sa

from sync.central import completeness, erasure, fold, heartbeats, ingest, restored, store
from sync.central.store import kiosks, schema
from sync.central.store import office as founding
from sync.feedback import wire
from sync.uplink import exchange
from tests import batches

if TYPE_CHECKING:
    from tests.integration.pair_world import World

BEGAN = 1_763_719_200_000  # ms, the world's first moment
TOKENS = {"a": "a" * 64, "b": "b" * 64}
KIOSKS = {"k_a": "a", "k_b": "b"}


class Broken(AssertionError):
    """A promise was not kept."""


@functools.cache
def image() -> bytes:
    """The database of an office with two kiosks, as bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "office.db"
        with store.open(f"sqlite:///{path}") as books:
            founding.found(books, BEGAN)
            with books.write() as connection:
                for kiosk, name in KIOSKS.items():
                    made = kiosks.add(
                        connection, site=name, touchpoint="exit", time_zone="UTC", now=BEGAN
                    )
                    for table in (schema.accounts, schema.kiosks):
                        connection.execute(
                            sa.update(table).where(table.c.kiosk == made).values(kiosk=kiosk)
                        )
        with sqlite3.connect(path) as raw:
            raw.execute("PRAGMA journal_mode=DELETE")  # a database in memory has no WAL
        raw.close()
        return path.read_bytes()


class Books(store.Store):
    """Books in memory; what is withdrawn lies in a file beside them, as it always does."""

    beside = pathlib.Path()

    @property
    def withdrawn(self) -> pathlib.Path:
        """See Store."""
        return self.beside


@functools.cache
def books() -> tuple[Books, sqlite3.Connection]:
    """The one store of all worlds, one after the other, so that SQL is compiled only once."""
    raw = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    engine = sa.create_engine("sqlite://", creator=lambda: raw, poolclass=sa.StaticPool)
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    opened = Books(engine, "sqlite://")
    folder = tempfile.mkdtemp(prefix="smiley-pair-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    opened.beside = pathlib.Path(folder) / "office.withdrawn"
    return opened, raw


@dataclasses.dataclass
class Told:
    """What messages said of streams, as the test itself heard it: stream -> highest, and whose."""

    last_seq: dict[str, int] = dataclasses.field(default_factory=dict)
    kiosk: dict[str, str] = dataclasses.field(default_factory=dict)
    heard: set[str] = dataclasses.field(default_factory=set)

    def hear(self, kiosk: str, stream: str, last_seq: int) -> None:
        """A message that the office took in."""
        self.last_seq[stream] = max(self.last_seq.get(stream, 0), last_seq)
        self.kiosk[stream] = kiosk
        self.heard.add(kiosk)

    def copy(self) -> Told:
        """As it is now."""
        return Told(dict(self.last_seq), dict(self.kiosk), set(self.heard))


class Office:
    """The office's functions behind a handler; its back-ups.

    `asked`: (kiosk, code) of every comment that was to be erased; `erased`: those that must be now.
    `ever`: the highest that any message ever named of a stream, back-ups or not. `safe`: nothing
    was put back since, or `restored` was run.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.books, self._raw = books()
        self._raw.deserialize(image())
        self.books.beside.unlink(missing_ok=True)
        self.told, self.ever = Told(), Told()
        self.poison: set[tuple[str, int]] = set()
        self.asked: set[tuple[str, str]] = set()
        self.erased: set[tuple[str, str]] = set()
        self.safe = True
        self._kept: list[tuple[bytes, Told, set[tuple[str, str]]]] = [(image(), Told(), set())]
        self.most: dict[str, int] = collections.defaultdict(int)

    def back_up(self) -> None:
        """Keep a copy."""
        self._kept.append((self._raw.serialize(), self.told.copy(), set(self.erased)))

    def restore(self) -> None:
        """Go back to one of the newest copies; mostly `restored` is run, as it should be."""
        data, told, erased = self.world.chance.choice(self._kept[-2:])
        self._raw.deserialize(data)
        self.told, self.erased, self.safe = told.copy(), set(erased), False
        if self.world.chance.random() < 0.7:
            self.make_safe()

    def make_safe(self) -> None:
        """Run `restored`; a second time changes nothing."""
        first = restored.restored(self.books, self.world.wall())
        self.told.heard.clear()
        self.erased, self.safe = set(self.asked), True
        self.check()
        if restored.restored(self.books, self.world.wall()) != first:
            raise Broken("`restored` does something else the second time")

    def erase(self, kiosk: str, code: str) -> None:
        """Somebody wants a comment gone, which may not have come yet."""
        erasure.erase(self.books, code, by="anna", now=self.world.wall(), kiosk=kiosk)
        self.asked.add((kiosk, code))
        self.erased.add((kiosk, code))

    def rebuild(self) -> str:
        """Start from empty books with another id; gives the id."""
        self._raw.deserialize(image())
        self._raw.execute("UPDATE office SET office = 'o_rebuilt'")
        self.books.beside.unlink(missing_ok=True)
        self.books._office = None
        self.told, self.ever, self.asked, self.erased = Told(), Told(), set(), set()
        return self.books.office

    def handle(self, request: exchange.Request) -> exchange.Reply:
        """One call."""
        now = self.world.wall()
        headers = {
            wire.HEADER_OFFICE.lower(): self.books.office,
            wire.HEADER_TIME.lower(): str(now),
        }
        if request.path == wire.CONFIG:
            return exchange.Response(304, headers)
        answer = self.answer(request, now)
        status = answer.status if isinstance(answer, wire.Problem) else 200
        return exchange.Response(status, headers, wire.encode(answer))

    def answer(self, request: exchange.Request, now: int) -> wire.Answer | wire.Problem:
        """What the office says."""
        office = self.books.office
        kiosk = next((one for one, t in KIOSKS.items() if TOKENS[t] == request.token), None)
        if kiosk is None:
            return wire.problem(wire.NO_TOKEN, office=office, server_time=now)
        if request.path == wire.HEARTBEATS:
            beat = msgspec.json.decode(request.body, type=wire.Heartbeat)
            heard = heartbeats.hear(self.books, kiosk, beat, now)
            if isinstance(heard, wire.Heard):
                self._hear(kiosk, beat.stream, beat.last_seq)
                self._check_told(beat.stream, heard.stored_through)
            return heard
        batch, spans = batches.read(request.body)
        for raw, span in zip(batch.events, spans, strict=True):
            if (batch.stream, span.seq) in self.poison and b'"wrapped"' not in bytes(raw):
                return wire.problem(
                    wire.MALFORMED, office=office, server_time=now, stream=batch.stream
                )
        reply = self.take(kiosk, request.body, now)
        if isinstance(reply, wire.Stored) or reply.type == wire.GAP:
            self._hear(kiosk, batch.stream, batch.last_seq)
            self._check_told(batch.stream, reply.stored_through or 0)
        return reply

    def _hear(self, kiosk: str, stream: str, last_seq: int) -> None:
        self.told.hear(kiosk, stream, last_seq)
        self.ever.hear(kiosk, stream, last_seq)

    def take(self, kiosk: str, body: bytes, now: int) -> wire.Stored | wire.Problem:
        """A batch; mutants take it otherwise."""
        return ingest.batch(self.books, kiosk, body, now)

    def _check_told(self, stream: str, through: int) -> None:
        """Acknowledged means committed: what is told is in the books at that moment."""
        if self.stored(stream) < through:
            raise Broken(f"told {through} of {stream}, stored {self.stored(stream)}")
        self.most[stream] = max(self.most[stream], through)

    def stored(self, stream: str) -> int:
        """Up to where every number of the stream is in the books, counted row by row."""
        rows = self._raw.execute(
            "SELECT seq, through FROM events WHERE stream = ? ORDER BY seq", (stream,)
        )
        reached = 0
        for seq, through in rows:
            if seq != reached + 1:
                break
            reached = through
        return reached

    def check(self) -> None:
        """Completeness tells the truth."""
        now = self.world.wall()
        for row in completeness.report(self.books, now):
            if not row.complete:
                continue
            if row.kiosk not in self.told.heard:
                raise Broken(f"{row.kiosk} is complete, and was never heard")
            # who put a back-up back and did not say so has an office that knows no better
            known = self.ever if self.safe else self.told
            for stream, last in known.last_seq.items():
                if known.kiosk[stream] == row.kiosk and self.stored(stream) < last:
                    raise Broken(f"{row.kiosk} is complete without {stream} {last}")

    def count(self) -> None:
        """No event is counted twice, and none is left out."""
        for kiosk in KIOSKS:
            wrong = fold.differences(self.books, kiosk)
            if wrong:
                raise Broken(f"the counts of {kiosk} are not those of its events: {wrong}")
