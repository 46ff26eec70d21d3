"""Physical buttons below the screen: bounces out, presses in.

The pins themselves come with the box's own issue. Noise presses buttons, worn ones bounce, and
gpiozero's software debounce drops edges; so what a pin says is judged here, by time handed in:

1. A press counts once the pin has been down for `SHORTEST_MS` without a break.
2. After a press the button must be up for `REST_MS` before it can be pressed again.

`Buttons` gets a factory for pins, so that tests drive pins and not callbacks. Pins call from
threads of their own: `post` takes each press to the screen's, where it becomes `signals.Tapped`.
"""

import threading
from collections.abc import Callable, Mapping
from typing import Protocol

from kiosk import signals

SHORTEST_MS = 30
REST_MS = 60


class Debounce:
    """One button's edges in, presses out. Knows no clock."""

    def __init__(self) -> None:
        self._down_since: int | None = None
        self._up_since = -REST_MS
        self._given = False

    def edge(self, down: bool, now_ms: int) -> None:
        """The pin changed."""
        if down and self._down_since is None:
            # a break shorter than the rest is a bounce of the press that was given
            self._given = self._given and now_ms - self._up_since < REST_MS
            self._down_since = now_ms
        elif not down and self._down_since is not None:
            self._down_since, self._up_since = None, now_ms

    def pressed(self, now_ms: int) -> bool:
        """Whether a press is complete now; true once for each."""
        if self._given or self._down_since is None or now_ms - self._down_since < SHORTEST_MS:
            return False
        self._given = True
        return True


class Pin(Protocol):
    """One button as gpiozero has it; the two callbacks may come from any thread."""

    when_pressed: Callable[[], None] | None
    when_released: Callable[[], None] | None

    def close(self) -> None:
        """Give the pin up."""


class Buttons:
    """The faces' buttons: `faces` is face → pin number, `factory` makes a pin of a number.

    now_ms: the session's clock. post: runs a call on the screen's thread. tell: the session's ear.
    """

    def __init__(
        self,
        faces: Mapping[int, int],
        factory: Callable[[int], Pin],
        *,
        now_ms: Callable[[], int],
        post: Callable[[Callable[[], None]], None],
        tell: Callable[[signals.Signal], object],
    ) -> None:
        self._now_ms, self._post, self._tell = now_ms, post, tell
        self._lock = threading.Lock()
        self._judges = {face: Debounce() for face in faces}
        self._pins = {face: factory(number) for face, number in faces.items()}
        for face, pin in self._pins.items():
            pin.when_pressed = self._edge(face, down=True)
            pin.when_released = self._edge(face, down=False)

    def __repr__(self) -> str:
        return f"<Buttons {'closed' if not self._pins else sorted(self._pins)}>"

    def _edge(self, face: int, *, down: bool) -> Callable[[], None]:
        def changed() -> None:
            with self._lock:
                self._judges[face].edge(down, self._now_ms())

        return changed

    def tick(self) -> None:
        """Hand on the presses that are complete by now; called every few hundredths of a second."""
        with self._lock:
            now = self._now_ms()
            faces = [face for face, judge in self._judges.items() if judge.pressed(now)]
        for face in faces:
            self._post(lambda face=face: self._press(face))  # type: ignore[misc]  # bound at once

    def _press(self, face: int) -> None:
        self._tell(signals.Tapped(face, via="button"))

    def close(self) -> None:
        """Give the pins up; twice is fine."""
        for pin in self._pins.values():
            pin.close()
        self._pins = {}
