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
MOST_LINES = 3


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
    """A pill for a message, at most `most` px wide: one line, or two closer ones when it must.

    In *larger* its words never shrink: it takes more lines, and is higher than a button then.
    """
    frame = screen.scene.frame
    height, size = frame.button, frame.size(role)
    # what has no edge needs no air
    air = (
        0.0
        if look == "quiet" and frame.larger
        else 2 * min(height * 0.42, frame.size("small") * AIR)
    )
    setting = screen.setting(message, role, weight, most - air, most=1, least=1)
    if setting.size < (frame.promised - 1 if frame.larger else size * 0.95):
        air = min(air, height * 0.5)
        setting = glyphs.setting(
            message,
            weight,
            size,
            most - air,
            height=float("inf") if frame.larger else height * 0.92,
            most=MOST_LINES if frame.larger else 2,
            least=frame.promised,
            leading=typesetting.LEADING["large"],
        )
        height = max(height, setting.height + size * 0.3) if frame.larger else height
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

    def put(self, box: geometry.Box, align: float = 0.5) -> None:
        """Put it: the box says where, the button keeps its height in the middle of it; `align` is
        of its lines to one another.
        """
        height = min(self.height, box.height) if box.height else self.height
        placed = geometry.Box(box.x, box.centre[1] - height / 2, box.width, height)
        frame = self.screen.scene.frame
        least = frame.sizes.button_larger_mm if frame.larger else frame.sizes.button_mm
        self.screen.button(
            self.name,
            placed,
            self.give,
            setting=self.setting,
            look=self.look,
            radius=min(height, frame.button) / 2,
            least=(0, least),
            align=align,
        )
