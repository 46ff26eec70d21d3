"""The line in memory, as bad as it is told to be: the twin of RequestsTransport.

Chance is handed in (a seeded `random.Random`), so that a bad day can be had again. Time is told,
not spent: `elapsed` of an answer says how long the call took, and the caller lets that time pass.
"""

from __future__ import annotations

import collections
import dataclasses
import email.utils
import random
from collections.abc import Callable

from sync.feedback import wire
from sync.uplink import exchange

Handler = Callable[[exchange.Request], exchange.Reply]

PORTAL = b"<!doctype html><title>Welcome</title><h1>Log in to the shop's Wi-Fi</h1>"
KEPT = 50  # answers kept to be mixed up with later ones


@dataclasses.dataclass(frozen=True, slots=True)
class Faults:
    """How often, of all calls, each thing goes wrong (0 … 1); the rest arrive as they should."""

    lose: float = 0.0  # the call never arrives
    cut: float = 0.0  # it arrives and is done, the answer is lost
    repeat: float = 0.0  # it arrives twice; the second answer comes back
    delay: float = 0.0  # it arrives after the caller gave up, behind later calls
    slow: float = 0.0  # the answer takes up to 20 s
    html: float = 0.0  # a captive portal's 200
    empty: float = 0.0  # a 204 without a body
    redirect: float = 0.0
    broken: float = 0.0  # 500, ours or not
    full: float = 0.0  # 503 with Retry-After
    limited: float = 0.0  # 429 with Retry-After in seconds or as a date, ours or not
    half: float = 0.0  # the answer's body is cut in the middle
    stranger: float = 0.0  # done, but another kiosk's answer comes back
    stale: float = 0.0  # done, but an answer to an earlier call comes back
    bare: float = 0.0  # not delivered, and an empty 200 comes back

    @classmethod
    def drawn(cls, chance: random.Random, most: float = 0.6) -> Faults:
        """A bad line: a few of the faults, together up to `most` of the calls."""
        names = [field.name for field in dataclasses.fields(cls)]
        weights = {name: chance.random() ** 3 for name in names if chance.random() < 0.7}
        scale = most * chance.random() / max(sum(weights.values()), 1e-9)
        return cls(**{name: weight * scale for name, weight in weights.items()})


