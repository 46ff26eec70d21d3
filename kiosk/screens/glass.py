"""The whole screen: shows one view after the other, and tells the session what fingers meant.

Rules:

1. A view is drawn before the next frame; what did not change is not drawn again.
2. Each finger that goes down is first reported as `signals.AnyTouch`. When `report` returns True
   (the session swallows it) the finger means nothing until it is lifted.
3. What a finger means is decided in `kiosk.screens.targets`; a change of the picture lets go of
   all.
4. Changes of screen fade in 160 ms, none in *more time*; nothing else moves but a pressed face, and
   the time bar while a countdown runs. Once an hour the picture moves by a few pixels.
"""

import importlib
from collections.abc import Callable
from typing import Any, Literal

from kivy.animation import Animation
from kivy.clock import Clock
from kivy.graphics import ClearBuffers, ClearColor, Color, Fbo, Rectangle
from kivy.properties import NumericProperty
from kivy.uix.widget import Widget

from kiosk import i18n, signals
from kiosk import settings as settings_
from kiosk import view as view_
from kiosk.screens import arrangement, geometry, palette, panel, targets, theme
from kiosk.screens.screen import Scene, Screen
from sync.feedback import surveys

FADE = 0.16
"""Seconds of a change of screen."""
VEIL = 0.7
"""How much of the old picture the first frame of a fade still shows: the new one is there at
once.
"""
SHIFTS = ((0, 0), (2, 1), (3, -1), (1, -2), (-1, -1), (-3, 0), (-2, 2), (0, 3))
"""Where the picture stands, in pixels, hour after hour: no pixel shows the same edge for days."""
HOUR = 3600

SCREENS: dict[view_.Screen, tuple[str, str]] = {
    "ask": ("ask", "Ask"),
    "thanks": ("thanks", "Thanks"),
    "reasons": ("thanks", "Thanks"),
    "comment": ("comment", "Comment"),
    "sent": ("sent", "Sent"),
    "about": ("about", "About"),
    "answer": ("answer", "Answer"),
    "languages": ("languages", "Languages"),
    "easier": ("easier", "Easier"),
    "sleep": ("sleep", "Sleep"),
    "pin": ("pin", "Pin"),
    "glimpse": ("glimpse", "Glimpse"),
}
"""The module and class that draws each screen; imported when first shown, or in a quiet moment."""


