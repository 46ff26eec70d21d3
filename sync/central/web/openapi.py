"""The API described: OpenAPI 3.1, and a page that shows it without an address outside the office.

The schemas are written by msgspec from the very structs that both ends use (JSON Schema 2020-12,
which is OpenAPI 3.1's own). Litestar's generator is not used: it describes bodies that it has read
itself, and a batch's events must stay raw. A test holds `CALLS` against the routes.
"""

import functools
import importlib.metadata
from typing import Any, NamedTuple

import msgspec
from litestar import Response, get

from sync.central import problems
from sync.central.pages import rendering
from sync.central.web import api, figures, operations
from sync.feedback import wire

DOCUMENT = "/api/openapi.json"
PAGE = "/api"

KIOSK, OFFICE, NOBODY = "kiosk", "office", ""
ANY = (wire.FAILED, wire.BUSY)
BODY = (
    wire.UNSUPPORTED_FORMAT,
    wire.TOO_LARGE,
    problems.UNSUPPORTED_ENCODING,
    wire.MALFORMED,
    problems.TOO_SLOW,
    problems.UNREADABLE,
)
TOKEN = (wire.NO_TOKEN, wire.REVOKED)


class Call(NamedTuple):
    """One call. `answers` has a type for each good status, None for an answer without a body."""

    method: str
    path: str
    summary: str
    who: str
    request: type[wire.Message] | None
    answers: dict[int, Any]
    problems: tuple[str, ...]


CALLS = (
    Call(
        "post",
        wire.ENROLMENTS,
        "Let a kiosk in by a code of three words",
        NOBODY,
        wire.Enrolment,
        {201: wire.Enrolled},
        (*ANY, *BODY, wire.WRONG_CODE, wire.TAKEN_TOKEN, wire.TOO_MUCH),
    ),
    Call(
        "post",
        wire.TOKENS,
        "Let a kiosk's new token in beside its old one, until the new one is first used",
        KIOSK,
        wire.TokenRoll,
        {201: wire.TokenRolled},
        (*ANY, *BODY, *TOKEN, wire.TAKEN_TOKEN, wire.TOO_MUCH),
    ),
    Call(
        "post",
        wire.BATCHES,
        "Take events of one stream, each once",
        KIOSK,
        wire.Batch,
        {200: wire.Stored},
        (*ANY, *BODY, *TOKEN, wire.GAP, wire.FOREIGN_STREAM, wire.TOO_MUCH, wire.OFFICE_FULL),
    ),
    Call(
        "post",
        wire.HEARTBEATS,
        "Hear how a kiosk is",
        KIOSK,
        wire.Heartbeat,
        {200: wire.Heard},
        (*ANY, *BODY, *TOKEN, wire.FOREIGN_STREAM, wire.TOO_MUCH, wire.OFFICE_FULL),
    ),
    Call(
        "get",
        wire.CONFIG,
        "Give a kiosk its settings and surveys; If-None-Match with the ETag is answered with 304",
        KIOSK,
        None,
        {200: wire.Config, 304: None},
        (*ANY, *TOKEN),
    ),
    Call(
        "get",
        wire.COMPLETENESS,
        "Say of each kiosk whether the office has everything, and exactly what is missing",
        OFFICE,
        None,
        {200: figures.Completeness},
        (*ANY, *TOKEN, problems.FORBIDDEN),
    ),
    Call("get", "/healthz", "Does it live?", NOBODY, None, {200: operations.State}, ANY[:1]),
    Call(
        "get",
        "/readyz",
        "Would batches be taken now?",
        NOBODY,
        None,
        {200: operations.State, 503: operations.State},
        ANY[:1],
    ),
    Call(
        "get", "/metrics", "Figures about itself, for Prometheus", NOBODY, None, {200: str}, ANY[:1]
    ),
)


@get(DOCUMENT)
async def document(request: api.AnyRequest) -> Response[bytes]:
    """Give the description."""
    _ = request
    return Response(msgspec.json.encode(described()), media_type=wire.JSON)


@get(PAGE)
async def page(request: api.AnyRequest) -> Response[str]:
    """Show the description; it says nothing that is not in the source."""
    _ = request
    return rendering.page("api.html", document=DOCUMENT)


ROUTES = [document, page]


