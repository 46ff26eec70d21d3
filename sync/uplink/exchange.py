"""One call to the office and what came of it, as values. PURE.

What is sent is a Request; what comes back is a Response, whoever it is from, or a Failure.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from sync.feedback import wire


@dataclasses.dataclass(frozen=True, slots=True)
class Request:
    """One call. `url` is the office's address; `body` is plain JSON, packed by the transport."""

    method: str
    url: str
    path: str
    token: str = dataclasses.field(default="", repr=False)
    body: bytes = dataclasses.field(default=b"", repr=False)
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    limit: int = wire.MAX_ANSWER  # unpacked bytes of the answer that are read, and no more


@dataclasses.dataclass(frozen=True, slots=True)
class Response:
    """An answer as it came: header names in lower case, body unpacked, `elapsed` in seconds."""

    status: int
    headers: Mapping[str, str]
    body: bytes = dataclasses.field(default=b"", repr=False)
    elapsed: float = 0.0


@dataclasses.dataclass(frozen=True, slots=True)
class Failure:
    """No answer: `why` is a sentence for people. The call may have arrived all the same."""

    why: str
    elapsed: float = 0.0


Reply = Response | Failure
