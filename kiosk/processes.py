"""Processes as the demo needs them: started, asked, found again by their command line, ended."""

from __future__ import annotations

import contextlib
import os
import shlex
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path


class CouldNot(Exception):
    """Something is in the way; the message says what it is and what would help."""


def command(name: str) -> list[str]:
    """How the command of this very installation is started."""
    script = Path(sys.executable).with_name(name)
    if not script.exists():
        raise CouldNot(f"{script} is missing: install the package (make install) first")
    return [sys.executable, str(script)]


def said(command: list[str], given: str = "") -> str:
    """What a command prints when it is given some standard input; `CouldNot` when it fails."""
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CouldNot(f"{shlex.join(command[1:3])} ended with: {done.stderr.strip()}")
    return done.stdout


def refuse_taken(host: str, port: int) -> None:
    """Raise `CouldNot` when the port cannot be opened."""
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
        except OSError as error:
            raise CouldNot(
                f"port {port} on {host} cannot be opened ({error.strerror}): end what uses it, "
                f"or choose another with PORT={port + 10 if port < 65000 else 8080}"
            ) from None


def offscreen() -> bool:
    """Whether there is no display to open a window on (neither X, Wayland nor a bare screen)."""
    if os.environ.get("SDL_VIDEODRIVER"):
        return os.environ["SDL_VIDEODRIVER"] == "offscreen"
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return False
    states = Path("/sys/class/drm").glob("*/status")
    return not any(_text(state).strip() == "connected" for state in states)


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def answers(url: str) -> bool:
    """Whether the address answers 200 now."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def soon(true: Callable[[], bool], seconds: float) -> bool:
    """Wait until something is true, at most so long; says whether it came true."""
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def running(command: list[str]) -> Iterator[int]:
    """The processes with exactly this command line."""
    wanted = b"\0".join(word.encode() for word in command) + b"\0"
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if (entry / "cmdline").read_bytes() == wanted:
                    yield int(entry.name)
