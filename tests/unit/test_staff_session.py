"""The staff's way in: corner, PIN pad, glimpse."""

import pytest

from kiosk import session, settings, signals, staff, view
from sync.feedback import surveys

QUESTION = surveys.Question(id="visit", text={"en": "?"}, words={"en": ["1", "2", "3", "4"]})
SURVEY = surveys.Survey(survey="exit", version=1, questions=[QUESTION])


class Kiosk:
    """A session with a hand on its clock."""

    def __init__(self) -> None:
        self.session = session.Session(
            SURVEY, settings.Settings(), strike=lambda text, _: (text, ()), codes=lambda: "K7-42Q"
        )
        self.now = 100_000
        self.tell(signals.Started())

    def tell(self, *told: signals.Signal) -> list[signals.Effect]:
        """Tell signals, now."""
        return [e for one in told for e in self.session.handle(one, self.now)]

    def wait(self, seconds: float) -> list[signals.Effect]:
        """Let time pass, with a tick at its end."""
        self.now += round(seconds * 1000)
        return self.tell(signals.Tick())

    def view(self) -> view.View:
        """What is shown."""
        return self.session.view()

    def knock(self) -> None:
        """Hold the corner for 3 s."""
        self.tell(signals.AnyTouch(), signals.CornerDown())
        self.wait(3)
        self.tell(signals.CornerUp())
        self.wait(1)

    def enter(self, pin: str) -> list[signals.Effect]:
        """Type a PIN and OK."""
        got: list[signals.Effect] = []
        for digit in pin:
            got += self.tell(signals.AnyTouch(), signals.Digit(digit))
        return got + self.tell(signals.PinEntered())


def pad(kiosk: Kiosk) -> view.Pad:
    """The PIN pad, which must be up."""
    found = kiosk.view().pad
    assert found is not None
    return found


def test_a_corner_held_for_three_seconds_opens_the_pad() -> None:
    """3 s open it, less does not."""
    kiosk = Kiosk()
    kiosk.tell(signals.AnyTouch(), signals.CornerDown())
    kiosk.wait(2.9)
    assert kiosk.view().screen == "ask"
    kiosk.wait(0.1)
    assert kiosk.view().screen == "pin"


def test_a_corner_let_go_too_early_opens_nothing() -> None:
    """A finger that leaves begins anew."""
    kiosk = Kiosk()
    kiosk.tell(signals.AnyTouch(), signals.CornerDown())
    kiosk.wait(2)
    kiosk.tell(signals.CornerUp())
    kiosk.wait(2)
    assert kiosk.view().screen == "ask"


def test_the_right_pin_shows_todays_figures() -> None:
    """A right PIN leads to the glimpse, whose figures are asked for and drawn."""
    kiosk = Kiosk()
    kiosk.knock()
    assert kiosk.enter("1234") == [signals.CheckPin("1234")]
    assert pad(kiosk).checking
    assert kiosk.tell(signals.PinChecked(True)) == [signals.ReadFigures()]
    assert kiosk.view().screen == "glimpse"
    kiosk.tell(signals.Figures(signals.Glimpse(waiting=7)))
    glimpse = kiosk.view().glimpse
    assert glimpse is not None
    assert glimpse.waiting == 7
    assert kiosk.wait(2) == [signals.ReadFigures()]


def test_a_wrong_pin_says_so_and_a_lock_takes_no_digit() -> None:
    """A wrong PIN clears the pad; while it is locked it is deaf."""
    kiosk = Kiosk()
    kiosk.knock()
    kiosk.enter("1111")
    kiosk.tell(signals.PinChecked(False, 60_000))
    assert pad(kiosk) == view.Pad(digits=0, locked_s=60)
    assert kiosk.enter("1234") == []
    assert pad(kiosk).digits == 0
    kiosk.wait(30)
    kiosk.tell(signals.AnyTouch())
    kiosk.wait(30)
    assert kiosk.enter("1234") == [signals.CheckPin("1234")]


def test_a_lock_counts_down_and_leaves_nothing_behind() -> None:
    """By the minute, in the last minute by the second; then the pad is as new, unasked."""
    kiosk = Kiosk()
    kiosk.knock()
    kiosk.enter("1111")
    kiosk.tell(signals.PinChecked(False, 7_260_000))
    told = []
    for seconds in (0, 1, 58.9, 0.1, 7_140, 0.5, 0.5, 1, 57.9, 0.1):
        kiosk.now += round(seconds * 1000)
        kiosk.tell(signals.AnyTouch(), signals.Tick())  # somebody stays in front of the pad
        told.append(pad(kiosk).locked_s)
    assert told == [7260, 7260, 7260, 7200, 60, 60, 59, 58, 1, 0]
    assert pad(kiosk) == view.Pad(digits=0)


