"""A real `smiley-central serve` as a process, for tests and benchmarks."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import requests

CENTRAL = str(pathlib.Path(sys.executable).with_name("smiley-central"))


def free_port() -> int:
    """Give a port of this machine that nobody uses now."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def central(*words: str, database: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run one command of the office."""
    return subprocess.run(
        [CENTRAL, *words],
        input=given,
        capture_output=True,
        text=True,
        env={**os.environ, "SMILEY_DATABASE": database},
        timeout=60,
        check=False,
    )


@dataclasses.dataclass
class Process:
    """A running office. `log` is where its standard error goes."""

    process: subprocess.Popen[bytes]
    url: str
    port: int
    log: pathlib.Path

    def ready(self) -> None:
        """Wait until it would take batches."""
        until = time.monotonic() + 40
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            with contextlib.suppress(requests.RequestException):
                if requests.get(f"{self.url}/readyz", timeout=2).status_code == 200:
                    return
            time.sleep(0.05)
        raise AssertionError(f"the office is not ready: {self.log.read_text()}")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and give the exit code."""
        self.process.send_signal(number)
        return self.process.wait(40)


@contextlib.contextmanager
def office(
    database: str, folder: pathlib.Path, *, workers: int = 1, port: int = 0
) -> Iterator[Process]:
    """Run an office; ends it if the test did not."""
    port = port or free_port()
    log = folder / f"office-{port}-{time.monotonic_ns()}.log"
    with log.open("wb") as told:
        process = subprocess.Popen(
            [CENTRAL, "serve", "--port", str(port), "--workers", str(workers)],
            stdout=told,
            stderr=told,
            env={**os.environ, "SMILEY_DATABASE": database},
        )
    running = Process(process, f"http://127.0.0.1:{port}", port, log)
    try:
        running.ready()
        yield running
    finally:
        if process.poll() is None:
            running.stop()
