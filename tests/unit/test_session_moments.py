"""From when times count, and which touch means nothing because it came too soon."""

import msgspec
import pytest

from kiosk import session, settings, signals
from sync.feedback import events, surveys
from tests.unit.session_kiosk import Kiosk, events_of, open_survey, strike, survey


def chosen(kiosk: Kiosk) -> list[str]:
    """The chips that are chosen."""
    return [chip.reason for chip in kiosk.view().chips if chip.chosen]


def questions(count: int) -> surveys.Survey:
    """A survey of so many questions."""
    (first,) = survey().questions
    asked = [msgspec.structs.replace(first, id=f"q{number}") for number in range(count)]
    return survey(questions=asked)


# ----------------------------------------------------------------------- touches that come too soon


@pytest.mark.parametrize("slow", [False, True])
def test_a_chip_touched_by_a_trembling_finger_stays_chosen(slow: bool) -> None:
    """A burst of touches of one chip is one; half a second (1 s in *more time*) later it turns."""
    kiosk = Kiosk()
    if slow:
        kiosk.touch(signals.ChoseEasier("slow"))
        kiosk.wait(1)
    kiosk.touch(signals.Tapped(2))
    kiosk.wait(1)
    most = 900 if slow else 400
    for _ in range(4):
        kiosk.tell(signals.AnyTouch(), signals.Chose("staff"))
        assert chosen(kiosk) == ["staff"]
        kiosk.now += most
    kiosk.now += 100
    kiosk.tell(signals.AnyTouch(), signals.Chose("staff"))
    assert chosen(kiosk) == []


def test_another_chip_can_be_touched_at_once() -> None:
    """Only the same chip again is a trembling finger's."""
    kiosk = Kiosk()
    kiosk.touch(signals.Tapped(2))
    kiosk.touch(signals.Chose("staff"), signals.Chose("prices"), signals.Chose("staff"))
    assert chosen(kiosk) == ["prices"]


def test_a_way_of_easier_use_touched_by_a_trembling_finger_stays_on() -> None:
    """Whoever needs it trembles more than others."""
    kiosk = Kiosk()
    kiosk.touch(signals.OpenEasier())
    kiosk.touch(signals.ChoseEasier("larger"))
    for _ in range(3):
        kiosk.now += 300
        kiosk.tell(signals.AnyTouch(), signals.ChoseEasier("larger"))
        assert kiosk.view().modes == {"larger"}
    kiosk.touch(signals.ChoseEasier("larger"))
    assert kiosk.view().modes == frozenset()


def test_a_double_tap_on_a_face_left_as_it_was_does_not_answer_the_next_question() -> None:
    """*Wrong face?* and the same face again leads on; its second touch means nothing."""
    kiosk = Kiosk(questions(2))
    kiosk.touch(signals.Tapped(3))
    kiosk.touch(signals.WrongFace())
    kiosk.touch(signals.Tapped(3))
    assert kiosk.view().question_number == 2
    kiosk.now += 300
    assert kiosk.tell(signals.AnyTouch(), signals.Tapped(3)) == [signals.Swallow()]
    assert len(kiosk.recorded()) == 1


def test_a_double_tap_on_the_way_back_leads_one_question_back() -> None:
    """Its second touch means nothing, though the same screen stays up."""
    kiosk = Kiosk(questions(3))
    kiosk.touch(signals.Tapped(3))
    kiosk.touch(signals.Tapped(3))
    kiosk.touch(signals.WrongFace())
    kiosk.now += 300
    kiosk.tell(signals.AnyTouch(), signals.WrongFace())
    assert kiosk.view().question_number == 2


def test_a_double_tap_wakes_and_gives_nothing() -> None:
    """The second touch of a hand that wakes the screen is no rating either."""
    kiosk = Kiosk()
    kiosk.tell(signals.Around(open=False))
    kiosk.wait(61)
    assert kiosk.tell(signals.AnyTouch()) == [signals.Swallow()]
    kiosk.now += 400
    assert kiosk.tell(signals.AnyTouch(), signals.Tapped(3)) == [signals.Swallow()]
    assert kiosk.recorded() == []


