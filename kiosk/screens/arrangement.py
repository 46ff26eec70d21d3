"""How the answers of a question stand: in a row, in one column, or in two columns of rows. PURE.

A row is what a lengthwise screen shows. Upright, where a row of full-size faces does not fit, it is
one column of full-width rows, best on top. *Larger* takes two columns of rows, and pages, when
words ask.
"""

from collections.abc import Sequence
from typing import Literal

import msgspec

from kiosk.screens.geometry import Box, Frame, grid

Kind = Literal["row", "column", "tiles"]

SPREAD = 1.75
"""In a row, faces stand at most this many diameters apart, middle to middle."""
MOST_COLUMNS = 4
"""Lengthwise, so many chips stand beside one another at the most."""
FULL_SIZE_MM = 48.0
"""Upright, a row stands only where its faces can be this wide, or 0.4 of a narrow panel: else a
column.
"""


class Slot(msgspec.Struct, frozen=True):
    """Where one answer stands: what is tapped, the face's middle and radius, the word's box."""

    box: Box
    centre: tuple[float, float]
    radius: float
    word: Box


def kind(frame: Frame, count: int, wanted: str, words: Sequence[float]) -> Kind:
    """Choose row, column or tiles. `words`: the widths (px) the widest word of each answer
    needs.
    """
    inner = frame.width - 2 * frame.margin
    cell = inner / count
    if frame.larger and any(width > cell - max(frame.gap, apart(frame)) for width in words):
        return "column" if frame.upright else "tiles"
    if frame.upright and frame.lower and frame.area.height < frame.height:
        return "column" if frame.larger else "tiles"
    if wanted in ("row", "column"):
        return "row" if wanted == "row" else "column"
    full = frame.px(min(FULL_SIZE_MM, frame.mm[0] * 0.4))
    return "column" if frame.upright and cell - frame.gap < full else "row"


def columns(chips: int, *, upright: bool) -> int:
    """In how many columns so many chips stand: with as few holes in the last row as can be."""
    if upright:
        return 1 if chips in (1, 3) else 2
    return max(1, -(-chips // max(1, -(-chips // MOST_COLUMNS))))


def apart(frame: Frame) -> float:
    """What is free between the words of two faces in a row: more than between two words of one."""
    return max(frame.gap / 2, frame.size("medium") * 0.6)


def row(frame: Frame, faces: Box, words: Box, count: int) -> list[Slot]:
    """Faces side by side in one box, their words below in the other."""
    diameter = min(faces.height, faces.width / count - frame.gap)
    # few faces stay together in the middle; large words need the room
    cell = faces.width / count
    cell = cell if frame.larger else min(cell, diameter * SPREAD)
    left = faces.x + (faces.width - cell * count) / 2
    between = apart(frame)
    slots = []
    for i in range(count):
        x = left + cell * i
        centre = (x + cell / 2, faces.centre[1])
        slots.append(
            Slot(
                Box(centre[0] - diameter / 2, centre[1] - diameter / 2, diameter, diameter),
                centre,
                diameter / 2,
                Box(x + between / 2, words.y, cell - between, words.height),
            )
        )
    return slots


def rows(frame: Frame, box: Box, count: int, columns: int) -> list[Slot]:
    """Full rows in one column or two: the face left, its word beside it, the whole row the
    target.
    """
    slots = []
    for cell in grid(box, count, columns, frame.gap):
        least = frame.px(frame.sizes.row_face_mm)
        # in *larger* words come first
        room = cell.width * (0.2 if frame.larger else 0.3 if columns > 1 else 0.4)
        diameter = min(max(least, min(cell.height * 0.78, room)), cell.height - 4)
        pad = max(frame.gap, (cell.height - diameter) / 2 + frame.gap * 0.6)
        pad = min(pad, frame.gap * (1.2 if frame.larger else 2.2))
        centre = (cell.x + pad + diameter / 2, cell.centre[1])
        apart = frame.gap if frame.larger else min(frame.gap * 2.4, cell.width * 0.05)
        left = cell.x + pad + diameter + apart
        word = Box(left, cell.y, cell.right - left - frame.gap, cell.height)
        slots.append(Slot(cell, centre, diameter / 2, word))
    return slots
