"""What people and programs of the office read over the API."""

import asyncio

import msgspec
from litestar import Response, get

from sync.central import completeness as proofs
from sync.central import enrolment, office, people, problems
from sync.central.web import api
from sync.feedback import wire

COOKIE = "smiley_session"


@get(wire.COMPLETENESS)
async def completeness(request: api.AnyRequest) -> Response[bytes]:
    """Say of each kiosk whether the office has everything, and exactly what is missing."""
    at = api.here(request)
    await reader(request)
    rows = await asyncio.to_thread(proofs.report, at.store, at.now())
    told = Completeness(office=at.id, server_time=at.now(), kiosks=rows)
    return Response(msgspec.json.encode(told), media_type=wire.JSON)


class Completeness(wire.Answer, kw_only=True, frozen=True):
    """One row a kiosk, as `smiley-central completeness --json` prints them."""

    kiosks: list[proofs.Row]


async def reader(request: api.AnyRequest) -> str:
    """Name who reads: somebody logged in, or a program with a key of the office; else 401, 403."""
    at = api.here(request)
    cookie = request.cookies.get(COOKIE, "")
    session = await asyncio.to_thread(people.session, at.store, cookie, at.now())
    if session is not None:
        request.state.user = session.name
        return session.name
    key = enrolment.bearer(request.headers.get("authorization", ""))
    return await asyncio.to_thread(_key_of, at, key)


def _key_of(at: office.Office, key: str) -> str:
    if people.key_role(at.store, key) is not None:
        return "key"
    # a kiosk's token says who it is, and has no business here
    speaker = enrolment.speaker(at.store, key, at.now())
    raise problems.Problem(
        problems.FORBIDDEN, f"Kiosk {speaker.kiosk} may not read the office's figures."
    )
