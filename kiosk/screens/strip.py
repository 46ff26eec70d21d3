"""What lies along the edges of thanks, reasons and comment: *next customer* below, the time
above.
"""

from collections.abc import Sequence

from kivy.clock import Clock

from kiosk import signals, view
from kiosk.screens import answers, buttons, geometry, parts, spots, theme
from kiosk.screens.arrangement import Slot
from kiosk.screens.geometry import Box
from kiosk.screens.screen import Scene, Screen

theme.load("strip")

BLEED = 12
"""Pixels that what touches the screen's edge reaches past it, for the hourly shift."""
APART = 1.24
"""From the middle of a face on the button to that of the next, in diameters."""
LEAST_FACE = 6.0
"""Millimetres to which those faces shrink before large words take two lines."""
BAR = 0.0095
"""The time bar's height, as a part of the screen's."""


class Strip(Screen):
    """A screen with the full-width button along the bottom. It begins a new visit at once."""

    def strip(self, scene: Scene) -> Box:
        """Put *next customer* when the session offers it; returns what is left above it."""
        frame, area = scene.frame, scene.frame.area
        if not scene.view.can_next:
            return area
        faces = scene.view.faces if scene.view.kind == "faces" else ()
        height = frame.button * (1.0 if frame.low or frame.larger else 1.25)
        diameter = min(height * 0.6, frame.px(9))
        room = area.width * 0.94
        setting = self.set("next", room - _across(faces, diameter, frame), most=2)
        # words on two lines: the faces grow smaller if that spares one, in *larger* before the
        # button grows higher, as words do not shrink there
        for smaller in (diameter * 0.88, diameter * 0.76, min(diameter, frame.px(LEAST_FACE))):
            closer = self.set("next", room - _across(faces, smaller, frame), most=2)
            if len(closer.lines) < len(setting.lines):
                setting, diameter = closer, smaller
        if frame.larger:
            height = max(height, setting.height + frame.gap)
        elif setting.height > height * 0.9:
            width = room - _across(faces, diameter, frame)
            setting = self.set("next", width, most=2, height=height * 0.9)
        band = Box(area.x - BLEED, area.y, area.width + 2 * BLEED, height)
        plate = self.part(buttons.Band, "strip")
        drawn = Box(band.x, band.y - BLEED, band.width, band.height + BLEED)
        plate.put(drawn, scene.colours, frame, look="strip", radius=0)
        self.target(
            "next",
            Box(area.x, band.y, area.width, height),
            signals.NextCustomer(),
            feel=plate.feel,
            least=(0, frame.sizes.button_mm),
        )
        total = setting.width + _across(faces, diameter, frame)
        left = area.x + (area.width - total) / 2
        self.words("next", setting, Box(left, band.y, setting.width, height))
        x = left + setting.width + frame.gap * 2 + diameter / 2
        for face in faces:
            spot = self.part(spots.FaceSpot, f"small:{face.number}")
            slot = Slot(band, (x, band.centre[1]), diameter / 2, band)
            skin = answers.skin(scene, face)
            spot.show(face.mood, slot, skin=skin, colours=scene.colours)
            x += diameter * APART
        return Box(area.x, band.top, area.width, area.top - band.top)

    def time_bar(self, scene: Scene) -> None:
        """Show how much of the time is left, along the upper edge, while a countdown runs."""
        run = scene.view.countdown
        if run is None:
            return
        self._bar(scene)
        Clock.unschedule(self._step)
        # who asked for more time is not hurried by something that slides
        Clock.schedule_interval(self._step, 1.0 if "slow" in scene.view.modes else 1 / 30)

    def _step(self, _dt: float) -> bool:
        """Draw the bar anew; ends by itself with the countdown or the screen."""
        if self.parent is None or self.scene.view.countdown is None:
            return False
        self._bar(self.scene)
        return True

    def _bar(self, scene: Scene) -> None:
        run = scene.view.countdown
        if run is None:
            return
        frame = scene.frame
        whole = max(1, run.ends_ms - run.began_ms)
        left = max(0.0, min(1.0, (run.ends_ms - scene.now_ms()) / whole))
        height = bar_height(frame)
        top = frame.height - height
        colours = scene.colours
        for name, colour, width in (
            ("bar:left", colours.ink, frame.width * left),
            ("bar:gone", colours.track, frame.width + 2 * BLEED),
        ):
            part = self.part(parts.Plate, name)
            box = geometry.Box(-BLEED, top, width + BLEED, height + BLEED)
            part.draw(box, colour, colour, 0, 0)


def bar_height(frame: geometry.Frame) -> float:
    """The time bar's height (px)."""
    return max(4, round(frame.height * BAR))


def _across(faces: Sequence[view.Face], diameter: float, frame: geometry.Frame) -> float:
    """The width of the faces on the button, with what is between them and the words."""
    return diameter * APART * len(faces) + frame.gap * 2 if faces else 0.0
