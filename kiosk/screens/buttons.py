"""Buttons: a plate with words, an icon or both."""

from typing import Any

from kivy.properties import StringProperty

from kiosk.screens import geometry, theme, typesetting
from kiosk.screens.parts import Icon, Plate, Words


class TapButton(Plate):
    """A plate with words, an icon or both, in one of six looks.

    look: plain (panel and edge), chosen and primary (accent), quiet (words alone),
        flat (panel without an edge), off (nothing to tap at the moment).
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
        inset: float | None = None,
        align: float = 0.5,
        above: bool = False,
    ) -> None:
        """Show the button in the box, its icon left of the words or above them.

        inset: how far (px) from the left edge icon and words begin; without, they are centred.
        align: where shorter lines stand among longer ones: 0 left, 1 right.
        """
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
        left = box.x + ((box.width - total) / 2 if inset is None else inset)
        if icon:
            self.picture.draw(icon, icon_size, (left + icon_size / 2, box.centre[1]), ink)
        else:
            self.picture.hide()
        words = geometry.Box(left + icon_size + gap, box.y, setting.width, box.height)
        self.words.put(setting, words, ink, align if inset is None else 0.0)

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
        if look == "off":
            ink, fill, edge = style.soft, style.ground, style.track
        if pressed:
            fill = edge if look == "chosen" else style.track
            edge, ink = style.ink, style.ink
        self.draw(box, fill, edge, self.radius, frame.border)
        return ink


class Band(TapButton):
    """A button that lies below everything else, whole like a ground."""
