"""A kiosk of the pair's world: a Buffer on a card in memory, in a Pi, and the two legs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.buffer import identity, machine
from sync.buffer import memory as cards
from sync.buffer.buffer import Buffer
from sync.feedback import events, framing
from sync.uplink import legs, memory, protocol
from sync.uplink import line as shared
from tests.integration.pair_office import BEGAN, KIOSKS, TOKENS, Broken
from tests.taps import tap

if TYPE_CHECKING:
    from tests.integration.pair_world import World

URL = "https://office.example"
FOLDER = "card"


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
        self.record(tap(face, visit=visit))
        if chance.random() < 0.2:
            rating = self.buffer.last_seq
            self.record(
                events.Comment(
                    rating=rating, text="Lång kö", code=f"{self.buffer.stream[:8]}-{rating}".upper()
                )
            )
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
