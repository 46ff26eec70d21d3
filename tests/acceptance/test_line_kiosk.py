"""The whole line with the real kiosk: its window, a bad proxy, a dying office on PostgreSQL."""

from __future__ import annotations

import collections
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time
from typing import Any

import pytest

from tests.acceptance import dying_office
from tests.acceptance import proxy as proxies

SECONDS = 30 if os.environ.get("FULL") == "1" else 10  # of bad weather
PROGRAM = str(pathlib.Path(sys.executable).with_name("smiley-kiosk"))

pytestmark = [pytest.mark.timeout(200)]


class Kiosk:
    """A `smiley-kiosk run` whose customers tap by themselves, and that dies and comes back."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.noted = folder / "thanked.txt"
        (folder / "kiosk.toml").write_text('proxy = ""\n', encoding="utf-8")
        self.places = ["--config", str(folder / "kiosk.toml"), "--data", str(folder / "card")]
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, *words: str, given: str = "") -> str:
        """A command of the kiosk."""
        command = [PROGRAM, *words, *self.places]
        done = subprocess.run(
            command, input=given, check=True, capture_output=True, text=True, timeout=60
        )
        return done.stdout

    def start(self) -> None:
        """Open the window, off-screen; customers come as soon as it stands."""
        with (self.folder / "kiosk.log").open("ab") as log:
            command = [PROGRAM, "run", "--window", "800x480", "--customers", str(self.noted)]
            self.process = subprocess.Popen(
                [*command, *self.places],
                env={**os.environ, "SDL_VIDEODRIVER": "offscreen"},
                stdout=log,
                stderr=log,
            )

    def end(self, number: signal.Signals) -> None:
        """SIGTERM is the shop's evening, SIGKILL is somebody's foot at the plug."""
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(30)
            self.process = None

    def thanked(self) -> set[tuple[str, int]]:
        """What customers were thanked for."""
        lines = self.noted.read_text().splitlines() if self.noted.exists() else []
        return {(line.split()[0], int(line.split()[1])) for line in lines}

    def ratings(self, *words: str) -> set[tuple[str, int]]:
        """The ratings on the card that wait to be sent; with ``--all`` all of them."""
        with tempfile.TemporaryDirectory(dir=self.folder) as target:
            self.run("export", "--to", target, "--format", "events", *words)
            rows: list[dict[str, Any]] = [
                json.loads(line)
                for path in pathlib.Path(target).iterdir()
                for line in path.read_text(encoding="utf-8").splitlines()
                if line.startswith("{")
            ]
        found = [(row["stream"], row["event"]) for row in rows]
        return {(stream, event["seq"]) for stream, event in found if event["kind"] == "rating"}


def weather(office: dying_office.Office, kiosk: Kiosk) -> None:
    """Customers tap while the office dies again and again, and the kiosk once."""
    chance, until = random.Random(3), time.monotonic() + SECONDS
    plug = time.monotonic() + SECONDS / 2
    while time.monotonic() < until:
        time.sleep(1 + chance.random())
        office.kill()
        office.start()
        if time.monotonic() > plug:
            plug = float("inf")
            kiosk.end(signal.SIGKILL)
            kiosk.start()


def booked(
    office: dying_office.Office, folder: pathlib.Path
) -> collections.Counter[tuple[str, int]]:
    """The ratings in the office's books, and how often each is there."""
    rows = office.events(folder)
    return collections.Counter(
        (row["stream"], row["seq"]) for row in rows if row["kind"] == "rating"
    )


def test_each_tap_arrives_once(tmp_path: pathlib.Path) -> None:
    """Whatever line, office and plug did: what was thanked for is on the card, and booked once."""
    with dying_office.postgresql() as server:
        office = dying_office.Office(server.get_uri(), tmp_path, workers=2)
        kiosk = Kiosk(tmp_path)
        office.start()
        try:
            assert dying_office.wait_for(office.ready)
            code = office.run("kiosk", "add", "--site", "Lund", "--touchpoint", "Exit").split()[0]
            with proxies.Proxy(office.port, seed=5) as proxy:
                kiosk.run("enrol", f"http://127.0.0.1:{proxy.port}", given=f"{code}\n")
                proxy.bad = 0.2
                kiosk.start()
                assert dying_office.wait_for(lambda: len(kiosk.thanked()) >= 2)
                weather(office, kiosk)
                (tmp_path / "closing").touch()  # no more customers
                proxy.bad = 0.0
                kiosk.end(signal.SIGTERM)
                assert dying_office.wait_for(office.ready)
                kiosk.start()
                card = kiosk.ratings("--all")
                assert dying_office.wait_for(lambda: set(booked(office, tmp_path)) >= card)
                kiosk.end(signal.SIGTERM)  # which keeps on the card what was acknowledged
            assert not kiosk.ratings(), kiosk.run("status")
            books, thanked = booked(office, tmp_path), kiosk.thanked()
        finally:
            kiosk.end(signal.SIGKILL)
            office.kill()
    assert len(thanked) >= 2
    assert thanked <= card
    assert set(books) == card
    assert max(books.values()) == 1
