"""The line over requests, against a real server on loopback: calls, answers, whom it trusts."""

from __future__ import annotations

import contextlib
import gzip
import random
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.feedback import wire
from sync.uplink import exchange, transport
from tests.integration.bad_server import Server, answer, call, failure


def test_a_call_arrives_packed_and_named(server: Server, line: transport.Transport) -> None:
    """The body goes as gzip with the token in its header, and few headers beside it."""
    server.behaviour = lambda one: answer(one, b'{"a":1}', ETag='"7"')
    body = b'{"events":[' + b"1," * 500 + b"1]}"
    reply = line.send(call(server, body))
    assert isinstance(reply, exchange.Response)
    assert (reply.status, reply.body, reply.headers["etag"]) == (200, b'{"a":1}', '"7"')
    assert 0 < reply.elapsed < 5
    method, path, headers, packed = server.calls[0]
    assert (method, path) == ("POST", "/v1/batches")
    assert gzip.decompress(packed) == body
    assert headers["authorization"] == "Bearer s3cret"
    assert headers["smiley-stream"] == "s"
    assert sum(len(name) + len(value) + 4 for name, value in headers.items()) < 260


def test_one_connection_is_kept_alive(server: Server, line: transport.Transport) -> None:
    """Calls after the first open no connection."""
    for _ in range(5):
        line.send(call(server, b"{}"))
    assert server.connections == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int, server: Server, line: transport.Transport) -> None:
    """The redirect itself comes back, and nobody else learns the token."""
    server.behaviour = lambda one: answer(one, b"", status, Location=f"{server.url}/login")
    reply = line.send(call(server, b"{}"))
    assert isinstance(reply, exchange.Response)
    assert reply.status == status
    assert len(server.calls) == 1


def test_an_answer_is_read_to_its_limit(server: Server, line: transport.Transport) -> None:
    """One byte too many is a failure, packed or not, with or without a length."""
    server.behaviour = lambda one: answer(one, b"x" * 1000)
    reply = line.send(call(server, limit=1000))
    assert isinstance(reply, exchange.Response)
    assert len(reply.body) == 1000
    assert "more than 999 bytes" in failure(line.send(call(server, limit=999)))
    bomb = gzip.compress(b"x" * 30_000_000)
    server.behaviour = lambda one: answer(one, bomb, Content_Encoding="gzip")
    assert "more than" in failure(line.send(call(server)))


def test_a_packed_answer_is_unpacked(server: Server, line: transport.Transport) -> None:
    """gzip on the way back is undone; what only says that it is gzip is passed on as it is."""
    server.behaviour = lambda one: answer(one, gzip.compress(b"{}"), Content_Encoding="gzip")
    reply = line.send(call(server))
    assert isinstance(reply, exchange.Response)
    assert reply.body == b"{}"
    server.behaviour = lambda one: answer(one, b"<html>", Content_Encoding="gzip")
    reply = line.send(call(server))
    assert isinstance(reply, exchange.Response)
    assert reply.body == b"<html>"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of one's own, and its key beside it."""
    folder = tmp_path_factory.mktemp("authority")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=office", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", str(folder / "key.pem"), "-out", str(folder / "ca.pem")),
        ],
        check=True,
        capture_output=True,
    )
    return folder / "ca.pem"


def test_an_authority_of_ones_own(authority: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`verify` names the authority; without it the call fails before the token is sent."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nonexistent")  # of the machine, not ours
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority, authority.with_name("key.pem"))
    server = Server(context)
    with contextlib.closing(server):
        for proxy in ("", transport.ENVIRONMENT):
            with transport.RequestsTransport(verify=str(authority), proxy=proxy) as line:
                assert isinstance(line.send(call(server, b"{}")), exchange.Response)
        seen = len(server.calls)
        with transport.RequestsTransport(proxy="") as line:
            assert "certificate" in failure(line.send(call(server, b"{}")))
        with transport.RequestsTransport(verify="/nonexistent/ca.pem", proxy="") as line:
            failure(line.send(call(server, b"{}")))
        assert len(server.calls) == seen


def test_proxies_as_told(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment's proxy is used only when told so; one's own when named."""
    proxy = Server()
    with contextlib.closing(proxy):
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        asked = exchange.Request("GET", server.url, "/v1/config", token="s3cret")
        for setting, through in (("", 0), (transport.ENVIRONMENT, 1), (proxy.url, 2)):
            with transport.RequestsTransport(proxy=setting) as line:
                assert isinstance(line.send(asked), exchange.Response)
            assert len(proxy.calls) == through
        assert len(server.calls) == 1
        with transport.RequestsTransport(proxy="http://127.0.0.1:1") as line:
            assert "proxy" in failure(line.send(asked))


def test_a_netrc_never_replaces_the_token(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the environment's proxies on, requests would put ~/.netrc in the token's place."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with transport.RequestsTransport() as line:
        line.send(call(server, b"{}"))
    assert server.calls[0][2]["authorization"] == "Bearer s3cret"


def test_closing_twice_and_sending_again(server: Server, line: transport.Transport) -> None:
    """What opens closes, twice is fine, and a later call opens again."""
    line.send(call(server))
    line.close()
    line.close()
    assert isinstance(line.send(call(server)), exchange.Response)


@pytest.fixture(params=["requests", "memory"])
def either(request: pytest.FixtureRequest, server: Server) -> Iterator[transport.Transport]:
    """Both transports, for what both promise."""

    def handle(one: exchange.Request) -> exchange.Response:
        return exchange.Response(207, {"etag": "e"}, one.body + one.token.encode())

    if request.param == "memory":
        yield transport.MemoryTransport(handle)
        return
    server.behaviour = lambda one: answer(one, b"bodys3cret", 207, ETag="e")
    with transport.RequestsTransport(proxy="") as line:
        yield line


def test_both_transports_keep_the_same_promise(either: transport.Transport, server: Server) -> None:
    """A status, headers in lower case, the body, and how long it took."""
    reply = either.send(call(server, b"body"))
    assert isinstance(reply, exchange.Response)
    assert (reply.status, reply.headers["etag"], reply.body) == (207, "e", b"bodys3cret")
    assert 0 < reply.elapsed < 5
    either.close()
    either.close()
    again = either.send(call(server, b"body"))
    assert isinstance(again, exchange.Response)
    assert again.body == reply.body


def test_every_fault_of_the_memory_line_is_reached() -> None:
    """Each fault alone does what its name says, with calls delivered as often as it says."""
    delivered = {
        **dict.fromkeys(("lose", "delay", "html", "empty", "redirect", "bare"), 0),
        **dict.fromkeys(("broken", "full", "limited"), 0),
        **dict.fromkeys(("cut", "slow", "half", "stranger", "stale"), 1),
        "repeat": 2,
    }
    for name, times in delivered.items():
        calls: list[exchange.Request] = []

        def handle(one: exchange.Request, calls: list[exchange.Request] = calls) -> exchange.Reply:
            calls.append(one)
            return exchange.Response(200, {}, b"{}")

        line = transport.MemoryTransport(
            handle, chance=random.Random(1), faults=transport.Faults(**{name: 1.0})
        )
        line.send(exchange.Request("POST", "https://x", wire.BATCHES, token="t"))
        assert len(calls) in ({0, 1} if name == "delay" else {times}), name
        line.arrive()
        assert len(calls) == (1 if name == "delay" else times), name
