"""The uploads' protocol in a test's hands: a kiosk of rows, and the office's answers to it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import msgspec

from sync.feedback import wire
from sync.uplink import exchange, protocol, steps
from tests import batches

OFFICE = "o_1"
NOW_MS = 1_763_719_200_000
A = "aaaaaaaa-0000-4000-8000-000000000000"
B = "bbbbbbbb-0000-4000-8000-000000000000"
TAP = b'{"seq":%d,"kind":"rating"}'


@dataclasses.dataclass
class Row:
    """A stream on a card made of numbers."""

    stream: str
    last_seq: int
    acknowledged: int = 0
    current: bool = True
    office: str = OFFICE
    kiosk: str = "k_1"
    sent: int = 0
    form: bytes = TAP

    def read(self, after: int, limit: int) -> list[bytes]:
        """The next events."""
        last = min(self.last_seq, after + limit)
        return [self.form % seq for seq in range(after + 1, last + 1)]


@dataclasses.dataclass(frozen=True)
class Place:
    """An enrolment."""

    office: str = OFFICE
    token: str = "t"
    url: str = "https://office.example"


class Kiosk:
    """A card of rows walked by the protocol, in time that is told."""

    def __init__(self, *rows: Row, chance: float = 0.5) -> None:
        self.rows = {row.stream: row for row in rows}
        self.uploads = protocol.Uploads()
        self.now = 1000.0
        self.chance = chance
        self.outcome = steps.Outcome()

    def place(self, stream: steps.Stream) -> Place | None:
        """Kiosks without a place have an empty name."""
        return Place(stream.office, "token of " + stream.kiosk) if stream.kiosk else None

    def plan(self) -> steps.Read | steps.Rest:
        """What the protocol wants next."""
        waiting = [
            dataclasses.replace(row)
            for row in self.rows.values()
            if row.current or row.acknowledged < row.last_seq
        ]
        return self.uploads.plan(waiting, self.place, self.now)

    def send(self) -> steps.Sent | steps.Rest:
        """Walk to the next batch on its way."""
        read = self.plan()
        if isinstance(read, steps.Rest):
            return read
        events = self.rows[read.stream.stream].read(read.after, read.limit)
        return self.uploads.batch(read, events, self.now)

    def sent(self) -> steps.Sent:
        """As `send`, and there must be one."""
        sent = self.send()
        assert isinstance(sent, steps.Sent), sent
        return sent

    def answer(self, sent: steps.Sent, reply: exchange.Reply) -> steps.Outcome:
        """Take a reply in."""
        self.outcome = self.uploads.answered(sent, reply, self.now, self.chance)
        if self.outcome.acknowledge is not None:
            self.rows[sent.stream.stream].acknowledged = self.outcome.acknowledge
        return self.outcome

    def call(self, reply: Callable[[steps.Sent], exchange.Reply]) -> steps.Sent:
        """One batch and its answer."""
        sent = self.sent()
        self.answer(sent, reply(sent))
        return sent

    def rests(self) -> float:
        """Seconds until the next batch; there must be a rest."""
        rest = self.send()
        assert isinstance(rest, steps.Rest), rest
        return rest.until - self.now


def seqs(sent: steps.Sent) -> list[int]:
    """The numbers in a batch."""
    batch, spans = batches.read(sent.request.body)
    assert batch.stream == sent.stream.stream
    return [span.seq for span in spans]


def ok(sent: steps.Sent, through: int | None = None, **changes: object) -> exchange.Response:
    """The office's 200."""
    stored = wire.Stored(
        office=OFFICE,
        server_time=NOW_MS,
        stream=sent.stream.stream,
        stored_through=sent.last if through is None else through,
    )
    body = msgspec.json.encode({**msgspec.to_builtins(stored), **changes})
    return exchange.Response(200, {}, body, 0.1)


def problem(
    kind: str, status: int | None = None, retry: str = "", **more: Any
) -> Callable[[steps.Sent], exchange.Response]:
    """The office's problem."""

    def reply(sent: steps.Sent) -> exchange.Response:
        told = wire.problem(kind, office=OFFICE, server_time=NOW_MS, **more)
        headers = {"retry-after": retry} if retry else {}
        return exchange.Response(status or told.status, headers, wire.encode(told), 0.1)

    return reply
