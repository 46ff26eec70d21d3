"""A benchmark's own processes: each figure of the screen is measured in one that starts afresh."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]


def child(file: str, *words: str, **environment: str) -> dict[str, float]:
    """Run a benchmark's file off-screen, and return what it printed as JSON on its last line.

    Its words are `words`, a folder of its own, and the time (of `time.monotonic`) it was begun.
    """
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, file, *words, folder, repr(began)],
            env={
                **os.environ,
                "SDL_VIDEODRIVER": "offscreen",
                "PYTHONPATH": str(ROOT),
                **environment,
            },
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def memory() -> float:
    """What the process at work has in memory now (RSS), in bytes."""
    return _status("VmRSS")


def own_memory() -> float:
    """What of it is the process's own, in bytes: without files (programs, fonts), whose pages the
    kernel drops and takes up again as it likes, and with what it has put into swap.
    """
    return _status("RssAnon", "VmSwap")


def _status(*names: str) -> float:
    """The sum of these lines of proc(5)'s status, in bytes."""
    with open("/proc/self/status", encoding="ascii") as status:
        lines = dict(line.split(":", 1) for line in status)
    return sum(1024.0 * int(lines[name].split()[0]) for name in names)
