"""The demo's crowd: simulated customers who touch the kiosk's real widgets with real touch events.

They have the rhythm of people: now nobody for a while, now three in a row; a look before the tap,
a finger that rests on the glass for a tenth of a second; a few give reasons, most press *next
customer* instead of waiting. Every thank-you that was shown is noted in a file, a line each of
stream and number, for the demo to count by. A file `open` beside it says that the first may come;
they stop when a file `closing` lies there.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kivy.base import EventLoop
from kivy.clock import Clock

from kiosk.screens.finger import Finger

if TYPE_CHECKING:
    from kiosk import app

# How people find a shop's visit: mostly good (the demo's shop, not a finding of anyone's).
MOODS = (1, 1, 2, 3, 3, 3, 4, 4, 4, 4)
PAUSE_SECONDS = 0.8
GROUP_SHARE, REASON_SHARE, NEXT_SHARE = 0.3, 0.25, 0.7


def driver(noted: Path, seed: int | None = None) -> Callable[[app.KioskApp], None]:
    """What the app is to call once its first frame stands: customers come from then on."""
    return lambda kiosk: Crowd(kiosk, noted, random.Random(seed)).come()


class Crowd:
    """One after the other, for as long as the shop is open."""

    def __init__(self, kiosk: app.KioskApp, noted: Path, chance: random.Random) -> None:
        self._kiosk, self._noted, self._chance = kiosk, noted, chance
        self._closing = noted.with_name("closing")
        self._fingers = 0
        kiosk.shown = self._note

    def come(self) -> None:
        """Let the first one come; the others follow by themselves."""
        self._noted.with_name("open").touch()
        self._go_on(self._visits())

    def _note(self, stream: str, seq: int) -> None:
        with self._noted.open("a", encoding="utf-8") as notes:
            notes.write(f"{stream} {seq}\n")

    def _go_on(self, visits: Iterator[float]) -> None:
        seconds = next(visits, None)
        if seconds is not None:
            Clock.schedule_once(lambda _dt: self._go_on(visits), seconds)

    def _visits(self) -> Iterator[float]:
        """What customers do, giving the seconds until the next thing happens."""
        while not self._closing.exists():
            yield self._gap()
            if "next" in self._kiosk.glass.targets and self._chance.random() < NEXT_SHARE:
                yield from self._tap("next")
                yield 0.6  # a second touch within half a second would mean nothing
            if self._kiosk.view.screen == "ask":
                yield from self._visit()

    def _gap(self) -> float:
        """Groups leave together, others one by one: an exponential gap, or hardly any."""
        if self._chance.random() < GROUP_SHARE:
            return self._chance.uniform(0.3, 0.8)
        return min(self._chance.expovariate(1 / PAUSE_SECONDS), 3 * PAUSE_SECONDS)

    def _visit(self) -> Iterator[float]:
        yield self._chance.uniform(0.3, 1.2)  # a look
        faces = [name for name in self._kiosk.glass.targets if name.startswith("face:")]
        if not faces:
            return
        mood = self._chance.choice(MOODS)
        yield from self._tap(f"face:{mood}" if f"face:{mood}" in faces else faces[0])
        yield self._chance.uniform(0.8, 1.6)  # thanks are read
        if self._chance.random() < REASON_SHARE:
            chips = [name for name in self._kiosk.glass.targets if name.startswith("reason:")]
            for name in self._chance.sample(chips, min(len(chips), self._chance.choice((1, 1, 2)))):
                yield from self._tap(name)
                yield self._chance.uniform(0.6, 1.2)
            if "done" in self._kiosk.glass.targets:
                yield from self._tap("done")
                yield 0.7

    def _tap(self, name: str) -> Iterator[float]:
        """Put a finger down on a target, a little off its middle, and lift it after a moment."""
        target = self._kiosk.glass.targets.get(name)
        if target is None:
            return
        box, window = target.box, self._kiosk.root_window
        x = box.x + box.width * self._chance.uniform(0.4, 0.6)
        y = box.y + box.height * self._chance.uniform(0.4, 0.6)
        self._fingers += 1
        finger = Finger("crowd", self._fingers, x / window.width, y / window.height)
        _report("begin", finger)
        yield self._chance.uniform(0.07, 0.18)
        _report("end", finger)


def _report(kind: str, finger: Any) -> None:
    """Hand a touch to Kivy the way its input providers do."""
    EventLoop.post_dispatch_input(kind, finger)