def test_no_touch_can_have_meant_a_face_that_a_time_out_just_brought() -> None:
    """A finger on its way to a chip, as reasons run out, gives no rating."""
    kiosk = Kiosk()
    kiosk.touch(signals.Tapped(2))
    kiosk.touch()
    kiosk.wait(40)
    kiosk.now += 140
    assert kiosk.tell(signals.AnyTouch(), signals.Tapped(1)) == [signals.Swallow()]
    kiosk.now += 10
    kiosk.tell(signals.AnyTouch(), signals.Tapped(1))
    assert len(kiosk.recorded()) == 2


@pytest.mark.parametrize(
    "way",
    [
        [signals.Tapped(2)],
        [signals.Tapped(2), signals.OpenAnswer()],
        [signals.Tapped(2), signals.OpenComment()],
        [signals.OpenAbout()],
        [signals.OpenEasier()],
        [signals.OpenLanguages()],
    ],
)
def test_a_button_below_the_glass_gives_nothing_but_on_the_question(
    way: list[signals.Signal],
) -> None:
    """A face can be pressed whatever is shown; it is a rating only where faces are."""
    kiosk = Kiosk(open_survey())
    for signal in way:
        kiosk.touch(signal)
    before = len(kiosk.recorded())
    assert kiosk.touch(signals.Tapped(4, via="button")) == []
    assert len(kiosk.recorded()) == before


def test_no_face_is_wrong_where_it_cannot_be_asked_again() -> None:
    """From a comment or a page there is no way to the faces."""
    for way in ([signals.OpenComment()], [signals.OpenAnswer()]):
        kiosk = Kiosk(open_survey())
        kiosk.touch(signals.Tapped(2))
        kiosk.touch(*way)
        screen = kiosk.view().screen
        kiosk.touch(signals.WrongFace())
        assert kiosk.view().screen == screen


# --------------------------------------------------------------------------- from when times count


def test_the_thanks_of_a_slow_card_stay_as_long_as_any() -> None:
    """Their 4 s count from when they are shown, not from the tap."""
    kiosk = Kiosk()
    kiosk.answers = False
    kiosk.touch(signals.Tapped(2))
    kiosk.now += 1_900
    kiosk.tell(signals.Recorded(3))
    kiosk.wait(3.9)
    assert kiosk.view().screen == "thanks"
    kiosk.wait(0.1)
    assert kiosk.view().screen == "ask"


def test_a_kiosk_started_by_night_is_awake_for_a_minute() -> None:
    """It does not count from the machine's start, which may be long ago."""
    kiosk = session.Session(survey(), settings.Settings(), strike=strike, codes=lambda: "")
    kiosk.handle(signals.Around(open=False), 900_000)
    kiosk.handle(signals.Tick(), 959_000)
    assert kiosk.view().screen == "ask"
    kiosk.handle(signals.Tick(), 960_000)
    assert kiosk.view().screen == "sleep"


def test_a_shop_that_opens_and_closes_again_stays_awake_for_a_minute() -> None:
    """A screen that opening hours woke does not fall asleep at once."""
    kiosk = Kiosk()
    kiosk.tell(signals.Around(open=False))
    kiosk.wait(61)
    kiosk.now += 3_600_000
    kiosk.tell(signals.Around(open=True), signals.Around(open=False))
    kiosk.wait(59)
    assert kiosk.view().screen == "ask"
    kiosk.wait(1)
    assert kiosk.view().screen == "sleep"


def test_the_pad_and_the_figures_have_their_whole_minute() -> None:
    """It counts from when each comes up, not from the finger in the corner or the last digit."""
    kiosk = Kiosk()
    kiosk.tell(signals.AnyTouch(), signals.CornerDown())
    kiosk.wait(3)
    kiosk.wait(58)
    assert kiosk.view().screen == "pin"
    for digit in "1234":
        kiosk.touch(signals.Digit(digit))
    kiosk.touch(signals.PinEntered())
    kiosk.wait(30)
    kiosk.tell(signals.PinChecked(right=True))
    kiosk.wait(59)
    assert kiosk.view().screen == "glimpse"
    kiosk.wait(1)
    assert kiosk.view().screen == "ask"


# ------------------------------------------------------------------------------- what is told of it


