"""A kiosk over thousands of visits with comments: by how much its memory grows.

Each visit is touched on the real widgets of a real, off-screen window: a face, a reason, *comment*,
a comment typed key by key on the on-screen keyboard, *send*, *next customer*. What it records goes
to a real card; housekeeping and totals run beside it as in a shop. Only the kiosk's clock is handed
in: it passes a second at each touch, so that nobody waits for deaf half-seconds.

Three things would be taken for growth, or hide it:

1. The documents of the open segment stay in memory until it is full: some 700 KB that come and go
   every 683 visits. And what a process once got of the system it seldom gives back at once. So
   memory is noted at every visit, and medians are compared: over the 100 visits that complete the
   warm-up, and over the last 683, a whole segment.
2. A real screen takes a frame before the next one is drawn. The off-screen window takes none, and
   the software driver lets frames queue up, the more the busier the machine, in memory that it
   does not give back: 17 MB in one run. So each frame is finished before the next.
3. The kernel drops pages of programs and fonts that were not used for a while: 72 MB at once in one
   run. So only the process's own memory counts.

With FULL=1 there are 5,000 visits, of which the first 500 warm up: some 25 minutes. By default it
is 250 and 100, which finds a leak of a texture or a widget a visit, and not the slow ones.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks import processes

FULL = os.environ.get("FULL") == "1"
VISITS, WARM_UP = (5000, 500) if FULL else (250, 100)
BEFORE, SEGMENT = 100, 683
"""Visits: that are compared with, and that fill a segment of 2,048 events with three each."""
SIZE = (800, 480)
LETTERS = "eeetaoinshr dlucmw"


def run() -> dict[str, dict[str, Any]]:
    """Measure; see run.py for the shape."""
    # Mesa's own threads queue frames on a busy machine, and never give that memory back
    found = processes.child(__file__, LP_NUM_THREADS="0")
    curve = found.pop("curve")
    return {
        "screen/growth over visits, MB": {
            "value": found["grown"],
            "goal": 2,
            "better": "lower",
            "against": (
                f"{VISITS} visits with comments, after the first {WARM_UP}"
                f"{'' if FULL else '; 5,000 with FULL=1'} (tenths: {curve} MB)"
            ),
        }
    }


def grown(memories: list[float]) -> float:
    """By how many MB the last visits' memory is above that at the end of the warm-up."""
    first = memories[max(0, WARM_UP - BEFORE) : WARM_UP]
    last = memories[max(WARM_UP, len(memories) - SEGMENT) :]
    return (statistics.median(last) - statistics.median(first)) / 1e6


def curve(memories: list[float]) -> str:
    """The medians of ten stretches, in MB."""
    step = len(memories) // 10
    parts = [memories[i : i + step] for i in range(0, step * 10, step)]
    return " ".join(f"{statistics.median(part) / 1e6:.1f}" for part in parts)


# ------------------------------------------------------------------------------ in the child


def measure(folder: Path) -> None:
    """Open a kiosk whose survey asks for comments, and let the customers in."""
    from kiosk import window

    os.environ.update(window.environment(folder))
    from kivy.config import Config

    from kiosk import app as apps
    from kiosk import assembly
    from sync.buffer import buffer, machine

    _settings(folder)
    clock = machine.MemoryMachine()
    app = apps.KioskApp(lambda shown: _Visits(shown, clock).go_on())
    apps.prepare(SIZE, window.provider("sdl", SIZE))
    Config.set("graphics", "maxfps", "0")
    card = buffer.Buffer.open(folder / "card", machine=clock)
    with assembly.Assembly(card, folder / "kiosk.toml", app.post, clock=clock) as made:
        app.show(made)


def _settings(folder: Path) -> None:
    survey = (processes.ROOT / "assets/surveys/default.toml").read_text(encoding="utf-8")
    for before, after in (
        ("comments = false", "comments = true"),
        ('telephone = ""', 'telephone = "010-000 00 00"'),
        ('responsible = ""', 'responsible = "The shop"'),
        ("retention_days = 0", "retention_days = 90"),
    ):
        assert before in survey, before
        survey = survey.replace(before, after, 1)
    (folder / "survey.toml").write_text(survey, encoding="utf-8")
    (folder / "kiosk.toml").write_text('survey = "survey.toml"\nsound = 0\n', encoding="utf-8")


class _Visits:
    """One customer after the other, each touch on the frame after the last."""

    def __init__(self, app: Any, clock: Any) -> None:
        from kivy.graphics.opengl import glFinish

        self.app, self.clock = app, clock
        self.memories: list[float] = []
        self._chance = random.Random(5)
        self._touches = self._thanked = 0
        self._steps = self._all()
        app.shown = self._thank
        app.root_window.bind(on_flip=lambda *_args: glFinish())

    def go_on(self) -> None:
        """A touch, then a frame."""
        from kivy.clock import Clock

        if next(self._steps, None) is not None:
            Clock.schedule_once(lambda _dt: self.go_on(), 0)

    def _thank(self, _stream: str, _seq: int) -> None:
        self._thanked += 1

    def _all(self) -> Iterator[int]:
        for number in range(VISITS):
            self.memories.append(processes.own_memory())
            yield from self._visit(1 + number % 4)
        assert self._thanked == VISITS, f"{self._thanked} thank-yous for {VISITS} taps"
        print(json.dumps({"grown": grown(self.memories), "curve": curve(self.memories)}))
        self.app.stop()

    def _visit(self, face: int) -> Iterator[int]:
        yield from self._tap(f"face:{face}", "thanks")
        yield from self._tap("reason:staff", "reasons")
        yield from self._tap("comment", "comment")
        for letter in self._words():
            yield from self._tap("key:space" if letter == " " else f"key:{letter}", "comment")
        yield from self._tap("send", "sent")
        yield from self._tap("next", "ask")

    def _words(self) -> str:
        return "".join(self._chance.choices(LETTERS, k=7)).strip() or "a"

    def _tap(self, name: str, screen: str) -> Iterator[int]:
        """Touch a target and lift the finger, then draw until the screen it leads to is up."""
        from kivy.base import EventLoop

        from kiosk.screens import finger

        self.clock.passes(1_000)
        self._touches += 1
        x, y = self.app.glass.targets[name].box.centre
        touch = finger.Finger("visitor", self._touches, x / SIZE[0], y / SIZE[1])
        EventLoop.post_dispatch_input("begin", touch)
        EventLoop.post_dispatch_input("end", touch)
        yield 1
        while self.app.view.screen != screen:
            yield 1


if __name__ == "__main__":
    measure(Path(sys.argv[1]))
