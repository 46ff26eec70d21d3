"""Logging in and out."""

import asyncio
import secrets

from litestar import Response, get, post

from sync.central import people, problems
from sync.central.pages import rendering, sessions
from sync.central.web import api, figures
from sync.feedback import wire

BEFORE = "smiley_before"
"""The cookie of a log-in page: what its form must carry, for there is no session yet."""
HALF_AN_HOUR = 1800
WRONG = "This name and password do not belong together."


@get(sessions.LOG_IN)
async def page(request: api.AnyRequest) -> Response[str]:
    """Show the form."""
    return _form(request)


def _form(
    request: api.AnyRequest, told: str = "", name: str = "", status: int = 200
) -> Response[str]:
    proof = secrets.token_urlsafe(24)
    answer = rendering.page("log_in.html", status, csrf=proof, told=told, name=name[:64])
    answer.cookies.append(sessions.cookie(request, BEFORE, proof, HALF_AN_HOUR))
    return answer


@post(sessions.LOG_IN, status_code=303)
async def log_in(request: api.AnyRequest) -> Response[str] | Response[bytes]:
    """Take name and password; says of a wrong one no more than that."""
    at = api.here(request)
    try:
        fields = await sessions.form(request, request.cookies.get(BEFORE, ""))
    except problems.Problem as error:
        return _form(request, error.detail, status=error.status)
    name = fields.get("name", "")
    try:
        begun = await asyncio.get_running_loop().run_in_executor(
            at.log_ins,
            people.log_in,
            at.store,
            name,
            fields.get("password", ""),
            api.address(request),
            at.now(),
        )
    except problems.Problem as error:
        if error.kind != wire.TOO_MUCH:
            raise
        answer = _form(request, error.detail, name, status=429)
        answer.headers["Retry-After"] = str(error.more["retry_after"])
        return answer
    if begun is None:
        return _form(request, WRONG, name, status=403)
    gone: Response[bytes] = Response(b"", status_code=303, headers={"Location": "/"})
    seconds = people.SESSION // 1000
    gone.cookies.append(sessions.cookie(request, figures.COOKIE, begun.cookie, seconds))
    gone.cookies.append(sessions.cookie(request, BEFORE, "", 0))
    return gone


@post("/log-out", status_code=303)
async def log_out(request: api.AnyRequest) -> Response[bytes]:
    """End the session; twice is fine."""
    at = api.here(request)
    session = await sessions.current(request)
    if session is not None:
        await sessions.form(request, session.csrf)
        cookie = request.cookies.get(figures.COOKIE, "")
        await asyncio.to_thread(people.log_out, at.store, cookie)
    answer = Response(b"", status_code=303, headers={"Location": sessions.LOG_IN})
    answer.cookies.append(sessions.cookie(request, figures.COOKIE, "", 0))
    return answer
