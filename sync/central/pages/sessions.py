"""Who looks at a page: the session's cookie, and the forms that only its own pages may send."""

import asyncio
import secrets
from urllib.parse import parse_qs

from litestar import Response
from litestar.datastructures import Cookie

from sync.central import people, problems
from sync.central.store import people as kept
from sync.central.web import api, bodies, figures
from sync.feedback import wire

LOG_IN = "/log-in"


async def current(request: api.AnyRequest) -> kept.Session | None:
    """Give the session of whoever looks, None for a stranger."""
    at = api.here(request)
    cookie = request.cookies.get(figures.COOKIE, "")
    found = await asyncio.to_thread(people.session, at.store, cookie, at.now())
    if found:
        request.state.user = found.name
    return found


def to_log_in(request: api.AnyRequest) -> Response[bytes]:
    """Send a stranger to the log-in page; a page that renews itself goes there as a whole."""
    if request.headers.get("hx-request"):
        return Response(b"", status_code=401, headers={"HX-Redirect": LOG_IN})
    return Response(b"", status_code=303, headers={"Location": LOG_IN})


def cookie(request: api.AnyRequest, key: str, value: str, seconds: int) -> Cookie:
    """Make a cookie that scripts cannot read and other sites cannot send."""
    return Cookie(
        key=key,
        value=value,
        max_age=seconds,
        path="/",
        httponly=True,
        secure=request.url.scheme == "https",
        samesite="lax",
    )


async def form(request: api.AnyRequest, expected: str) -> dict[str, str]:
    """Read a form that one of our own pages sent, proven by its `csrf` field. Raises problems."""
    body = await bodies.collect(request, bodies.FORM)
    try:
        fields = {
            name: values[0] for name, values in parse_qs(body.decode(), max_num_fields=20).items()
        }
    except (UnicodeDecodeError, ValueError):
        raise problems.Problem(wire.MALFORMED, "The form cannot be read.") from None
    given = fields.get("csrf", "").encode()
    if not expected or not secrets.compare_digest(given, expected.encode()):
        raise problems.Problem(
            problems.FORBIDDEN, "This form was not sent from the office's own page; load it anew."
        )
    return fields
