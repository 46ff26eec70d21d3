"""What the office cannot do for a caller, as a value to raise; `web.answers` writes it down.

A tree of two: `Problem` becomes an RFC 9457 answer; `Gone` becomes none, for nobody is left.
`sync.feedback.wire` names the types that kiosks act on; those below are for other callers.
"""

from typing import Any

from sync.feedback import wire

METHOD_NOT_ALLOWED = "/problems/method-not-allowed"
TOO_SLOW = "/problems/too-slow"
UNSUPPORTED_ENCODING = "/problems/unsupported-encoding"
FORBIDDEN = "/problems/forbidden"
UNREADABLE = "/problems/unreadable"

STATUS: dict[str, int] = {
    **wire.STATUS,
    METHOD_NOT_ALLOWED: 405,
    TOO_SLOW: 408,
    UNSUPPORTED_ENCODING: 415,
    FORBIDDEN: 403,
    UNREADABLE: 400,
}


class Problem(Exception):
    """A type of `STATUS`, a sentence, and further members of `wire.Problem`.

    `retry_after` (whole seconds) also becomes the header of that name.
    """

    def __init__(self, kind: str, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.more = more

    @property
    def status(self) -> int:
        """The HTTP status that this type always comes with."""
        return STATUS[self.kind]


class Gone(Exception):
    """The caller hung up before its body was whole."""


def slow_down(seconds: int, why: str) -> Problem:
    """Make the 429 of guessing, rates and a day's share."""
    return Problem(wire.TOO_MUCH, why, retry_after=seconds)
