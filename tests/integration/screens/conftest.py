"""A real window, drawn off-screen, with a real session behind the glass and time handed in.

One window for each process that plays tests: Kivy has no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from kiosk import resources, session, signals, view
from kiosk import settings as settings_
from kiosk.screens import screenshots, spots, tour
from sync.feedback import surveys

if TYPE_CHECKING:
    from kiosk.screens.glass import Glass

SIZE = (1280, 800)
MM = (217, 136)


class Finger:
    """A finger on the glass: goes down, slides, lifts; each through Kivy's own dispatch."""

    _count = 0

    def __init__(self, stand: Stand) -> None:
        from kiosk.screens.finger import Finger as Motion

        Finger._count += 1
        self._stand, self._motion = stand, Motion
        self._touch: Any = None

    def down(self, x: float, y: float) -> Finger:
        """Touch the glass at a pixel."""
        self._touch = self._motion("test", Finger._count, x / SIZE[0], y / SIZE[1])
        self._report("begin")
        return self

    def slide(self, x: float, y: float) -> Finger:
        """Move to a pixel."""
        self._touch.move({"x": x / SIZE[0], "y": y / SIZE[1]})
        self._report("update")
        return self

    def lift(self) -> None:
        """Leave the glass."""
        self._report("end")

    def _report(self, kind: str) -> None:
        from kivy.base import EventLoop

        EventLoop.post_dispatch_input(kind, self._touch)


class Stand:
    """The glass on its stand: session, card and clock in memory, the window real.

    card: False keeps the card from answering until `answer`. recorded: every event, in order.
    struck: what is taken out of a comment, and what stands for it.
    code: what the next comment can be removed by.
    """

    def __init__(self, glass_type: type[Glass], survey: surveys.Survey) -> None:
        self.settings = settings_.Settings(shop="Your shop", screen_mm=MM)
        self.now = 100_000
        self.code = "K7-42Q"
        self.struck: dict[str, str] = {}
        self.session = session.Session(
            survey,
            self.settings,
            strike=self._strike,
            codes=lambda: self.code,
        )
        self.card = True
        self.waiting: list[int] = []
        self.recorded: list[Any] = []
        self.thanked = 0
        self.glass = glass_type(self.tell, lambda: self.now, self.settings)
        self.glass.size = SIZE
        self._last: view.View | None = None
        self.tell(signals.Started())
        self.tell(signals.Around(open=True, day=1))

    def _strike(self, text: str, _language: str) -> tuple[str, tuple[str, ...]]:
        for part, instead in self.struck.items():
            if part in text:
                return text.replace(part, instead), ("phone",)
        return text, ()

    # --------------------------------------------------------------------------- what an app does

    def tell(self, signal: signals.Signal) -> bool:
        """Hand in a signal, do what the session asks, show what changed."""
        swallowed = False
        for effect in self.session.handle(signal, self.now):
            if isinstance(effect, signals.Swallow):
                swallowed = True
            elif isinstance(effect, signals.Record):
                self.recorded.append(effect.event)
                self.waiting.append(effect.ticket)
            elif isinstance(effect, signals.Thanked):
                self.thanked += 1
            elif isinstance(effect, signals.CheckPin):
                self.tell(signals.PinChecked(right=effect.digits == "4242"))
            elif isinstance(effect, signals.ReadFigures):
                self.tell(signals.Figures(tour.EXAMPLE))
        shown = self.session.view()
        if shown != self._last:
            self._last = shown
            self.glass.show(shown)
        return swallowed

    def answer(self) -> None:
        """Let the card answer all that waits."""
        while self.waiting:
            self.tell(signals.Recorded(self.waiting.pop(0)))

    def frame(self, ms: int = 17, *, drawn: bool = True) -> None:
        """One frame of the window: input, time, drawing, as the app has it."""
        from kivy.base import EventLoop

        self.now += ms
        if self.card:
            self.answer()
        self.tell(signals.Tick())
        if drawn:
            EventLoop.idle()

    def frames(self, ms: int) -> None:
        """Frames until so much time has passed; none is drawn, which would cost most of a test."""
        for _ in range(max(1, ms // 100)):
            self.frame(min(ms, 100), drawn=False)

    def settle(self) -> None:
        """Frames until nothing moves: fades and rising faces end in real time."""
        for _ in range(2000):
            self.frame(0)
            if self.glass.veil == 0 and not self.risen():
                break

    def risen(self) -> float:
        """How far any face is still pressed."""

        return float(sum(p.press for p in self.glass.walk() if isinstance(p, spots.FaceSpot)))

    # ------------------------------------------------------------------------- what a person does

    @property
    def view(self) -> Any:  # a View; Any, as it changes from one assertion to the next
        """What is shown."""
        return self.session.view()

    def spot(self, name: str) -> tuple[float, float]:
        """The middle of a target."""
        return self.glass.targets[name].box.centre

    def finger(self) -> Finger:
        """A new finger."""
        return Finger(self)

    def tap(self, name: str, rest_ms: int = 80) -> None:
        """Touch a target, rest, lift; only the frame after is drawn."""
        finger = self.finger().down(*self.spot(name))
        self.frame(rest_ms, drawn=False)
        finger.lift()
        self.frame()

    def hold(self, name: str) -> Finger:
        """Hold a key until its variants show; the finger still rests on it."""
        finger = self.finger().down(*self.spot(name))
        assert self.glass.screen is not None
        while not self.glass.screen.shows("popup"):
            self.frame(0)
        return finger

    def knock(self) -> None:
        """Hold the staff's corner until the pad is up."""
        self.tell(signals.CornerDown())
        self.frames(3_200)
        self.tell(signals.CornerUp())
        self.frames(700)
        assert self.view.screen == "pin"

    def ratings(self) -> list[int]:
        """The faces recorded so far."""
        return [event.face for event in self.recorded if type(event).__name__ == "Rating"]


@pytest.fixture(scope="session")
def window() -> Any:
    """The one window, 1280 × 800, off-screen."""
    screenshots.settle(*SIZE)
    from kivy.base import EventLoop
    from kivy.core.window import Window

    EventLoop.ensure_window()
    EventLoop.start()
    assert tuple(Window.size) == SIZE
    return Window


@pytest.fixture(scope="session")
def survey() -> surveys.Survey:
    """The default survey with comments open."""
    return tour.opened(surveys.from_toml(resources.DEFAULT_SURVEY.read_bytes(), "default.toml"))


@pytest.fixture
def stand(window: Any, survey: surveys.Survey) -> Iterator[Stand]:
    """A kiosk at its first question, in the window."""
    from kiosk.screens.glass import Glass

    made = Stand(Glass, survey)
    window.add_widget(made.glass)
    made.frame()
    yield made
    made.settle()
    window.remove_widget(made.glass)
