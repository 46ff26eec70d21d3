"""The kiosk without a window: session, recorder's thread and desk's thread, tied together."""

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kiosk import config, pin, session, settings, signals, staff, terminal, view
from sync.buffer.recorder import Receipt
from sync.feedback import events


class Card:
    """A card in memory that can be made to block, and small state."""

    def __init__(self) -> None:
        self.stream = "s1"
        self.in_memory = 0
        self.comments_open = True
        self.taken: list[events.Event] = []
        self.values: dict[str, Any] = {}
        self.wrong = False
        self.mistaken = threading.Event()
        self.free = threading.Event()
        self.free.set()

    def record(self, event: events.Event) -> Receipt:
        """Take an event once the card is free."""
        assert self.free.wait(10)
        if self.wrong:
            self.mistaken.set()
            raise ArithmeticError("made on purpose")
        self.taken.append(event)
        return Receipt(self.stream, len(self.taken), True)

    def retry(self) -> bool:
        """Nothing waits."""
        return True

    def remember(self, key: str, value: Any) -> None:
        """Keep a value."""
        self.values[key] = value

    def recall(self, key: str) -> Any:
        """Return what was kept."""
        return self.values.get(key)


class Figures:
    """Figures that are set by hand."""

    def __init__(self) -> None:
        self.counts = (0, 0, 0, 0)

    def figures(self) -> staff.Figures:
        """Return today's."""
        return staff.Figures("2026-11-21", "exit", self.counts, 70.0, (60.0, 80.0))

    def state(self) -> signals.Glimpse:
        """Return how the kiosk is."""
        return signals.Glimpse(waiting=3)


class Clock:
    """A clock with a hand on it."""

    def __init__(self) -> None:
        self.ms = 100_000

    def mono(self) -> int:
        """Return the time."""
        return self.ms


class Kiosk:
    """A terminal whose posted calls are run when the test says so."""

    def __init__(self) -> None:
        self.card, self.figures, self.clock = Card(), Figures(), Clock()
        self.posted: queue.Queue[Callable[[], None]] = queue.Queue()
        self.hours = {"mon": [("09:00", "17:00")]}
        self.time = (1_795_262_400_000, False)  # a Saturday, only believed
        set_ = settings.Settings(hours=self.hours, time_zone="UTC")
        self.terminal = terminal.Terminal(
            session.Session(
                config.default_survey(),
                set_,
                strike=lambda text, _: (text, ()),
                codes=lambda: "K7-42Q",
            ),
            self.card,
            self.clock,
            self.posted.put,
            self.figures,
            settings=set_,
            time=lambda: self.time,
        )
        self.thanked: list[tuple[str, int]] = []
        self.terminal.thanked = lambda stream, seq: self.thanked.append((stream, seq))
        self.terminal.start()
        self.answered(2)  # settings and survey

    def answered(self, times: int = 1) -> None:
        """Wait for what other threads post, and run it."""
        for _ in range(times):
            self.posted.get(timeout=10)()

    def touch(self, *told: signals.Signal) -> None:
        """A second later, a finger and what it meant."""
        self.clock.ms += 1_000
        for signal in (signals.AnyTouch(), *told):
            self.terminal.tell(signal)

    def view(self) -> view.View:
        """What is shown."""
        return self.terminal.view


@pytest.fixture
def kiosk() -> Iterator[Kiosk]:
    """A started terminal."""
    made = Kiosk()
    yield made
    made.card.free.set()
    made.terminal.stop()


def test_a_tap_is_thanked_for_by_its_place_on_the_card(kiosk: Kiosk) -> None:
    """Thanks name the stream and number that the card gave."""
    seen: list[str] = []
    kiosk.terminal.changed = lambda shown: seen.append(f"{shown.screen} {shown.pressed}")
    kiosk.touch(signals.Tapped(4))
    assert kiosk.thanked == []
    kiosk.answered()
    assert kiosk.thanked == [("s1", 3)]
    assert seen == ["ask 4", "thanks None"]


def test_the_recorder_outlives_a_mistake(kiosk: Kiosk, caplog: pytest.LogCaptureFixture) -> None:
    """An error that nobody thought of costs its own event, and none after it; staff are told."""
    mistakes: list[str] = []
    kiosk.terminal.mistaken = lambda: mistakes.append("one")
    kiosk.card.wrong = True
    kiosk.touch(signals.Tapped(4))
    kiosk.clock.ms += 2_000
    kiosk.terminal.tick()
    kiosk.card.mistaken.wait(10)
    kiosk.card.wrong = False
    kiosk.touch(signals.NextCustomer())
    kiosk.touch(signals.Tapped(3))
    kiosk.answered()
    rating = kiosk.card.taken[-1]
    assert isinstance(rating, events.Rating)
    assert rating.face == 3
    assert kiosk.view().screen == "thanks"
    assert mistakes == ["one"]
    assert "A mistake while recording" in caplog.text


