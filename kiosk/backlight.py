"""The panel's brightness: the setting, and less of it while the screen sleeps.

A panel whose light cannot be set (most on HDMI, or a file that the kiosk may not write) stays as it
is: that is said once in the log, and by `smiley-kiosk check`; customers see no difference.
"""

import logging
import os
import threading
from concurrent import futures
from pathlib import Path
from typing import Protocol

log = logging.getLogger(__name__)

LIGHTS = Path("/sys/class/backlight")
FULL, ASLEEP = 100, 10
"""Per cent of the panel's light: all of it; asleep, when one can still read how to wake it."""


class Unavailable(Exception):
    """The light cannot be set; the message is a sentence that says why and what would help."""


class Light(Protocol):
    """A panel's light."""

    def steps(self) -> int:
        """Return the brightest step. Raises `Unavailable`."""

    def choose(self, step: int) -> None:
        """Shine at a step, 1 … `steps`. Raises `Unavailable`."""

    def hurdle(self) -> str:
        """Return why this user may choose no step, "" when there is nothing in the way."""


class RealLight:
    """The kernel's backlight: of several the first by name (a kiosk has one panel)."""

    def __init__(self, lights: Path = LIGHTS) -> None:
        self._lights = lights

    def __repr__(self) -> str:
        return f"RealLight({str(self._lights)!r})"

    def steps(self) -> int:
        """Return `max_brightness`."""
        folder = self._folder()
        try:
            steps = int((folder / "max_brightness").read_text(encoding="ascii"))
        except (OSError, ValueError):
            steps = 0
        if steps < 1:
            raise Unavailable(f"{folder}/max_brightness: says no number of steps")
        return steps

    def choose(self, step: int) -> None:
        """Write `brightness`."""
        file = self._folder() / "brightness"
        try:
            # opened without creating it: only the kernel makes files here
            with file.open("r+", encoding="ascii") as opened:
                opened.write(f"{step}\n")
        except OSError as error:
            raise Unavailable(_unwritable(file, error.strerror)) from None

    def hurdle(self) -> str:
        """Look at the right to write `brightness`."""
        file = self._folder() / "brightness"
        return "" if os.access(file, os.W_OK) else _unwritable(file, "not allowed to this user")

    def _folder(self) -> Path:
        try:
            found = min(self._lights.iterdir(), default=None)
        except OSError:
            found = None
        if found is None:
            raise Unavailable(f"{self._lights}: has no panel whose light can be set")
        return found


class MemoryLight:
    """A panel's light in memory. `chosen`: every step chosen; `broken`: why none can be.

    steps: 0 for a panel whose light cannot be set.
    """

    def __init__(self, steps: int = 255, broken: str = "") -> None:
        self._steps, self.broken = steps, broken
        self.chosen: list[int] = []

    def steps(self) -> int:
        """Return the brightest step."""
        if not self._steps:
            raise Unavailable("memory: has no panel whose light can be set")
        return self._steps

    def choose(self, step: int) -> None:
        """Note the step."""
        if hurdle := self.hurdle():
            raise Unavailable(hurdle)
        self.chosen.append(step)

    def hurdle(self) -> str:
        """Return what is broken."""
        return self.broken


def _unwritable(file: Path, why: str | None) -> str:
    return (
        f"{file}: cannot be written ({why}); let the kiosk's user write it, as"
        " assets/systemd/90-smiley-backlight.rules does"
    )


def step(percent: int, steps: int) -> int:
    """Return the step for so many per cent of the light; never 0, which is dark."""
    return max(1, round(steps * percent / 100))


def try_out(light: Light, percent: int) -> str:
    """Shine at so many per cent; return why that cannot be, "" when it can."""
    try:
        light.choose(step(percent, light.steps()))
    except Unavailable as error:
        return str(error)
    return ""


class Dimmer:
    """Keeps a panel's light at what is wanted, in a thread of its own: a slow bus costs no frame.

    Only what was wanted last counts. `close` gives a sleeping panel its light back; twice is fine.
    """

    def __init__(self, light: Light) -> None:
        self._light = light
        self._hand = futures.ThreadPoolExecutor(1, thread_name_prefix="light")
        self._lock = threading.Lock()
        self._percent = 0
        self._said = self._closed = False

    def __repr__(self) -> str:
        return f"<Dimmer {self._percent} %{', closed' if self._closed else ''}>"

    def want(self, percent: int, *, asleep: bool = False) -> None:
        """Shine at so many per cent, or at no more than `ASLEEP`. From any thread, at once."""
        wanted = min(percent, ASLEEP) if asleep else percent
        with self._lock:
            if wanted == self._percent or self._closed:
                return
            self._percent = wanted
            self._hand.submit(self._shine)

    def close(self, percent: int | None = None) -> None:
        """End, at so many per cent."""
        if percent is not None:
            self.want(percent)
        with self._lock:
            self._closed = True
        self._hand.shutdown()

    def _shine(self) -> None:
        why = try_out(self._light, self._percent)
        # at full light nobody asked for anything
        if why and not self._said and self._percent < FULL:
            self._said = True
            log.warning("The brightness stays as it is: %s", why)
