"""One kiosk's screen from visitor to visitor: told what happened, answers what to do. PURE.

The rules:

1. Time comes with each signal as ``now_ms`` (CLOCK_BOOTTIME, so that a tap's ``mono`` is the moment
   of the tap). Only a `signals.Tick` lets a time run out, and the app ticks after it has handed in
   every touch that came before: no time-out takes a tap that was there first.
2. A tap on a face is one rating, recorded once. The screen holds the pressed face, deaf, until the
   card has it; a card that takes longer than 2 s gets the thank-you shown all the same.
3. The thank-you is the same whichever face. It ends after 4 s untouched; a touch turns it into
   reasons.
4. A second touch within 0.5 s (1 s in *more time*) of one that changed the screen means nothing,
   nor does one within 0.15 s of a change by time: nobody can have aimed at what they had not seen.
   As little does a second touch of the same chip or way of easier use: it would turn it back.
5. Reasons warn after 20 s without a touch and end after 40; a comment after 40 and 60. *More time*
   triples all of these. A half-written comment is thrown away; the rating stays.
6. A visit's `answer` is recorded once, at its end or with its comment, and only if something was
   touched after the rating.
7. New settings and surveys wait until nobody is in front of the screen.
8. Staff come in by the held corner (`kiosk.staff`); that ends the visit.
"""

from collections.abc import Callable
from typing import Literal, cast

import msgspec

from kiosk import customer, scenes, signals, staff, stage, timing, view
from kiosk import settings as settings_
from sync.feedback import events, surveys

RULES = 1
"""Version of the rules of *set apart* (events.md §3) that this kiosk's `settings` event names."""


