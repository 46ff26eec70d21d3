"""The office's answers: limits, problems, marks and figures, over HTTP."""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Request

from sync.central import app, people, problems
from sync.central.web import bodies, envelope, openapi
from sync.feedback import wire
from tests import databases, office_desk, senders


@pytest.fixture
def desk(fresh_sqlite: databases.Fresh) -> Iterator[office_desk.Desk]:
    """An office."""
    with office_desk.desk(fresh_sqlite()) as opened:
        yield opened


def bomb(size: int) -> bytes:
    """Pack so many zeros."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(size >> 20)) + packer.flush()


def test_packed_and_plain(desk: office_desk.Desk) -> None:
    """A batch is taken packed and plain, and is the same batch."""
    kiosk = desk.kiosk()
    events = [*office_desk.opening(), senders.rating(5)]
    body = json.dumps(
        {"format": 1, "stream": kiosk.stream, "last_seq": 5, "events": events}
    ).encode()
    for packing, sent in (("identity", body), ("gzip", gzip.compress(body)), ("", body)):
        answer = kiosk.raw(sent, packing)
        assert (answer.status_code, answer.json()["stored_through"]) == (200, 5)
        assert answer.json()["conflicts"] == []


# named, and packed at no time: processes that share the tests must agree on what they are called
BODIES = {
    "broken": (b"\x1f\x8b broken", "gzip", 422, wire.MALFORMED),
    "cut": (gzip.compress(b'{"format":1}', mtime=0)[:-5], "gzip", 422, wire.MALFORMED),
    "more": (gzip.compress(b'{"format":1}', mtime=0) + b"more", "gzip", 422, wire.MALFORMED),
    "nothing packed": (b"", "gzip", 422, wire.MALFORMED),
    "nothing": (b"", "identity", 422, wire.MALFORMED),
    "no text": (b"\xff\xfe", "identity", 422, wire.MALFORMED),
    "a list": (b"[]", "identity", 422, wire.MALFORMED),
    "deep": (b"[" * 100_000, "identity", 422, wire.MALFORMED),
    "format 2": (b'{"format":2}', "identity", 400, wire.UNSUPPORTED_FORMAT),
    "brotli": (b"x", "br", 415, problems.UNSUPPORTED_ENCODING),
    "large": (b"x" * (wire.MAX_UNPACKED + 1), "identity", 413, wire.TOO_LARGE),
    "large packed": (b"x" * (wire.MAX_COMPRESSED + 1), "gzip", 413, wire.TOO_LARGE),
    "bomb": (bomb(wire.MAX_UNPACKED + (1 << 20)), "gzip", 413, wire.TOO_LARGE),
}


@pytest.mark.parametrize(("body", "packing", "status", "kind"), BODIES.values(), ids=BODIES)
def test_bodies_that_cannot_be_taken(
    desk: office_desk.Desk, body: bytes, packing: str, status: int, kind: str
) -> None:
    """Each gets its own status and type, and names the stream that the header names."""
    kiosk = desk.kiosk()
    answer = kiosk.raw(body, packing)
    told = answer.json()
    assert (answer.status_code, told["status"], told["type"]) == (status, status, kind)
    assert answer.headers["content-type"] == wire.PROBLEM_JSON
    assert (told["office"], told["server_time"]) == (desk.books.office, desk.now)
    assert told["stream"] == kiosk.stream
    assert told["format"] == 1
    assert told.get("formats") == ([1] if status == 400 else None)


def test_a_body_without_an_end_is_left_at_the_limit() -> None:
    """A body that never announces its length is read to the limit, and no further."""
    taken = 0

    async def receive() -> Any:
        nonlocal taken
        taken += 1
        return {"type": "http.request", "body": b" " * 1000, "more_body": True}

    async def read() -> None:
        scope: Any = {"type": "http", "headers": [], "state": {}}
        await bodies.collect(Request(scope, receive), 10_000)

    with pytest.raises(problems.Problem) as raised:
        asyncio.run(asyncio.wait_for(read(), 10))
    assert raised.value.kind == wire.TOO_LARGE
    assert taken == 11


def test_a_gap_says_where_to_go_on(desk: office_desk.Desk) -> None:
    """A batch that begins too late is told what is stored, and nothing of it is taken."""
    kiosk = desk.kiosk()
    kiosk.send(*office_desk.opening())
    answer = kiosk.send(senders.rating(7))
    assert answer.status_code == 409
    assert answer.json()["type"] == wire.GAP
    assert answer.json()["stored_through"] == 4
    assert answer.json()["stream"] == kiosk.stream


def test_other_calls_have_small_bodies(desk: office_desk.Desk) -> None:
    """A heartbeat or an enrolment of more than 64 KiB is not read."""
    kiosk = desk.kiosk()
    large = {"format": 1, "code": "x" * wire.MAX_HEARTBEAT, "token": "a" * 64}
    for path in (wire.ENROLMENTS, wire.HEARTBEATS, wire.TOKENS):
        answer = desk.client.post(path, json=large, headers=kiosk.bearer)
        assert (answer.status_code, answer.json()["type"]) == (413, wire.TOO_LARGE)


def test_a_heartbeat_is_answered_with_what_is_stored(desk: office_desk.Desk) -> None:
    """A kiosk hears how far its stream is in the books, and is listed as heard."""
    kiosk = desk.kiosk()
    kiosk.send(*office_desk.opening())
    beat = {"format": 1, "stream": kiosk.stream, "last_seq": 4, "pending": 0, "health": {"x": 1}}
    answer = desk.client.post(wire.HEARTBEATS, json=beat, headers=kiosk.bearer)
    assert (answer.status_code, answer.json()["stored_through"]) == (200, 4)
    assert answer.json()["stream"] == kiosk.stream
    for wrong in ({"stream": "x"}, {"last_seq": -1}, {"pending": 2**53}, {"last_seq": "1"}):
        answer = desk.client.post(wire.HEARTBEATS, json=beat | wrong, headers=kiosk.bearer)
        assert answer.status_code == 422, wrong


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/v1/nowhere", 404),
        ("GET", "/static/../app.py", 404),
        ("GET", "/static/nothing.css", 404),
        ("DELETE", "/v1/batches", 405),
        ("GET", "/v1/batches", 405),
        ("POST", "/v1/config", 405),
        ("GET", "/healthz", 200),
        ("GET", "/readyz", 200),
        ("GET", "/metrics", 200),
        ("GET", "/log-in", 200),
        ("HEAD", "/healthz", 200),
        ("HEAD", "/static/office.css", 200),
        ("GET", "/static/office.css", 200),
        ("GET", "/v1/config", 401),
    ],
)
def test_every_answer_has_our_marks(
    desk: office_desk.Desk, method: str, path: str, status: int
) -> None:
    """Whatever is answered names the office and its time, and forbids browsers all needless."""
    answer = desk.client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["Smiley-Office"] == desk.books.office
    assert answer.headers["Smiley-Time"] == str(desk.now)
    for name, value in envelope.SECURITY:
        assert answer.headers[name.decode()] == value.decode()
    assert "unsafe" not in answer.headers["content-security-policy"]
    if method == "HEAD":
        assert int(answer.headers["content-length"]) > 0
    if status >= 400:
        assert answer.json()["type"].startswith("/problems/")
        assert answer.headers["content-type"] == wire.PROBLEM_JSON
    if status == 405:
        assert answer.headers["Allow"]


def test_a_database_that_is_away_is_told(desk: office_desk.Desk) -> None:
    """Without its tables the office is alive and not ready, and says so in its own words."""
    assert desk.client.get("/readyz").json()["state"] == "ready"
    desk.at.free = lambda _folder: (100 << 30, 1 << 20)
    full = desk.client.get("/readyz")
    assert (full.status_code, full.json()["state"]) == (503, "office-full")
    assert desk.client.get("/healthz").json()["state"] == "alive"


def test_figures_about_itself(desk: office_desk.Desk) -> None:
    """Prometheus gets answers by route and batches by answer, and no name of a kiosk or site."""
    kiosk = desk.kiosk(site="Lund Centrum")
    kiosk.send(*office_desk.opening())
    kiosk.send(senders.rating(9))
    page = desk.client.get("/metrics").text
    assert 'smiley_requests_total{method="POST",route="/v1/batches",status="200"} 1.0' in page
    assert 'smiley_batches_total{answer="stored"} 1.0' in page
    assert 'smiley_batches_total{answer="/problems/gap"} 1.0' in page
    assert 'smiley_kiosks{state="heard"} 1.0' in page
    assert 'smiley_events_total{verdict="taken"} 4.0' in page
    assert "smiley_disk_bytes" in page
    assert "Lund" not in page
    assert kiosk.id not in page


def test_completeness_is_for_people_and_programs(desk: office_desk.Desk) -> None:
    """Completeness is told to somebody logged in and to a key of the office, to no one else."""
    kiosk = desk.kiosk()
    kiosk.send(*office_desk.opening(), last_seq=6)
    assert desk.client.get(wire.COMPLETENESS).status_code == 401
    key = people.add_key(desk.books, "report", "reader", desk.now)
    told = desk.client.get(wire.COMPLETENESS, headers={"Authorization": f"Bearer {key}"})
    assert told.status_code == 200
    [row] = told.json()["kiosks"]
    assert (row["kiosk"], row["stored"], row["complete"]) == (kiosk.id, 4, False)
    desk.user()
    desk.log_in()
    assert desk.client.get(wire.COMPLETENESS).status_code == 200


def test_the_description_names_every_call(desk: office_desk.Desk) -> None:
    """Every call under /v1 and for operations is described, and every described one is there."""
    told: dict[str, Any] = desk.client.get("/api/openapi.json").json()
    routes = {
        (method.lower(), path)
        for handler in app.CALLS
        for method in handler.http_methods
        for path in handler.paths
        if method not in {"OPTIONS", "HEAD"}
    }
    described = {(method, path) for path, calls in told["paths"].items() for method in calls}
    assert described == routes
    assert {(call.method, call.path) for call in openapi.CALLS} == routes
    assert told["openapi"].startswith("3.1")


def test_patience_is_shorter_than_a_clean_stop() -> None:
    """A body that drips does not outlast the patience of a kiosk twice over."""
    assert bodies.PATIENCE <= 2 * wire.READ_TIMEOUT
