"""The staff's side of the screen: the held corner, the PIN pad, the glimpse. PURE.

1. A corner held for 3 s opens the PIN pad; whatever visit was going on is over then.
2. A PIN has 4 to 8 digits. Five wrong ones lock the pad for a minute, every further one twice as
   long, also across restarts; a right one forgives all.
3. Figures change only when at least `renew_after` taps came since they last changed, so that nobody
   learns what the last customer pressed. What waits, clock and contact are always fresh.
"""

import msgspec

from kiosk import signals, view

HOLD_MS = 3_000
LEAST_DIGITS, MOST_DIGITS = 4, 8
FREE_TRIES = 5
FIRST_LOCK_MS = 60_000
LONGEST_LOCK_MS = 24 * 3600 * 1000
FIGURES_EVERY_MS = 2_000


class Lockout(msgspec.Struct, frozen=True):
    """How often the PIN was wrong since it was last right. Kept on the card."""

    wrong: int = 0

    def missed(self) -> "Lockout":
        """Return the state after one more wrong PIN."""
        return Lockout(self.wrong + 1)

    def lock_ms(self) -> int:
        """Return for how long the pad is locked after the last wrong PIN."""
        beyond = self.wrong - FREE_TRIES
        if beyond < 0:
            return 0
        return min(FIRST_LOCK_MS << min(beyond, 11), LONGEST_LOCK_MS)


class Figures(msgspec.Struct, frozen=True):
    """The figures staff were last shown, kept on the card so that a restart shows no newer ones."""

    day: str = ""
    survey: str = ""
    counts: tuple[int, ...] = ()
    index: float | None = None
    interval: tuple[float, float] | None = None

    @property
    def taps(self) -> int:
        """How many taps these figures count."""
        return sum(self.counts)


def told_wait(left_ms: int) -> int:
    """Return the wait in seconds as it is told: by the second in the last minute, else by the
    minute, always rounded up, so that the pad opens when the last one is over. 0: no wait.
    """
    if left_ms <= FIRST_LOCK_MS:
        return max(0, -(-left_ms // 1000))
    return -(-left_ms // 60_000) * 60


def renewed(shown: Figures, fresh: Figures, renew_after: int) -> Figures:
    """Return what staff may see now (rule 3).

    A new day, survey or number of faces starts from nothing: its first figures also wait for
    `renew_after` taps.
    """
    before, after = ((one.day, one.survey, len(one.counts)) for one in (shown, fresh))
    if before != after:
        shown = Figures(fresh.day, fresh.survey, (0,) * len(fresh.counts))
    moved = sum(abs(a - b) for a, b in zip(shown.counts, fresh.counts, strict=True))
    return fresh if abs(fresh.taps - shown.taps) >= renew_after and moved else shown


class Staff:
    """The state of corner, pad and glimpse; the session asks it and draws it."""

    def __init__(self) -> None:
        self._corner_since: int | None = None
        self._digits = ""
        self._wrong = False
        self._reset = False
        self._checking = False
        self._locked_until = 0
        self._read_ms = 0
        self.glimpse: signals.Glimpse | None = None

    def corner(self, down: bool, now_ms: int) -> None:
        """Note a finger in the corner, or that it left."""
        self._corner_since = now_ms if down else None

    def held(self, now_ms: int) -> bool:
        """Whether the corner has been held long enough; true once."""
        if self._corner_since is None or now_ms - self._corner_since < HOLD_MS:
            return False
        self._corner_since = None
        return True

    def leave(self) -> None:
        """Forget digits and figures: the staff have gone. A lock stays."""
        self._digits, self._wrong, self._reset = "", False, False
        self._checking, self.glimpse = False, None

    def press(self, digit: str, now_ms: int) -> None:
        """Add a digit, unless the pad is locked or full."""
        ready = not self._checking and now_ms >= self._locked_until
        if ready and len(digit) == 1 and digit in "0123456789" and len(self._digits) < MOST_DIGITS:
            self._digits += digit
            self._wrong = False

    def erase(self) -> None:
        """Take the last digit away."""
        if not self._checking:
            self._digits = self._digits[:-1]

    def enter(self, now_ms: int) -> list[signals.Effect]:
        """Ask whether the digits are the PIN."""
        if self._checking or len(self._digits) < LEAST_DIGITS or now_ms < self._locked_until:
            return []
        self._checking = True
        return [signals.CheckPin(self._digits)]

    def checked(self, answer: signals.PinChecked, now_ms: int) -> bool:
        """Take the answer to `enter`; return whether the staff may come in."""
        asked, self._checking = self._checking, False
        self._digits = ""
        # a lock says more than "wrong", and nothing is wrong any more when it is over
        self._wrong, self._reset = not (answer.right or answer.locked_ms), answer.reset
        self._locked_until = max(self._locked_until, now_ms + answer.locked_ms)
        return asked and answer.right

    def refresh(self, now_ms: int) -> list[signals.Effect]:
        """Ask for fresh figures, every two seconds."""
        if self.glimpse is not None and now_ms - self._read_ms < FIGURES_EVERY_MS:
            return []
        self._read_ms = now_ms
        return [signals.ReadFigures()]

    def pad(self, now_ms: int) -> view.Pad:
        """Return the PIN pad as it is drawn: never the digits."""
        return view.Pad(
            digits=len(self._digits),
            wrong=self._wrong,
            checking=self._checking,
            reset=self._reset,
            locked_s=told_wait(self._locked_until - now_ms),
        )
