"""The kiosk without its window: session, recorder, PIN and figures, tied together.

The session decides; this does what it asks, each thing on the right thread, and hands the answers
back through `post`, the one way from any thread to the screen's. The app draws what `changed` gets.
"""

import datetime
import logging
from collections.abc import Callable
from concurrent import futures
from typing import Protocol, cast

import msgspec

from kiosk import pin, recorder, session, signals, staff, view
from kiosk import settings as settings_
from sync.buffer import errors
from sync.buffer.recorder import Receipt
from sync.feedback import clocks, events

log = logging.getLogger(__name__)

AROUND_MS = 1_000
_FIGURES = "glimpse"

Post = Callable[[Callable[[], None]], None]
"""Runs a function on the screen's thread, soon; callable from any thread."""


class Clock(Protocol):
    """The clock that only goes forward, in ms."""

    def mono(self) -> int:
        """Since the boot, suspend included."""


class Card(recorder.Card, pin.Memory, Protocol):
    """What of the buffer is needed here."""

    @property
    def comments_open(self) -> bool:
        """Whether the card takes comments."""


class Glimpses(Protocol):
    """Where the staff's figures come from; called off the screen's thread."""

    def figures(self) -> staff.Figures:
        """Return today's newest figures."""

    def state(self) -> signals.Glimpse:
        """Return how the kiosk is, without figures."""


