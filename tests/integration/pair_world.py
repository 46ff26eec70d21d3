"""A small world for the pair test: two kiosks, two Pis, one office, a bad line, no threads.

Everything in it is the product: the uplink's legs and protocol, Buffer on MemoryFiles, the office's
ingest, import, heartbeats, completeness on SQLite in memory. Time is virtual; chance is one seed.

What must hold is checked while the world goes on (`World.check`) and at its end (`World.settle`).
"""

from __future__ import annotations

import collections
import dataclasses
import functools
import pathlib
import random
import sqlite3
import tempfile
from collections.abc import Callable

import msgspec
import sqlalchemy as sa

from sync.buffer import identity, machine
from sync.buffer import memory as cards
from sync.buffer.buffer import Buffer
from sync.central import by_hand, completeness, fold, heartbeats, ingest, reading, store
from sync.central.store import events as stored
from sync.central.store import kiosks, schema
from sync.central.store import office as founding
from sync.central.store import streams as stored_streams
from sync.feedback import byhand, events, framing, wire
from sync.uplink import exchange, legs, memory, protocol
from sync.uplink import line as shared
from tests import batches

URL = "https://office.example"
BEGAN = 1_763_719_200_000  # ms, the world's first moment
FOLDER = "card"
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


@functools.cache
def books() -> tuple[store.Store, sqlite3.Connection]:
    """The one store of all worlds, one after the other, so that SQL is compiled only once."""
    raw = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    engine = sa.create_engine("sqlite://", creator=lambda: raw, poolclass=sa.StaticPool)
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return store.Store(engine, "sqlite://"), raw


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
    """The office's functions behind a handler; its back-ups."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.books, self._raw = books()
        self._raw.deserialize(image())
        self.told = Told()
        self.poison: set[tuple[str, int]] = set()
        self._kept: list[tuple[bytes, Told]] = [(image(), Told())]
        self.most: dict[str, int] = collections.defaultdict(int)

    def back_up(self) -> None:
        """Keep a copy."""
        self._kept.append((self._raw.serialize(), self.told.copy()))

    def restore(self) -> None:
        """Go back to one of the newest copies."""
        data, told = self.world.chance.choice(self._kept[-2:])
        self._raw.deserialize(data)
        self.told = told.copy()

    def rebuild(self) -> str:
        """Start from empty books with another id; gives the id."""
        self._raw.deserialize(image())
        self._raw.execute("UPDATE office SET office = 'o_rebuilt'")
        self.books, self.told = store.Store(self.books.engine, "sqlite://"), Told()
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
                self.told.hear(kiosk, beat.stream, beat.last_seq)
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
            self.told.hear(kiosk, batch.stream, batch.last_seq)
            self._check_told(batch.stream, reply.stored_through or 0)
        return reply

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
            for stream, last in self.told.last_seq.items():
                if self.told.kiosk[stream] == row.kiosk and self.stored(stream) < last:
                    raise Broken(f"{row.kiosk} is complete without {stream} {last}")

    def count(self) -> None:
        """No event is counted twice, and none is left out."""
        for kiosk in KIOSKS:
            wrong = fold.differences(self.books, kiosk)
            if wrong:
                raise Broken(f"the counts of {kiosk} are not those of its events: {wrong}")


class Kiosk:
    """A card in a Pi: a Buffer and the two legs."""

    uploads: type[protocol.Uploads] = protocol.Uploads

    def __init__(self, world: World, name: str, seed: int) -> None:
        self.world = world
        self.name = name
        self.card = cards.MemoryFiles()
        self.pi = machine.MemoryMachine(seed=seed, wall=BEGAN)
        self.transport = memory.MemoryTransport(
            world.office.handle, chance=world.chance, answers=world.mixed
        )
        self.recorded: dict[tuple[str, int], bytes] = {}
        self.on = False
        self.start()
        self.enrol(world.office.books.office)

    def enrol(self, office: str, *, replay: bool = False) -> None:
        """Take a place, as `sync.uplink.enrol` does after the office's answer."""
        token = TOKENS[KIOSKS[self.name]]
        self.buffer.enrol(
            identity.Enrolment(url=URL, office=office, kiosk=self.name, token=token, replay=replay)
        )
        self.survey()

    def start(self) -> None:
        """Power on."""
        self.buffer = Buffer.open(FOLDER, files=self.card, machine=self.pi, tending_every=None)
        now = self.world.seconds()
        uploads = self.uploads()
        calls = shared.Calls(wall=self.pi.wall, on_time=self._on_time)
        self.line = shared.Line(self.buffer, uploads, calls)
        draw = self.world.chance.random
        self.upload = legs.Upload(self.line, self.transport, now=now, chance=draw)
        self.beat = legs.Beat(self.line, self.transport, now=now, chance=draw)
        self.due = {"upload": self.world.now, "beat": self.world.now}
        self.timed = False
        self.on = True

    def survey(self) -> None:
        """What an app records after each start."""
        self.record(events.Settings(time_zone="UTC"))
        self.record(events.Survey(survey="exit", version=1, document={}))

    def stop(self, *, clean: bool) -> None:
        """Power off: by the switch on the wall, or cleanly."""
        if clean:
            self.buffer.close()
        else:
            self.card.unlock(f"{FOLDER}/lock")
        self.pi.reboots(wall=self.pi.wall_ms)
        self.on = False

    def _on_time(self, trusted: int, uncertainty: int) -> None:
        if not self.timed:
            self.timed = True
            self.record(
                events.Clock(
                    at=self.pi.wall(), trusted=trusted, uncertainty=uncertainty, source="office"
                )
            )

    def record(self, event: events.Event) -> None:
        """Record an event and note what must arrive."""
        receipt = self.buffer.record(event)
        if not receipt.durable:
            raise Broken("the card in memory refused an event")
        through = self.buffer.last_seq
        known = sum(1 for stream, _ in self.recorded if stream == receipt.stream)
        raws = self.buffer.read(receipt.stream, known, through - known)
        for raw in raws:
            self.recorded[receipt.stream, framing.span(raw).seq] = raw
        if (receipt.stream, receipt.seq) not in self.recorded:
            raise Broken(f"{receipt} is not on the card")
        with self.line.lock:
            self.line.uploads.nudge(self.world.now)
        self.due["upload"] = min(self.due["upload"], self.world.now)

    def tap(self) -> None:
        """A customer."""
        chance = self.world.chance
        self.pi.passes(chance.choice([300, 6_000]))
        face = chance.randrange(1, 5)
        visit = 10**6 if chance.random() < 0.02 else 0  # one to come: the office refuses it
        self.record(
            events.Rating(
                survey="exit",
                survey_version=1,
                question="visit",
                face=face,
                faces=4,
                visit=visit,
                language="sv",
                via="touch",
            )
        )
        if chance.random() < 0.2:
            rating = self.buffer.last_seq
            self.record(events.Comment(rating=rating, text="Lång kö", code=f"K{rating}"))
        if chance.random() < 0.02:
            self.world.office.poison.add((self.buffer.stream, self.buffer.last_seq))

    def step(self, leg: str) -> None:
        """One step of a leg; later steps are due when it says."""
        step = self.upload.step if leg == "upload" else self.beat.step
        before = {row.stream: row.acknowledged for row in self.buffer.outgoing()}
        self.due[leg] = self.world.now + step()
        for row in self.buffer.outgoing():
            most = max(self.world.office.most[row.stream], before.get(row.stream, 0))
            if row.acknowledged > most:
                raise Broken(f"{row} is acknowledged beyond {most}, which nobody told")


