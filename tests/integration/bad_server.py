"""A server on loopback that behaves as badly as networks, and calls to it."""

from __future__ import annotations

import http.server
import ssl
import threading
from collections.abc import Callable

from sync.uplink import exchange

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