class Terminal:
    """One kiosk. Everything but `post`ed functions happens on the screen's thread.

    time: what time it is (ms since 1970), and whether that is known or only believed.
    changed: gets each new view. applied: gets settings that came into force. sound: plays one.
    thanked: is told (stream, seq) of each rating once its words of thanks are up. recorded: is
    called in the recorder's thread after each event. mistaken: is called, in any thread, after a
    mistake in the program that went no further than the log.
    """

    def __init__(
        self,
        session_: session.Session,
        card: Card,
        clock: Clock,
        post: Post,
        glimpses: Glimpses,
        *,
        settings: settings_.Settings,
        time: Callable[[], tuple[int, bool]],
        recorded: Callable[[], None] = lambda: None,
    ) -> None:
        self._session, self._card, self._clock, self._post = session_, card, clock, post
        self.glimpses, self._settings, self._time = glimpses, settings, time
        self.recorded_hook = recorded
        self._pins = pin.Pins(card)
        self._desk = futures.ThreadPoolExecutor(1, thread_name_prefix="desk")
        self._recorder = recorder.Recorder(card, self._from_recorder, self._note_mistake)
        self._receipts: dict[int, Receipt | None] = {}
        self._thanks: set[int] = set()
        self._around_ms = -AROUND_MS
        self._view = session_.view()
        self._own_tickets = 0  # counts down: the session's count up
        self.slow_taps = 0
        self.changed: Callable[[view.View], None] = lambda _view: None
        self.thanked: Callable[[str, int], None] = lambda _stream, _seq: None
        self.applied: Callable[[signals.Configured], None] = lambda _config: None
        self.mistaken: Callable[[], None] = lambda: None
        self.sound: Callable[[str], None] = lambda _name: None

    def start(self) -> None:
        """Begin: the recorder runs, and the stream learns what figures depend on."""
        self._recorder.start()
        self._surround()
        self.tell(signals.Started())

    def stop(self) -> None:
        """End; what was handed in is recorded first. Twice is fine."""
        self._recorder.stop()
        self._desk.shutdown(cancel_futures=True)

    @property
    def view(self) -> view.View:
        """What is to be seen now."""
        return self._view

    @property
    def in_memory(self) -> int:
        """Events handed in that are not on the card."""
        return self._card.in_memory + self._recorder.waiting

    def now_ms(self) -> int:
        """Return the session's time."""
        return self._clock.mono()

    def tell(self, signal: signals.Signal) -> bool:
        """Hand the session a signal and do what it asks; return whether it swallows a touch.

        A mistake in one of these things (a sound, say) keeps none of the others from being done.
        """
        effects = self._session.handle(signal, self._clock.mono())
        swallowed = False
        for effect in effects:
            if isinstance(effect, signals.Swallow):
                swallowed = True
                continue
            try:
                self._do(effect)
            except Exception:
                self._mistake(type(effect).__name__)
        fresh = self._session.view()
        if fresh != self._view:
            self._view = fresh
            self.changed(fresh)
        return swallowed

    def tick(self) -> None:
        """Let time pass: called after every touch so far was handed in."""
        if self._clock.mono() - self._around_ms >= AROUND_MS:
            self._surround()
        self.tell(signals.Tick())

    def record(self, event: events.Event) -> None:
        """Put an event of the app's own on the card (a clock, for one)."""
        self._own_tickets -= 1
        self._recorder.submit(signals.Record(self._own_tickets, event))

    def configure(self, config: signals.Configured) -> None:
        """Hand new settings in; they are taken up when nobody is in front of the screen."""
        self.tell(config)

    # ----------------------------------------------------------------------------------- effects

    def _do(self, effect: signals.Effect) -> None:
        match effect:
            case signals.Record():
                self._recorder.submit(effect)
            case signals.Thanked(ticket=ticket):
                self._thank(ticket)
            case signals.SlowCard():
                self.slow_taps += 1
            case signals.Sound(name=name):
                self.sound(name)
            case signals.CheckPin(digits=digits):
                self._aside(lambda: self._check_pin(digits), signals.PinChecked(right=False))
            case signals.ReadFigures():
                self._aside(lambda: signals.Figures(self._glimpse()))
            case signals.Applied(config=config):
                self._settings = config.settings
                self.applied(config)
            case signals.Back():
                self._receipts.clear()

    def _thank(self, ticket: int) -> None:
        if ticket not in self._receipts:  # a slow card: said when it is known where the tap lies
            self._thanks.add(ticket)
            return
        receipt = self._receipts[ticket]
        if receipt is not None:
            self.thanked(receipt.stream, receipt.seq)

    def _from_recorder(self, ticket: int, receipt: Receipt | None) -> None:
        """In the recorder's thread."""
        self.recorded_hook()
        self._post(lambda: self._recorded(ticket, receipt))

    def _recorded(self, ticket: int, receipt: Receipt | None) -> None:
        if ticket < 0:
            return
        self._receipts[ticket] = receipt
        if ticket in self._thanks:
            self._thanks.discard(ticket)
            self._thank(ticket)
        self.tell(signals.Recorded(ticket, receipt is not None and receipt.durable))

    def _aside(
        self, ask: Callable[[], signals.Signal], otherwise: signals.Signal | None = None
    ) -> None:
        """Ask something that takes a while in the desk's thread; the answer comes as a signal.

        otherwise: the answer after a mistake in the program, None for none.
        """

        def run() -> None:
            try:
                answer = ask()
            except Exception:
                self._mistake("the desk")
                if otherwise is None:
                    return
                answer = otherwise
            self._post(lambda: self._told(answer))

        self._desk.submit(run)

    def _mistake(self, where: str) -> None:
        log.exception("A mistake at %s; the kiosk goes on", where)
        self._note_mistake()

    def _note_mistake(self) -> None:
        self.mistaken()

    def _told(self, answer: signals.Signal) -> None:
        self.tell(answer)

    # ------------------------------------------------------------------------------- the desk

    def _check_pin(self, digits: str) -> signals.PinChecked:
        try:
            return self._pins.check(digits, self._clock.mono())
        except errors.Error:  # a card that keeps no wrong try must not give free ones
            return signals.PinChecked(False, staff.FIRST_LOCK_MS)

    def _glimpse(self) -> signals.Glimpse:
        kept = self._card.recall(_FIGURES)
        shown = msgspec.convert(kept, staff.Figures) if kept else staff.Figures()
        fresh = staff.renewed(shown, self.glimpses.figures(), self._settings.renew_after)
        if fresh != shown:
            try:
                self._card.remember(_FIGURES, msgspec.to_builtins(fresh))
            except errors.Error:
                fresh = shown  # figures that a restart would renew again are not shown
        counts = tuple(
            signals.FaceCount(number, count) for number, count in enumerate(fresh.counts, 1)
        )
        return msgspec.structs.replace(
            self.glimpses.state(),
            day=fresh.day,
            faces=len(counts),
            counts=counts,
            taps=fresh.taps,
            index=fresh.index,
            interval=fresh.interval,
            in_memory=self.in_memory,
        )

    def _surround(self) -> None:
        """Tell the session the hour and the card's state, when they changed."""
        self._around_ms = self._clock.mono()
        now, known = self._time()
        local = clocks.local(now, self._settings.time_zone)
        opening = clocks.opening(cast("events.Hours | None", self._settings.hours))
        # a clock that nobody set must not send the kiosk to sleep in the middle of the day
        open_now = not known or opening is None or opening.at(local)
        day = datetime.date.fromisoformat(local.day).toordinal()
        self.tell(signals.Around(open_now, day, self._card.comments_open))
