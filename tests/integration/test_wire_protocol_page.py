"""sync/PROTOCOL.md: its examples are the bytes that the program speaks, its numbers likewise."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from pathlib import Path

import msgspec
import pytest

import sync
from sync.central import enrolment, patience, problems, serve, turns
from sync.central.web import bodies, openapi
from sync.feedback import byhand, events, framing, wire
from tests import batches

PAGE = (Path(sync.__file__).parent / "PROTOCOL.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\S+)(?: (\S+))?\n(.*?)\n?```$", PAGE, flags=re.M | re.S)
MESSAGES: dict[str, type[wire.Message]] = {
    "/v1/enrolments": wire.Enrolment,
    "/v1/batches": wire.Batch,
    "201 Created": wire.Enrolled,
    "200 OK": wire.Stored,
    "409 Conflict": wire.Problem,
    "503 Service Unavailable": wire.Problem,
}
TOKEN = re.findall(r"Bearer ([0-9a-f]{64})", PAGE)[0]


def blocks(kind: str) -> list[tuple[str, str]]:
    """The page's examples of a kind, as (name, text)."""
    return [(name, text) for lang, name, text in BLOCKS if lang == kind]


def same(raw: str, message: type[wire.Message]) -> None:
    """The bytes are what the program makes of the message in them."""
    assert wire.encode(msgspec.json.decode(raw, type=message)).decode() == raw


def test_the_page_has_its_examples() -> None:
    """None of the checks below runs over nothing."""
    kinds = [lang for lang, _, _ in BLOCKS]
    assert [kinds.count(kind) for kind in ("http", "json", "jsonl", "text")] == [8, 8, 1, 1]


@pytest.mark.parametrize(("name", "text"), blocks("json"))
def test_messages(name: str, text: str) -> None:
    """Each message reads and writes as it stands."""
    if name == "wrapped":
        wrapped = events.decode(text.encode())
        assert isinstance(wrapped, events.Wrapped)
        raw = msgspec.json.decode(json.dumps(wrapped.bytes), type=bytes)
        assert framing.wrapped(wrapped.seq, raw).decode() == text
        return
    same(text, getattr(wire, name))


@pytest.mark.parametrize("text", [text for _, text in blocks("http")])
def test_exchanges(text: str) -> None:
    """Each exchange has the headers it must have, and a body of the length it says."""
    head, _, body = text.partition("\n\n")
    first, *lines = head.split("\n")
    headers = dict(line.split(": ", 1) for line in lines)
    if first.startswith("HTTP/"):
        assert headers[wire.HEADER_OFFICE]
        assert int(headers[wire.HEADER_TIME]) > 10**12
    elif wire.ENROLMENTS not in first:
        assert headers["Authorization"] == f"Bearer {TOKEN}"
    if not body:
        return
    assert int(headers["Content-Length"]) == len(body.encode())
    same(body, next(kind for key, kind in MESSAGES.items() if key in first))
    told = json.loads(body)
    if first.startswith("HTTP/"):
        assert told["office"] == headers[wire.HEADER_OFFICE]
        assert told["server_time"] == int(headers[wire.HEADER_TIME])
    if "retry_after" in told:
        assert headers["Retry-After"] == str(told["retry_after"])
    if wire.BATCHES in first:
        batch, spans = batches.read(body.encode())
        assert headers[wire.HEADER_STREAM] == batch.stream
        assert spans[-1].through == batch.last_seq
        assert [events.refusal(bytes(raw)) for raw in batch.events] == [None] * len(spans)


def test_the_tokens_hash() -> None:
    """What the office keeps is the SHA-256 of the token's text."""
    assert blocks("text")[0][1] == hashlib.sha256(TOKEN.encode()).hexdigest()


def test_the_file_by_hand() -> None:
    """The signature is the HMAC of the lines before it, keyed with the token's hash."""
    *lines, signature = blocks("jsonl")[0][1].split("\n")
    data = "".join(line + "\n" for line in lines).encode()
    key = hashlib.sha256(TOKEN.encode()).digest()
    assert hmac.new(key, data, hashlib.sha256).hexdigest() == signature
    for line in lines:
        read = byhand.read(line.encode())
        assert byhand.written(read.kiosk, read.stream, bytes(read.event)).decode() == line + "\n"


def test_every_problem_is_on_the_page() -> None:
    """Each type stands in the table with its status, and no other does."""
    rows = re.findall(r"^\| (`/problems/.*?) \| (\d{3}) \|", PAGE, flags=re.M)
    told = {kind: int(status) for kinds, status in rows for kind in re.findall("`(/.*?)`", kinds)}
    assert told == problems.STATUS


def test_every_status_is_one_that_the_kiosks_table_knows() -> None:
    """Whatever a batch may be answered with, the page says what a kiosk does then."""
    table = PAGE.split("| answer to a batch |")[1].split("\n\n")[0]
    known = set(map(int, re.findall(r"\b[2-5]\d\d\b", table)))
    (batch,) = (call for call in openapi.CALLS if call.path == wire.BATCHES)
    answered = {*batch.answers, *(problems.STATUS[kind] for kind in batch.problems)}
    assert answered <= known


_WORDS = {4: "Four", 12: "twelve"}


def test_the_times_of_a_connection_are_the_servers() -> None:
    """Head, body, idleness, and how often a token is rolled."""
    text = " ".join(PAGE.split())
    for words in (
        f"not whole within {patience.HEAD:.0f} s or larger than {serve.HEAD_BYTES >> 10} KiB",
        f"idle for {serve.KEPT_ALIVE} s",
        f"whole within {bodies.PATIENCE:.0f} s",
        f"{enrolment.ROLLS} times a day, then 429",
        f"{enrolment.ROLLS} new tokens",
        f"{_WORDS[turns.AT_ONCE]} calls of one kiosk are at work at once",
        f"{_WORDS[turns.WAITING]} wait for their turn",
    ):
        assert words in text, words


def test_every_kind_of_event_is_on_the_page() -> None:
    """The table of events names each kind that the program knows, and no other."""
    table = PAGE.split("| `kind` |")[1].split("\n\n")[0]
    assert set(re.findall(r"^\| `([a-z]+)` \|", table, flags=re.M)) == events.KINDS


def test_the_limits_are_the_programs() -> None:
    """Numbers on the page are the constants of the program."""
    for number in (
        wire.MAX_BATCH_EVENTS,
        wire.DAY_EVENTS,
        wire.DAY_BYTES,
        wire.DAY_STREAMS,
        wire.MAX_WRAPPED,
        events.MAX_EVENT,
        events.MAX_SURVEY,
    ):
        assert f"{number:,}" in PAGE, number
    assert wire.BATCH_EVENTS == 500
    assert (wire.MAX_COMPRESSED, wire.MAX_UNPACKED) == (1 << 20, 8 << 20)
    assert (wire.MAX_CONFIG, wire.MAX_ANSWER, wire.MAX_HEARTBEAT) == (1 << 20, 1 << 20, 64 << 10)
    assert (wire.CONNECT_TIMEOUT, wire.READ_TIMEOUT, wire.ROUND_TRIP) == (5, 20, 10)
    assert (wire.BACKOFF_CAP, wire.HEARTBEAT_EVERY, wire.SILENT_AFTER) == (300, 300, 420)
    assert (wire.FREE_SHARE, wire.FREE_BYTES, wire.MAX_BEHIND) == (0.05, 1 << 30, 20)
