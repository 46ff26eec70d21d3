"""Around every answer: the office's marks, what browsers must not do, one log line, the figures.

It stands outside the web framework, so that the framework's own answers (unknown path, unknown
method) pass through it too. A query string, a header or a body is never logged.
"""

import time
import uuid
from typing import Any, cast

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from sync.central import logs, office, problems

log = logs.logger("office.web")

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
SECURITY = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
UNKNOWN = "(unknown)"
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})


class Envelope:
    """An ASGI application around another."""

    def __init__(self, inner: ASGIApp, at: office.Office) -> None:
        self.inner = inner
        self.at = at

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass the server's start and stop on."""
        if scope["type"] != ScopeType.HTTP:
            await self.inner(scope, receive, send)
            return
        if scope["method"] == "HEAD":
            # a GET's head; the server sends no body to it
            scope = {**scope, "method": "GET"}
        began = time.perf_counter()
        told = {"status": 0, "bytes": 0}

        async def sent(event: Message) -> None:
            if event["type"] == "http.response.start":
                told["status"] = event["status"]
                event = {**event, "headers": [*event["headers"], *self._marks(event)]}
            else:
                told["bytes"] += len(cast("bytes", event.get("body", b"")))
            await send(event)

        try:
            await self.inner(scope, receive, sent)
        except problems.Gone:
            told["status"] = 499  # as nginx calls it: the caller hung up
        finally:
            self._note(scope, told, time.perf_counter() - began)

    def _marks(self, event: Any) -> list[tuple[bytes, bytes]]:
        marks = [*SECURITY, (b"smiley-time", str(self.at.now()).encode())]
        # an office that never saw its books has no id yet, and still says that it is ill
        marks.append((b"smiley-office", self.at.store.known_office.encode()))
        if not any(name.lower() == b"cache-control" for name, _ in event["headers"]):
            marks.append((b"cache-control", b"no-store"))
        return marks

    def _note(self, scope: HTTPScope, told: dict[str, int], seconds: float) -> None:
        route = scope.get("path_template") or UNKNOWN
        self.at.figures.answered(route, scope["method"], told["status"], seconds)
        client = scope["client"]
        state: dict[str, Any] = scope.get("state") or {}
        # probes that come every few seconds would drown the rest
        tell = log.debug if route in PROBES and told["status"] == 200 else log.info
        tell(
            "answered",
            id=uuid.uuid4().hex[:12],
            method=scope["method"],
            path=route,
            status=told["status"],
            bytes=told["bytes"],
            milliseconds=round(seconds * 1000, 1),
            address=client[0] if client else "",
            **{key: state[key] for key in ("kiosk", "stream", "events", "user") if key in state},
        )
