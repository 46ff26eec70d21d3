"""The whole product as a stranger runs it: real processes, a real off-screen window, real HTTP."""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

LAST = re.compile(
    r"demo: (\d+) taps, (\d+) on the card, (\d+) at the office, (\d+) missing, (\d+) doubled"
)
KIOSK = str(Path(sys.executable).with_name("smiley-kiosk"))

pytestmark = pytest.mark.timeout(150)


def free_port() -> int:
    """A port of this machine that nobody uses now."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


class Demo:
    """A demo that runs, and what it has printed so far."""

    def __init__(self, folder: Path, port: int, *words: str) -> None:
        self.printed = folder / "printed.txt"
        with self.printed.open("wb") as output:
            self.process = subprocess.Popen(
                [KIOSK, "demo", "--port", str(port), *words],
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, "SDL_VIDEODRIVER": "offscreen", "TMPDIR": str(folder)},
            )
        self.restarted: list[subprocess.Popen[bytes]] = []

    def line(self, name: str) -> tuple[int, str]:
        """Pid and command line of the office or the kiosk, once they are printed."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            match = re.search(rf"^{name} pid (\d+): (.*)$", self.printed.read_text(), re.M)
            if match:
                return int(match[1]), match[2]
            time.sleep(0.1)
        raise AssertionError(f"no pid of the {name} in {self.printed.read_text()!r}")

    def taps(self, least: int) -> None:
        """Wait until so many thank-yous were shown."""
        words = shlex.split(self.line("kiosk")[1])
        noted = Path(words[words.index("--customers") + 1])
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if noted.exists() and len(noted.read_text().splitlines()) >= least:
                return
            time.sleep(0.1)
        raise AssertionError(f"fewer than {least} taps in a minute")

    def kill(self, name: str) -> None:
        """End it as a power cut would."""
        os.kill(self.line(name)[0], signal.SIGKILL)

    def start_again(self, name: str) -> None:
        """Type the command line that the demo printed."""
        self.restarted.append(subprocess.Popen(["/bin/sh", "-c", "exec env " + self.line(name)[1]]))

    def interrupt(self, number: int = signal.SIGINT) -> None:
        """Press Ctrl-C, or end it from elsewhere."""
        self.process.send_signal(number)

    def end(self) -> list[int]:
        """Wait for the end; the five numbers of the last line."""
        code = self.process.wait(120)
        match = LAST.fullmatch(self.printed.read_text().splitlines()[-1])
        assert match is not None, self.printed.read_text()
        assert code == (1 if int(match[4]) or int(match[5]) else 0)
        return [int(number) for number in match.groups()]


@pytest.fixture
def demo(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Demo]:
    """A demo on a free port, until Ctrl-C or as the test's words say."""
    running = Demo(tmp_path, free_port(), *getattr(request, "param", ()))
    yield running
    if running.process.poll() is None:
        running.interrupt()
        running.process.wait(60)
    for process in running.restarted:
        process.wait(30)


@pytest.mark.parametrize("demo", [("--seconds", "6")], indirect=True, ids=["6 s"])
def test_taps_travel_from_the_screen_to_the_office(demo: Demo) -> None:
    """Every thank-you shown is once on the card and once at the office; it ends by itself."""
    taps, card, office, missing, doubled = demo.end()
    assert taps >= 1
    assert (card, office, missing, doubled) == (taps, taps, 0, 0)


def test_a_killed_office_that_is_started_again_misses_nothing(demo: Demo) -> None:
    """The office dies in the middle and comes back by hand: nothing missing, nothing doubled."""
    demo.taps(1)
    demo.kill("office")
    demo.taps(2)
    demo.start_again("office")
    demo.taps(3)
    demo.interrupt()
    taps, card, office, missing, doubled = demo.end()
    assert card == office >= taps >= 2
    assert (missing, doubled) == (0, 0)


def test_what_a_killed_kiosk_had_thanked_for_is_there(demo: Demo) -> None:
    """The kiosk dies in the middle and comes back by hand: every thank-you's tap is there."""
    demo.taps(2)
    demo.kill("kiosk")
    demo.start_again("kiosk")
    demo.taps(3)
    demo.interrupt(signal.SIGTERM)
    taps, card, office, missing, doubled = demo.end()
    assert card == office >= taps >= 3
    assert (missing, doubled) == (0, 0)


def test_a_taken_port_is_one_sentence() -> None:
    """A port in use ends the demo with exit code 1 and says which and what to do."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        port = door.getsockname()[1]
        done = subprocess.run(
            [KIOSK, "demo", "--port", str(port)], capture_output=True, text=True, check=False
        )
    assert done.returncode == 1
    assert done.stderr.startswith(f"demo: port {port} on 127.0.0.1 cannot be opened")
    assert len(done.stderr.splitlines()) == 1