def test_a_sound_that_fails_loses_no_tap(kiosk: Kiosk, caplog: pytest.LogCaptureFixture) -> None:
    """What comes after it in the same answer of the session is done all the same."""

    def broken(_name: str) -> None:
        raise OSError("no such device")

    kiosk.terminal.sound = broken
    kiosk.touch(signals.Tapped(4))
    kiosk.answered()
    assert kiosk.thanked == [("s1", 3)]
    assert kiosk.view().screen == "thanks"
    assert "A mistake at Sound" in caplog.text


def test_a_mistake_while_the_pin_is_checked_lets_nobody_in(
    kiosk: Kiosk, caplog: pytest.LogCaptureFixture
) -> None:
    """The pad goes on and can be tried again."""
    kiosk.card.values["pin"] = {"salt": "no hex", "key": "x"}
    kiosk.touch(signals.CornerDown())
    kiosk.clock.ms += 3_000
    kiosk.terminal.tick()
    kiosk.touch(signals.CornerUp(), *(signals.Digit(digit) for digit in "1234"))
    kiosk.touch(signals.PinEntered())
    kiosk.answered()
    pad = kiosk.view().pad
    assert pad is not None
    assert (pad.wrong, pad.checking) == (True, False)
    assert "A mistake at the desk" in caplog.text


def test_a_slow_card_is_thanked_for_when_its_place_is_known(kiosk: Kiosk) -> None:
    """The screen goes on after 2 s; the tap is told of when it has a number."""
    kiosk.card.free.clear()
    kiosk.touch(signals.Tapped(4))
    kiosk.clock.ms += 2_000
    kiosk.terminal.tick()
    assert kiosk.view().screen == "thanks"
    assert (kiosk.terminal.slow_taps, kiosk.thanked) == (1, [])
    kiosk.touch(signals.Chose("staff"))
    kiosk.touch(signals.Send())
    kiosk.card.free.set()
    kiosk.answered(2)
    assert kiosk.thanked == [("s1", 3)]
    answer = kiosk.card.taken[-1]
    assert isinstance(answer, events.Answer)
    assert answer.rating == 3


def test_the_pin_is_checked_off_the_screens_thread(kiosk: Kiosk) -> None:
    """The right PIN leads to the figures, held back until five taps came."""
    digits = pin.Pins(kiosk.card).renew()
    kiosk.figures.counts = (0, 0, 1, 3)
    kiosk.touch(signals.CornerDown())
    kiosk.clock.ms += 3_000
    kiosk.terminal.tick()
    kiosk.touch(signals.CornerUp())
    for digit in digits:
        kiosk.touch(signals.Digit(digit))
    kiosk.touch(signals.PinEntered())
    kiosk.answered(2)
    glimpse = kiosk.view().glimpse
    assert glimpse is not None
    assert (glimpse.waiting, glimpse.taps, glimpse.index) == (3, 0, None)
    kiosk.figures.counts = (0, 1, 1, 3)
    kiosk.clock.ms += 2_000
    kiosk.terminal.tick()
    kiosk.answered()
    glimpse = kiosk.view().glimpse
    assert glimpse is not None
    assert (glimpse.taps, glimpse.index) == (5, 70.0)
    assert [one.count for one in glimpse.counts] == [0, 1, 1, 3]
    assert list(kiosk.card.values["glimpse"]["counts"]) == [0, 1, 1, 3]


def test_a_clock_that_nobody_set_sends_nothing_to_sleep(kiosk: Kiosk) -> None:
    """Out of hours by a believed time it stays awake; by a known one it sleeps."""
    kiosk.clock.ms += 120_000
    kiosk.terminal.tick()
    assert kiosk.view().screen == "ask"
    kiosk.time = (kiosk.time[0], True)
    kiosk.clock.ms += 2_000
    kiosk.terminal.tick()
    kiosk.clock.ms += 120_000
    kiosk.terminal.tick()
    assert kiosk.view().screen == "sleep"


def test_a_touch_is_swallowed_while_the_card_is_awaited(kiosk: Kiosk) -> None:
    """Whoever reports a touch learns that it means nothing."""
    kiosk.card.free.clear()
    kiosk.touch(signals.Tapped(4))
    assert kiosk.terminal.tell(signals.AnyTouch())


def test_stopping_records_what_was_handed_in(kiosk: Kiosk) -> None:
    """A stop loses no tap; stopping twice is fine."""
    kiosk.touch(signals.Tapped(4))
    kiosk.terminal.stop()
    kiosk.terminal.stop()
    assert isinstance(kiosk.card.taken[-1], events.Rating)


def test_the_apps_own_events_change_nothing_on_the_screen(kiosk: Kiosk) -> None:
    """A clock that is learnt goes on the card beside the visit."""
    before = kiosk.view()
    kiosk.terminal.record(events.Clock(at=1, trusted=2, source="office"))
    kiosk.answered()
    assert kiosk.view() == before
    assert isinstance(kiosk.card.taken[-1], events.Clock)
