"""A kiosk's two legs without threads: a real buffer in memory, an office that is a function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from sync.buffer import identity, machine
from sync.buffer import memory as cards
from sync.buffer.buffer import Buffer
from sync.feedback import wire
from sync.uplink import exchange, legs, protocol, transport
from sync.uplink import line as shared
from tests import batches
from tests.taps import tap

NOW_MS = 1_763_719_200_000
MARKS: dict[str, Any] = {"office": "o_1", "server_time": NOW_MS}
Answer = Callable[[exchange.Request], exchange.Reply]


def reply(message: wire.Message, status: int = 200, **headers: str) -> exchange.Response:
    """An answer."""
    names = {name.lower().replace("_", "-"): value for name, value in headers.items()}
    return exchange.Response(status, names, wire.encode(message), 0.1)


def stored(request: exchange.Request) -> exchange.Reply:
    """The office takes everything."""
    batch, spans = batches.read(request.body)
    return reply(wire.Stored(stream=batch.stream, stored_through=spans[-1].through, **MARKS))


def heard(request: exchange.Request) -> exchange.Reply:
    """The office hears a heartbeat, and stored nothing."""
    beat = msgspec.json.decode(request.body, type=wire.Heartbeat)
    return reply(wire.Heard(stream=beat.stream, stored_through=0, **MARKS))


def unchanged(_: exchange.Request) -> exchange.Reply:
    """No new settings."""
    return exchange.Response(304, {"smiley-office": "o_1"}, b"", 0.1)


class Bench:
    """A kiosk's line without threads."""

    def __init__(
        self, card: cards.MemoryFiles | None = None, *, enrolled: bool = True, seed: int = 0
    ) -> None:
        self.seed = seed
        self.now = 0.0
        self.card = card or cards.MemoryFiles()
        self.calls: list[exchange.Request] = []
        self.answers: dict[str, Answer] = {
            wire.BATCHES: stored,
            wire.HEARTBEATS: heard,
            wire.CONFIG: unchanged,
        }
        self.configs: list[wire.Config] = []
        self.times: list[tuple[int, int]] = []
        self.statuses: list[shared.Status] = []
        self.error = ""
        self.facts = shared.Facts(app="1.2.3", uptime=77, health={"card": "ok"}, last_touch=5)
        self.buffer = Buffer.open(
            "card", files=self.card, machine=machine.MemoryMachine(seed=seed), tending_every=None
        )
        if enrolled and not self.buffer.identity.enrolled:
            self.enrol()
        self.line = shared.Line(
            self.buffer,
            protocol.Uploads(),
            shared.Calls(
                wall=lambda: NOW_MS + round(self.now * 1000),
                facts=lambda: self.facts,
                on_time=lambda trusted, uncertainty: self.times.append((trusted, uncertainty)),
                on_config=self._configured,
                on_status=self.statuses.append,
            ),
        )
        wires = transport.MemoryTransport(self._call)
        self.upload = legs.Upload(self.line, wires, now=lambda: self.now, chance=lambda: 0.5)
        self.beat = legs.Beat(self.line, wires, now=lambda: self.now, chance=lambda: 0.5)

    def enrol(self) -> None:
        """Take a place."""
        self.buffer.enrol(identity.Enrolment(url="https://x", office="o_1", kiosk="k", token="t"))

    def again(self) -> Bench:
        """After a restart."""
        self.buffer.close()
        return Bench(self.card, seed=self.seed + 1)

    def tap(self) -> None:
        """A customer."""
        self.buffer.record(tap())
        self.line.uploads.nudge(self.now)

    def _call(self, request: exchange.Request) -> exchange.Reply:
        self.calls.append(request)
        return self.answers[request.path](request)

    def _configured(self, config: wire.Config) -> str:
        self.configs.append(config)
        return self.error

    def paths(self) -> list[str]:
        """What was called since the last look."""
        found = [call.path for call in self.calls]
        self.calls.clear()
        return found

    def beats(self, seconds: float) -> list[str]:
        """Let the second leg live for so long."""
        until = self.now + seconds
        while self.now <= until:
            wait = self.beat.step()
            if self.now + wait > until:
                break
            self.now += wait
        self.now = until
        return self.paths()
