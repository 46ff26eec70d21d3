"""The Kivy app: a window, the glass that draws each view, and the one bridge from threads.

Rules:

1. Kivy reads its environment at its first import, so whoever imports this module has set it before
   (`kiosk.window.environment`); its `Config` counts until `Window` is made, so `prepare` is first.
2. Time passes after touches: Kivy ticks its clock before it reads input, so the session's tick is
   put off to just before the drawing of the same frame. No time-out takes a tap of the same frame.
3. Nothing leaves the kiosk: no Escape, no window close, no settings key, no keyboard at all.
4. A thank-you counts as shown once the frame with it was handed to the screen.
5. A mistake in the program is logged and told to staff, and the kiosk goes on: one screen that
   cannot be drawn must not darken all. Only one that comes again and again ends it, to be started
   afresh.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from kivy.app import App
from kivy.base import ExceptionHandler, ExceptionManager
from kivy.clock import Clock
from kivy.config import Config
from kivy.input.postproc import kivy_postproc_modules

from kiosk import assembly, backlight, i18n, resources, signals, window
from kiosk import view as view_
from kiosk.screens import glass

log = logging.getLogger(__name__)

TICK_SECONDS = 0.1
IDLE_TICK_SECONDS = 0.5
"""While nobody is there: a still screen is a cool Pi."""


def prepare(size: window.Size | None, provider: str) -> None:
    """Tell Kivy what it must know before its window is made; `provider` is the one for touches."""
    for (section, key), value in window.options(size).items():
        Config.set(section, key, value)
    for name, _value in Config.items("input"):
        Config.remove_option("input", name)
    Config.set("input", "finger", provider)
    # each would look for touches in every frame: double taps and jitter mean nothing here
    kivy_postproc_modules.clear()


class Mistakes(ExceptionHandler):
    """Lets the kiosk go on after a mistake, at most `MOST` times within `WITHIN` seconds."""

    MOST, WITHIN = 10, 60.0

    def __init__(self, told: Callable[[], None]) -> None:
        super().__init__()
        self._told = told
        self._times: deque[float] = deque(maxlen=self.MOST)

    def handle_exception(self, exception: BaseException) -> int:
        """Log it; say whether to go on."""
        if not isinstance(exception, Exception):
            return int(ExceptionManager.RAISE)
        log.error("A mistake on the screen; the kiosk goes on", exc_info=exception)
        now = Clock.get_time()
        often = len(self._times) == self.MOST and now - self._times[0] < self.WITHIN
        self._times.append(now)
        self._told()
        return int(ExceptionManager.RAISE if often else ExceptionManager.PASS)


class Sounds:
    """Plays the short sounds of `assets/sounds`; each also has a visible twin.

    A sound that cannot be loaded stays silent: nobody waits for it.
    """

    def __init__(self, loudness: int) -> None:
        self.loudness = loudness
        self._loaded: dict[str, Any] = {}
        self._preparing = threading.Lock()

    def prepare(self) -> None:
        """Open the audio device and load the sounds: takes longer than a frame, in any thread.

        Where the loudness is 0 nothing is opened: an open device wakes the machine all day to mix
        silence. Twice is fine.
        """
        with self._preparing:
            if not self.loudness or self._loaded:
                return
            from kivy.core.audio import SoundLoader  # noqa: PLC0415 - the first frame need not wait

            for path in resources.SOUNDS.glob("*.wav"):
                self._loaded[path.stem] = SoundLoader.load(str(path))

    def play(self, name: str) -> None:
        """Play a sound from its beginning."""
        sound = self._loaded.get(name)
        if sound is not None and self.loudness:
            sound.stop()
            sound.volume = self.loudness / 100
            sound.play()


class KioskApp(App):
    """The kiosk's window.

    driver: called with this app once the first frame is drawn, on the screen's thread: whoever
    wants to touch the real widgets from inside. It may look at `glass.targets` and `view`, and set
    `shown`, which is told (stream, seq) of each rating whose thank-you has been drawn.
    """

    use_kivy_settings = False

    def __init__(self, driver: Callable[["KioskApp"], None] | None = None) -> None:
        super().__init__()
        self.title = "Smiley kiosk"
        self.kiosk: assembly.Assembly
        self.glass: glass.Glass
        self.shown: Callable[[str, int], None] = lambda _stream, _seq: None
        self._driver = driver
        self._posted: deque[Callable[[], None]] = deque()
        self._thanked: list[tuple[str, int]] = []
        self._flips = 0
        self._sounds = Sounds(0)
        self._dimmer: backlight.Dimmer | None = None
        self._brightness = 100

    def post(self, call: Callable[[], None]) -> None:
        """Run `call` on the screen's thread, soon. May be called from any thread."""
        self._posted.append(call)
        Clock.schedule_once(self._run_posted, 0)

    def show(self, kiosk: assembly.Assembly) -> None:
        """Run until `stop`, showing this kiosk, which was opened with our `post`."""
        self.kiosk = kiosk
        self.run()

    @property
    def view(self) -> view_.View:
        """What is shown."""
        return self.kiosk.terminal.view

    # ------------------------------------------------------------------------------- Kivy's calls

    def build(self) -> glass.Glass:
        """Make the root widget."""
        terminal = self.kiosk.terminal
        self._sounds.loudness = self.kiosk.loaded.settings.sound
        self.glass = glass.Glass(terminal.tell, terminal.now_ms, self.kiosk.loaded.settings)
        return self.glass

    def on_start(self) -> None:
        """Begin once the window stands: only it knows how the faces will."""
        self._shut_the_doors()
        ExceptionManager.add_handler(Mistakes(self.kiosk.note_mistake))
        self.glass.size = self.root_window.size
        terminal = self.kiosk.terminal
        terminal.thanked = lambda stream, seq: self._thanked.append((stream, seq))
        self.kiosk.start(self.glass.layout)
        terminal.changed = self._changed
        terminal.applied = self._dress
        terminal.sound = self._sounds.play
        self.glass.show(terminal.view)
        self.root_window.bind(on_flip=self._flipped)
        self._ticking = Clock.schedule_interval(self._tick, IDLE_TICK_SECONDS)

    def on_stop(self) -> None:
        """End the kiosk with its window."""
        if self._dimmer is not None:
            self._dimmer.close(self._brightness)
        self.kiosk.stop()

    def open_settings(self, *_args: Any) -> bool:
        """F1 opens nothing."""
        return False

    def _shut_the_doors(self) -> None:
        """Let no key, no close button, no second mouse button mean anything."""
        for event in (
            "on_request_close",
            "on_keyboard",
            "on_key_down",
            "on_key_up",
            "on_textinput",
        ):
            self.root_window.bind(**{event: lambda *_args, **_kwargs: True})
        self.root_window.bind(on_touch_down=_is_no_finger)

    def _dress(self, config: signals.Configured) -> None:
        """Wear new settings."""
        if self._sounds.loudness != config.settings.sound:
            self._sounds.loudness = config.settings.sound
            self._later(self._sounds.prepare)
        self._brightness = config.settings.brightness
        self.glass.dress(config.settings)
        self._shine()

    def _changed(self, shown: view_.View) -> None:
        """Draw a view, and tick as fast as it needs."""
        self.glass.show(shown)
        self._shine()
        idle = shown.screen in ("ask", "sleep") and shown.pressed is None
        seconds = IDLE_TICK_SECONDS if idle else TICK_SECONDS
        if self._ticking.timeout != seconds:
            self._ticking.cancel()
            self._ticking = Clock.schedule_interval(self._tick, seconds)

    def _shine(self) -> None:
        """Have the panel as bright as it is set, and hardly at all while the screen sleeps."""
        if self._dimmer is not None:
            self._dimmer.want(self._brightness, asleep=self.view.screen == "sleep")

    def _tick(self, _dt: float) -> None:
        Clock.schedule_once(self._pass_time, -1)  # -1: before this frame is drawn, after its input

    def _pass_time(self, _dt: float) -> None:
        self.kiosk.tick()

    def _run_posted(self, _dt: float) -> None:
        while self._posted:
            self._posted.popleft()()

    def _flipped(self, *_args: Any) -> None:
        """A frame was handed to the screen."""
        self._flips += 1
        while self._thanked:
            self.shown(*self._thanked.pop(0))
        if self._flips == 1:
            Clock.schedule_once(self._settle, 0)

    def _settle(self, _dt: float) -> None:
        """The first frame stands: let the driver in, make what could wait."""
        if self._driver is not None:
            self._driver(self)
        self.glass.prepare()
        if Config.get("graphics", "fullscreen") != "0":  # a window leaves its desk's light alone
            self._brightness = self.kiosk.loaded.settings.brightness
            self._dimmer = backlight.Dimmer(backlight.RealLight())
            self._shine()
        self._later(
            self.kiosk.settle,
            self._sounds.prepare,
            lambda: i18n.preload(self.view.all_languages),
        )

    def _later(self, *steps: Callable[[], None]) -> None:
        """Do these one after the other, off the screen's thread: no frame need wait for them."""

        def run() -> None:
            for step in steps:
                try:
                    step()
                except Exception:  # no sound must not mean no line
                    log.exception("A mistake while preparing; the kiosk goes on")
                    self.kiosk.note_mistake()

        threading.Thread(target=run, name="preparing", daemon=True).start()


def _is_no_finger(_window: Any, touch: Any) -> bool:
    """Whether a touch is a scroll or another mouse button: those mean nothing."""
    return getattr(touch, "button", None) not in (None, "left")
