"""A QR code as one mesh of squares on a light card; segno makes it, loaded when first asked for."""

from array import array
from typing import Any

from kivy.graphics import Color, Mesh
from kivy.logger import Logger
from kivy.properties import StringProperty
from kivy.uix.widget import Widget

from kiosk.screens import faces, geometry, outline, palette, theme

QUIET = 4
"""Modules of free space around a code (ISO/IEC 18004)."""


class Code(Widget):
    """A code for an address. One that cannot be made is not shown."""

    name = StringProperty("")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        with self.canvas:
            self._light = Color()
            self._card = faces.mesh(faces.EMPTY)
            self._dark = Color()
            self._modules = Mesh(mode="triangles")
        self._drawn: tuple[object, ...] = ()
        self.shown = geometry.Box(0, 0, 0, 0)

    def put(self, text: str, box: geometry.Box, colours: theme.Colours, radius: float) -> bool:
        """Show the code of a text, as large as the box; whether there is one."""
        if self._drawn != (text, box):
            squares = _squares(text, box)
            if squares is None:
                return False
            self._drawn = (text, box)
            faces.put(
                self._card,
                outline.plate(box.x, box.y, box.width, box.height, radius),
            )
            self._modules.vertices, self._modules.indices = squares
        self._light.rgba = palette.rgba("#FFFFFF")
        self._dark.rgba = palette.rgba(colours.face_ink)
        self.shown = box
        return True

    def hide(self) -> None:
        """Show nothing."""
        if self._drawn:
            self._drawn = ()
            faces.put(self._card, faces.EMPTY)
            faces.put(self._modules, faces.EMPTY)


def _squares(text: str, box: geometry.Box) -> outline.Shape | None:
    import segno  # noqa: PLC0415  # only who asks for an answer waits for it

    try:
        matrix = segno.make(text, error="m", micro=False).matrix
    except (segno.DataOverflowError, ValueError) as error:
        Logger.warning(f"Screens: no QR code for {text[:60]!r} ({error})")
        return None
    count = len(matrix) + 2 * QUIET
    # whole pixels, so that every module is as wide as the next
    step = max(1, int(box.width / count))
    side = step * count
    left = round(box.x + (box.width - side) / 2) + QUIET * step
    top = round(box.top - (box.height - side) / 2) - QUIET * step
    vertices, indices = array("f"), array("H")
    for row, modules in enumerate(matrix):
        for column, dark in enumerate(modules):
            if dark:
                x, y = left + column * step, top - (row + 1) * step
                base = len(vertices) // 4
                for dx, dy in ((0, 0), (step, 0), (step, step), (0, step)):
                    vertices.extend((x + dx, y + dy, 0, 0))
                indices.extend(base + i for i in (0, 1, 2, 0, 2, 3))
    return vertices, indices