@functools.cache
def described() -> dict[str, Any]:
    """Write the description of all calls."""
    told = {kind for call in CALLS for kind in call.answers.values() if _is_message(kind)}
    asked = {call.request for call in CALLS if call.request}
    types = sorted({*told, *asked, wire.Problem}, key=lambda kind: kind.__name__)
    schemas, components = msgspec.json.schema_components(
        types, ref_template="#/components/schemas/{name}"
    )
    named = dict(zip(types, schemas, strict=True))
    _sharpen(components)
    paths: dict[str, dict[str, Any]] = {}
    for call in CALLS:
        paths.setdefault(call.path, {})[call.method] = _operation(call, named)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "The central office of smiley-kiosk",
            "version": importlib.metadata.version("smiley-kiosk"),
            "description": "What kiosks and the office say to each other; sync/PROTOCOL.md has the "
            "promises. Bodies may be packed with gzip: at most 1 MiB packed, 8 MiB unpacked.",
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                KIOSK: {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The token a kiosk made at its enrolment.",
                },
                OFFICE: {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A key of `smiley-central key add`.",
                },
                "session": {"type": "apiKey", "in": "cookie", "name": figures.COOKIE},
            },
        },
    }


def _is_message(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, wire.Message)


def _sharpen(components: dict[str, Any]) -> None:
    """Add what the structs leave to the readers behind them."""
    for name in ("Enrolment", "TokenRoll"):
        components[name]["properties"]["token"]["pattern"] = wire.TOKEN_PATTERN
    for name in ("Batch", "Heartbeat"):
        properties = components[name]["properties"]
        properties["stream"]["pattern"] = wire.STREAM_PATTERN
        properties["last_seq"] |= {"minimum": 0, "maximum": wire.MAX_INTEGER}
    components["Batch"]["properties"]["events"] = {
        "type": "array",
        "maxItems": wire.MAX_BATCH_EVENTS,
        "description": "Ascending and without a hole; passed on as they came, unknown fields too.",
        "items": {
            "type": "object",
            "required": ["seq", "kind"],
            "properties": {
                "seq": {"type": "integer", "minimum": 1, "maximum": wire.MAX_INTEGER},
                "kind": {"type": "string"},
                "mono": {"type": "integer", "minimum": 0, "maximum": wire.MAX_INTEGER},
            },
        },
    }


def _operation(call: Call, named: dict[Any, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "summary": call.summary,
        "operationId": _id(call),
        "tags": [_TAGS[call.who]],
    }
    if call.who:
        made["security"] = [{call.who: []}] + ([{"session": []}] if call.who == OFFICE else [])
    if call.request:
        made["requestBody"] = {
            "required": True,
            "content": {wire.JSON: {"schema": named[call.request]}},
        }
    if 304 in call.answers:
        made["parameters"] = [
            {"name": "If-None-Match", "in": "header", "schema": {"type": "string"}}
        ]
    answers = {str(status): _answer(kind, named) for status, kind in call.answers.items()}
    for kind in call.problems:
        status = str(problems.STATUS[kind])
        told = answers.setdefault(
            status,
            {
                "description": "",
                "headers": _HEADERS,
                "content": {wire.PROBLEM_JSON: {"schema": named[wire.Problem]}},
            },
        )
        told["description"] = ", ".join(filter(None, [told["description"], kind]))
    made["responses"] = dict(sorted(answers.items()))
    return made


def _answer(kind: Any, named: dict[Any, Any]) -> dict[str, Any]:
    if kind is None:
        return {"description": "unchanged", "headers": _HEADERS}
    if kind is str:
        return {
            "description": "text",
            "headers": _HEADERS,
            "content": {"text/plain": {"schema": {"type": "string"}}},
        }
    return {
        "description": (kind.__doc__ or "").split("\n", maxsplit=1)[0],
        "headers": _HEADERS,
        "content": {wire.JSON: {"schema": named[kind]}},
    }


_TAGS = {KIOSK: "kiosks", OFFICE: "people and programs", NOBODY: "anybody"}


def _id(call: Call) -> str:
    return f"{call.method}_{call.path.strip('/').replace('/', '_')}"


_HEADERS = {
    wire.HEADER_OFFICE: {"description": "The office's id.", "schema": {"type": "string"}},
    wire.HEADER_TIME: {
        "description": "The office's time in ms since 1970.",
        "schema": {"type": "string", "pattern": "^[0-9]+$"},
    },
}
