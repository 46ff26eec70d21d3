"""Whether an answer is ours, and what it says. PURE.

Rules

1. An answer is ours or it is none: it has our `format`, the office's id, and, where the call names
   a stream, that stream. A problem may leave the stream out (the office could not read it), but
   never name another one. A 304 shows the office in its header.
2. A redirect, a captive portal's 200, an empty 204, a cut or oversized body are no answer.
3. `Retry-After` is believed only from an answer of ours; a date counts from the office's own time,
   not from ours. More than a day is cut to a day.
"""

from __future__ import annotations

import dataclasses
import email.utils
from collections.abc import Mapping
from typing import Generic, TypeVar

import msgspec

from sync.feedback import clocks, wire
from sync.uplink import exchange

T = TypeVar("T", bound=wire.Answer)

LONGEST_WAIT = 86_400.0  # seconds: a mistyped date in Retry-After must not silence a kiosk


@dataclasses.dataclass(frozen=True, slots=True)
class Time:
    """The office's time in the middle of the call, ms since 1970; `uncertainty` in ms."""

    trusted: int
    uncertainty: int


@dataclasses.dataclass(frozen=True, slots=True)
class Good(Generic[T]):
    """The message that was asked for."""

    message: T
    time: Time | None
    headers: Mapping[str, str]


@dataclasses.dataclass(frozen=True, slots=True)
class Unchanged:
    """304: what the kiosk has is the newest."""


@dataclasses.dataclass(frozen=True, slots=True)
class Bad:
    """A problem of ours. `kind` is the last word of its type; `retry_after` in seconds."""

    status: int
    kind: str
    detail: str
    stored_through: int | None = None
    retry_after: float | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Unreadable:
    """An answer of ours with a body that breaks its form; `why` names the field."""

    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class Nothing:
    """No answer; `why` is a sentence for people."""

    why: str


class _Mark(msgspec.Struct, frozen=True):
    """What makes an answer ours; the rest of a problem where it is one."""

    format: int
    office: str
    server_time: int
    stream: str | None = None


class _Problem(msgspec.Struct, frozen=True):
    type: str = ""
    title: str = ""
    detail: str = ""
    stored_through: int | None = None
    retry_after: float | None = None


_mark = msgspec.json.Decoder(_Mark)
_problem = msgspec.json.Decoder(_Problem)


Verdict = Good[T] | Unchanged | Bad | Unreadable | Nothing


def judge(
    reply: exchange.Reply,
    wanted: type[T],
    *,
    status: int = 200,
    office: str | None,
    stream: str | None = None,
) -> Verdict[T]:
    """What a reply to a call for `wanted` is. `office` None: not known yet (enrolment)."""
    if isinstance(reply, exchange.Failure):
        return Nothing(reply.why)
    if 300 <= reply.status < 400:
        return _redirect(reply, office)
    mark = _read_mark(reply.body)
    if mark is None:
        return Nothing(f"Something that is not the office answered ({reply.status}).")
    stranger = _stranger(mark, office, stream, problem=reply.status >= 400)
    if stranger:
        return Nothing(stranger)
    if reply.status >= 400:
        return _bad(reply, mark)
    return _good(reply, wanted, status, mark)


def _redirect(reply: exchange.Response, office: str | None) -> Unchanged | Nothing:
    if reply.status != 304:
        return Nothing(f"The line answered with a redirect ({reply.status}): a log-in page?")
    if office is not None and reply.headers.get(wire.HEADER_OFFICE.lower()) == office:
        return Unchanged()
    return Nothing("A 304 came without the office's name: not from the office.")


def _good(
    reply: exchange.Response, wanted: type[T], status: int, mark: _Mark
) -> Good[T] | Unreadable | Nothing:
    if reply.status != status:
        return Nothing(f"The office answered {reply.status}; {status} would be right.")
    try:
        message = msgspec.json.decode(reply.body, type=wanted)
    except (msgspec.DecodeError, RecursionError) as error:
        return Unreadable(str(error))
    return Good(message, time(mark.server_time, reply.elapsed), reply.headers)


def time(server_time: int, elapsed: float) -> Time | None:
    """The time an answer tells; None for a round trip too long to say, or a time beyond 9999."""
    if not 0 <= elapsed < wire.ROUND_TRIP:
        return None
    half = max(1, round(elapsed * 500))
    if not 0 < server_time <= clocks.LATEST - half:  # no calendar has it, nor a `clock` event
        return None
    return Time(server_time + half, half)


def retry_after(headers: Mapping[str, str], server_time: int) -> float | None:
    """Seconds to wait by the header Retry-After, seconds or a date; None when it says nothing."""
    told = headers.get("retry-after", "").strip()
    if not told:
        return None
    if told.isascii() and told.isdigit():
        return min(float(told[:12]), LONGEST_WAIT)
    try:
        until = email.utils.parsedate_to_datetime(told).timestamp()
    except (ValueError, OverflowError, TypeError):
        return None
    return min(max(0.0, until - server_time / 1000), LONGEST_WAIT)


def _read_mark(body: bytes) -> _Mark | None:
    try:
        body.decode("utf-8")
        return _mark.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _stranger(mark: _Mark, office: str | None, stream: str | None, *, problem: bool) -> str:
    if mark.format not in wire.FORMATS:
        return f"The office answered in format {mark.format}; known here is {wire.FORMATS}."
    if not mark.office or (office is not None and mark.office != office):
        return "Another office answered than the one this kiosk is enrolled with."
    if stream is not None and mark.stream != stream and not (problem and mark.stream is None):
        return "An answer for another stream came back: a mixed-up line."
    return ""


def _bad(reply: exchange.Response, mark: _Mark) -> Bad:
    try:
        told = _problem.decode(reply.body)
    except (msgspec.DecodeError, RecursionError):
        told = _Problem()
    wait = retry_after(reply.headers, mark.server_time)
    if wait is None and told.retry_after is not None:
        wait = min(max(0.0, told.retry_after), LONGEST_WAIT)
    kind = told.type.rstrip("/").rsplit("/", 1)[-1]
    detail = (told.detail or told.title or kind)[: wire.MAX_REASON]
    return Bad(reply.status, kind, detail, told.stored_through, wait)
