"""Where the keys of the keyboard stand. PURE.

Four rows: three of letters (or digits, or accents), the third between shift and backspace, and one
with the pages, the space bar, the signs and *send*. Every key keeps the theme's millimetres.
"""

from collections.abc import Sequence
from typing import Literal

import msgspec

from kiosk import layouts
from kiosk.screens.geometry import Box, Frame

Page = Literal["letters", "digits", "accents"]
Role = Literal["letter", "shift", "backspace", "page", "space", "send"]


PAGE, SIGN, SEND = 1.45, 0.8, 2.1
"""Widths of the keys beside the space bar, in letters."""


class Key(msgspec.Struct, frozen=True):
    """A key: what it is, what it types or opens, and where it stands."""

    role: Role
    text: str
    box: Box


def least(frame: Frame) -> tuple[float, float, float]:
    """Width and height of a key and what is between two, in millimetres."""
    return frame.sizes.key_upright_mm if frame.upright else frame.sizes.key_mm


def height(frame: Frame) -> float:
    """The least height of a keyboard (px)."""
    _, tall, apart = least(frame)
    return frame.px(tall) * 4 + frame.px(apart) * 3


def width(frame: Frame, columns: int) -> float:
    """The least width of a keyboard with so many columns (px)."""
    wide, _, apart = least(frame)
    return frame.px(wide) * columns + frame.px(apart) * (columns - 1)


def columns(layout: layouts.Layout) -> int:
    """How many keys the longest row has, of letters or of the other pages."""
    return max(map(len, (*layout.rows, *layouts.DIGITS, *layouts.ACCENTS)))


def placed(frame: Frame, box: Box, layout: layouts.Layout, page: Page) -> list[Key]:
    """All keys of a page in the box."""
    gap = frame.px(least(frame)[2])
    rows = {"letters": layout.rows, "digits": layouts.DIGITS, "accents": layouts.ACCENTS}[page]
    # each page fills the keyboard from side to side; the row below it is the same for all
    unit = _unit(box, max(map(len, rows)), gap)
    tall = (box.height - gap * 3) / 4
    keys: list[Key] = []
    for number, letters in enumerate(rows):
        y = box.top - tall * (number + 1) - gap * number
        band = Box(box.x, y, box.width, tall)
        keys += _row(band, letters, unit, gap, last=number == 2, page=page)
    bottom = Box(box.x, box.y, box.width, tall)
    unit = _unit(box, columns(layout), gap)
    return keys + _bottom(bottom, unit, gap, page, frame.px(least(frame)[0]))


def _unit(box: Box, count: int, gap: float) -> float:
    """How wide a key is where so many stand side by side."""
    return (box.width - gap * (count - 1)) / count


def _row(
    band: Box, letters: Sequence[str], unit: float, gap: float, *, last: bool, page: Page
) -> list[Key]:
    total = unit * len(letters) + gap * (len(letters) - 1)
    # digits have no shift: all that is beside them is the backspace
    side = 0.0 if last and page == "digits" else (band.width - total) / 2
    keys = []
    x = band.x + side
    for letter in letters:
        keys.append(Key("letter", letter, Box(x, band.y, unit, band.height)))
        x += unit + gap
    if not last:
        return keys
    wide = band.right - x
    right = Box(x, band.y, wide, band.height)
    if page == "digits":
        return [*keys, Key("backspace", "", right)]
    return [
        Key("shift", "", Box(band.x, band.y, wide, band.height)),
        *keys,
        Key("backspace", "", right),
    ]


def _bottom(band: Box, unit: float, gap: float, page: Page, least: float) -> list[Key]:
    """Pages, space, signs, send: in units of a letter; the space bar takes what is left.

    least: the least width of a key (px): on a narrow panel a sign is as wide as a letter.
    """
    sign = max(least, SIGN * unit)
    shares: list[tuple[Role, str, float]] = [
        ("page", "digits" if page != "digits" else "letters", max(least, PAGE * unit)),
        ("page", "accents" if page != "accents" else "letters", max(least, PAGE * unit)),
        ("space", " ", 0.0),
        *[("letter", mark, sign) for mark in layouts.SIGNS],
        ("send", "", SEND * unit),
    ]
    fixed = sum(share for _, _, share in shares) + gap * (len(shares) - 1)
    keys, x = [], band.x
    for role, text, share in shares:
        wide = share or band.width - fixed
        keys.append(Key(role, text, Box(x, band.y, wide, band.height)))
        x += wide + gap
    return keys
