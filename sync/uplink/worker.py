"""The two threads of the line: uploads; settings and heartbeats. Neither waits for the other.

Rules

1. `nudge` returns at once: the screen's thread never waits for the line.
2. `stop` finishes what has begun, but waits no longer than it is told; what was sent without an
   answer is sent again after the next start.
3. A mistake in the program is logged, said, and tried again after a minute: it must not silence a
   kiosk that nobody looks at for years.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from typing import Self

from sync.buffer import buffer as buffers
from sync.uplink import legs, protocol, transport
from sync.uplink import line as shared

log = logging.getLogger(__name__)

AFTER_A_MISTAKE = 60.0  # seconds
LONGEST_SLEEP = 60.0  # seconds: a clock that stood still while suspended is noticed


class Worker:
    """Runs both legs over one buffer. `connect` makes a transport; each thread has its own."""

    def __init__(
        self,
        buffer: buffers.Buffer,
        connect: Callable[[], transport.Transport],
        calls: shared.Calls,
        *,
        linger: float = protocol.LINGER,
        now: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        uploads = protocol.Uploads(linger=linger)
        self._now = now
        self._line = shared.Line(buffer, uploads, calls)
        self._lines = [connect(), connect()]
        self._upload_wake, self._beat_wake = threading.Event(), threading.Event()
        self._upload = legs.Upload(self._line, self._lines[0], now=now, chance=chance)
        self._beat = legs.Beat(
            self._line, self._lines[1], now=now, chance=chance, lacked=self._upload_wake.set
        )
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def __repr__(self) -> str:
        state = "stopped" if self._stopping.is_set() else "running" if self._threads else "new"
        return f"<Worker {state}>"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Begin; twice is fine."""
        if self._threads:
            return
        for name, step, wake in (
            ("uplink", self._upload.step, self._upload_wake),
            ("heartbeat", self._beat.step, self._beat_wake),
        ):
            thread = threading.Thread(target=self._run, args=(step, wake), name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self, timeout: float = 3.0) -> None:
        """End both threads and their connections, waiting at most `timeout` s; twice is fine."""
        self._stopping.set()
        self._upload_wake.set()
        self._beat_wake.set()
        until = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        for line in self._lines:
            line.close()

    def nudge(self) -> None:
        """Something was recorded: send it soon. Returns at once."""
        self._line.uploads.nudge(self._now())  # one assignment: needs no lock
        self._upload_wake.set()

    def look(self) -> None:
        """Try everything now, whatever waits: enrolled, a token asked for, staff test the line."""
        with self._line.lock:
            self._line.uploads.again()
        self._beat.again()
        self._upload_wake.set()
        self._beat_wake.set()

    def status(self) -> shared.Status:
        """What staff are told of the line."""
        return self._line.status

    def _run(self, step: Callable[[], float], wake: threading.Event) -> None:
        while not self._stopping.is_set():
            try:
                wait = step()
            except Exception:
                if self._stopping.is_set():  # the buffer was closed under a last step
                    return
                log.exception("A mistake on the line; the next try is in a minute")
                wait = AFTER_A_MISTAKE
            if wait > 0:
                wake.wait(min(wait, LONGEST_SLEEP))
                wake.clear()
