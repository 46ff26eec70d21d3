"""What every screen is: parts by name, arranged anew for each view, and the targets that came of
it.

A screen's .kv names its fixed parts, with their English message, size, weight and tone; parts of
which there may be any number (faces, chips, keys) are made when first needed and kept. `arrange`
puts what the view asks for; whatever it did not put is hidden.
"""

import functools
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from kivy.uix.widget import Widget

from kiosk import settings as settings_
from kiosk import signals, view
from kiosk.screens import buttons, geometry, glyphs, parts, pills, targets, theme, typesetting

PartT = TypeVar("PartT", bound=Widget)
GROUNDS = (parts.Plate, buttons.Band)


class Scene(msgspec.Struct, frozen=True):
    """All that a screen is drawn from.

    say: an English message in the view's language. report: tells the session what a touch meant.
    again: arranges the screen once more, after something that is the screen's own (a page) changed.
    """

    view: view.View
    frame: geometry.Frame
    colours: theme.Colours
    settings: settings_.Settings
    say: Callable[[str], str]
    report: Callable[[signals.Signal], object]
    again: Callable[[], None]
    now_ms: Callable[[], int]


class Screen(Widget):
    """The base of all screens."""

    def __init__(self, **kwargs: Any) -> None:
        self._parts: dict[str, Any] = {}
        self._shown: set[str] = set()
        self.targets: list[targets.Target] = []
        self.scene: Scene
        self.page = 0
        self._asked = -1, 0
        super().__init__(**kwargs)
        # the children that the .kv made; only now do they know their names
        self._parts.update({child.name: child for child in self.children})

    def show(self, scene: Scene) -> None:
        """Draw a view. What the screen keeps for itself starts afresh with each visitor, its page
        with each question.
        """
        asked = scene.view.visit, scene.view.question_number
        if asked != self._asked:
            self.page = 0
            if asked[0] != self._asked[0]:
                self.forget()
            self._asked = asked
        self.scene = scene
        self._shown.clear()
        self.targets = []
        self.arrange(scene)
        for name, part in self._parts.items():
            if name not in self._shown:
                part.hide()

    def vacate(self, scene: Scene) -> None:
        """A new visitor is there, at another screen, shown by this scene: hold nothing that was
        the last one's, least of all words they typed or a code they were given.
        """
        self.scene, self.targets = scene, []
        self.forget()
        for part in self._parts.values():
            if isinstance(part, parts.Words) and part.changing:
                part.hide()

    def forget(self) -> None:
        """A new visitor: keep nothing of the last one."""

    def arrange(self, scene: Scene) -> None:
        """Put the parts that this view asks for."""
        raise TypeError(f"{type(self).__name__} arranges nothing")

    def shows(self, name: str) -> bool:
        """Whether a part of this name is to be seen."""
        return name in self._shown

    # ------------------------------------------------------------------------------------ parts

    def part(self, kind: type[PartT], name: str, over: Widget | None = None) -> PartT:
        """The part of this name, made when first asked for (just `over` another); it counts as
        shown.
        """
        found = self._parts.get(name)
        if found is None:
            found = kind()
            found.name = name
            self._parts[name] = found
            # a bare plate is a ground: it lies below whatever was made before it
            index = len(self.children) if kind in GROUNDS else 0
            self.add_widget(found, index=self.children.index(over) if over else index)
        self._shown.add(name)
        return found

    def message(self, name: str) -> str:
        """What the .kv has a part say, in the view's language."""
        return self.scene.say(self._parts[name].message)

    def set(
        self,
        name: str,
        width: float,
        text: str | None = None,
        *,
        most: int = 99,
        height: float = float("inf"),
        scale: float = 1.0,
        least: float = 0.0,
        changing: bool = False,
    ) -> typesetting.Setting:
        """Set a named part's message, or other text, in the size and weight that its .kv gives
        it.
        """
        part = self._parts[name]
        return self.setting(
            self.scene.say(part.message) if text is None else text,
            part.role,
            part.weight,
            width,
            most=most,
            height=height,
            scale=scale,
            least=least,
            changing=changing,
        )

    def setting(
        self,
        text: str,
        role: str,
        weight: str,
        width: float,
        *,
        most: int = 99,
        height: float = float("inf"),
        scale: float = 1.0,
        least: float = 0.0,
        changing: bool = False,
    ) -> typesetting.Setting:
        """Set text in a size and weight of the theme.

        least: the smallest size (px) it may shrink to; otherwise half, in *larger* not below what
        that promises: it then takes the lines it needs. changing: nothing of it is kept.
        """
        frame = self.scene.frame
        size, leading = frame.size(role) * scale, typesetting.LEADING[role]
        least = least or (min(size, frame.promised) if frame.larger else 0.0)
        make = glyphs.changing if changing else glyphs.setting
        return make(
            text, weight, size, width, height=height, most=most, least=least, leading=leading
        )

    def words(
        self,
        name: str,
        setting: typesetting.Setting,
        box: geometry.Box,
        *,
        tone: str = "",
        align: float = 0.5,
        upright: float = 0.5,
    ) -> None:
        """Put text that was set."""
        part = self.part(parts.Words, name)
        colour = getattr(self.scene.colours, tone or part.tone)
        part.put(setting, box, colour, align, upright)

    def button(
        self,
        name: str,
        box: geometry.Box,
        give: signals.Signal | Callable[[], object],
        *,
        setting: typesetting.Setting | None = None,
        least: tuple[float, float] = (0.0, 0.0),
        slack: float | None = None,
        **look: Any,
    ) -> buttons.TapButton:
        """Put a button and make it a target; `give` is a signal or what else a tap does."""
        part = self.part(buttons.TapButton, name)
        part.put(box, self.scene.colours, self.scene.frame, setting=setting, **look)
        self.target(name, box, give, feel=part.feel, least=least, slack=slack)
        return part

    def target(
        self,
        name: str,
        box: geometry.Box,
        give: signals.Signal | Callable[[], object],
        *,
        feel: Callable[[bool], object] = lambda pressed: None,
        slack: float | None = None,
        disc: bool = False,
        least: tuple[float, float] = (0.0, 0.0),
    ) -> None:
        """Make a place that can be tapped."""
        report = self.scene.report
        act = (lambda: report(give)) if isinstance(give, signals.Value) else give
        slack = self.scene.frame.px(2) if slack is None else slack
        self.targets.append(targets.Target(name, box, act, feel, slack, disc, least))

    def turning(self, box: geometry.Box, pages: int) -> geometry.Box:
        """Buttons that turn pages, at the right of the box; returns what is left of it."""
        frame = self.scene.frame
        self.page = max(0, min(self.page, pages - 1))
        if pages < 2:
            return box
        # one above the other where there is height for both, else side by side
        tall = box.height >= 2 * frame.chip + frame.gap
        width = frame.button if tall else 2 * frame.chip + frame.gap
        side = geometry.Box(box.right - width, box.y, width, box.height)
        cells = geometry.grid(side, 2, 1 if tall else 2, frame.gap)
        self.arrows(pages, *cells)
        return geometry.Box(box.x, box.y, box.width - width - frame.gap, box.height)

    def arrows(self, pages: int, back: geometry.Box, forward: geometry.Box, **look: Any) -> None:
        """Put the buttons that turn pages; one that leads nowhere keeps its place, and is off."""
        frame = self.scene.frame
        size = frame.size("small")
        for icon, step, cell in (("back", -1, back), ("forward", 1, forward)):
            if not 0 <= self.page + step < pages:
                part = self.part(buttons.TapButton, f"page:{icon}")
                part.put(
                    cell, self.scene.colours, frame, icon=icon, icon_size=size, **look, look="off"
                )
                continue
            self.button(
                f"page:{icon}",
                cell,
                functools.partial(self._turn, step),
                icon=icon,
                icon_size=size,
                least=(frame.sizes.button_mm, frame.sizes.button_mm),
                **look,
            )

    def _turn(self, step: int) -> None:
        self.page += step
        self.scene.again()

    def pill(
        self,
        name: str,
        give: signals.Signal | Callable[[], object],
        most: float,
        text: str | None = None,
        *,
        look: str = "",
    ) -> pills.Pill:
        """Measure a round button that is as wide as its words: put it with `Pill.put`."""
        found = self._parts.get(name)
        message = self.scene.say(found.message) if text is None and found is not None else text
        role, weight = (found.role, found.weight) if found is not None else ("small", "word")
        look = look or (found.look if found is not None else "plain")
        return pills.measured(
            self, name, give, message or "", role=role, weight=weight, look=look, most=most
        )
