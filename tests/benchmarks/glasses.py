"""A process that shows a window and says what it cost: `glasses.py bare|kiosk|frames|visits …`.

Prints one line of JSON. The parent hands in when it started the process, so that importing counts.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SIZE = (1280, 800)
SETTLED = 3.0
"""Seconds after the first frame from which on a window is idle."""


def resident() -> float:
    """What this process holds in memory now, in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


class Idle:
    """Notes the first frame, memory once settled, and the processor's time while idle."""

    def __init__(self, began: float, seconds: float) -> None:
        self._began, self._seconds = began, seconds
        self.found: dict[str, float] = {}

    def first_frame(self, stop: Any) -> None:
        """The first frame stands; `stop` ends the app when all is noted."""
        from kivy.clock import Clock

        self.found["first_frame"] = time.monotonic() - self._began
        self.found["processor"] = time.process_time()
        Clock.schedule_once(lambda _dt: self._settled(stop), SETTLED)

    def _settled(self, stop: Any) -> None:
        from kivy.clock import Clock

        self.found["memory"] = resident()
        used, since = time.process_time(), time.monotonic()

        def end(_dt: float) -> None:
            self.found["idle"] = (time.process_time() - used) / (time.monotonic() - since)
            stop()

        Clock.schedule_once(end, self._seconds)


def bare(idle: Idle) -> None:
    """A Kivy window with an empty widget, as Kivy makes it by itself."""
    os.environ |= {"KIVY_NO_ARGS": "1", "KIVY_NO_FILELOG": "1", "KIVY_NO_CONFIG": "1"}
    os.environ["KIVY_HOME"] = tempfile.mkdtemp()
    from kivy.app import App
    from kivy.clock import Clock
    from kivy.config import Config

    Config.set("graphics", "width", SIZE[0])
    Config.set("graphics", "height", SIZE[1])
    from kivy.uix.widget import Widget

    class Bare(App):  # type: ignore[misc]  # Kivy's classes have no types
        seen = False

        def build(self) -> Widget:
            return Widget()

        def on_start(self) -> None:
            self.root_window.bind(on_flip=self.flipped)

        def flipped(self, *_args: Any) -> None:
            if not self.seen:
                self.seen = True
                Clock.schedule_once(lambda _dt: idle.first_frame(self.stop), 0)

    Bare().run()


def kiosk(idle: Idle) -> None:
    """The kiosk as `smiley-kiosk run --window` shows it, on a new card."""
    from kiosk.commands import run

    folder = Path(tempfile.mkdtemp())
    (folder / "kiosk.toml").write_text('shop = "Your shop"\nscreen_mm = [217, 136]\n')
    run.run(
        folder / "kiosk.toml",
        folder / "card",
        window_size=SIZE,
        driver=lambda app: idle.first_frame(app.stop),
    )


def _stand() -> Any:
    """The glass in its window with session and card in memory."""
    from kiosk import resources
    from kiosk.screens import screenshots, tour
    from sync.feedback import surveys
    from tests.integration.screens import conftest

    screenshots.settle(*SIZE)
    from kivy.base import EventLoop
    from kivy.core.window import Window

    from kiosk.screens.glass import Glass

    EventLoop.ensure_window()
    EventLoop.start()
    survey = tour.opened(surveys.from_toml(resources.DEFAULT_SURVEY.read_bytes(), "default.toml"))
    stand = conftest.Stand(Glass, survey)
    Window.add_widget(stand.glass)
    stand.frames(1_000)
    return stand


def frames() -> dict[str, float]:
    """Frames from touch-down to the pressed face, and from the card's word to the thank-you."""
    from kiosk.screens import screenshots

    stand = _stand()
    stand.settle()

    def until_changed() -> float:
        before = screenshots.picture(stand.glass).tobytes()
        for count in itertools.count(1):
            stand.frame()
            if screenshots.picture(stand.glass).tobytes() != before or count > 100:
                return count
        raise AssertionError

    stand.card = False
    picture = stand.glass.targets["face:4"].box.centre
    before = screenshots.picture(stand.glass).tobytes()
    finger = stand.finger().down(*picture)
    pressed = 0
    while screenshots.picture(stand.glass).tobytes() == before or not pressed:
        stand.frame()
        pressed += 1
    finger.lift()
    stand.settle()
    stand.answer()
    shown = 0
    while stand.view.screen != "thanks" or not shown:
        stand.frame()
        shown += 1
    changed = until_changed()
    return {"pressed": pressed, "thanks": max(shown, min(changed, shown))}


def visits(count: int, warm: int) -> dict[str, float]:
    """Memory that grew over so many visits with comments, after the first ones."""
    chance = random.Random(7)
    stand = _stand()
    before = 0.0
    for number in range(count):
        if number == warm:
            before = _trimmed()
        _visit(stand, chance, drawn=number % 25 == 0)
    return {"growth": _trimmed() - before, "visits": float(count)}


def _visit(stand: Any, chance: random.Random, *, drawn: bool) -> None:
    def give(name: str) -> None:
        stand.glass.targets[name].give()
        stand.frame(700, drawn=drawn)

    give(f"language:{chance.choice(('en', 'sv'))}")
    give(f"face:{chance.randint(1, 4)}")
    give("reason:other")
    give("comment")
    for _ in range(4):
        give(f"key:{chance.choice('abcdefghijklmnopqrstuvwxyz')}")
    give("send")
    give("next")
    if stand.view.screen != "ask":
        raise RuntimeError(f"a visit ended on {stand.view.screen}, not on ask")
    stand.recorded.clear()


def _trimmed() -> float:
    """What is held once what is free was given back."""
    import ctypes
    import gc

    gc.collect()
    ctypes.CDLL("libc.so.6").malloc_trim(0)
    return resident()


def main(words: list[str]) -> None:
    """Do what the words say and print what was found."""
    os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")
    mode = words[0]
    if mode in ("bare", "kiosk"):
        idle = Idle(float(words[1]), float(words[2]))
        (bare if mode == "bare" else kiosk)(idle)
        found = idle.found
    elif mode == "frames":
        found = frames()
    else:
        found = visits(int(words[1]), int(words[2]))
    print("\n" + json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
