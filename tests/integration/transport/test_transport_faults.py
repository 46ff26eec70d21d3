"""The line over requests, against a real server on loopback that behaves as badly as networks."""

from __future__ import annotations

import socket
import time

import pytest

from sync.uplink import exchange, transport
from tests.integration.bad_server import Behaviour, Handler, Server, answer, call, failure


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