def test_settings_that_come_before_the_start_are_taken_at_once() -> None:
    """Nobody has seen anything yet; the stream is told of them once, when it begins."""
    kiosk = session.Session(survey(), settings.Settings(), strike=strike, codes=lambda: "")
    (first,) = survey().questions
    swedish = msgspec.structs.replace(first, text={"sv": "Hur?"}, words={"sv": list("abcd")})
    only = survey(questions=[swedish], reasons=[])
    config = signals.Configured(only, settings.Settings())
    assert kiosk.handle(config, 1_000) == [signals.Applied(config)]
    assert (kiosk.view().language, kiosk.view().question) == ("sv", "Hur?")
    told = list(events_of(kiosk.handle(signals.Started(), 1_001)))
    assert [type(event) for event in told] == [events.Settings, events.Survey]


def test_new_settings_end_what_was_kept_for_the_visit() -> None:
    """Whoever keeps something for a visit is told that it is over."""
    kiosk = Kiosk()
    kiosk.wait(3)
    got = kiosk.tell(signals.Configured(survey(version=4), settings.Settings()))
    assert signals.Back() in got
    assert isinstance(got[-1], signals.Applied)


def test_each_step_is_heard() -> None:
    """A tap, its thanks, a key and a comment's thanks each have their sound, and it is the same."""
    kiosk = Kiosk(open_survey())

    def heard(*meant: signals.Signal) -> list[str]:
        return [e.name for e in kiosk.touch(*meant) if isinstance(e, signals.Sound)]

    assert heard(signals.Tapped(2)) == ["tap", "thanks"]
    assert heard(signals.OpenComment()) == []
    assert heard(signals.Typed("a")) == heard(signals.Erased()) == ["key"]
    assert heard(signals.Typed("b")) == ["key"]
    assert heard(signals.Send()) == ["thanks"]
    assert kiosk.view().screen == "sent"


def test_whoever_only_looked_up_customer_service_answered_without_a_reason() -> None:
    """Something was touched after the rating, so an answer is due; a page before it counts not."""
    kiosk = Kiosk(open_survey())
    kiosk.touch(signals.OpenAbout())
    kiosk.touch(signals.Close())
    kiosk.touch(signals.Tapped(2))
    kiosk.wait(4)
    assert [type(event) for event in kiosk.recorded()] == [events.Rating]
    kiosk.touch(signals.Tapped(2))
    kiosk.touch(signals.OpenAnswer())
    kiosk.wait(40)
    answer = kiosk.recorded()[-1]
    assert isinstance(answer, events.Answer)
    assert (answer.reasons, answer.ended) == ((), "timed_out")


# ------------------------------------------------------------------ what is no touch ends nothing


def test_what_surrounds_a_visit_does_not_end_it() -> None:
    """The hour and the card are told every second, whatever is up."""
    kiosk = Kiosk()
    kiosk.touch(signals.Tapped(2))
    kiosk.touch(signals.Chose("staff"))
    kiosk.tell(signals.Around(open=True, day=9))
    assert (kiosk.view().screen, chosen(kiosk)) == ("reasons", ["staff"])


def test_midnight_wakes_no_closed_shop() -> None:
    """Only opening hours and a touch do; a button below the dark glass gives nothing."""
    kiosk = Kiosk()
    kiosk.tell(signals.Around(open=False, day=1))
    kiosk.wait(61)
    kiosk.tell(signals.Around(open=False, day=2))
    assert kiosk.view().screen == "sleep"
    assert kiosk.tell(signals.Tapped(2, via="button")) == []
    assert kiosk.view().screen == "sleep"
    assert kiosk.recorded() == []


def test_new_settings_wait_for_whoever_reads_or_thinks() -> None:
    """A screen left alone for seconds still belongs to the one before it, words and all."""
    kiosk = Kiosk(open_survey())
    kiosk.touch(signals.Tapped(2))
    kiosk.touch(signals.OpenComment())
    kiosk.touch(signals.Typed("a"))
    kiosk.tell(signals.Configured(survey(version=4), settings.Settings()))
    kiosk.wait(30)
    assert (kiosk.view().screen, kiosk.view().comment) == ("comment", "a")
    kiosk.touch(signals.NextCustomer())
    kiosk.wait(3)
    assert signals.Applied not in {type(effect) for effect in kiosk.effects}
    kiosk.wait(40)  # whoever pressed *next customer* has gone
    kiosk.wait(2)
    assert signals.Applied in {type(effect) for effect in kiosk.effects}
