"""What the uploads remember while the process lives: of each line, and of each stream. PURE."""

from __future__ import annotations

import dataclasses

from sync.feedback import wire
from sync.uplink import backoff


@dataclasses.dataclass(slots=True)
class Pause:
    """Failures in a row, and the time before which nothing is tried."""

    failures: int = 0
    until: float = 0.0

    def failed(self, policy: backoff.Backoff, now: float, chance: float) -> None:
        """Wait longer than the last time."""
        self.failures += 1
        self.until = now + policy.delay(self.failures, chance)

    def over(self) -> None:
        """It worked."""
        self.failures, self.until = 0, 0.0


@dataclasses.dataclass(slots=True)
class Lane:
    """One kiosk's line to one office."""

    tries: Pause = dataclasses.field(default_factory=Pause)
    problem: str = ""

    def worked(self) -> None:
        """The office answered as it should."""
        self.tries.over()
        self.problem = ""


@dataclasses.dataclass(slots=True)
class Memory:
    """One stream's: how much goes in a batch, what goes wrapped, how far was sent."""

    limit: int = wire.BATCH_EVENTS
    wrap: set[int] = dataclasses.field(default_factory=set)
    sent: int = 0
    answers: int = 0
    faults: int = 0  # in a row, of the office itself
    aside: str = ""
    aside_until: float = 0.0
    foreign: bool = False  # aside because the office has it as another kiosk's

    def set_aside(self, why: str, until: float, *, foreign: bool = False) -> None:
        """Keep the stream back until then."""
        self.aside, self.aside_until, self.foreign = why, until, foreign

    def ours(self) -> None:
        """The office speaks of it as this kiosk's: what kept it back for that is over."""
        if self.foreign:
            self.aside, self.aside_until, self.foreign = "", 0.0, False

    def halve(self, first: int, last: int, count: int) -> bool:
        """Make the next batch smaller, or wrap an event that failed alone; False: neither helps."""
        if count > 1:
            self.limit = max(1, count // 2)
            return True
        if count == 1 and first == last and first not in self.wrap:
            self.wrap.add(first)
            return True
        return False

    def stored(self, through: int) -> None:
        """Batches may grow again, and what was wrapped is done with."""
        self.limit = min(wire.BATCH_EVENTS, self.limit * 2)
        self.wrap = {seq for seq in self.wrap if seq > through}
        self.aside, self.aside_until, self.foreign = "", 0.0, False
