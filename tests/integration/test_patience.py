"""The office's sockets: who says nothing, or drips, keeps no connection."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from sync.central import patience, serve

REQUEST = b"GET / HTTP/1.1\r\nHost: office.example\r\n\r\n"
WAIT = 30.0  # seconds before a test is given up


class Hasty(patience.Connection):
    """A tenth of a second: what the test waits for."""

    patience = 0.1


async def answer(scope: Any, receive: Any, send: Any) -> None:
    """An application that takes its time and says ok."""
    assert scope["type"] == "http"
    while (await receive())["more_body"]:
        pass
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]}
    )
    await send({"type": "http.response.body", "body": b"ok"})


@contextlib.contextmanager
def served(connection: type[patience.Connection]) -> Iterator[int]:
    """Serve with such connections; gives the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(answer, http=connection, lifespan="off", log_config=None)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(WAIT)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server of little patience."""
    with served(Hasty) as at:
        yield at


@pytest.mark.parametrize("begun", [b"", b"G", REQUEST[:-2], REQUEST + b"GET / HTTP"])
def test_a_head_that_does_not_end_ends_the_connection(port: int, begun: bytes) -> None:
    """Silent from the first, in the middle of a head, and in that of a second request."""
    with socket.create_connection(("127.0.0.1", port), timeout=WAIT) as line:
        line.sendall(begun)
        told = b""
        while piece := line.recv(1000):
            told += piece
    assert told.count(b"200 OK") == begun.count(REQUEST)


def test_a_head_that_drips_ends_the_connection(port: int) -> None:
    """Each byte alone is no reason for more patience."""
    with socket.create_connection(("127.0.0.1", port), timeout=0.01) as line:
        line.sendall(REQUEST[:-2])
        for _ in range(round(WAIT / 0.01)):
            try:
                line.sendall(b"x")  # the limit of a head's bytes is far
                if line.recv(10) == b"":
                    return
            except TimeoutError:
                continue
            except OSError:
                return
    raise AssertionError("the connection outlived the test")


def whole(line: socket.socket) -> bool:
    """Read an answer to its end."""
    told = b""
    while not told.endswith(b"ok") and (piece := line.recv(1000)):
        told += piece
    return b"200 OK" in told


def test_a_body_and_the_next_request_have_their_own_time(port: int) -> None:
    """Neither a body that takes longer nor a pause between two requests ends with the head's."""
    ended = threading.Event()
    with socket.create_connection(("127.0.0.1", port), timeout=WAIT) as line:
        for _ in range(2):
            line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n1")
            ended.wait(3 * Hasty.patience)  # longer than a head may take
            line.sendall(b"2")
            assert whole(line)
            ended.wait(3 * Hasty.patience)
        line.sendall(REQUEST)
        assert whole(line)


def test_the_office_is_served_so() -> None:
    """`serve` uses these connections, for each worker."""
    config = serve._config(2)
    assert config.http is patience.Connection
    assert config.h11_max_incomplete_event_size == serve.HEAD_BYTES
