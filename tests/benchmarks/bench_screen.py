"""The kiosk's window beside a bare Kivy window: first frame, memory, idle work; frames of a tap.

Each figure is measured in processes of its own, kiosk and bare window by turns, medians compared.
With FULL=1 the idle stretch is 30 s. How memory grows over visits: bench_growth.py.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks import processes

FULL = os.environ.get("FULL") == "1"
TURNS = 5 if FULL else 3
IDLE_SECONDS = 30 if FULL else 8
SIZE = (1280, 800)


def run() -> dict[str, dict[str, Any]]:
    """Measure; see run.py for the shape."""
    bare, kiosk = [], []
    for _ in range(TURNS):
        bare.append(processes.child(__file__, "bare"))
        kiosk.append(processes.child(__file__, "kiosk"))
    frames = processes.child(__file__, "frames")

    def ratio(name: str) -> float:
        return statistics.median(k[name] for k in kiosk) / statistics.median(b[name] for b in bare)

    window = "a bare Kivy window of the same size, Kivy's own settings"
    return {
        "screen/first frame": _entry(ratio("first"), 1.3, window),
        "screen/memory": _entry(ratio("rss"), 1.25, window),
        "screen/idle CPU": _entry(ratio("idle"), 1.1, f"{window}, over {IDLE_SECONDS} s"),
        "screen/frames from touch-down to pressed": _entry(
            frames["pressed"], 1, "frames drawn, the worst of ten taps"
        ),
        "screen/frames from record to thank-you": _entry(
            frames["thanked"], 2, "frames, the worst of ten taps"
        ),
    }


def _entry(value: float, goal: float, against: str) -> dict[str, Any]:
    return {"value": value, "goal": goal, "better": "lower", "against": against}


# ------------------------------------------------------------------------------ in the child


def _watch(began: float, stop: Callable[[], None]) -> None:
    """From the first frame on: note the time, then memory and idle work, then stop."""
    from kivy.clock import Clock

    found = {"first": time.monotonic() - began}
    work: list[float] = []
    Clock.schedule_once(lambda _dt: work.append(time.process_time()), 4)

    def end(_dt: float) -> None:
        found.update(idle=time.process_time() - work[0], rss=processes.memory())
        print(json.dumps(found))
        stop()

    Clock.schedule_once(end, 4 + IDLE_SECONDS)


def bare(folder: Path, began: float) -> None:
    """A Kivy window with nothing in it, as Kivy makes it by itself."""
    os.environ |= {"KIVY_NO_ARGS": "1", "KIVY_NO_FILELOG": "1", "KIVY_NO_CONFIG": "1"}
    os.environ["KIVY_HOME"] = str(folder)
    from kivy.app import App
    from kivy.config import Config
    from kivy.uix.widget import Widget

    for key, value in zip(("width", "height"), SIZE, strict=True):
        Config.set("graphics", key, value)

    class Bare(App):  # type: ignore[misc]  # Kivy has no types
        """Shows nothing."""

        seen = False

        def build(self) -> Any:
            return Widget()

        def on_start(self) -> None:
            self.root_window.bind(on_flip=self.first)

        def first(self, *_args: Any) -> None:
            if not self.seen:
                self.seen = True
                _watch(began, self.stop)

    Bare().run()


def kiosk(folder: Path, began: float) -> None:
    """The kiosk, left alone."""
    from kiosk.commands import run as command

    command.run(None, folder / "card", window_size=SIZE, driver=lambda app: _watch(began, app.stop))


def frames(folder: Path, _began: float) -> None:
    """Ten taps: frames until the pressed face is drawn, and from the card's word to the thanks."""
    from kiosk.commands import run as command

    command.run(None, folder / "card", window_size=SIZE, driver=lambda app: _Taps(app).go_on())


class _Taps:
    """Taps on the best face and counts frames by its pixels."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.steps = self._steps()
        self.pressed: list[int] = []
        self.thanked: list[int] = []
        self._edge = (0, 0)
        self._before = b""
        self._flips = self._returned = 0
        self._waiting = False
        terminal = app.kiosk.terminal
        terminal.recorded_hook = self._card_said
        app.shown = lambda _stream, _seq: self.thanked.append(self._flips - self._returned)
        app.root_window.bind(on_flip=self._flip)

    def go_on(self) -> None:
        """Do the next thing after its pause."""
        from kivy.clock import Clock

        pause = next(self.steps, None)
        if pause is not None:
            Clock.schedule_once(lambda _dt: self.go_on(), pause)

    def _card_said(self) -> None:
        self._returned = self._flips

    def _pixel(self) -> bytes:
        from kivy.graphics.opengl import GL_RGBA, GL_UNSIGNED_BYTE, glReadPixels

        return bytes(glReadPixels(*self._edge, 1, 1, GL_RGBA, GL_UNSIGNED_BYTE))

    def _flip(self, *_args: Any) -> None:
        self._flips += 1
        if self._waiting and self._pixel() != self._before:
            self._waiting = False
            self.pressed.append(self._flips - self._down)

    def _steps(self) -> Iterator[float]:
        from kivy.base import EventLoop

        from kiosk.screens import finger as fingers

        yield 2.0  # every screen is made by then
        for number in range(10):
            box = self.app.glass.targets["face:4"].box
            x, y = box.centre
            width, height = self.app.root_window.size
            # the disc's upper edge sinks when it is pressed
            self._edge = (int(x), int(y + min(box.width, box.height) / 2 - 3))
            self._before = self._pixel()
            finger = fingers.Finger("bench", number, x / width, y / height)
            self._down, self._waiting = self._flips, True
            EventLoop.post_dispatch_input("begin", finger)
            yield 0.12
            EventLoop.post_dispatch_input("end", finger)
            yield 5.0
        worst = {"pressed": max(self.pressed), "thanked": max(self.thanked)}
        assert len(self.pressed) == len(self.thanked) == 10, (self.pressed, self.thanked)
        print(json.dumps(worst))
        self.app.stop()


if __name__ == "__main__":
    {"bare": bare, "kiosk": kiosk, "frames": frames}[sys.argv[1]](
        Path(sys.argv[2]), float(sys.argv[3])
    )
