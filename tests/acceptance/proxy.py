"""A TCP proxy that misbehaves: it cuts, delays, throttles, and answers nonsense."""

from __future__ import annotations

import contextlib
import random
import socket
import threading
import time
from typing import Self

NONSENSE = [
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 20\r\n\r\n<html>Log in!</html>",
    b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/login\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 204 No Content\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
    b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n",
    b"220 smtp.example ESMTP\r\n",
    b"\x00\xff\x15\x03\x01",
]


class Proxy:
    """Listens on loopback and passes on to `target`; `bad` is how often a piece goes wrong."""

    def __init__(self, target: int, *, seed: int = 0, bad: float = 0.0) -> None:
        self.target = target
        self.bad = bad
        self.harmed = 0
        self._chance = random.Random(seed)
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        self._threads = [threading.Thread(target=self._listen, daemon=True)]
        self._threads[0].start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End every connection and the proxy."""
        self._door.close()
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            pass  # what waits in accept wakes up
        self.cut()
        for thread in self._threads:
            thread.join(5)

    def cut(self) -> None:
        """End every connection there is."""
        with self._lock:
            for one in self._open:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._door.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(client,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, client: socket.socket) -> None:
        with client:
            try:
                office = socket.create_connection(("127.0.0.1", self.target), 5)
            except OSError:
                return
            with office:
                with self._lock:
                    self._open |= {client, office}
                back = threading.Thread(target=self._pass, args=(office, client), daemon=True)
                back.start()
                self._pass(client, office)
                back.join(30)
                with self._lock:
                    self._open -= {client, office}

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                if self._chance.random() < self.bad:
                    self.harmed += 1
                    data = self._harm(data, source, sink)
                sink.sendall(data)
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _harm(self, data: bytes, source: socket.socket, sink: socket.socket) -> bytes:
        """Do something to a piece; raises OSError when the connection shall end."""
        harm = self._chance.randrange(5)
        if harm == 0:  # the rest never arrives
            sink.sendall(data[: self._chance.randrange(len(data))])
            raise OSError
        if harm == 1:  # it all arrives, and then the line is dead
            sink.sendall(data)
            raise OSError
        if harm == 2:
            time.sleep(0.8 * self._chance.random())
            return data
        if harm == 3:  # a drip
            for at in range(0, min(len(data), 400), 100):
                sink.sendall(data[at : at + 100])
                time.sleep(0.01)
            return data[400:]
        # somebody else answers whoever speaks here
        nonsense = self._chance.choice(NONSENSE)
        (source if data[:4] in (b"POST", b"GET ") else sink).sendall(nonsense)
        raise OSError
