"""What the uploads decide over and what they decide, as values. PURE."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Protocol

from sync.feedback import wire
from sync.uplink import answers, exchange


class Stream(Protocol):
    """What must be known of a stream; `sync.buffer` has it."""

    @property
    def stream(self) -> str:
        """Its name."""

    @property
    def office(self) -> str:
        """The office it is bound for; empty before any enrolment."""

    @property
    def kiosk(self) -> str:
        """Whose it is."""

    @property
    def acknowledged(self) -> int:
        """What its office last said it had stored."""

    @property
    def last_seq(self) -> int:
        """The highest recorded."""

    @property
    def sent(self) -> int:
        """The highest seq that was ever sent or exported, as far as the card knows."""

    @property
    def current(self) -> bool:
        """Whether it is still being written."""


class Place(Protocol):
    """Where a kiosk's streams go; `sync.buffer.identity.Enrolment` is one."""

    @property
    def url(self) -> str:
        """The office's address."""

    @property
    def office(self) -> str:
        """The office's id."""

    @property
    def token(self) -> str:
        """The kiosk's newest token."""


Places = Callable[[Stream], Place | None]


@dataclasses.dataclass(frozen=True, slots=True)
class Read:
    """Read at most `limit` events of the stream behind `after`, then call `batch` with them."""

    stream: Stream
    place: Place
    after: int
    limit: int
    max_bytes: int = wire.BATCH_BYTES


@dataclasses.dataclass(frozen=True, slots=True)
class Rest:
    """Nothing to do before `until`, unless nudged."""

    until: float


@dataclasses.dataclass(frozen=True, slots=True)
class Sent:
    """A batch of `count` events on its way, standing for seqs `first` … `last`."""

    stream: Stream
    place: Place
    first: int
    last: int
    count: int
    request: exchange.Request


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What an answer means for the card. `acknowledge` is None when nothing is known anew."""

    heard: bool = False  # it was our office that answered
    acknowledge: int | None = None
    time: answers.Time | None = None
    refused: Sequence[wire.Refused] = ()
    conflicts: Sequence[wire.Conflict] = ()
