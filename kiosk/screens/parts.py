"""The parts that screens are made of: words, plates, buttons, faces. Each is made once and put
anew.

Nothing is computed or uploaded again for what did not change: a part compares what it is told with
what it shows.
"""

from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.properties import StringProperty
from kivy.uix.widget import Widget

from kiosk.screens import (
    faces,
    geometry,
    glyphs,
    icons,
    outline,
    palette,
    typesetting,
)


class Words(Widget):
    """Text set by `typesetting`, in one place and colour. `message` is what a .kv says in
    English.
    """

    name = StringProperty("")
    message = StringProperty("")
    role = StringProperty("small")
    weight = StringProperty("note")
    tone = StringProperty("ink")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        with self.canvas:
            self._colour = Color()
            self._picture = Rectangle(size=(0, 0))
        self._drawn: tuple[object, ...] = ()
        self._changing = glyphs.Changing()
        self.changing = False
        self.text = ""
        self.setting: typesetting.Setting | None = None
        self.shown = geometry.Box(0, 0, 0, 0)
        self.room = geometry.Box(0, 0, 0, 0)

    def put(
        self,
        setting: typesetting.Setting,
        box: geometry.Box,
        colour: str,
        align: float = 0.5,
        upright: float = 0.5,
        *,
        changing: bool = False,
    ) -> None:
        """Show the text in the box: `align` 0 left … 1 right, `upright` 0 below … 1 above.

        `changing` tells that this text will hardly come again (what a customer types).
        """
        self._colour.rgba = palette.rgba(colour)
        self.changing = changing
        self.text, self.setting, self.room = setting.text, setting, box
        halign = "left" if align < 0.25 else "right" if align > 0.75 else "center"
        if self._drawn != (setting, halign):
            self._drawn = (setting, halign)
            if changing:
                made = self._changing.texture(setting, halign, box.width + setting.size)
            else:
                made = glyphs.texture(setting, halign)
            self._picture.texture = made
            self._picture.size = (
                (made.width * setting.narrowed, made.height) if made is not None else (0, 0)
            )
            # a texture that was written over is the same one to the canvas
            self.canvas.ask_update()
        width, height = self._picture.size
        # in whole pixels: letters between two pixels are soft
        left = round(box.x + (box.width - width) * align)
        low = round(box.y + (box.height - height) * upright)
        self._picture.pos = (left, low)
        inset = (width - setting.width) * align if changing else 0.0
        width = setting.width if changing else width
        self.shown = geometry.Box(left + inset, low, width, height)

    def hide(self) -> None:
        """Show nothing."""
        self._drawn, self.text, self.setting = (), "", None
        self._picture.texture, self._picture.size = None, (0, 0)
        if self.changing:
            self.changing = False
            self._changing.forget()


class Plate(Widget):
    """A box with round corners and a thin edge."""

    name = StringProperty("")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        with self.canvas.before:
            self._edge_colour = Color()
            self._edge = faces.mesh(faces.EMPTY)
            self._fill_colour = Color()
            self._fill = faces.mesh(faces.EMPTY)
        self._drawn: tuple[object, ...] = ()
        self.place = geometry.Box(0, 0, 0, 0)

    def draw(
        self,
        box: geometry.Box,
        fill: str,
        edge: str,
        radius: float,
        border: float,
        *,
        alpha: float = 1.0,
    ) -> None:
        """Show the box; without a border its edge is not seen."""
        self._fill_colour.rgba = palette.rgba(fill, alpha)
        self._edge_colour.rgba = palette.rgba(edge, alpha if border else 0.0)
        if self._drawn == (box, radius, border):
            return
        self._drawn, self.place = (box, radius, border), box
        snapped = geometry.Box(round(box.x), round(box.y), round(box.width), round(box.height))
        inner = snapped.inset(border)
        outer = outline.plate(snapped.x, snapped.y, snapped.width, snapped.height, radius)
        faces.put(self._edge, outer)
        faces.put(
            self._fill,
            outline.plate(inner.x, inner.y, inner.width, inner.height, max(0, radius - border)),
        )

    def hide(self) -> None:
        """Show nothing."""
        if self._drawn:
            self._drawn = ()
            faces.put(self._edge, faces.EMPTY)
            faces.put(self._fill, faces.EMPTY)


class Card(Plate):
    """A plate that lies over everything drawn before it."""


class Mark(Plate):
    """A plate behind words or between them, above the plate they stand on."""


class Icon(Widget):
    """A drawing of lines."""

    name = StringProperty("")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        with self.canvas:
            self._colour = Color()
            self._mesh = faces.mesh(faces.EMPTY)
        self._drawn: tuple[object, ...] = ()

    def draw(self, name: str, size: float, centre: outline.Point, colour: str) -> None:
        """Show an icon, `size` px wide, around a point."""
        self._colour.rgba = palette.rgba(colour)
        if self._drawn != (name, size, centre):
            self._drawn = (name, size, centre)
            faces.put(self._mesh, icons.shape(name, size, *centre))

    def hide(self) -> None:
        """Show nothing."""
        if self._drawn:
            self._drawn = ()
            faces.put(self._mesh, faces.EMPTY)
