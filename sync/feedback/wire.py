"""The messages between a kiosk and the central office, one definition for both ends.

Purpose: every envelope of `sync/PROTOCOL.md` as a `msgspec` struct, with the limits, headers and
problem types beside them. PURE: nothing here reads a clock, a socket or a file.

Rules

1. Events inside an envelope stay raw JSON (`list[msgspec.Raw]`): what lies on the card is what is
   sent and what is stored, unknown kinds and fields included. Never re-encode an event.
2. Every answer carries `format`, `office` and `server_time` (milliseconds since 1970, UTC); an
   answer to a call that names a stream carries that `stream` too, problems included (the office
   takes it from the body, or from the header `Smiley-Stream` where it could not read the body).
   A kiosk counts anything else as no answer.
3. Unknown keys are ignored on both ends; a field that is not there takes its default.
4. The office says what it lacks: `behind` in the answer to a heartbeat names streams of this kiosk
   of which more was recorded than is stored, so far as the office knows (from what messages said
   and from what a stored `start` names as `after`). An office restored from an old back-up so gets
   everything again, stream by stream back along the chain.
"""

from __future__ import annotations

from typing import Any

import msgspec

# --- versions and limits ---------------------------------------------------------------------

FORMAT = 1
FORMATS = [1]  # what this release understands, as told in `unsupported-format`

MAX_INTEGER = 2**53 - 1  # what a JSON reader of any language holds exactly
BATCH_EVENTS = 500  # a kiosk sends at most this many events in one batch …
MAX_BATCH_EVENTS = 5_000  # … and an office takes at most this many
MAX_COMPRESSED = 1 << 20  # bytes of a request's body as it comes over the line
MAX_UNPACKED = 8 << 20  # bytes of a request's body once unpacked
BATCH_BYTES = 4 << 20  # a kiosk stops adding events to a batch at this many (unpacked) bytes
MAX_CONFIG = 1 << 20  # bytes of a configuration that a kiosk reads
MAX_ANSWER = 1 << 20  # bytes of any other answer that a kiosk reads
MAX_LOGO = 64 << 10  # bytes of the logo's PNG
MAX_WRAPPED = 2 << 10  # bytes of a hopeless event that its wrapping keeps
MAX_HEARTBEAT = 64 << 10  # unpacked bytes of a heartbeat, an enrolment or a token request
MAX_BEHIND = 20  # streams that an answer to a heartbeat names as lacking
MAX_REASON = 500  # characters of a refusal's reason, a problem's detail, a configuration's error

DAY_EVENTS = 2_000_000  # what one kiosk may send in a day before it is told 429
DAY_BYTES = 500_000_000
DAY_STREAMS = 5_000
FREE_SHARE = 0.05  # ingest answers `office-full` below this share of the disk …
FREE_BYTES = 1 << 30  # … and this many bytes free (both)

# --- pace, in seconds ------------------------------------------------------------------------

PUSH_WITHIN = 5.0  # from a tap to its batch while the line is up
QUIET_WITHIN = 300.0  # start, settings, survey and clock alone wait at most this long
HEARTBEAT_EVERY = 300.0
SILENT_AFTER = 420.0  # an office that heard nothing for this long calls the kiosk silent
CONNECT_TIMEOUT = 5.0
READ_TIMEOUT = 20.0
BACKOFF_CAP = 300.0
ROUND_TRIP = 10.0  # an answer that took longer says nothing about the time

# --- addresses, headers, content types -------------------------------------------------------

ENROLMENTS = "/v1/enrolments"
TOKENS = "/v1/tokens"
BATCHES = "/v1/batches"
CONFIG = "/v1/config"
HEARTBEATS = "/v1/heartbeats"
COMPLETENESS = "/v1/completeness"

HEADER_OFFICE = "Smiley-Office"  # the office's id, on every answer (a 304 has no body to hold it)
HEADER_TIME = "Smiley-Time"  # server_time in ms, on every answer
HEADER_STREAM = "Smiley-Stream"  # on requests that name a stream, so that a 413 can name it too
JSON = "application/json"
PROBLEM_JSON = "application/problem+json"
GZIP = "gzip"

# --- problem types (RFC 9457), each with its status in STATUS --------------------------------

GAP = "/problems/gap"  # with stored_through
FOREIGN_STREAM = "/problems/foreign-stream"
TOO_LARGE = "/problems/too-large"
MALFORMED = "/problems/malformed"
UNSUPPORTED_FORMAT = "/problems/unsupported-format"  # with formats
OFFICE_FULL = "/problems/office-full"
BUSY = "/problems/busy"  # the database is away or locked: come again
TOO_MUCH = "/problems/too-much"  # a day's share used up, or guessing slowed: with Retry-After
NO_TOKEN = "/problems/no-token"  # no token, or none of ours
REVOKED = "/problems/revoked"
WRONG_CODE = "/problems/wrong-code"  # unknown, expired, or used up by another token
TAKEN_TOKEN = "/problems/taken-token"  # the new token is already another kiosk's
NOT_FOUND = "/problems/not-found"
FAILED = "/problems/failed"  # the office's own fault

