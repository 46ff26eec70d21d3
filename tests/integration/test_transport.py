"""The line over requests, against a real server on loopback that behaves as badly as networks."""

from __future__ import annotations

import contextlib
import gzip
import http.server
import random
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sync.feedback import wire
from sync.uplink import exchange, transport

Handler = http.server.BaseHTTPRequestHandler
Behaviour = Callable[[Handler], None]


class Server:
    """A server whose every answer is a function; keeps what it was asked."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.behaviour: Behaviour = lambda call: answer(call, b"{}")
        self.calls: list[tuple[str, str, dict[str, str], bytes]] = []
        self.connections = 0
        outer = self

        class Call(Handler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                outer.connections += 1
                super().setup()

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                headers = {name.lower(): value for name, value in self.headers.items()}
                outer.calls.append((self.command, self.path, headers, body))
                outer.behaviour(self)

            do_GET = do_POST = handle_any  # noqa: N815

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Call)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # type: ignore[method-assign]
        if context:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.scheme = "https" if context else "http"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Stop."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def answer(call: Handler, body: bytes, status: int = 200, **headers: str) -> None:
    """A plain answer."""
    call.send_response(status)
    call.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        call.send_header(name.replace("_", "-"), value)
    call.end_headers()
    call.wfile.write(body)


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on loopback."""
    one = Server()
    yield one
    one.close()


@pytest.fixture
def line() -> Iterator[transport.RequestsTransport]:
    """The real transport, with short time-outs and no proxy of the machine."""
    with transport.RequestsTransport(proxy="", timeouts=(0.5, 0.3)) as one:
        yield one


def call(server: Server, body: bytes = b"", **more: int) -> exchange.Request:
    """A call to the server."""
    return exchange.Request(
        "POST" if body else "GET",
        server.url,
        "/v1/batches",
        token="s3cret",
        body=body,
        headers={"Smiley-Stream": "s"},
        **more,
    )


def failure(reply: exchange.Reply) -> str:
    """The sentence of a failure."""
    assert isinstance(reply, exchange.Failure), reply
    assert reply.why.endswith(".")
    assert "s3cret" not in reply.why
    return reply.why


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


def cut_in_the_body(one: Handler) -> None:
    """Promise more than is sent."""
    one.send_response(200)
    one.send_header("Content-Length", "1000")
    one.end_headers()
    one.wfile.write(b'{"stored')
    one.wfile.flush()
    one.close_connection = True


def cut_at_once(one: Handler) -> None:
    """Say nothing."""
    one.close_connection = True


def nonsense(one: Handler) -> None:
    """Say what is no HTTP."""
    one.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n" * 10)
    one.close_connection = True


def bad_chunks(one: Handler) -> None:
    """Chunks that are none."""
    one.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n")
    one.close_connection = True


def endless_headers(one: Handler) -> None:
    """More headers than anyone reads."""
    one.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 5000)
    one.close_connection = True


def stall(one: Handler) -> None:
    """Never answer."""
    time.sleep(1)
    one.close_connection = True


@pytest.mark.parametrize(
    "behaviour", [cut_in_the_body, cut_at_once, nonsense, bad_chunks, endless_headers, stall]
)
def test_what_the_network_does_is_a_sentence(
    behaviour: Behaviour, server: Server, line: transport.Transport
) -> None:
    """A bad line ends in a Failure, and the call after it works again."""
    server.behaviour = behaviour
    failure(line.send(call(server, b"{}")))
    server.behaviour = lambda one: answer(one, b"{}")
    assert isinstance(line.send(call(server, b"{}")), exchange.Response)


def test_an_office_that_is_not_there(line: transport.Transport) -> None:
    """A refused connection, a name nobody knows and an address that makes no sense are told."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for url in (f"http://127.0.0.1:{port}", "https://office.invalid", "http://127.0.0.1:0"):
        assert url in failure(line.send(exchange.Request("GET", url, "/v1/config")))
    failure(line.send(exchange.Request("GET", "http://[::1", "/v1/config")))


def test_a_drip_is_given_up(server: Server) -> None:
    """An answer that comes a byte at a time is given up after a minute (told by the clock)."""
    ticks = iter(range(0, 10_000, 25))
    line = transport.RequestsTransport(proxy="", clock=lambda: float(next(ticks)))
    server.behaviour = lambda one: answer(one, b"x" * 200_000)
    assert "endlessly" in failure(line.send(call(server)))
    line.close()


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
