"""Answers: every one of them with `office` and `server_time` (wire.md, promise 2)."""

from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException

from sync.central import logs, office, problems
from sync.central.pages import rendering
from sync.central.store import errors
from sync.feedback import wire

log = logs.logger("office.web")

BUSY_FOR = 5
"""Seconds until a caller comes back when others were in the way or the database is away."""

_BY_STATUS = {status: kind for kind, status in problems.STATUS.items()} | {
    400: problems.UNREADABLE,
    403: problems.FORBIDDEN,
    409: wire.GAP,
    503: wire.BUSY,
}


def message(told: wire.Message, status: int = 200) -> Response[bytes]:
    """Write one of our messages down."""
    return Response(wire.encode(told), status_code=status, media_type=wire.JSON)


def problem(raised: problems.Problem, at: office.Office, stream: str | None) -> Response[bytes]:
    """Write a problem down as RFC 9457 wants it, with our marks."""
    members: dict[str, Any] = {"stream": stream, **raised.more}
    told = wire.Problem(
        format=wire.FORMAT,
        type=raised.kind,
        title=rendering.titled(raised.kind),
        status=raised.status,
        office=at.store.known_office,
        server_time=at.now(),
        detail=raised.detail[: wire.MAX_REASON],
        **members,
    )
    return written(told)


def written(told: wire.Message) -> Response[bytes]:
    """Write an answer down that may be a problem."""
    if not isinstance(told, wire.Problem):
        return message(told)
    headers = {}
    if told.retry_after is not None:
        headers["Retry-After"] = str(told.retry_after)
    if told.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="smiley-central"'
    return Response(
        msgspec.json.encode(told),
        status_code=told.status,
        media_type=wire.PROBLEM_JSON,
        headers=headers,
    )


def as_problem(request: Request[Any, Any, Any], error: Exception) -> problems.Problem:
    """Say what any error means to a caller; a fault of ours is logged here, and told without it."""
    if isinstance(error, problems.Problem):
        return error
    if isinstance(error, errors.TryAgain):
        log.warning("database in the way", why=str(error))
        return problems.Problem(
            wire.BUSY, "The office's books are busy or away; come again.", retry_after=BUSY_FOR
        )
    if isinstance(error, HTTPException) and error.status_code != 500:
        kind = _BY_STATUS.get(error.status_code, problems.UNREADABLE)
        if error.status_code == 404:
            return problems.Problem(kind, f"There is nothing at {request.scope['path'][:100]}.")
        return problems.Problem(kind, error.detail)
    log.error("failed", path=request.url.path, kind=type(error).__name__, exc_info=error)
    return problems.Problem(wire.FAILED, "The office could not do this; its log says why.")


def named_stream(request: Request[Any, Any, Any]) -> str | None:
    """Give the stream a call is about, as far as known: a kiosk believes no other answer."""
    told = request.scope["state"].get("stream") or request.headers.get(wire.HEADER_STREAM)
    return str(told)[:100] if told else None


def _is_looked_at(request: Request[Any, Any, Any]) -> bool:
    """Say whether a person's browser asks for a page: programs get problem+json, always."""
    path = request.scope["path"]
    accepts = request.headers.get("accept", "")
    return "text/html" in accepts and not path.startswith(("/v1/", "/static/"))


def with_stream(told: wire.Problem, request: Request[Any, Any, Any]) -> wire.Problem:
    """Name the stream of a body that could not be read, by the header."""
    if told.stream is not None:
        return told
    return msgspec.structs.replace(told, stream=named_stream(request))


def to_exception(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer whatever was raised; raises Gone again, for nobody is left to hear an answer."""
    if isinstance(error, problems.Gone):
        raise error
    at: office.Office = request.app.state.office
    told = as_problem(request, error)
    answer: Response[Any] = problem(told, at, named_stream(request))
    if _is_looked_at(request):
        answer = rendering.page(
            "problem.html", told.status, title=rendering.titled(told.kind), detail=told.detail
        )
    if isinstance(error, HTTPException) and error.headers:
        # 405 names the methods that there are
        answer.headers.update({name: str(value) for name, value in error.headers.items()})
    return answer
