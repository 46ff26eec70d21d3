"""A small world for the pair test: two kiosks, two Pis, one office, a bad line, no threads.

Everything in it is the product: the uplink's legs and protocol, Buffer on MemoryFiles, the office's
ingest, import, heartbeats, completeness on SQLite in memory. Time is virtual; chance is one seed.

What must hold is checked while the world goes on (`World.check`) and at its end (`World.settle`).
"""

from __future__ import annotations

import base64
import collections
import json
import pathlib
import random
import tempfile
from collections.abc import Callable

import sqlalchemy as sa

from sync.central import by_hand, completeness, reading
from sync.central.store import events as stored
from sync.central.store import schema
from sync.central.store import streams as stored_streams
from sync.feedback import byhand, events, framing, wire
from sync.uplink import exchange, memory
from tests.integration.pair_kiosk import Kiosk
from tests.integration.pair_office import BEGAN, KIOSKS, Broken, Office


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
        if drawn < 0.54:
            busy = self.chance.random() < 0.01  # more than one batch holds
            for _ in range(520 if busy else self.chance.randrange(1, 6)):
                one.tap()
        elif drawn < 0.57:
            self.withdraw(one)
        elif drawn < 0.69:
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

    def withdraw(self, kiosk: Kiosk) -> None:
        """A customer wants a comment gone, by the code shown when it was written."""
        codes = [
            event.code
            for raw in kiosk.recorded.values()
            if isinstance(event := events.decode(raw), events.Comment)
        ]
        if codes:
            self.office.erase(kiosk.name, self.chance.choice(codes))

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
                self._compare_text(kiosk.name, raw, found[key])
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

    def _compare_text(self, kiosk: str, raw: bytes, row: stored.Row) -> None:
        event = events.decode(raw) if b"comment" in raw else None
        if isinstance(event, events.Comment) and (kiosk, event.code) in self.office.erased:
            kept = row.raw.encode()
            if row.rank == reading.WRAPPED:
                kept = base64.b64decode(json.loads(kept)["bytes"])
            if event.text.encode() in kept:
                raise Broken(f"{event.code} of {kiosk} was erased, and is there: {row.raw!r}")


def play(seed: int, **mutants: type) -> World:
    """One world from its beginning to its end. Raises Broken."""
    world = World(seed, **mutants)
    world.live(world.chance.randrange(5, 15))
    world.settle()
    return world
