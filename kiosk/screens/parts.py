"""The parts that screens are made of: words, plates, buttons, faces. Each is made once and put anew.

Nothing is computed or uploaded again for what did not change: a part compares what it is told with what
it shows.
"""

from typing import Any

from kivy.animation import Animation
from kivy.graphics import Color, Rectangle
from kivy.properties import NumericProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.screens import (
    arrangement,
    faces,
    geometry,
    glyphs,
    icons,
    outline,
    palette,
    theme,
    typesetting,
)

RISE = 0.12
"""Seconds in which a released face rises."""


class Words(Widget):
    """Text set by `typesetting`, in one place and colour. `message` is what a .kv says in English."""

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
        keep: bool = True,
    ) -> None:
        """Show the text in the box: `align` 0 left … 1 right, `upright` 0 below … 1 above.

        `keep` False tells that this text will hardly come again (what a customer types).
        """
        self._colour.rgba = palette.rgba(colour)
        self.text, self.setting, self.room = setting.text, setting, box
        halign = "left" if align < 0.25 else "right" if align > 0.75 else "center"
        if self._drawn != (setting, halign):
            self._drawn = (setting, halign)
            made = glyphs.texture(setting, halign, keep=keep)
            self._picture.texture = made
            self._picture.size = made.size if made is not None else (0, 0)
        width, height = self._picture.size
        # in whole pixels: letters between two pixels are soft
        left = round(box.x + (box.width - width) * align)
        low = round(box.y + (box.height - height) * upright)
        self._picture.pos = (left, low)
        self.shown = geometry.Box(left, low, width, height)

    def hide(self) -> None:
        """Show nothing."""
        self._drawn, self.text, self.setting = (), "", None
        self._picture.texture, self._picture.size = None, (0, 0)


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

    def draw(
        self,
        box: geometry.Box,
        fill: str,
        edge: str,
        radius: float,
        border: float,
        alpha: float = 1.0,
    ) -> None:
        """Show the box; without a border its edge is not seen."""
        self._fill_colour.rgba = palette.rgba(fill, alpha)
        self._edge_colour.rgba = palette.rgba(edge, alpha if border else 0.0)
        if self._drawn == (box, radius, border):
            return
        self._drawn = (box, radius, border)
        snapped = geometry.Box(round(box.x), round(box.y), round(box.width), round(box.height))
        inner = snapped.inset(border)
        outer = outline.box(snapped.x, snapped.y, snapped.width, snapped.height, radius)
        faces.put(self._edge, outline.fill(outer))
        faces.put(
            self._fill,
            outline.fill(
                outline.box(inner.x, inner.y, inner.width, inner.height, max(0, radius - border))
            ),
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


class TapButton(Plate):
    """A plate with words, an icon or both, in one of five looks.

    look: plain (panel and edge), chosen and primary (accent), quiet (words alone),
        flat (panel without an edge).
    """

    message = StringProperty("")
    role = StringProperty("small")
    weight = StringProperty("word")
    look = StringProperty("plain")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words = Words()
        self.picture = Icon()
        self.add_widget(self.picture)
        self.add_widget(self.words)
        self._style: tuple[theme.Colours, geometry.Frame] | None = None
        self._put: tuple[geometry.Box, str] = (geometry.Box(0, 0, 0, 0), "plain")
        self.radius = 0.0

    @property
    def place(self) -> geometry.Box:
        """Where the button stands."""
        return self._put[0]

    def put(
        self,
        box: geometry.Box,
        style: theme.Colours,
        frame: geometry.Frame,
        *,
        setting: typesetting.Setting | None = None,
        icon: str = "",
        icon_size: float = 0.0,
        look: str = "plain",
        radius: float | None = None,
        align: float = 0.5,
        above: bool = False,
    ) -> None:
        """Show the button in the box, its icon left of the words or above them."""
        self._style, self._put = (style, frame), (box, look)
        self.radius = frame.radius if radius is None else radius
        ink = self._paint(pressed=False)
        icon_size = icon_size if icon else 0.0
        if setting is None:
            self.words.hide()
            if icon:
                self.picture.draw(icon, icon_size, box.centre, ink)
            else:
                self.picture.hide()
            return
        gap = icon_size * (0.22 if above else 0.42)
        if above:
            total = icon_size + gap + setting.height
            top = box.centre[1] + total / 2
            if icon:
                self.picture.draw(icon, icon_size, (box.centre[0], top - icon_size / 2), ink)
            words = geometry.Box(box.x, top - total, box.width, setting.height)
            self.words.put(setting, words, ink)
            return
        total = icon_size + gap + setting.width
        left = box.x + (box.width - total) * align
        if icon:
            self.picture.draw(icon, icon_size, (left + icon_size / 2, box.centre[1]), ink)
        else:
            self.picture.hide()
        words = geometry.Box(left + icon_size + gap, box.y, setting.width, box.height)
        self.words.put(setting, words, ink)

    def feel(self, pressed: bool) -> None:
        """Show pressed, or not."""
        if self._style is not None:
            self._paint(pressed=pressed)

    def hide(self) -> None:
        """Show nothing."""
        self._style = None
        super().hide()
        self.words.hide()
        self.picture.hide()

    def _paint(self, *, pressed: bool) -> str:
        assert self._style is not None
        style, frame = self._style
        box, look = self._put
        strong = look in ("chosen", "primary")
        ink = style.on_accent if strong else style.ink
        fill = style.accent if strong else style.panel
        edge = style.accent if strong else style.edge
        if look == "flat":
            edge = style.panel
        if look == "quiet":
            ink, fill, edge = style.soft, style.ground, style.ground
        if pressed:
            fill = edge if look == "chosen" else style.track
            edge, ink = style.ink, style.ink
        self.draw(box, fill, edge, self.radius, frame.border)
        return ink


class Band(TapButton):
    """A button that lies below everything else, whole like a ground."""


class FaceSpot(Widget):
    """A face as a widget; it squashes at once and rises within `RISE` seconds."""

    name = StringProperty("")
    press = NumericProperty(0.0)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.face = faces.Face(self.canvas)
        self._rise = Animation(press=0.0, duration=RISE, transition="out_quad")
        self._mark = Icon()
        self.add_widget(self._mark)

    def show(
        self,
        mood: float,
        slot: arrangement.Slot,
        *,
        skin: str,
        colours: theme.Colours,
        mark: str = "",
    ) -> None:
        """Draw the face in its slot, or a mark (check, cross) on the same disc."""
        self.face.show(
            mood,
            slot.centre,
            slot.radius,
            skin=palette.rgba(skin),
            ink=palette.rgba(colours.face_ink),
            light=palette.rgba(colours.face_light),
            plain=bool(mark),
        )
        if mark:
            self._mark.draw(mark, slot.radius * 1.05, slot.centre, colours.face_ink)
        else:
            self._mark.hide()
        self._rise.cancel(self)
        self.press = 0.0

    def asleep(self, slot: arrangement.Slot, mood: float, ground: str, ink: str) -> None:
        """Draw a face with shut eyes in two colours."""
        self.face.show(
            mood,
            slot.centre,
            slot.radius,
            skin=palette.rgba(ground),
            ink=palette.rgba(ink),
            light=palette.rgba(ink),
            blink=1.0,
        )

    def feel(self, pressed: bool) -> None:
        """Squash on the next frame, or rise."""
        self._rise.cancel(self)
        if pressed:
            self.press = 1.0
        elif self.press:
            self._rise.start(self)

    def on_press(self, _spot: object, amount: float) -> None:
        """Stretch what is drawn."""
        self.face.press(amount)

    def hide(self) -> None:
        """Show nothing."""
        self._rise.cancel(self)
        self.press = 0.0
        self.face.hide()
        self._mark.hide()
