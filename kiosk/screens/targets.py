"""What a finger means: which target, pressed or not, given or dragged off. PURE.

1. A finger belongs to the target that it went down on, for as long as it stays on the glass.
2. The target shows pressed from touch-down; it is given when that finger lifts in it, or within its
   slack (a face: a quarter of its radius). Dragged further off it stands up again, brought back it
   is pressed.
3. Every finger is on its own: a palm that rests anywhere, on a target or beside, blocks no tap
   elsewhere.
4. When the picture changes, fingers still down belong to nothing until they are lifted.
5. A target that repeats (backspace) or that opens something while held (an accent) says so itself.
"""

import math
from collections.abc import Callable, Iterable

import msgspec

from kiosk.screens.geometry import Box


def _nothing(*_args: object) -> None:
    """What a target does that has nothing to do."""


class Target(msgspec.Struct, eq=False):
    """A place to tap.

    name: says what it is to tests and to the demo's customers: `face:4`, `next`, `reason:waiting`.
    give: called when it was tapped. feel: called when it begins and ceases to be pressed.
    slack: how far outside (px) a lifted finger still counts. disc: round, as wide as its box.
    least: the millimetres (width, height) that screens.md promises of it.
    grabbed: set while held, the finger keeps it wherever it slides; slide is told where it is then.
    """

    name: str
    box: Box
    give: Callable[[], object]
    feel: Callable[[bool], object] = _nothing
    slack: float = 0.0
    disc: bool = False
    least: tuple[float, float] = (0.0, 0.0)
    grabbed: bool = False
    slide: Callable[[float, float], object] = _nothing

    def holds(self, x: float, y: float, slack: float = 0.0) -> bool:
        """Whether a point lies on it, or within `slack` px."""
        if not self.disc:
            return self.box.holds(x, y, slack)
        cx, cy = self.box.centre
        return math.hypot(x - cx, y - cy) <= self.box.width / 2 + slack


class Touches:
    """The fingers on the glass and what each of them holds."""

    def __init__(self) -> None:
        self._held: dict[object, Target] = {}
        self._outside: set[object] = set()

    def down(self, finger: object, x: float, y: float, targets: Iterable[Target]) -> Target | None:
        """A finger went down: the last drawn of the targets there is pressed and returned."""
        found = None
        for target in targets:
            if target.holds(x, y):
                found = target
        if found is not None:
            already = found in self._held.values()
            self._held[finger] = found
            if not already:
                found.feel(True)
        return found

    def move(self, finger: object, x: float, y: float) -> None:
        """A finger slid: its target follows whether it would be given."""
        target = self._held.get(finger)
        if target is None:
            return
        if target.grabbed:
            target.slide(x, y)
            return
        inside = target.holds(x, y, target.slack)
        if inside and finger in self._outside:
            self._outside.discard(finger)
            target.feel(True)
        elif not inside and finger not in self._outside:
            self._outside.add(finger)
            target.feel(False)

    def up(self, finger: object, x: float, y: float) -> Target | None:
        """A finger lifted: its target, when it was given."""
        self.move(finger, x, y)
        target = self._held.pop(finger, None)
        if target is None:
            return None
        inside = finger not in self._outside
        self._outside.discard(finger)
        if inside and target not in self._held.values():
            target.feel(False)
        return target if inside else None

    def forget(self) -> None:
        """The picture changed: fingers still down belong to nothing."""
        for finger, target in self._held.items():
            if finger not in self._outside:
                target.feel(False)
        self._held.clear()
        self._outside.clear()
