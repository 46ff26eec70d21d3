"""When a screen runs out: the table of screens.md, as values. PURE.

All times are milliseconds. *More time* triples every time that a customer is given.
"""

import msgspec

from kiosk import view

SLOW_CARD_MS = 2_000
THANKS_MS = 4_000
REASONS_MS = (20_000, 40_000)  # warning, back
COMMENT_MS = (40_000, 60_000)
STAFF_MS = 60_000
SLEEP_MS = 60_000
SECOND_TOUCH_MS, SECOND_TOUCH_SLOW_MS = 500, 1_000
# The fade is 160 ms, and a person needs longer than that to see a new screen and aim at it.
SETTLE_MS = 150
# A finger may still be resting on the faces: new settings wait a little after the last touch.
QUIET_MS = 2_000
MORE_TIME = 3


class Countdown(msgspec.Struct, frozen=True):
    """What runs: over?, is the warning up?, and the bar to draw, if any."""

    over: bool = False
    warning: bool = False
    bar: view.Countdown | None = None


class Limits(msgspec.Struct, frozen=True):
    """How long a screen stays untouched: until a warning, until it is over. None: for ever."""

    warn_ms: int | None = None
    back_ms: int | None = None

    def countdown(self, touched_ms: int, now_ms: int) -> Countdown:
        """Return what a screen last touched at `touched_ms` shows at `now_ms`."""
        if self.back_ms is None:
            return Countdown()
        ends = touched_ms + self.back_ms
        if self.warn_ms is None:
            return Countdown(now_ms >= ends)
        warns = touched_ms + self.warn_ms
        warning = now_ms >= warns
        # a screen whose warning stands from the first moment (thanks) shows only the bar
        bar = view.Countdown(began_ms=warns, ends_ms=ends) if warning else None
        return Countdown(now_ms >= ends, warning and self.warn_ms > 0, bar)


def limits(screen: view.Screen, *, slow: bool, begun: bool, given: bool, open_now: bool) -> Limits:
    """Return the limits of `screen`.

    `begun`: something sets this visit apart from a fresh one (a language, an easier use, a rating);
    `given`: a rating was given. A fresh *ask* stays for ever, or until it sleeps out of hours.
    """
    more = MORE_TIME if slow else 1
    if screen == "sleep":
        return Limits()
    if screen in ("pin", "glimpse"):
        return Limits(None, STAFF_MS)
    if screen == "thanks":
        return Limits(0, THANKS_MS * more)
    if screen == "ask" and not begun:
        return Limits(None, None if open_now else SLEEP_MS)
    if screen == "ask" and not given:
        return Limits(None, REASONS_MS[1] * more)
    warn, back = COMMENT_MS if screen == "comment" else REASONS_MS
    return Limits(warn * more, back * more)


def second_touch(slow: bool) -> int:
    """Return for how long a second touch means nothing."""
    return SECOND_TOUCH_SLOW_MS if slow else SECOND_TOUCH_MS
