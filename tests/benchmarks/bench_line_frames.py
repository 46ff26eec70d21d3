"""The screen while a backlog drains: the longest gap between two frames, against an idle line's.

A real off-screen window draws a moving thing at 60 frames a second while the real worker sends what
waits on the card to a real office, which yields to the kiosk: in a shop it is another machine. A
tenth of the backlog by default, all 200,000 events with FULL=1.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from sync.buffer import machine
from sync.buffer.buffer import Buffer
from sync.uplink import enrol, transport, worker
from sync.uplink import line as shared
from tests.benchmarks import bench_line

STILL = 5.0  # seconds of frames without and with the line, at least
SETTLED = 1.0  # seconds before frames count: the window opens, threads start
LONGEST = 120.0  # seconds


class Frames:
    """Seconds between frames, in two stretches: the line idle, and the line busy."""

    def __init__(self, buffer: Buffer, line: worker.Worker) -> None:
        self.buffer = buffer
        self.line = line
        self.idle: list[float] = []
        self.busy: list[float] = []
        self.began = self.last = time.perf_counter()
        self.started = 0.0

    def tick(self) -> bool:
        """One frame; False when it is enough."""
        now = time.perf_counter()
        gap, self.last = now - self.last, now
        if not self.started:
            if now - self.began > SETTLED:
                self.idle.append(gap)
            if now - self.began > SETTLED + STILL:
                self.started = now
                self.line.start()
            return True
        self.busy.append(gap)
        drained = self.buffer.pending() == 0 and now - self.started > STILL
        return not drained and now - self.started < LONGEST


def window(frames: Frames, home: str) -> None:
    """Draw until the frames are enough."""
    os.environ.update(
        KIVY_NO_ARGS="1",
        KIVY_NO_CONSOLELOG="1",
        KIVY_NO_FILELOG="1",
        KIVY_HOME=home,
        SDL_VIDEODRIVER="offscreen",
    )
    from kivy.config import Config

    Config.set("graphics", "width", "800")
    Config.set("graphics", "height", "480")
    from kivy.app import App
    from kivy.clock import Clock
    from kivy.graphics import Ellipse
    from kivy.uix.widget import Widget

    class Moving(App):  # type: ignore[misc]  # kivy ships no types
        def build(self) -> Widget:
            root = Widget()
            with root.canvas:
                face = Ellipse(size=(200, 200))

            def draw(_: float) -> None:
                face.pos = (300 + 100 * (time.perf_counter() % 1), 140)
                if not frames.tick():
                    self.stop()

            Clock.schedule_interval(draw, 0)
            return root

    Moving().run()


def run() -> dict[str, dict[str, Any]]:
    """The longest gap between frames while the backlog drains."""
    with (
        tempfile.TemporaryDirectory(prefix="smiley-frames-") as name,
        bench_line.office(Path(name), yielding=True) as (port, code),
    ):
        bench_line.backlog(Path(name))
        clock = machine.MemoryMachine(seed=1)
        clock.reboots()
        with Buffer.open(Path(name) / "card", machine=clock, app="1.0.0") as buffer:
            with transport.RequestsTransport(proxy="") as wires:
                enrol.enrol(f"http://127.0.0.1:{port}", code, buffer=buffer, line=wires)
            line = worker.Worker(
                buffer,
                lambda: transport.RequestsTransport(proxy=""),
                shared.Calls(wall=lambda: time.time_ns() // 1_000_000),
            )
            frames = Frames(buffer, line)
            window(frames, name)
            left = buffer.pending()
            line.stop()
    idle, busy = max(frames.idle), max(frames.busy)
    usual = (
        statistics.quantiles(frames.busy, n=100)[98] / statistics.quantiles(frames.idle, n=100)[98]
    )
    return {
        "line/gap between frames while a backlog drains, p99": {
            "value": usual,
            "goal": None,
            "better": "lower",
            "against": "the same window with an idle line",
        },
        "line/longest gap between frames while a backlog drains": {
            "value": busy / idle,
            "goal": 2.0,
            "better": "lower",
            "against": (
                f"the same window with an idle line ({1000 * busy:.0f} ms : {1000 * idle:.0f} ms,"
                f" {bench_line.BACKLOG - left} events)"
            ),
        },
    }
