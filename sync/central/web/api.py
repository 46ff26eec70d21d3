"""The calls of kiosks: thin, each a reading of the body, one function of the office, one answer.

A call's kiosk comes from its token only, and a kiosk's calls take turns, bodies included. All work
with the books runs in threads; the loop waits.
"""

import asyncio
from typing import Any

import msgspec
from litestar import Request, Response, get, post

from sync.central import configuration, enrolment, heartbeats, ingest, office, slices
from sync.central.web import answers, bodies
from sync.feedback import framing, wire

AnyRequest = Request[Any, Any, Any]

_enrolment = bodies.reader(wire.Enrolment)
_roll = bodies.reader(wire.TokenRoll)
_heartbeat = bodies.reader(wire.Heartbeat)


@post(wire.ENROLMENTS, status_code=201)
async def enrol(request: AnyRequest) -> Response[bytes]:
    """Let a kiosk in by its code."""
    at = here(request)
    message = await bodies.read(request, wire.MAX_HEARTBEAT, _enrolment)
    kiosk = await asyncio.to_thread(enrolment.enrol, at.store, message, address(request), at.now())
    request.state.kiosk = kiosk.kiosk
    return answers.message(
        wire.Enrolled(
            kiosk=kiosk.kiosk,
            site=kiosk.site,
            touchpoint=kiosk.touchpoint,
            time_zone=kiosk.time_zone,
            office=at.id,
            server_time=at.now(),
        ),
        201,
    )


@post(wire.TOKENS, status_code=201)
async def roll(request: AnyRequest) -> Response[bytes]:
    """Let a kiosk's new token in beside its old one."""
    at = here(request)
    speaker = await authenticated(request)
    async with at.calls.of(speaker.kiosk):
        message = await bodies.read(request, wire.MAX_HEARTBEAT, _roll)
        await asyncio.to_thread(enrolment.roll, at.store, speaker, message.token, at.now())
    return answers.message(
        wire.TokenRolled(kiosk=speaker.kiosk, office=at.id, server_time=at.now()), 201
    )


@post(wire.BATCHES, status_code=200)
async def batch(request: AnyRequest) -> Response[bytes]:
    """Take a batch of events, once."""
    at = here(request)
    speaker = await authenticated(request)
    async with at.calls.of(speaker.kiosk):
        body = await bodies.read(request, wire.MAX_UNPACKED, _untouched)
        told = await asyncio.to_thread(ingest.batch, at.store, speaker.kiosk, body, at.now())
    if isinstance(told, wire.Problem):
        at.figures.booked(told.type)
        return answers.written(answers.with_stream(told, request))
    request.state.stream = told.stream
    request.state.events = number = await asyncio.to_thread(_number, body)
    at.figures.booked("stored", number, len(told.refused), len(told.conflicts))
    return answers.message(told)


@post(wire.HEARTBEATS, status_code=200)
async def heartbeat(request: AnyRequest) -> Response[bytes]:
    """Hear how a kiosk is."""
    at = here(request)
    speaker = await authenticated(request)
    async with at.calls.of(speaker.kiosk):
        message = await bodies.read(request, wire.MAX_HEARTBEAT, _heartbeat)
        request.state.stream = message.stream[:40]
        told = await asyncio.to_thread(heartbeats.hear, at.store, speaker.kiosk, message, at.now())
    return answers.written(told)


@get(wire.CONFIG)
async def config(request: AnyRequest) -> Response[bytes]:
    """Give a kiosk its settings and surveys; 304 when it has them."""
    at = here(request)
    speaker = await authenticated(request)
    told = await asyncio.to_thread(configuration.of_kiosk, at.store, speaker.kiosk)
    headers = {"ETag": told.etag, "Cache-Control": "private, no-cache"}
    if configuration.matches(request.headers.get("if-none-match", ""), told.etag):
        return Response(b"", status_code=304, headers=headers, media_type=wire.JSON)
    answer = answers.message(told.message(office=at.id, server_time=at.now()))
    answer.headers.update(headers)
    return answer


def here(request: AnyRequest) -> office.Office:
    """Give the office that a request came to."""
    found: office.Office = request.app.state.office
    return found


def address(request: AnyRequest) -> str:
    """Give the caller's address, as the server or the proxy it trusts knows it."""
    return request.client.host if request.client else "local"


async def authenticated(request: AnyRequest) -> enrolment.Speaker:
    """Say which kiosk speaks; raises 401 and 403, before anything of the body is read."""
    at = here(request)
    token = enrolment.bearer(request.headers.get("authorization", ""))
    speaker = await asyncio.to_thread(enrolment.speaker, at.store, token, at.now())
    request.state.kiosk = speaker.kiosk
    return speaker


class _Events(msgspec.Struct):
    events: list[msgspec.Raw]


_events = msgspec.json.Decoder(_Events)


def _number(body: bytes) -> int:
    """Count the events of a batch that was taken."""
    try:
        return len(_events.decode(body).events)
    except msgspec.DecodeError:  # one of them has half a surrogate pair, and was booked as refused
        return len(slices.cut(body).events)


def _untouched(body: bytes) -> bytes:
    framing.check_text(body)
    return body