@pytest.mark.parametrize(
    ("left_ms", "told_s"),
    [(-1, 0), (0, 0), (1, 1), (60_000, 60), (60_001, 120), (3_600_000, 3600), (3_600_001, 3660)],
)
def test_a_wait_is_rounded_up(left_ms: int, told_s: int) -> None:
    """Who comes back when the told time is over finds the pad open."""
    assert staff.told_wait(left_ms) == told_s


def test_the_pad_says_that_the_pin_was_reset() -> None:
    """Staff learn why no PIN opens; the next visitor does not."""
    kiosk = Kiosk()
    kiosk.knock()
    kiosk.enter("1111")
    kiosk.tell(signals.PinChecked(False, reset=True))
    assert pad(kiosk).reset
    kiosk.tell(signals.Close())
    kiosk.knock()
    assert not pad(kiosk).reset


def test_a_pin_has_four_to_eight_digits() -> None:
    """Three are not tried, a ninth or no digit is not taken, one can be taken back."""
    kiosk = Kiosk()
    kiosk.knock()
    assert kiosk.enter("123") == []
    kiosk.enter("456789x")
    assert pad(kiosk).digits == 8
    kiosk = Kiosk()
    kiosk.knock()
    for digit in "123456789":
        kiosk.tell(signals.Digit(digit))
    kiosk.tell(signals.DigitErased())
    assert kiosk.tell(signals.PinEntered()) == [signals.CheckPin("1234567")]


@pytest.mark.parametrize("right", [False, True])
def test_it_goes_back_to_customers_after_a_minute(right: bool) -> None:
    """Pad and glimpse end by themselves after 60 s without a touch, and keep nothing."""
    kiosk = Kiosk()
    kiosk.knock()
    kiosk.enter("1234")
    if right:
        kiosk.tell(signals.PinChecked(True), signals.Figures(signals.Glimpse(waiting=7)))
    kiosk.wait(60)
    shown = kiosk.view()
    assert (shown.screen, shown.pad, shown.glimpse) == ("ask", None, None)


def test_closing_goes_back_at_once() -> None:
    """*Back to customers* needs no waiting."""
    kiosk = Kiosk()
    kiosk.knock()
    kiosk.tell(signals.Close())
    assert kiosk.view().screen == "ask"


def test_an_answer_that_comes_too_late_lets_nobody_in() -> None:
    """A PIN checked after everybody left, or never asked for, opens nothing."""
    kiosk = Kiosk()
    kiosk.tell(signals.PinChecked(True))
    assert kiosk.view().screen == "ask"
    kiosk.knock()
    kiosk.tell(signals.PinChecked(True))
    assert kiosk.view().screen == "pin"


@pytest.mark.parametrize(
    ("wrong", "seconds"), [(0, 0), (4, 0), (5, 60), (6, 120), (7, 240), (16, 86_400), (99, 86_400)]
)
def test_five_wrong_pins_lock_for_a_minute_and_double(wrong: int, seconds: int) -> None:
    """The fifth wrong one locks for a minute, each further one twice as long, a day at most."""
    assert staff.Lockout(wrong).lock_ms() == seconds * 1000


def figures(*counts: int, day: str = "2026-11-21") -> staff.Figures:
    """Figures of a day."""
    return staff.Figures(day, "exit", counts, 50.0, (40.0, 60.0))


@pytest.mark.parametrize(
    ("shown", "fresh", "changes"),
    [
        (figures(1, 0, 0, 4), figures(1, 0, 0, 8), False),
        (figures(1, 0, 0, 4), figures(1, 0, 0, 9), True),
        (figures(9, 0, 0, 9), figures(1, 0, 0, 2, day="2026-11-22"), False),
        (figures(9, 0, 0, 9), figures(1, 0, 0, 4, day="2026-11-22"), True),
        (staff.Figures(), figures(0, 0, 0, 4), False),
        (figures(1, 0, 0, 9), figures(0, 0, 0, 0, 4), False),
        (figures(1, 0, 0, 9), figures(0, 0, 0, 0, 5), True),
    ],
)
def test_figures_renew_only_when_five_taps_came(
    shown: staff.Figures, fresh: staff.Figures, changes: bool
) -> None:
    """Nobody learns what the last customer pressed; a new day or scale begins from nothing."""
    got = staff.renewed(shown, fresh, 5)
    assert (got == fresh) is changes
    if not changes:
        same = (shown.day, len(shown.counts)) == (fresh.day, len(fresh.counts))
        assert got.taps == (shown.taps if same else 0)


def test_figures_are_asked_for_every_two_seconds() -> None:
    """Once when staff come in, then every two seconds while they look, and at once next time."""
    kiosk = Kiosk()
    asked = signals.ReadFigures()
    for _ in range(2):
        kiosk.knock()
        kiosk.enter("4242")
        assert kiosk.tell(signals.PinChecked(True)) == [asked]
        kiosk.tell(signals.Figures(signals.Glimpse()))
        assert [kiosk.wait(0.5) for _ in range(8)] == [[], [], [], [asked]] * 2
        kiosk.tell(signals.AnyTouch(), signals.Close())
    assert kiosk.view().screen == "ask"
