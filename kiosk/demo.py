"""The whole product on one machine: an office, a kiosk enrolled with it, customers who tap.

Office and kiosk are two processes started by the very commands that a shop would use; the customers
(`kiosk.crowd`) live in the kiosk's process and touch its real widgets. Everything lies in one
folder of the machine's temporary folder, which goes when all taps are accounted for and stays when
one is not. A process that is killed can be started again by the command line that was printed:
processes are known by their command line, not by who started them.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import re
import secrets
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from kiosk import processes

USER = "demo"
HOST = "127.0.0.1"
DRAIN_SECONDS = 10.0
START_SECONDS = 60.0
STOP_SECONDS = 15.0
_CODE = re.compile(r"\b[a-z]+-[a-z]+-[a-z]+\b")

Event = tuple[str, int]


def run(seconds: float | None, port: int) -> int:
    """Run the demo until `seconds` are over, Ctrl-C or SIGTERM; return its exit code.

    The last line printed counts taps (thank-yous shown), ratings on the card and ratings at the
    office; 1 is returned when one is missing or doubled.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        # SIGINT too: what a shell runs in the background is begun with it ignored
        signal.signal(number, signal.default_int_handler)
    try:
        processes.refuse_taken(HOST, port)
        with _folder() as folder:
            demo = Demo(folder, port)
            try:
                demo.prepare()
                demo.start()
                demo.watch(seconds)
            finally:
                demo.stop()
            return demo.account()
    except processes.CouldNot as error:
        click.echo(f"demo: {error}", err=True)
        return 1


