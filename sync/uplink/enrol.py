"""Enrolment: how a kiosk gets its place at an office with a code of three words.

Rules

1. The token is made here, and lies on the card, fsynced, before anyone is told of it.
2. The same code goes again with the same token: a lost answer burns no code.
3. Nothing of it is ever printed, logged, or part of an address.

Errors

    Error
    ├── NoAnswer    nobody, or somebody else, answered: the same code may be tried again
    └── Refused     the office said no: its sentence says why
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from sync.buffer import buffer as buffers
from sync.buffer import identity
from sync.feedback import wire
from sync.uplink import address, answers, exchange, transport

KEY = "enrolling"  # under which the token waits on the card for its answer


class Error(Exception):
    """Enrolment did not succeed; the text is a sentence for people."""


class NoAnswer(Error):
    """The office did not answer; the same code may be tried again."""


class Refused(Error):
    """The office did not take the code."""


def enrol(
    url: str,
    code: str,
    *,
    buffer: buffers.Buffer,
    line: transport.Transport,
    device: wire.Device | None = None,
    insecure: bool = False,
    replay: bool = False,
    on_time: Callable[[int, int], None] | None = None,
) -> wire.Enrolled:
    """Take this kiosk's place at the office at `url`, durably, and say which place it is.

    `replay`: send the whole card to this office, which was rebuilt empty. `on_time`: see
    `worker.Worker`. Raises NoAnswer, Refused, address.Wrong; sync.buffer.errors.Error when the card
    cannot keep the token, in which case nobody was told.
    """
    url = address.check(url, insecure=insecure)
    code = "-".join(code.replace("-", " ").lower().split())
    token = _token(buffer, url, code)
    request = exchange.Request(
        "POST",
        url,
        wire.ENROLMENTS,
        body=wire.encode(wire.Enrolment(code=code, token=token, device=device or wire.Device())),
    )
    verdict = answers.judge(line.send(request), wire.Enrolled, status=201, office=None)
    if isinstance(verdict, answers.Bad):
        why = (verdict.detail or str(verdict.status)).rstrip(".")
        raise Refused(f"The office at {url} refused the code: {why}.")
    if not isinstance(verdict, answers.Good):
        why = verdict.why if not isinstance(verdict, answers.Unchanged) else "A 304 is no answer."
        raise NoAnswer(f"{why} Nothing is lost: try again with the same code.")
    enrolled = verdict.message
    buffer.enrol(
        identity.Enrolment(
            url=url,
            office=enrolled.office,
            kiosk=enrolled.kiosk,
            token=token,
            site=enrolled.site,
            touchpoint=enrolled.touchpoint,
            time_zone=enrolled.time_zone,
            insecure=insecure,
            replay=replay,
        )
    )
    buffer.remember(KEY, None)
    if on_time is not None and verdict.time is not None:
        on_time(verdict.time.trusted, verdict.time.uncertainty)
    return enrolled


def new_token() -> str:
    """256 random bits as 64 lowercase hex digits."""
    return secrets.token_hex(32)


def _token(buffer: buffers.Buffer, url: str, code: str) -> str:
    """The token for this address and code: the one already on the card, or a new one put there."""
    waiting: dict[str, Any] = buffer.recall(KEY) or {}
    if waiting.get("url") == url and waiting.get("code") == code:
        return str(waiting["token"])
    token = new_token()
    buffer.remember(KEY, {"url": url, "code": code, "token": token})
    return token
