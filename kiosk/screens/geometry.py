"""Boxes, rows and grids; pixels and millimetres. PURE: nothing here knows of Kivy.

Boxes have their origin at the bottom left and y upward, as the window has. Sizes come from `Frame`,
which is made of the panel's pixels and millimetres and of the theme's numbers.
"""

import math
from collections.abc import Sequence

import msgspec


class Box(msgspec.Struct, frozen=True):
    """A rectangle: left, bottom, width and height in px."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def top(self) -> float:
        """The upper edge."""
        return self.y + self.height

    @property
    def centre(self) -> tuple[float, float]:
        """The middle point."""
        return self.x + self.width / 2, self.y + self.height / 2

    def inset(self, x: float, y: float | None = None) -> "Box":
        """The box made smaller by x at the sides and y (default x) above and below."""
        y = x if y is None else y
        return Box(self.x + x, self.y + y, self.width - 2 * x, self.height - 2 * y)

    def moved(self, x: float, y: float) -> "Box":
        """The same box elsewhere."""
        return Box(self.x + x, self.y + y, self.width, self.height)

    def holds(self, x: float, y: float, slack: float = 0.0) -> bool:
        """Whether a point lies in it, or within `slack` px of it."""
        return self.x - slack <= x <= self.right + slack and self.y - slack <= y <= self.top + slack

    def overlaps(self, other: "Box", by: float = 0.5) -> bool:
        """Whether the two share an area more than `by` px deep."""
        return (
            min(self.right, other.right) - max(self.x, other.x) > by
            and min(self.top, other.top) - max(self.y, other.y) > by
        )

    def within(self, other: "Box", by: float = 0.5) -> bool:
        """Whether it lies in the other, give or take `by` px."""
        return (
            self.x >= other.x - by
            and self.y >= other.y - by
            and self.right <= other.right + by
            and self.top <= other.top + by
        )


class Row(msgspec.Struct, frozen=True):
    """A band of a stack: the height it wants, the least it can do with, its share of spare
    height.
    """

    want: float
    least: float = -1.0
    stretch: float = 0.0

    @property
    def floor(self) -> float:
        """The least height."""
        return self.want if self.least < 0 else self.least


def shares(total: float, rows: Sequence[Row]) -> list[float]:
    """Divide a height: spare goes by `stretch`, want is taken from what can give, down to its
    floor.
    """
    spare = total - sum(row.want for row in rows)
    if spare >= 0:
        stretch = sum(row.stretch for row in rows)
        # the part first: it lies in 0 … 1 however small or large the stretches are
        return [row.want + (spare * (row.stretch / stretch) if stretch else 0.0) for row in rows]
    give = sum(row.want - row.floor for row in rows)
    part = min(1.0, -spare / give) if give > 0 else 0.0
    return [row.want - (row.want - row.floor) * part for row in rows]


def stack(box: Box, rows: Sequence[Row]) -> list[Box]:
    """Bands from the top down; what stretches takes up spare height (nothing does: the rest is
    below).
    """
    boxes, top = [], box.top
    for height in shares(box.height, rows):
        boxes.append(Box(box.x, top - height, box.width, height))
        top -= height
    return boxes


def line(box: Box, widths: Sequence[float], gap: float, align: float = 0.5) -> list[Box]:
    """Boxes side by side, `gap` apart; `align` 0 is left, 0.5 centred, 1 right."""
    total = sum(widths) + gap * (len(widths) - 1)
    x, boxes = box.x + (box.width - total) * align, []
    for width in widths:
        boxes.append(Box(x, box.y, width, box.height))
        x += width + gap
    return boxes


def grid(box: Box, count: int, columns: int, gap: float) -> list[Box]:
    """Equal cells, left to right and top to bottom, filling the box."""
    rows = math.ceil(count / columns)
    width = (box.width - gap * (columns - 1)) / columns
    height = (box.height - gap * (rows - 1)) / rows
    return [
        Box(
            box.x + (i % columns) * (width + gap),
            box.top - (i // columns + 1) * height - (i // columns) * gap,
            width,
            height,
        )
        for i in range(count)
    ]


class Sizes(msgspec.Struct, frozen=True):
    """The theme's numbers, as theme.kv has them: parts of the reference screen, and millimetres."""

    large: float
    medium: float
    small: float
    margin: float
    gap: float
    radius: float
    border: float
    large_mm: float
    medium_mm: float
    small_mm: float
    larger_mm: float
    larger_least_mm: float
    face_mm: float
    row_face_mm: float
    row_mm: float
    button_mm: float
    button_larger_mm: float
    button: float
    key_mm: tuple[float, float, float]
    key_upright_mm: tuple[float, float, float]
    low_panel_mm: float
    high_panel_mm: float
    corner_mm: float