STATUS: dict[str, int] = {
    GAP: 409,
    FOREIGN_STREAM: 409,
    TOO_LARGE: 413,
    MALFORMED: 422,
    UNSUPPORTED_FORMAT: 400,
    OFFICE_FULL: 503,
    BUSY: 503,
    TOO_MUCH: 429,
    NO_TOKEN: 401,
    REVOKED: 403,
    WRONG_CODE: 403,
    TAKEN_TOKEN: 409,
    NOT_FOUND: 404,
    FAILED: 500,
}

TOKEN_PATTERN = r"^[0-9a-f]{64}$"  # 256 random bits
STREAM_PATTERN = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"


class Message(msgspec.Struct, kw_only=True, frozen=True):
    """What all messages have in common."""

    format: int = FORMAT


class Answer(Message, kw_only=True, frozen=True):
    """What all answers have in common; `server_time` is milliseconds since 1970."""

    office: str
    server_time: int


# --- POST /v1/enrolments and /v1/tokens ------------------------------------------------------


class Device(msgspec.Struct, kw_only=True, frozen=True):
    """The machine that enrols; all of it for people to read."""

    model: str = ""
    serial: str = ""
    app: str = ""


class Enrolment(Message, kw_only=True, frozen=True):
    """A kiosk's first call. The token lies fsynced on the card before this is sent."""

    code: str
    token: str
    device: Device = Device()


class Enrolled(Answer, kw_only=True, frozen=True):
    """201: who the kiosk is from now on."""

    kiosk: str
    site: str
    touchpoint: str
    time_zone: str


class TokenRoll(Message, kw_only=True, frozen=True):
    """A kiosk's new token; it and the old one work until the new one is first used."""

    token: str


class TokenRolled(Answer, kw_only=True, frozen=True):
    """201: the office knows the new token."""

    kiosk: str


class Batch(Message, kw_only=True, frozen=True):
    """Events of one stream, ascending and without a hole; `last_seq` is the highest recorded."""

    stream: str
    last_seq: int
    events: list[msgspec.Raw]


class Refused(msgspec.Struct, kw_only=True, frozen=True):
    """An event that breaks a rule: booked as refused with its text, its `seq` used up."""

    seq: int
    reason: str


class Conflict(msgspec.Struct, kw_only=True, frozen=True):
    """Another whole event lies under this (stream, seq); both are kept."""

    seq: int


class Stored(Answer, kw_only=True, frozen=True):
    """200 to a batch: everything up to `stored_through` is committed."""

    stream: str
    stored_through: int
    refused: list[Refused] = []
    conflicts: list[Conflict] = []


class Logo(msgspec.Struct, kw_only=True, frozen=True):
    """A picture of at most 64 KiB; `png` in base64."""

    png: str


class Notice(msgspec.Struct, kw_only=True, frozen=True):
    """Something for the kiosk's staff (kind "text"), or an order, obeyed once for each `id`.

    Orders are `reset_pin` and `roll_token`.
    """

    id: str
    kind: str = "text"
    text: str = ""


class Config(Answer, kw_only=True, frozen=True):
    """200: the kiosk's settings; which keys `settings` and `surveys` know is the kiosk's affair."""

    version: int
    settings: dict[str, Any] = {}
    surveys: list[dict[str, Any]] = []
    logo: Logo | None = None
    notices: list[Notice] = []


class ConfigState(msgspec.Struct, kw_only=True, frozen=True):
    """Which configuration a kiosk runs, and why it refused the newest, if it did."""

    etag: str | None = None
    error: str | None = None


class Heartbeat(Message, kw_only=True, frozen=True):
    """Sent every five minutes. Times in ms since 1970, `uptime` in seconds, null: not known."""

    stream: str
    last_seq: int
    pending: int
    in_memory: int = 0
    oldest: int | None = None  # believed time of the oldest waiting event
    app: str = ""
    uptime: int = 0
    config: ConfigState = ConfigState()
    health: dict[str, Any] = {}  # card, power, temperature, clock; stored as it came
    last_touch: int | None = None


class Behind(msgspec.Struct, kw_only=True, frozen=True):
    """A stream of which more was recorded than the office has."""

    stream: str
    stored_through: int


class Heard(Answer, kw_only=True, frozen=True):
    """200 to a heartbeat; `behind` names at most MAX_BEHIND streams that the office lacks."""

    stream: str
    stored_through: int
    behind: list[Behind] = []


class Problem(Message, kw_only=True, frozen=True, omit_defaults=True):
    """An error as RFC 9457 problem+json, with our marks so that a kiosk believes it."""

    format: int  # no default, so that omit_defaults never leaves it out
    type: str
    title: str
    status: int
    office: str
    server_time: int
    detail: str = ""
    stream: str | None = None
    stored_through: int | None = None  # with `gap`
    formats: list[int] | None = None  # with `unsupported-format`
    retry_after: int | None = None  # seconds, the same as the header Retry-After


def problem(kind: str, *, office: str, server_time: int, detail: str = "", **more: Any) -> Problem:
    """A problem of one of the types above, its status and title filled in."""
    return Problem(
        format=FORMAT,
        type=kind,
        title=kind.rsplit("/", 1)[-1].replace("-", " ").capitalize(),
        status=STATUS[kind],
        office=office,
        server_time=server_time,
        detail=detail[:MAX_REASON],
        **more,
    )


def encode(message: Message) -> bytes:
    """One message as JSON; raw events inside go out as they are."""
    return msgspec.json.encode(message)