class World:
    """All of it, from one seed."""

    def __init__(
        self,
        seed: int,
        *,
        office: type[Office] = Office,
        kiosk: type[Kiosk] = Kiosk,
    ) -> None:
        self.chance = random.Random(seed)
        self.now = 0.0
        self.mixed: collections.deque[tuple[str, exchange.Reply]] = collections.deque(maxlen=20)
        self.office = office(self)
        self.kiosks = [kiosk(self, name, 2 * seed + n) for n, name in enumerate(KIOSKS)]

    def seconds(self) -> Callable[[], float]:
        """The world's clock."""
        return lambda: self.now

    def wall(self) -> int:
        """The right time, ms since 1970."""
        return BEGAN + round(self.now * 1000)

    def run(self, seconds: float, most: int = 10_000) -> None:
        """Let time pass; what is due is done in its order."""
        until = self.now + seconds
        for one in self.kiosks:
            one.buffer.tend()  # what the buffer's own thread does, in a kiosk that is not a test
        for _ in range(most):
            due = [
                (at, one.name, leg, one)
                for one in self.kiosks
                if one.on
                for leg, at in one.due.items()
            ]
            at, _, leg, one = min(due, default=(until, "", "", self.kiosks[0]))
            if at >= until:
                break
            self.pass_to(max(at, self.now))
            one.step(leg)
        self.pass_to(until)

    def pass_to(self, then: float) -> None:
        """Let the clocks go on."""
        for one in self.kiosks:
            one.pi.passes(round((then - self.now) * 1000))
        self.now = then

    def happen(self) -> None:
        """Something happens."""
        one = self.chance.choice(self.kiosks)
        drawn = self.chance.random()
        if drawn < 0.55:
            busy = self.chance.random() < 0.01  # more than one batch holds
            for _ in range(520 if busy else self.chance.randrange(1, 6)):
                one.tap()
        elif drawn < 0.68:
            one.stop(clean=self.chance.random() < 0.5)
            one.start()
            one.survey()
        elif drawn < 0.74:
            self.swap()
        elif drawn < 0.84:
            self.office.back_up()
        elif drawn < 0.90:
            self.office.restore()
        elif drawn < 0.93:
            self.run(100_000, most=20)  # comments leave the card a day after their acknowledgement
        elif drawn < 0.96:
            self.carry(one)
        else:
            for kiosk in self.kiosks:
                kiosk.transport.faults = memory.Faults.drawn(self.chance)

    def swap(self) -> None:
        """Each card goes into the other Pi."""
        one, other = self.kiosks
        for kiosk in self.kiosks:
            kiosk.stop(clean=self.chance.random() < 0.5)
        one.pi, other.pi = other.pi, one.pi
        for kiosk in self.kiosks:
            kiosk.start()
            kiosk.survey()

    def carry(self, kiosk: Kiosk) -> None:
        """What waits goes to the office on a stick; the kiosk hears of it at its next contact."""
        lines = []
        for row in kiosk.buffer.outgoing():
            after = row.acknowledged
            while raws := kiosk.buffer.read(row.stream, after):
                lines += [byhand.written(kiosk.name, row.stream, raw) for raw in raws]
                after = framing.span(raws[-1]).through
        if lines:
            with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
                file.write(b"".join(lines) + b"\n")  # the empty last line: not signed
                file.flush()
                by_hand.take(self.office.books, pathlib.Path(file.name), self.wall(), trust=True)

    def live(self, happenings: int) -> None:
        """A stretch of life."""
        for _ in range(happenings):
            self.happen()
            self.run(self.chance.choice([0.5, 3, 20, 400]), most=8)
            self.office.check()
        self.office.count()

    def settle(self) -> None:
        """The line is good again: everything arrives, each event once."""
        for kiosk in self.kiosks:
            kiosk.transport.faults = memory.Faults()
            kiosk.transport.arrive()
        for _ in range(30):
            self.run(900, most=400)
            self.office.check()
            if self.settled():
                break
        else:
            waiting = [kiosk.buffer.pending() for kiosk in self.kiosks]
            raise Broken(f"after hours of a good line there still wait {waiting}")
        self.office.count()
        self.compare()

    def settled(self) -> bool:
        """Whether both ends say that everything arrived."""
        rows = completeness.report(self.office.books, self.wall())
        return all(row.complete and not row.silent for row in rows) and not any(
            kiosk.buffer.pending() for kiosk in self.kiosks
        )

    def compare(self) -> None:
        """The books against what was recorded."""
        found: dict[tuple[str, int], stored.Row] = {}
        with self.office.books.read() as connection:
            columns = [schema.events.c[name] for name in stored.Row._fields]
            for line in connection.execute(sa.select(*columns)):
                row = stored.Row(*line)
                for seq in range(row.seq, row.through + 1):
                    if (row.stream, seq) in found:
                        raise Broken(f"{row.stream} {seq} is there twice")
                    found[row.stream, seq] = row
            refused = {(one.stream, one.seq): one for one in stored.all_refused(connection)}
            owners = {one.stream: one.kiosk for one in stored_streams.every(connection)}
        for kiosk in self.kiosks:
            for key, raw in kiosk.recorded.items():
                if key not in found:
                    raise Broken(f"{key} of {kiosk.name} is missing: {raw!r}")
                if owners[key[0]] != kiosk.name:
                    raise Broken(f"{key} of {kiosk.name} is booked for {owners[key[0]]}")
                self._compare(key, raw, found[key], refused)
        if len(found) != sum(len(kiosk.recorded) for kiosk in self.kiosks):
            raise Broken("the books hold what nobody recorded")

    def _compare(
        self,
        key: tuple[str, int],
        raw: bytes,
        row: stored.Row,
        refused: dict[tuple[str, int], stored.Refused],
    ) -> None:
        wrong = events.refusal(raw)
        if key in self.office.poison and row.rank == reading.WRAPPED:
            if key not in refused:
                raise Broken(f"{key} is wrapped, and not refused: {row}")
        elif events.same(raw, row.raw.encode()):
            if (wrong is None) != (key not in refused):
                raise Broken(f"{key} refused: {refused.get(key)}, should be: {wrong}")
            if wrong is not None and refused[key].reason != wrong[: wire.MAX_REASON]:
                raise Broken(f"{key} is refused for {refused[key].reason!r}, not {wrong!r}")
        elif not events.same(events.erase(raw), row.raw.encode()):
            raise Broken(f"{key} differs: {raw!r}, stored {row.raw!r}")


def play(seed: int, **mutants: type) -> World:
    """One world from its beginning to its end. Raises Broken."""
    world = World(seed, **mutants)
    world.live(world.chance.randrange(5, 15))
    world.settle()
    return world
