"""What whoever runs the office asks it: does it live, is it ready, how much does it do."""

import asyncio

from litestar import Response, get

from sync.central import office
from sync.central.store import errors, migrate
from sync.central.web import api
from sync.feedback import wire


@get("/healthz")
async def health(request: api.AnyRequest) -> Response[bytes]:
    """Say that the process answers; says nothing about its database."""
    at = api.here(request)
    return _told(at, "alive", 200)


@get("/readyz")
async def ready(request: api.AnyRequest) -> Response[bytes]:
    """Say whether batches would be taken now: database there, tables right, disk not full."""
    at = api.here(request)
    try:
        await asyncio.to_thread(migrate.check, at.store)
    except errors.Error as error:
        return _told(at, type(error).__name__.lower(), 503)
    return _told(at, "office-full", 503) if at.full() else _told(at, "ready", 200)


@get("/metrics")
async def figures(request: api.AnyRequest) -> Response[bytes]:
    """Give the office's figures about itself, for Prometheus; names no kiosk and no site."""
    at = api.here(request)
    try:
        moment = await asyncio.to_thread(at.moment)
    except errors.Error:
        moment = {}  # what was counted is told while the database is away, too
    page = await asyncio.to_thread(at.figures.page, moment)
    return Response(page, media_type="text/plain; version=0.0.4; charset=utf-8")


class State(wire.Answer, kw_only=True, frozen=True):
    """How the office is: "alive", "ready", "office-full", "away", "busy" or "unusable"."""

    state: str


def _told(at: office.Office, state: str, status: int) -> Response[bytes]:
    told = State(state=state, office=at.store.known_office, server_time=at.now())
    return Response(wire.encode(told), status_code=status, media_type=wire.JSON)
