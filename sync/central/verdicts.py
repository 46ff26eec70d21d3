"""Why a message is turned away, and the problem (RFC 9457) that each reason is answered with.

    Verdict                 nothing of the message is in the books
    ├── WrongFormat  400    a format that this office does not know
    ├── Foreign      409    the stream is another kiosk's
    ├── TooLarge     413    more than a message may hold
    ├── Malformed    422    no message of ours
    └── TooMuch      429    the kiosk's share of the day is used up

`store.errors.TryAgain` is answered with 503. A gap is no verdict: what the message said of its
stream is kept.
"""

from __future__ import annotations

from typing import Any, Final

from sync.central.store import errors
from sync.feedback import wire

SOON: Final = 5  # seconds until a busy office is asked again
LATER: Final = 300  # seconds until a full one is


class Verdict(Exception):
    """A message is turned away; `str()` is a sentence."""

    kind: str
    retry_after: int | None = None


class WrongFormat(Verdict):
    """The message is of a format that this office does not know."""

    kind = wire.UNSUPPORTED_FORMAT


class Foreign(Verdict):
    """The stream belongs to the kiosk that first named it, and that is another one."""

    kind = wire.FOREIGN_STREAM


class TooLarge(Verdict):
    """The message holds more than it may."""

    kind = wire.TOO_LARGE


class Malformed(Verdict):
    """The message cannot be read."""

    kind = wire.MALFORMED


class TooMuch(Verdict):
    """The kiosk sent all that it may send in a day; `retry_after` is seconds."""

    kind = wire.TOO_MUCH

    def __init__(self, detail: str, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


def problem(
    error: Verdict | errors.TryAgain, office: str, now: int, stream: str | None = None
) -> wire.Problem:
    """Give the answer to a message that is turned away; `stream` as far as it could be read."""

    def say(kind: str, detail: str, **more: Any) -> wire.Problem:
        return wire.problem(
            kind, office=office, server_time=now, detail=detail, stream=stream, **more
        )

    if isinstance(error, errors.Full):
        detail = (
            "the disk under the office's database is full: nothing is taken until there is room"
        )
        return say(wire.OFFICE_FULL, detail, retry_after=LATER)
    if isinstance(error, errors.TryAgain):
        detail = "the office's database is busy or away: come again"
        return say(wire.BUSY, detail, retry_after=SOON)
    formats = wire.FORMATS if isinstance(error, WrongFormat) else None
    return say(error.kind, str(error), formats=formats, retry_after=error.retry_after)
