"""How long to wait after a try that failed: a value and a function. PURE.

Rules

1. Full jitter: anywhere between nothing and the ceiling, so that a fleet whose office was away does
   not come back at the same instant (AWS Architecture Blog, "Exponential Backoff And Jitter").
2. The ceiling doubles with each failure up to `cap`; there is no limit on tries.
3. Chance is handed in: a number in [0, 1).
"""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Backoff:
    """A policy: `base` seconds after the first failure, doubling, never more than `cap`."""

    base: float = 1.0
    cap: float = 300.0

    def __post_init__(self) -> None:
        if not 0 < self.base <= self.cap:
            raise ValueError(f"base is {self.base}, cap {self.cap}; it must be 0 < base <= cap.")

    def ceiling(self, failures: int) -> float:
        """The longest wait in seconds after so many failures in a row, 0 after none."""
        if failures <= 0:
            return 0.0
        # 2**63 s is beyond any cap: clamp the power before it grows without bound
        return min(self.cap, self.base * 2.0 ** min(failures - 1, 63))

    def delay(self, failures: int, chance: float) -> float:
        """The wait in seconds after so many failures in a row, given a chance in [0, 1)."""
        return self.ceiling(failures) * chance


SLOW = 600.0  # seconds between tries that only people can make succeed (401, 403, format)


def slow(chance: float) -> float:
    """The wait in seconds where a quick try could not help: between half of SLOW and SLOW."""
    return SLOW * (0.5 + 0.5 * chance)