class MemoryTransport:
    """Calls a handler in place of the network. `faults` may be changed at any time.

    Several of them may share one `answers` deque: that is where another kiosk's answers come from.
    """

    def __init__(
        self,
        handler: Handler,
        *,
        chance: random.Random | None = None,
        faults: Faults | None = None,
        answers: collections.deque[tuple[str, exchange.Reply]] | None = None,
    ) -> None:
        self.handler = handler
        self.faults = faults or Faults()
        self.closed = False
        self.calls = 0
        self._chance = chance or random.Random(0)
        self._late: list[exchange.Request] = []
        self._answers = collections.deque(maxlen=KEPT) if answers is None else answers

    def __repr__(self) -> str:
        return f"<MemoryTransport, {self.calls} calls>"

    def close(self) -> None:
        """See Transport."""
        self.closed = True

    def send(self, request: exchange.Request) -> exchange.Reply:
        """See Transport; the fault of this call is drawn by chance."""
        self.calls += 1
        drawn = self._chance.random()
        for field in dataclasses.fields(self.faults):
            drawn -= getattr(self.faults, field.name)
            if drawn < 0:
                reply: exchange.Reply = getattr(self, f"_{field.name}")(request)
                break
        else:
            reply = self._deliver(request)
        if self._chance.random() < 0.5:
            self.arrive()
        return reply

    def arrive(self) -> None:
        """Let what is still on its way reach the office; nobody waits for the answers."""
        late, self._late = self._late, []
        self._chance.shuffle(late)
        for request in late:
            self.handler(request)

    def _deliver(self, request: exchange.Request) -> exchange.Reply:
        reply = self.handler(request)
        self._answers.append((request.token, reply))
        if isinstance(reply, exchange.Failure) or reply.elapsed:
            return reply
        return dataclasses.replace(reply, elapsed=0.01 + 0.2 * self._chance.random())

    def _made(self, status: int, body: bytes = b"", **headers: str) -> exchange.Response:
        names = {name.lower().replace("_", "-"): value for name, value in headers.items()}
        return exchange.Response(status, names, body, 0.05)

    # --- one method for each fault ------------------------------------------------------------

    def _lose(self, request: exchange.Request) -> exchange.Reply:
        return exchange.Failure(f"{request.url} cannot be reached.", 1.0)

    def _cut(self, request: exchange.Request) -> exchange.Reply:
        self._deliver(request)
        return exchange.Failure(f"The answer of {request.url} was cut short.", 2.0)

    def _repeat(self, request: exchange.Request) -> exchange.Reply:
        self._deliver(request)
        return self._deliver(request)

    def _delay(self, request: exchange.Request) -> exchange.Reply:
        self._late.append(request)
        return exchange.Failure(f"{request.url} took too long to answer.", wire.READ_TIMEOUT)

    def _slow(self, request: exchange.Request) -> exchange.Reply:
        reply = self._deliver(request)
        if isinstance(reply, exchange.Failure):
            return reply
        return dataclasses.replace(reply, elapsed=20 * self._chance.random())

    def _html(self, _: exchange.Request) -> exchange.Reply:
        return self._made(200, PORTAL, content_type="text/html")

    def _empty(self, _: exchange.Request) -> exchange.Reply:
        return self._made(204)

    def _bare(self, _: exchange.Request) -> exchange.Reply:
        return self._made(200, self._chance.choice([b"", b"{}", b"null", b"[]", b'{"format":1}']))

    def _redirect(self, _: exchange.Request) -> exchange.Reply:
        status = self._chance.choice([301, 302, 303, 307, 308])
        return self._made(status, location="http://portal.example/login")

    def _broken(self, request: exchange.Request) -> exchange.Reply:
        return self._problem(request, wire.FAILED, self._chance.choice([500, 502, 504]))

    def _full(self, request: exchange.Request) -> exchange.Reply:
        return self._problem(request, wire.OFFICE_FULL, 503, retry_after="30")

    def _limited(self, request: exchange.Request) -> exchange.Reply:
        seconds = self._told(request)[1] / 1000 + self._chance.randrange(-3600, 3600)
        date = email.utils.formatdate(seconds, usegmt=True)
        wait = self._chance.choice(["7", date, "soon", "-1"])
        return self._problem(request, wire.TOO_MUCH, 429, retry_after=wait)

    def _problem(
        self, request: exchange.Request, kind: str, status: int, **headers: str
    ) -> exchange.Reply:
        """A problem that may look as if it came from the office: with the office's last marks."""
        office, time = self._told(request)
        if not office or self._chance.random() < 0.5:
            return self._made(status, b"upstream is down", **headers)
        told = wire.problem(kind, office=office, server_time=time)
        return self._made(status, wire.encode(told), **headers)

    def _told(self, request: exchange.Request) -> tuple[str, int]:
        """The office's name and time as its last answer to this kiosk told them; "" before."""
        for token, reply in reversed(self._answers):
            if token == request.token and isinstance(reply, exchange.Response):
                office = reply.headers.get(wire.HEADER_OFFICE.lower(), "")
                return office, int(reply.headers.get(wire.HEADER_TIME.lower(), "0"))
        return "", 0

    def _half(self, request: exchange.Request) -> exchange.Reply:
        reply = self._deliver(request)
        if isinstance(reply, exchange.Failure):
            return reply
        return dataclasses.replace(reply, body=reply.body[: len(reply.body) // 2])

    def _stranger(self, request: exchange.Request) -> exchange.Reply:
        self._deliver(request)
        others = [reply for token, reply in self._answers if token != request.token]
        return self._chance.choice(others) if others else self._html(request)

    def _stale(self, request: exchange.Request) -> exchange.Reply:
        self._deliver(request)
        own = [reply for token, reply in self._answers if token == request.token]
        return self._chance.choice(own)