REFERENCE = 1280 * 800
TEN_INCH = 256.0
"""Diagonal in millimetres of the panel for which *larger* promises its capitals."""
CAPITAL = 0.727
"""Inter's capitals over its size (its OS/2 table: 1490 of 2048 units)."""
SEVEN_INCH = (154, 86)
"""The Raspberry Pi's own 7-inch panel, lengthwise (mm)."""


class Frame(msgspec.Struct, frozen=True):
    """One panel with one visitor's needs: what the layouts measure with."""

    width: float
    height: float
    mm: tuple[float, float]
    sizes: Sizes
    modes: frozenset[str] = frozenset()

    @property
    def area(self) -> Box:
        """Where content may lie: all, or the lower half (below 130 mm: all, filled from below).

        In *larger* the lower 130 mm where they are more than half: large words need the height.
        """
        height, least = self.height, self.px(self.sizes.low_panel_mm)
        if self.lower and self.mm[1] >= self.sizes.low_panel_mm:
            height = min(height, max(height / 2, least if self.larger else 0.0))
        return Box(0, 0, self.width, height)

    @property
    def upright(self) -> bool:
        """Whether the panel stands."""
        return self.height > self.width

    @property
    def larger(self) -> bool:
        """Easier use: larger words."""
        return "larger" in self.modes

    @property
    def lower(self) -> bool:
        """Easier use: everything low."""
        return "lower" in self.modes

    @property
    def low(self) -> bool:
        """Whether height is short: fewer than 105 mm or half a screen."""
        return self.area.height / self.per_mm < 105

    @property
    def per_mm(self) -> float:
        """Pixels per millimetre: the coarser of the two directions, so that no promise is
        missed.
        """
        return max(self.width / self.mm[0], self.height / self.mm[1])

    @property
    def unit(self) -> float:
        """How large this screen is against the reference one (in sides, not areas)."""
        return math.sqrt(self.width * self.height / REFERENCE)

    def px(self, millimetres: float) -> float:
        """Millimetres on the glass in px."""
        return millimetres * self.per_mm

    def size(self, role: str) -> float:
        """The letters' size in px: one of three, all of them large in *larger*."""
        sizes = self.sizes
        plain: float = max(getattr(sizes, role) * self.unit, self.px(getattr(sizes, f"{role}_mm")))
        return max(plain, self._capital() / CAPITAL) if self.larger else plain

    def _capital(self) -> float:
        """The height (px) that *larger* promises of capitals on this panel."""
        part = min(1.0, math.hypot(*self.mm) / TEN_INCH)
        return self.px(max(self.sizes.larger_least_mm, self.sizes.larger_mm * part))

    @property
    def promised(self) -> float:
        """The letters' size (px) below which no word falls in *larger*; 0 without."""
        return self._capital() / CAPITAL if self.larger else 0.0

    @property
    def margin(self) -> float:
        """What stays free at the sides."""
        return self.sizes.margin * min(self.unit, self.width / 880)

    @property
    def gap(self) -> float:
        """Between neighbours that belong together."""
        return max(self.sizes.gap * self.unit, self.px(1.0))

    @property
    def button(self) -> float:
        """The height of a button: 12 mm, 15 in *larger*, more where the screen has room."""
        least = self.sizes.button_larger_mm if self.larger else self.sizes.button_mm
        roomy = self.sizes.button * self.unit
        return max(self.px(least), self.size("small") * 1.6, 0 if self.low else roomy)

    @property
    def chip(self) -> float:
        """The least height of a chip (px)."""
        least = self.sizes.button_larger_mm if self.larger else self.sizes.button_mm
        return self.px(least)

    @property
    def radius(self) -> float:
        """Of the round corners of chips, rows and keys."""
        return self.sizes.radius * self.unit

    @property
    def border(self) -> float:
        """The width of a target's outline."""
        return max(1.5, self.sizes.border * self.unit)

    def inner(self) -> Box:
        """The area without its margins at the sides."""
        area = self.area
        return Box(self.margin, area.y, area.width - 2 * self.margin, area.height)
