"""A face as a widget: squashed at once, risen within a moment."""

from typing import Any

from kivy.animation import Animation
from kivy.properties import NumericProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.screens import arrangement, faces, palette, theme
from kiosk.screens.parts import Icon

RISE = 0.12
"""Seconds in which a released face rises."""


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
