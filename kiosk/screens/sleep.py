"""Out of hours: dark and still, a face asleep; any touch wakes it."""

from kiosk.screens import geometry, parts, spots
from kiosk.screens.arrangement import Slot
from kiosk.screens.geometry import Row
from kiosk.screens.screen import Scene, Screen

WAKE = "Touch to wake"
MOOD = 0.4


class Sleep(Screen):
    """One dim face with shut eyes and two words."""

    def arrange(self, scene: Scene) -> None:
        """Face and words in the middle."""
        frame = scene.frame
        size = min(frame.width, frame.height) * 0.26
        wake = self.setting(scene.say(WAKE), "small", "note", frame.width * 0.8, most=2)
        box = geometry.Box(0, 0, frame.width, frame.height)
        rows = [Row(0, 0, 1), Row(size), Row(frame.gap * 2), Row(wake.height), Row(0, 0, 1)]
        _, face, _, below, _ = geometry.stack(box, rows)
        night, ink = scene.colours.night, scene.colours.night_ink
        spot = self.part(spots.FaceSpot, "asleep")
        spot.asleep(Slot(face, face.centre, size / 2, face), MOOD, night, ink)
        self.part(parts.Words, "wake").put(wake, below, ink)
