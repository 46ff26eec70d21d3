"""The on-screen keyboard: types into the session, keeps nothing but shift, page and what is held.

1. A letter is typed when the finger lifts; a key held for half a second offers its variants beside
   the plain letter. Lifting without choosing gives the plain letter: nothing is ever replaced.
2. Sentences begin with a capital; shift tapped once holds for one letter, twice until tapped again.
3. Backspace repeats while it is held.
"""

import math
from collections.abc import Callable
from functools import partial
from typing import Any, cast

from kivy.clock import Clock

from kiosk import layouts, signals
from kiosk.screens import buttons, geometry, keys, parts, targets, typesetting
from kiosk.screens.geometry import Box
from kiosk.screens.screen import Scene, Screen

HOLD = 0.5
"""Seconds until a held key offers its variants, or backspace repeats."""
REPEAT = 0.09
AIR = 1.0
"""Pixels between a key's edge and its letter, at the least."""
MESSAGES = {"send": "Send", "space": "space"}
PAGES = {"digits": "?123", "accents": "é ü ø", "letters": "abc"}
SHORT = {"digits": "12", "accents": "éü", "letters": "ab"}
"""What stands on the pages' keys where large words leave no room for more."""


class Keyboard:
    """Draws its keys on a screen and reports what they type."""

    def __init__(self) -> None:
        self._screen: Screen
        self._scene: Scene
        self._page: keys.Page = "letters"
        self._shift = ""
        self._text = ""
        self._held: Any = None
        self._popup: Popup | None = None
        self._repeated = False

    def forget(self) -> None:
        """A new visitor: letters, no shift, nothing held."""
        self._release()
        self._page, self._shift, self._popup, self._text = "letters", "", None, ""

    def vacate(self, scene: Scene) -> None:
        """Hold the scene of a new visitor instead of the last one's."""
        self.forget()
        self._scene = scene

    def put(self, screen: Screen, scene: Scene, box: Box) -> None:
        """Draw the keyboard in the box, its keys as targets."""
        self._screen, self._scene = screen, scene
        if scene.view.comment != self._text:
            self._text = scene.view.comment
            if self._shift == "once":
                self._shift = ""
        layout = layouts.of(scene.view.language)
        for key in keys.placed(scene.frame, box, layout, self._page):
            self._key(key, layout)
        if self._popup is not None:
            self._popup.draw(screen, scene)

    @property
    def capitals(self) -> bool:
        """Whether the next letter is a capital."""
        ended = self._text.rstrip(" ")
        begins = not ended or (ended[-1] in ".!?…" and self._text.endswith(" "))
        return bool(self._shift) or (begins and self._page == "letters")

    # ---------------------------------------------------------------------------------- drawing

    def _key(self, key: keys.Key, layout: layouts.Layout) -> None:
        frame = self._scene.frame
        least = keys.least(frame)[:2]
        look: dict[str, Any] = {"radius": min(frame.radius * 0.6, key.box.height / 4)}
        name, give, text = self._meaning(key)
        tall = 0.6 if frame.larger else 0.4
        drawing = {"icon_size": min(frame.size("medium"), key.box.height * tall)}
        icon = self._icon(key)
        if icon:
            look |= {"icon": icon, **drawing}
        else:
            if key.role == "letter":
                setting = letter(self._screen, self._scene, text, key.box)
            else:
                setting = self._set(text, key.box)
            legible = frame.promised - 1 if frame.larger else frame.size("small") * 0.7
            if setting.size < legible:
                # a drawing, or less, says it better than a word grown small
                if key.role in ("space", "send"):
                    look |= {"icon": key.role, **drawing}
                elif key.role == "page":
                    setting = self._set(SHORT[key.text], key.box)
            look |= {} if "icon" in look else {"setting": setting}
        if key.role == "send":
            look["look"] = "primary"
        elif key.role == "shift" and self._shift:
            look["look"] = "chosen"
        button = self._screen.button(name, key.box, give, least=least, slack=0.0, **look)
        made = self._screen.targets[-1]
        variants = layout.offered(text.lower()) if key.role == "letter" else ""
        if variants or key.role == "backspace":
            made.feel = partial(self._feel, button, key, variants, made)

    def _set(self, text: str, box: Box) -> Any:
        """Words on a key: they leave air above and below, next to none of it in *larger*."""
        scale = _scale(self._scene, "small", box)
        return self._screen.setting(
            text, "small", "word", box.width * 0.92, most=1, scale=scale, least=9
        )

    def _meaning(self, key: keys.Key) -> tuple[str, signals.Signal | Callable[[], object], str]:
        """A key's name, what a tap on it does, and what stands on it."""
        say = self._scene.say
        if key.role == "letter":
            letter = key.text.upper() if self.capitals and key.text.upper() != "SS" else key.text
            if key.text == "ß":
                letter = "ß"
            return f"key:{key.text}", partial(self._type, letter), letter
        if key.role == "space":
            return "key:space", partial(self._type, " "), say(MESSAGES["space"])
        if key.role == "send":
            return "send", signals.Send(), say(MESSAGES["send"])
        if key.role == "page":
            return (
                f"key:{key.text}",
                partial(self._turn, cast(keys.Page, key.text)),
                PAGES[key.text],
            )
        if key.role == "shift":
            return "key:shift", self._press_shift, ""
        return "key:backspace", self._erase, ""

    def _icon(self, key: keys.Key) -> str:
        if key.role == "shift":
            return "caps" if self._shift == "lock" else "shift"
        return "backspace" if key.role == "backspace" else ""

    # ----------------------------------------------------------------------------------- typing

    def _type(self, text: str) -> None:
        popup, self._popup = self._popup, None
        self._scene.report(signals.Typed(popup.chosen if popup is not None else text))
        if popup is not None:
            self._scene.again()

    def _turn(self, page: keys.Page) -> None:
        self._page = page
        self._scene.again()

    def _press_shift(self) -> None:
        self._shift = {"": "once", "once": "lock", "lock": ""}[self._shift]
        self._scene.again()

    def _erase(self) -> None:
        if not self._repeated:
            self._scene.report(signals.Erased())
        self._repeated = False

    def _feel(
        self,
        button: buttons.TapButton,
        key: keys.Key,
        variants: str,
        target: targets.Target,
        pressed: bool,
    ) -> None:
        button.feel(pressed)
        self._release()
        if pressed:
            act = self._offer if variants else self._repeat
            self._held = Clock.schedule_once(lambda _dt: act(key, variants, target), HOLD)

    def _release(self) -> None:
        if self._held is not None:
            self._held.cancel()
            self._held = None

    def _repeat(self, key: keys.Key, variants: str, target: targets.Target) -> None:
        self._repeated = True
        self._scene.report(signals.Erased())
        self._held = Clock.schedule_once(lambda _dt: self._repeat(key, variants, target), REPEAT)

    def _offer(self, key: keys.Key, variants: str, target: targets.Target) -> None:
        plain = key.text.upper() if self.capitals else key.text
        row = [plain, *(v.upper() if self.capitals and v != "ß" else v for v in variants)]
        self._popup = Popup(row, key.box, self._scene)
        target.grabbed = True
        target.slide = self._slide
        self._scene.again()

    def _slide(self, x: float, y: float) -> None:
        if self._popup is not None and self._popup.choose(x):
            self._popup.draw(self._screen, self._scene)