class Session:
    """Decides everything the kiosk's screen does.

    strike: takes personal data out of a comment, before anything of it is recorded.
    codes: gives a new removal code for each comment; chance is handed in.
    """

    def __init__(
        self,
        survey: surveys.Survey,
        settings: settings_.Settings,
        *,
        strike: customer.Strike,
        codes: Callable[[], str],
        layout: Literal["row", "column"] = "row",
        etag: str = "",
    ) -> None:
        self._on = stage.Stage(signals.Configured(survey, settings, layout, etag))
        self._customer = customer.Customer(self._on, strike, codes)
        self._staff = staff.Staff()
        self._pending: signals.Configured | None = None
        self._told: tuple[events.Event, ...] = ()
        self._started_once = False
        self._always: dict[type[signals.Signal], customer.Handler] = {
            signals.AnyTouch: self._any_touch,
            signals.Tick: self._tick,
            signals.Recorded: self._recorded,
            signals.Started: self._started,
            signals.Around: self._surrounded,
            signals.Configured: self._configured,
            signals.CornerDown: self._corner,
            signals.CornerUp: self._corner,
            signals.PinChecked: self._pin_checked,
            signals.Figures: self._figures,
        }
        self._touches: dict[type[signals.Signal], customer.Handler] = {
            **self._customer.touches,
            signals.Close: self._close,
            signals.Digit: self._pad,
            signals.DigitErased: self._pad,
            signals.PinEntered: self._pad,
        }

    def handle(self, signal: signals.Signal, now_ms: int) -> list[signals.Effect]:
        """Take what happened at `now_ms` and return what is to be done, in order."""
        on = self._on
        if on.now == 0:
            on.touched_ms = now_ms
        on.now = max(on.now, now_ms)
        always = self._always.get(type(signal))
        if always is not None:
            return always(signal)
        if on.deaf or on.screen == "sleep":
            return []
        on.touched_ms = on.now
        before = on.screen
        effects = self._touches[type(signal)](signal)
        if on.screen != before:
            on.deafen_second_touch()
        return effects

    def view(self) -> view.View:
        """Return everything that is to be seen now."""
        on = self._on
        state = msgspec.structs.replace(
            on.state(),
            pad=self._staff.pad(on.now) if on.screen == "pin" else None,
            glimpse=self._staff.glimpse if on.screen == "glimpse" else None,
        )
        return scenes.drawn(state)

    # ------------------------------------------------------------------------- touches and time

    def _any_touch(self, _signal: signals.AnyTouch) -> list[signals.Effect]:
        on = self._on
        if on.deaf:
            return [signals.Swallow()]
        on.touched_ms = on.now
        if on.screen == "sleep":
            on.screen = "ask"
            on.deafen_second_touch()
            return [signals.Swallow()]
        if on.screen == "thanks":
            on.screen = "reasons"
        return []

    def _tick(self, _signal: signals.Tick) -> list[signals.Effect]:
        on = self._on
        if on.held is not None:
            if on.now - on.held.since_ms < timing.SLOW_CARD_MS:
                return []
            ticket = on.held.ticket
            return [signals.SlowCard(ticket), *self._customer.release(durable=False)]
        if self._staff.held(on.now):
            return self._knock()
        effects = self._run_out() if on.countdown().over else []
        if on.screen == "glimpse":
            effects += self._staff.refresh(on.now)
        return effects + self._configure()

    def _run_out(self) -> list[signals.Effect]:
        """Time is up on this screen: to sleep, or back to the faces."""
        on = self._on
        effects: list[signals.Effect] = []
        if on.untouched:
            on.screen = "sleep"
        else:
            effects = self._leave()
        on.touched_ms = on.now
        on.deafen(timing.SETTLE_MS)
        return effects

    def _recorded(self, done: signals.Recorded) -> list[signals.Effect]:
        held = self._on.held
        if held is None or done.ticket != held.ticket:
            return []  # a slow card's late word, or of what no screen waits for
        return self._customer.release(done.durable)

    # ----------------------------------------------------------------- what figures depend on

    def _started(self, _signal: signals.Started) -> list[signals.Effect]:
        self._told = ()
        self._started_once = True
        return self._tell()

    def _tell(self) -> list[signals.Effect]:
        """Put settings and survey into the stream, each when it is not what the stream has."""
        now = tuple(_described(self._on.config))
        news = [event for event in now if event not in self._told]
        self._told = now
        return [signals.Record(self._on.ticket(), event) for event in news]

    def _surrounded(self, around: signals.Around) -> list[signals.Effect]:
        on = self._on
        if around.open and on.screen == "sleep":
            on.screen = "ask"
            on.touched_ms = on.now
        on.around = around
        return []

    def _configured(self, config: signals.Configured) -> list[signals.Effect]:
        self._pending = config
        return self._configure()

    def _configure(self) -> list[signals.Effect]:
        """Take up new settings once nobody is in front of the screen (rule 7)."""
        on = self._on
        quiet = on.untouched and on.now - on.touched_ms >= timing.QUIET_MS
        if self._pending is None or not (quiet or on.screen == "sleep" or not self._started_once):
            return []
        on.config, self._pending = self._pending, None
        applied = signals.Applied(on.config)
        if not self._started_once:  # nobody has seen anything yet
            on.finish("timed_out")
            return [applied]
        asleep = on.screen == "sleep"
        effects = on.finish("timed_out")  # the next visit speaks the new survey's language
        if asleep:
            on.screen = "sleep"
        return [*self._tell(), *effects, applied]

    # --------------------------------------------------------------------------------- the staff

    def _corner(self, signal: signals.CornerDown | signals.CornerUp) -> list[signals.Effect]:
        self._staff.corner(isinstance(signal, signals.CornerDown), self._on.now)
        return []

    def _knock(self) -> list[signals.Effect]:
        """The corner was held: end whatever visit there was and ask for the PIN."""
        if self._on.screen in ("pin", "glimpse"):
            return []
        effects = self._leave()
        self._on.screen = "pin"
        self._on.touched_ms = self._on.now
        return effects

    def _leave(self) -> list[signals.Effect]:
        self._staff.leave()
        return self._on.finish("timed_out")

    def _close(self, signal: signals.Close) -> list[signals.Effect]:
        if self._on.screen in ("pin", "glimpse"):
            return self._leave()
        return self._customer.touches[signals.Close](signal)

    def _pad(
        self, signal: signals.Digit | signals.DigitErased | signals.PinEntered
    ) -> list[signals.Effect]:
        if self._on.screen != "pin":
            return []
        if isinstance(signal, signals.Digit):
            self._staff.press(signal.digit, self._on.now)
        elif isinstance(signal, signals.DigitErased):
            self._staff.erase()
        else:
            return self._staff.enter(self._on.now)
        return []

    def _pin_checked(self, answer: signals.PinChecked) -> list[signals.Effect]:
        right = self._staff.checked(answer, self._on.now)
        if not right or self._on.screen != "pin":
            return []
        self._on.screen = "glimpse"
        self._on.touched_ms = self._on.now
        return self._staff.refresh(self._on.now)

    def _figures(self, signal: signals.Figures) -> list[signals.Effect]:
        if self._on.screen == "glimpse":
            self._staff.glimpse = signal.glimpse
        return []


def _described(config: signals.Configured) -> list[events.Event]:
    """Return the `settings` and `survey` events that tell of a configuration."""
    settings, survey = config.settings, config.survey
    return [
        events.Settings(
            time_zone=settings.time_zone,
            hours=cast("events.Hours | None", settings.hours),
            pause=settings.pause,
            run=settings.run,
            rules=RULES,
            order=settings.order,
            layout=config.layout,
            etag=config.etag,
        ),
        events.Survey(survey=survey.survey, version=survey.version, document=survey.document()),
    ]
