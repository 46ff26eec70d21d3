"""Ten fingers on the glass of a real kiosk, and eyes for what it shows."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Scene = Callable[["Hands"], Iterator[float]]
LANDED = 0.35  # s: a tap is on the card and its thank-you drawn
FORGOTTEN = 0.55  # s: a second touch means something again


class Hands:
    """Ten fingers, and eyes for what the session and the widgets show."""

    def __init__(self, app: Any, results: Path) -> None:
        self.app, self._results = app, results
        self.found: dict[str, list[Any]] = {}
        self.shown: list[tuple[str, int]] = []
        self._scene: list[Any] = []
        self._number = 0
        app.shown = lambda stream, seq: self.shown.append((stream, seq))

    def play(self, scenes: list[Scene]) -> None:
        """Play the scenes one after the other, then stop the kiosk."""
        self._go_on(self._all(scenes))

    def _all(self, scenes: list[Scene]) -> Iterator[float]:
        for scene in scenes:
            self._scene = self.found[scene.__name__] = []
            yield from self.until_ask()
            yield from scene(self)
        self._results.write_text(json.dumps(self.found))
        self.app.stop()

    def _go_on(self, steps: Iterator[float]) -> None:
        from kivy.clock import Clock

        seconds = next(steps, None)
        if seconds is not None:
            Clock.schedule_once(lambda _dt: self._go_on(steps), seconds)

    def note(self, *what: Any) -> None:
        """Note a finding."""
        self._scene.extend(what)

    @property
    def screen(self) -> str:
        """What is up."""
        return str(self.app.view.screen)

    def landed(self, before: int) -> Iterator[float]:
        """Wait until one more thank-you was shown, for as long as a busy machine takes."""
        for _ in range(200):
            if len(self.shown) > before:
                break
            yield 0.05
        yield 0.1

    def until_ask(self) -> Iterator[float]:
        """Wait for the question, pressing *next customer* where there is one."""
        yield FORGOTTEN
        while self.screen != "ask":
            if "next" in self.app.glass.targets:
                yield from self.tap("next")
            yield FORGOTTEN

    def place(self, name: str) -> tuple[float, float]:
        """The middle of a target, in pixels."""
        x, y = self.app.glass.targets[name].box.centre
        return float(x), float(y)

    def down(self, x: float, y: float) -> Any:
        """Put a finger down and return it."""
        from kiosk import crowd
        from kiosk.screens import finger as fingers

        self._number += 1
        width, height = self.app.root_window.size
        finger = fingers.Finger("hands", self._number, x / width, y / height)
        crowd._report("begin", finger)
        return finger

    def move(self, finger: Any, x: float, y: float) -> None:
        """Slide a finger."""
        from kiosk import crowd

        width, height = self.app.root_window.size
        finger.move({"x": x / width, "y": y / height})
        crowd._report("update", finger)

    def up(self, finger: Any) -> None:
        """Lift a finger."""
        from kiosk import crowd

        crowd._report("end", finger)

    def tap(self, name: str, seconds: float = 0.06) -> Iterator[float]:
        """Tap a target."""
        finger = self.down(*self.place(name))
        yield seconds
        self.up(finger)