def letter(screen: Screen, scene: Scene, text: str, box: Box) -> typesetting.Setting:
    """A letter as high as it should be, whatever the key's width: the widest, W and Æ, are drawn
    a little narrower where large letters meet narrow keys.
    """
    scale = _scale(scene, "medium", box)
    setting = screen.setting(text, "medium", "word", float("inf"), most=1, scale=scale)
    return setting.within(box.width - 2 * (scene.frame.border + AIR))


def _scale(scene: Scene, role: str, box: Box) -> float:
    """How large letters are on a key, as a part of their role's size."""
    tall = box.height * (1.1 if scene.frame.larger else 0.625)
    return min(1.0, tall / scene.frame.size(role))


class Popup:
    """The variants of a held key in a row above it; the plain letter is chosen until a finger
    slides to another, and stands just above its key: a finger that trembles chooses nothing.
    """

    def __init__(self, row: list[str], key: Box, scene: Scene) -> None:
        frame = scene.frame
        gap = frame.px(keys.least(frame)[2])
        width = (key.width + gap) * len(row) + gap
        # where the row would pass the edge it begins some whole keys further left
        over = key.x - gap + width - (frame.width - frame.border)
        self._at = max(0, min(len(row) - 1, math.ceil(over / (key.width + gap))))
        plain, *variants = row
        self._row = [*variants[: self._at], plain, *variants[self._at :]]
        x = key.x - gap - self._at * (key.width + gap)
        self._box = Box(x, key.top + gap, width, key.height * 1.15)
        inner = self._box.inset(gap, gap * 0.7)
        self._cells = geometry.grid(inner, len(row), len(row), gap)

    @property
    def chosen(self) -> str:
        """What a lifted finger would give."""
        return self._row[self._at]

    def choose(self, x: float) -> bool:
        """Follow a finger; whether another variant is chosen now."""
        nearest = min(range(len(self._row)), key=lambda i: abs(self._cells[i].centre[0] - x))
        changed, self._at = nearest != self._at, nearest
        return changed

    def draw(self, screen: Screen, scene: Scene) -> None:
        """Lay the row over the keys."""
        frame, colours = scene.frame, scene.colours
        card = screen.part(parts.Card, "popup")
        card.draw(self._box, colours.panel, colours.ink, frame.radius * 0.6, frame.border)
        for i, (text, cell) in enumerate(zip(self._row, self._cells, strict=True)):
            setting = letter(screen, scene, text, cell)
            button = screen.part(buttons.TapButton, f"variant:{i}")
            look = "primary" if i == self._at else "flat"
            button.put(cell, colours, frame, setting=setting, look=look, radius=frame.radius * 0.4)