class Glass(Widget):
    """The root widget.

    report: hands a signal to the session, returns whether it swallows the touch (`Terminal.tell`).
    now_ms: the session's clock, for the time bar.
    """

    veil = NumericProperty(0.0)

    def __init__(
        self,
        report: Callable[[signals.Signal], bool],
        now_ms: Callable[[], int],
        settings: settings_.Settings,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._report, self._now_ms = report, now_ms
        self._settings = settings
        self._edid = panel.connected() if settings.screen_mm is None else b""
        self._screens: dict[str, Screen] = {}
        self._touches = targets.Touches()
        self._corners: set[object] = set()
        self._worn: dict[bool, theme.Colours] = {}
        self._view: view_.View | None = None
        self._screen: Screen | None = None
        self._hour = 0
        with self.canvas.before:
            self._ground = Color()
            self._floor = Rectangle()
        self._layer = Widget(size_hint=(None, None))
        self.add_widget(self._layer)
        with self.canvas.after:
            self._veil_colour = Color(1, 1, 1, 0)
            self._veil_picture = Rectangle()
        self._fade = Animation(veil=0.0, duration=FADE, transition="out_quad")
        self._fbo: Fbo | None = None
        self._resized = Clock.create_trigger(self._again, -1)
        self.bind(size=lambda *_: self._resized())
        Clock.schedule_once(self._next_hour, HOUR)

    # ------------------------------------------------------------------------------- what is shown

    @property
    def view(self) -> view_.View | None:
        """What is shown."""
        return self._view

    @property
    def screen(self) -> Screen | None:
        """The screen that shows it."""
        return self._screen

    @property
    def targets(self) -> dict[str, targets.Target]:
        """Everything that can be tapped now, by name."""
        return {target.name: target for target in self._screen.targets} if self._screen else {}

    def dress(self, settings: settings_.Settings) -> None:
        """Wear new settings: theme, accent, logo, palette, millimetres."""
        self._settings = settings
        self._worn.clear()
        self._again()

    def layout(
        self, survey: surveys.Survey, settings: settings_.Settings
    ) -> Literal["row", "column"]:
        """How the faces of a survey's first question stand here: what the stream is told."""
        question = survey.questions[0]
        if question.kind == "scale":
            return "row"
        kind = arrangement.kind(self._frame(frozenset()), question.faces, settings.layout, ())
        return "row" if kind == "row" else "column"

    def show(self, shown: view_.View) -> None:
        """Draw a view, before the next frame."""
        before, self._view = self._view, shown
        if before is not None and _picture(before) != _picture(shown):
            self._touches.forget()
            if "slow" not in shown.modes and before.screen != "sleep":
                self._begin_fade()
        elif before is not None and before.language != shown.language:
            self._touches.forget()  # other words: what a finger rests on is not what it meant
        colours = self._colours("contrast" in shown.modes)
        scene = Scene(
            view=shown,
            frame=self._frame(shown.modes),
            colours=colours,
            settings=self._settings,
            say=lambda message: i18n.text(shown.language, message),
            report=self._report,
            again=self._again,
            now_ms=self._now_ms,
        )
        screen = self._for(shown.screen)
        if before is not None and before.visit != shown.visit:
            for other in self._screens.values():
                if other is not screen:
                    other.vacate(scene)
        if screen is not self._screen:
            self._layer.clear_widgets()
            self._layer.add_widget(screen)
            self._screen = screen
        ground = colours.night if shown.screen == "sleep" else colours.ground
        self._ground.rgba = palette.rgba(ground)
        self._floor.size, self._floor.pos = self.size, self.pos
        screen.show(scene)

    def prepare(self) -> None:
        """Make every screen that is not made yet, one in each quiet moment, for an instant first
        show.
        """
        missing = [name for name in SCREENS if SCREENS[name][0] not in self._screens]
        if missing:
            self._for(missing[0])
            Clock.schedule_once(lambda _dt: self.prepare(), 0.2)

    def _for(self, name: view_.Screen) -> Screen:
        module, kind = SCREENS[name]
        if module not in self._screens:
            made = getattr(importlib.import_module(f"kiosk.screens.{module}"), kind)
            self._screens[module] = made()
        return self._screens[module]

    def _frame(self, modes: frozenset[Any]) -> geometry.Frame:
        mm = panel.millimetres(self.width, self.height, self._settings.screen_mm, self._edid)
        return geometry.Frame(self.width, self.height, mm, theme.sizes(), frozenset(modes))

    def _colours(self, contrast: bool) -> theme.Colours:
        if contrast not in self._worn:
            self._worn[contrast] = theme.colours(self._settings, contrast=contrast)
        return self._worn[contrast]

    def _again(self, *_args: object) -> None:
        if self._view is not None:
            self.show(self._view)

    # ---------------------------------------------------------------------------------- movement

    def _begin_fade(self) -> None:
        """Keep the old picture as a veil that grows thin over the new one."""
        if self._screen is None:
            return
        size = (int(self.width), int(self.height))
        if self._fbo is None or self._fbo.size != size:
            self._fbo = Fbo(size=size)
            self._veil_picture.texture = self._fbo.texture
        self._fbo.clear()
        with self._fbo:
            ClearColor(*self._ground.rgba)
            ClearBuffers()
        index = self.canvas.indexof(self._layer.canvas)
        self.canvas.remove(self._layer.canvas)
        self._fbo.add(self._layer.canvas)
        self._fbo.draw()
        self._fbo.remove(self._layer.canvas)
        self.canvas.insert(index, self._layer.canvas)
        self._veil_picture.size, self._veil_picture.pos = self.size, self.pos
        self._fade.cancel(self)
        self.veil = VEIL
        self._fade.start(self)

    def on_veil(self, _glass: object, amount: float) -> None:
        """Thin the veil."""
        self._veil_colour.a = amount

    def _next_hour(self, _dt: float) -> None:
        """Move by a few pixels, against burning in."""
        self._hour += 1
        Clock.schedule_once(self._next_hour, HOUR)
        self.shift(self._hour)

    def shift(self, hour: int) -> None:
        """Stand where this hour has the picture stand."""
        x, y = SHIFTS[hour % len(SHIFTS)]
        self._layer.canvas.before.clear()
        self._layer.canvas.after.clear()
        if (x, y) != (0, 0):
            from kivy.graphics import PopMatrix, PushMatrix, Translate  # noqa: PLC0415  # once an hour

            with self._layer.canvas.before:
                PushMatrix()
                Translate(x, y)
            with self._layer.canvas.after:
                PopMatrix()

    # ----------------------------------------------------------------------------------- touches

    def on_touch_down(self, touch: Any) -> bool:
        """A finger went down. It can mean only what was there before: the touch itself may take a
        warning away, and nobody aimed at what lay behind that.
        """
        seen = self.targets.keys()
        if self._report(signals.AnyTouch()):
            return True
        aimed = [target for name, target in self.targets.items() if name in seen]
        self._touches.down(touch.uid, touch.x, touch.y, aimed)
        if self._in_corner(touch.x, touch.y):
            self._corners.add(touch.uid)
            self._report(signals.CornerDown())
        return True

    def on_touch_move(self, touch: Any) -> bool:
        """A finger slid."""
        self._touches.move(touch.uid, touch.x, touch.y)
        if touch.uid in self._corners and not self._in_corner(touch.x, touch.y):
            self._leave_corner(touch.uid)
        return True

    def on_touch_up(self, touch: Any) -> bool:
        """A finger lifted: this is when something is given."""
        self._leave_corner(touch.uid)
        given = self._touches.up(touch.uid, touch.x, touch.y)
        if given is not None:
            given.give()
        return True

    def _in_corner(self, x: float, y: float) -> bool:
        """Whether a point lies in the staff's corner, top left or bottom left."""
        reach = self._frame(frozenset()).px(theme.sizes().corner_mm)
        return x <= reach and (y <= reach or y >= self.height - reach)

    def _leave_corner(self, finger: object) -> None:
        if finger in self._corners:
            self._corners.discard(finger)
            self._report(signals.CornerUp())


def _picture(shown: view_.View) -> tuple[object, ...]:
    """What makes another picture: fingers that are down do not reach into it."""
    screen = "thanks" if shown.screen == "reasons" else shown.screen
    return screen, shown.visit, shown.question_number
