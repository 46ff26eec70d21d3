"""Paragraphs with icons beside them, on as many pages as large words need, and a code to the right
or below.
"""

from collections.abc import Sequence

import msgspec

from kiosk.screens import parts, typesetting
from kiosk.screens.geometry import Box
from kiosk.screens.qr import Code
from kiosk.screens.screen import Scene, Screen


class Paragraph(msgspec.Struct, frozen=True):
    """Words with, perhaps, an icon at their left; `strong` ones are what one came for."""

    text: str
    icon: str = ""
    strong: bool = False


def put(page: Screen, scene: Scene, box: Box, said: Sequence[Paragraph], address: str) -> None:
    """Set the paragraphs in the box, and a code for the address where there is one."""
    box = _code(page, scene, box, address)
    settings = _set(page, scene, said, box.width, box.height)
    pages = _pages(scene, settings, box.height)
    if len(pages) > 1:
        box = page.turning(box, len(pages))
        settings = _set(page, scene, said, box.width, box.height)
        pages = _pages(scene, settings, box.height)
    shown = pages[min(page.page, len(pages) - 1)]
    frame = scene.frame
    gap = frame.gap * 1.3
    total = sum(settings[i].height for i in shown) + gap * (len(shown) - 1)
    top = box.top if not frame.upright else min(box.top, box.centre[1] + total / 2)
    for i in shown:
        band = Box(box.x, top - settings[i].height, box.width, settings[i].height)
        indent = _indent(scene, said[i])
        tone = scene.colours.ink
        if said[i].icon:
            size = frame.size("small") * 1.3
            line = settings[i].size * settings[i].leading
            centre = (band.x + size / 2, band.top - line / 2)
            page.part(parts.Icon, f"icon:{i}").draw(said[i].icon, size, centre, scene.colours.soft)
        words = page.part(parts.Words, f"says:{i}")
        rest = Box(band.x + indent, band.y, band.width - indent, band.height)
        words.put(settings[i], rest, tone, 0, 1)
        top -= settings[i].height + gap


def _code(page: Screen, scene: Scene, box: Box, address: str) -> Box:
    frame = scene.frame
    if not address or frame.larger:
        return box
    if frame.upright:
        side = min(box.height * 0.42, box.width * 0.55)
        below = Box(box.centre[0] - side / 2, box.y, side, side)
        rest = Box(box.x, below.top + frame.gap * 2, box.width, box.height - side - frame.gap * 2)
    else:
        side = min(box.height, box.width * 0.3)
        below = Box(box.right - side, box.top - side, side, side)
        rest = Box(box.x, box.y, box.width - side - frame.gap * 4, box.height)
    part = page.part(Code, "code")
    return rest if part.put(address, below, scene.colours, frame.radius) else box


def _indent(scene: Scene, said: Paragraph) -> float:
    return scene.frame.size("small") * 2 if said.icon else 0.0


def _set(
    page: Screen, scene: Scene, said: Sequence[Paragraph], width: float, height: float
) -> list[typesetting.Setting]:
    """As large as words to tap where there is room, else as notes."""
    for role in ("medium", "small"):
        found = [
            page.setting(
                one.text,
                "medium" if one.strong else role,
                "strong" if one.strong else "note",
                width - _indent(scene, one),
                most=8,
            )
            for one in said
        ]
        if len(_pages(scene, found, height)) == 1:
            break
    return found


def _pages(scene: Scene, settings: Sequence[typesetting.Setting], height: float) -> list[list[int]]:
    gap = scene.frame.gap * 1.3
    pages: list[list[int]] = [[]]
    used = 0.0
    for i, setting in enumerate(settings):
        if pages[-1] and used + gap + setting.height > height + 1:
            pages.append([])
            used = 0.0
        used += setting.height + (gap if pages[-1] else 0)
        pages[-1].append(i)
    return pages
