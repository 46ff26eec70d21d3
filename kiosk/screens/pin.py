"""The staff's PIN pad. It shows how many digits stand, never which."""

from typing import Any

from kiosk import signals
from kiosk.screens import buttons, geometry, parts, theme
from kiosk.screens.geometry import Box, Row
from kiosk.screens.screen import Scene, Screen

theme.load("pin")

WRONG = "That was not the PIN."
LOCKED = "Too many wrong PINs. Try again in {time}."
HOURS = "{hours} h {minutes} min"
MINUTES = "{minutes} min"
SECONDS = "{seconds} s"
RESET = "The PIN was reset. Make a new one: smiley-kiosk pin"
CHECKING = "One moment"
LEAST = 6
"""Places drawn from the start: the digits of a PIN as it is made, so that nobody stops at four."""


class Pin(Screen):
    """Digits, backspace and OK; the way back to customers."""

    def arrange(self, scene: Scene) -> None:
        """Title, dots, note, keys, back."""
        frame, gap, pad = scene.frame, scene.frame.gap, scene.view.pad
        inner = frame.inner()
        title = self.set("title", inner.width, most=1)
        said = ""
        if pad is not None and pad.locked_s:
            said = scene.say(LOCKED).format(time=_wait(scene, pad.locked_s))
        elif pad is not None and pad.reset:
            said = scene.say(RESET)
        elif pad is not None and pad.wrong:
            said = scene.say(WRONG)
        elif pad is not None and pad.checking:
            said = scene.say(CHECKING)
        note = self.set("note", inner.width, said, most=2)
        dot = frame.size("small") * 0.8
        least = frame.px(frame.sizes.button_mm)
        key = max(least, min(frame.height * 0.105, frame.px(17)))
        rows = [
            Row(gap, gap * 0.3, 1),
            Row(title.height),
            Row(gap * 1.2, gap * 0.3),
            Row(dot * 1.4),
            Row(gap * 0.8, gap * 0.2),
            Row(frame.size("small") * (2.7 if frame.upright else 1.35)),
            Row(gap * 1.2, gap * 0.3),
            Row(key * 4 + gap * 3, least * 4 + gap * 1.5),
            Row(gap, gap * 0.3, 1),
        ]
        aside = frame.low
        if not aside:
            rows += [Row(frame.button), Row(gap * 1.6)]
        bands = geometry.stack(inner, rows)
        self.words("title", title, bands[1])
        self._dots(scene, bands[3], dot, pad.digits if pad is not None else 0)
        self.words("note", note, bands[5])
        # a pad that no digit opens says so by its looks, too
        self._keys(scene, bands[7], shut=pad is not None and bool(pad.locked_s or pad.reset))
        back = self.pill("back", signals.Close(), inner.width * (0.28 if aside else 1))
        if aside:
            place = Box(inner.right - back.width, frame.height - frame.button - gap, back.width, 0)
            back.put(Box(place.x, place.y, back.width, frame.button))
        else:
            bottom = bands[9]
            left = bottom.centre[0] - back.width / 2
            back.put(Box(left, bottom.y, back.width, bottom.height))

    def _dots(self, scene: Scene, box: Box, size: float, digits: int) -> None:
        colours, count = scene.colours, max(LEAST, digits)
        for i, place in enumerate(geometry.line(box, [size] * count, size * 0.9)):
            filled = i < digits
            spot = Box(place.x, box.centre[1] - size / 2, size, size)
            part = self.part(parts.Mark, f"dot:{i}")
            fill = colours.ink if filled else colours.ground
            part.draw(spot, fill, colours.ink, size / 2, scene.frame.border)

    def _keys(self, scene: Scene, box: Box, *, shut: bool) -> None:
        frame = scene.frame
        gap = min(frame.gap, box.height * 0.03)
        width = min(box.width, box.height * 1.1)
        pad = Box(box.centre[0] - width / 2, box.y, width, box.height)
        for name, cell in zip("123456789<0>", geometry.grid(pad, 12, 3, gap), strict=True):
            give: signals.Signal = signals.Digit(name)
            look: dict[str, Any] = {}
            if name == "<":
                give, look = signals.DigitErased(), {"icon": "backspace"}
            elif name == ">":
                give, look = signals.PinEntered(), {"icon": "check", "look": "primary"}
            else:
                look = {"setting": self.setting(name, "medium", "strong", cell.width, most=1)}
            called = {"<": "pin:erase", ">": "pin:enter"}.get(name, f"pin:{name}")
            size = frame.size("medium")
            if shut:
                look["look"] = "off"
                part = self.part(buttons.TapButton, called)
                part.put(cell, scene.colours, frame, icon_size=size, **look)
                continue
            least = (frame.sizes.button_mm, frame.sizes.button_mm)
            self.button(called, cell, give, icon_size=size, least=least, **look)


def _wait(scene: Scene, seconds: int) -> str:
    """How long to wait, in the units people write."""
    hours, minutes = seconds // 3600, seconds // 60
    if hours:
        return scene.say(HOURS).format(hours=hours, minutes=minutes % 60)
    if seconds > 60:
        return scene.say(MINUTES).format(minutes=minutes)
    return scene.say(SECONDS).format(seconds=seconds)