class Demo:
    """One run of the demo in its folder."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.url = f"http://{HOST}:{port}"
        self.config, self.data = folder / "kiosk.toml", folder / "card"
        self.thanked, self.closing = folder / "thanked.txt", folder / "closing"
        self.commands = {
            "office": [
                *processes.command("smiley-central"),
                "serve",
                *("--host", HOST, "--port", str(port)),
                *("--database", f"sqlite:///{folder / 'office.db'}"),
            ],
            "kiosk": [
                *processes.command("smiley-kiosk"),
                "run",
                *("--window", "1280x800", *self._card(), "--customers", str(self.thanked)),
            ],
        }
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.ended: set[str] = set()

    def prepare(self) -> None:
        """Make the office's user, the kiosk's code and its settings, before either runs."""
        self.password = secrets.token_urlsafe(9)
        office = ["--database", f"sqlite:///{self.folder / 'office.db'}"]
        self._central(["user", "add", USER, "--role", "admin", *office], f"{self.password}\n" * 2)
        said = self._central(
            ["kiosk", "add", "--site", "Demo store", "--touchpoint", "Exit", *office]
        )
        code = _CODE.search(said)
        if code is None:
            raise processes.CouldNot(
                f"smiley-central kiosk add printed no code of three words: {said!r}"
            )
        self.code = code.group()
        self.config.write_text('shop = "Your shop"\n', encoding="utf-8")

    def start(self) -> None:
        """Start the office, enrol the kiosk with it, start the kiosk; say where to look."""
        self._spawn("office")
        self._await(lambda: processes.answers(f"{self.url}/readyz"), "the office", "office")
        self._kiosk(["enrol", self.url, *self._card()], f"{self.code}\n")
        pin = re.search(r"\b\d{4,8}\b", self._kiosk(["pin", *self._card()]))
        self._spawn("kiosk")
        click.echo(f"office: {self.url}  user {USER}, password {self.password}")
        where = "drawn off-screen" if processes.offscreen() else "in its window; tap along"
        shown = pin.group() if pin else "as smiley-kiosk pin says"
        click.echo(f"kiosk:  {where}; staff: hold the top left corner for 3 s, PIN {shown}")
        for name, child in self.children.items():
            click.echo(f"{name} pid {child.pid}: {self._line(name)}")
        click.echo("Ctrl-C ends both.")
        # the time counts from the first frame, however slow the machine
        self._await((self.folder / "open").exists, "the kiosk", "kiosk")

    def watch(self, seconds: float | None) -> None:
        """Let customers tap until the time is over or Ctrl-C; then let the line drain."""
        until = time.monotonic() + seconds if seconds is not None else float("inf")
        with contextlib.suppress(KeyboardInterrupt):
            while time.monotonic() < until:
                time.sleep(0.2)
                self._notice_ends()
        with contextlib.suppress(KeyboardInterrupt):
            self.closing.touch()
            self._drain()

    def stop(self) -> None:
        """End both processes, whoever started them, the kiosk first."""
        for name in ("kiosk", "office"):
            self._signal(name, signal.SIGTERM)
            if not processes.soon(functools.partial(self._gone, name), STOP_SECONDS):
                self._signal(name, signal.SIGKILL)

    def account(self) -> int:
        """Count thank-yous, the card and the office; print the last line."""
        thanked = _noted(self.thanked)
        card, office = self._on_the_card(), self._at_the_office()
        missing = len(set(thanked) - set(card)) + len(set(card) - set(office))
        doubled = len(card) - len(set(card)) + len(office) - len(set(office))
        if missing or doubled:
            click.echo(f"demo: kept for a look: {self.folder}")
            (self.folder / "keep").touch()
        click.echo(
            f"demo: {len(set(thanked))} taps, {len(set(card))} on the card, "
            f"{len(set(office))} at the office, {missing} missing, {doubled} doubled"
        )
        return 1 if missing or doubled else 0

    def _on_the_card(self) -> list[Event]:
        target = self.folder / "stick"
        target.mkdir()
        words = ["export", "--to", str(target), "--format", "events", "--all", *self._card()]
        self._kiosk(words)
        return [row for path in sorted(target.iterdir()) for row in _ratings(path)]

    def _at_the_office(self) -> list[Event]:
        target = self.folder / "office.jsonl"
        database = f"sqlite:///{self.folder / 'office.db'}"
        words = ["export", "--to", str(target), "--format", "jsonl", "--database", database]
        self._central(words)
        return _ratings(target)

    def _card(self) -> tuple[str, ...]:
        return ("--config", str(self.config), "--data", str(self.data))

    def _central(self, words: list[str], given: str = "") -> str:
        return processes.said([*processes.command("smiley-central"), *words], given)

    def _kiosk(self, words: list[str], given: str = "") -> str:
        return processes.said([*processes.command("smiley-kiosk"), *words], given)

    def _line(self, name: str) -> str:
        """What a person types to start it again."""
        drawn = "SDL_VIDEODRIVER=offscreen " if name == "kiosk" and processes.offscreen() else ""
        return drawn + shlex.join(self.commands[name])

    def _spawn(self, name: str) -> None:
        log = (self.folder / f"{name}.log").open("ab")
        environment = dict(os.environ)
        if name == "kiosk" and processes.offscreen():
            environment["SDL_VIDEODRIVER"] = "offscreen"
        # Ctrl-C is the demo's: it lets the line drain before it ends both.
        self.children[name] = subprocess.Popen(
            self.commands[name],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
            start_new_session=True,
        )
        log.close()

    def _await(self, ready: Callable[[], bool], what: str, name: str) -> None:
        child = self.children[name]
        up = processes.soon(lambda: ready() or child.poll() is not None, START_SECONDS)
        if not up or child.poll() is not None:
            said = (self.folder / f"{name}.log").read_text(errors="replace").strip()
            last = said.splitlines()[-1] if said else "it said nothing"
            raise processes.CouldNot(f"{what} did not start: {last}")

    def _notice_ends(self) -> None:
        for name, child in self.children.items():
            if child.poll() is not None and name not in self.ended:
                self.ended.add(name)
                click.echo(f"{name} has ended; start it again with: {self._line(name)}")

    def _drain(self) -> None:
        def drained() -> bool:
            status = json.loads(self._kiosk(["status", "--json", *self._card()]))
            return int(status["pending"]) == 0 and int(status["in_memory"]) == 0

        processes.soon(drained, DRAIN_SECONDS)

    def _gone(self, name: str) -> bool:
        return not self._pids(name)

    def _signal(self, name: str, number: signal.Signals) -> None:
        for pid in self._pids(name):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def _pids(self, name: str) -> list[int]:
        child = self.children.get(name)
        if child is not None:
            child.poll()  # reaps it, so that it is no longer found below
        return list(processes.running(self.commands[name]))


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """A folder for the demo; it goes at the end, unless something is missing or went wrong."""
    folder = Path(tempfile.mkdtemp(prefix="smiley-demo-"))
    try:
        yield folder
    except processes.CouldNot:
        click.echo(f"demo: kept for a look: {folder}", err=True)
        raise
    if not (folder / "keep").exists():
        shutil.rmtree(folder, ignore_errors=True)


def _noted(path: Path) -> list[Event]:
    """The thank-yous that the customers noted: a line each, stream and number."""
    lines = path.read_text().splitlines() if path.exists() else []
    return [(line.split()[0], int(line.split()[1])) for line in lines]


def _ratings(path: Path) -> list[Event]:
    """The ratings of a file of JSON Lines, as (stream, seq); a signature's line is none."""
    found = []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line) if line.startswith("{") else {}
            event = row.get("event", row)
            if event.get("kind") == "rating":
                found.append((str(row["stream"]), int(event["seq"])))
    return found
