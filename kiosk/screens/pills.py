"""Round buttons as wide as their words: measured first, put when all in their line are known."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from kiosk import signals
from kiosk.screens import geometry, glyphs, typesetting

if TYPE_CHECKING:
    from kiosk.screens.screen import Screen

AIR = 1.3
"""Left and right of the words, in sizes of a note; less in the round of a low button."""


def measured(
    screen: Screen,
    name: str,
    give: signals.Signal | Callable[[], object],
    message: str,
    *,
    role: str,
    weight: str,
    look: str,
    most: float,
) -> Pill:
    """A pill for a message, at most `most` px wide: one line, or two closer ones when it must."""
    frame = screen.scene.frame
    height, size = frame.button, frame.size(role)
    air = 2 * min(height * 0.42, frame.size("small") * AIR)
    setting = screen.setting(message, role, weight, most - air, most=1, least=1)
    if setting.size < size * 0.95:
        air = height * 0.5
        setting = glyphs.setting(
            message,
            weight,
            size,
            most - air,
            height=height * 0.92,
            most=2,
            least=0.0,
            leading=typesetting.LEADING["large"],
        )
    return Pill(screen, name, give, setting, max(height * 1.25, setting.width + air), height, look)


class Pill(msgspec.Struct, frozen=True):
    """A button measured and not yet put."""

    screen: Screen
    name: str
    give: signals.Signal | Callable[[], object]
    setting: typesetting.Setting
    width: float
    height: float
    look: str

    def put(self, box: geometry.Box) -> None:
        """Put it: the box says where, the button keeps its height in the middle of it."""
        height = min(self.height, box.height) if box.height else self.height
        placed = geometry.Box(box.x, box.centre[1] - height / 2, box.width, height)
        sizes = self.screen.scene.frame.sizes
        least = sizes.button_larger_mm if self.screen.scene.frame.larger else sizes.button_mm
        self.screen.button(
            self.name,
            placed,
            self.give,
            setting=self.setting,
            look=self.look,
            radius=height / 2,
            least=(0, least),
        )
