"""The visit after its thanks: reasons, a wrong face, more questions than one."""

import pytest

from kiosk import signals, view
from sync.feedback import events, surveys
from tests.unit.session_kiosk import Kiosk, events_of, survey


def test_several_reasons_are_one_answer_in_the_order_shown() -> None:
    """Reasons can be several, taken back, and are recorded with the order they were shown in."""
    kiosk = Kiosk()
    kiosk.tell(signals.Around(day=1))
    kiosk.touch(signals.Tapped(1))
    assert [chip.reason for chip in kiosk.view().chips] == ["staff", "prices", "waiting", "other"]
    for reason in ("waiting", "prices", "staff", "prices"):
        kiosk.touch(signals.Chose(reason))
    got = kiosk.touch(signals.Send())
    (answer,) = events_of(got)
    assert isinstance(answer, events.Answer)
    assert answer.reasons == ("staff", "waiting")
    assert answer.shown == ("staff", "prices", "waiting", "other")
    assert answer.ended == "sent"
    assert kiosk.view().screen == "ask"


def test_a_correction_can_be_corrected_too() -> None:
    """The face that now counts is the one that a tap changes or leaves: 1, 4, 1 again, 1."""
    kiosk = Kiosk()
    for face in (1, 4, 1, 1):
        kiosk.touch(signals.WrongFace())
        kiosk.touch(signals.Tapped(face))
        assert kiosk.view().screen == "thanks"
    _, *corrections = kiosk.recorded()
    assert [type(event) for event in corrections] == [events.Correction] * 2
    assert [getattr(event, "face", 0) for event in corrections] == [4, 1]


def test_the_record_of_an_answer_names_the_ratings_ticket() -> None:
    """Only the recorder knows a rating's number: the answer names its ticket."""
    kiosk = Kiosk()
    (_, record, *_) = kiosk.touch(signals.Tapped(1))
    assert isinstance(record, signals.Record)
    kiosk.touch(signals.Chose("staff"))
    (answer, _) = kiosk.touch(signals.Send())
    assert isinstance(answer, signals.Record)
    assert answer.about == record.ticket


@pytest.mark.parametrize(
    ("meant", "ended", "reasons"),
    [
        ([signals.Send()], "skipped", ()),
        ([signals.Chose("staff"), signals.Chose("staff"), signals.Send()], "skipped", ()),
        ([signals.Chose("staff"), signals.NextCustomer()], "restarted", ("staff",)),
    ],
)
def test_how_reasons_end(meant: list[signals.Signal], ended: str, reasons: tuple[str, ...]) -> None:
    """The answer says how the visit ended."""
    kiosk = Kiosk()
    kiosk.touch(signals.Tapped(1))
    for one in meant:
        kiosk.touch(one)
    answer = kiosk.recorded()[-1]
    assert isinstance(answer, events.Answer)
    assert (answer.ended, answer.reasons) == (ended, reasons)
    assert kiosk.view().screen == "ask"


def test_reasons_warn_after_twenty_seconds_and_end_after_forty() -> None:
    """Untouched for 20 s a warning comes, for 40 s the visit ends as timed out."""
    kiosk = Kiosk()
    kiosk.touch(signals.Tapped(1))
    kiosk.touch(signals.Chose("staff"))
    kiosk.wait(19.9)
    assert not kiosk.view().warning
    kiosk.wait(0.1)
    assert kiosk.view().warning
    assert kiosk.view().countdown == view.Countdown(began_ms=kiosk.now, ends_ms=kiosk.now + 20_000)
    kiosk.wait(20)
    answer = kiosk.recorded()[-1]
    assert isinstance(answer, events.Answer)
    assert (answer.ended, answer.reasons) == ("timed_out", ("staff",))


def test_one_tap_anywhere_gives_the_time_again() -> None:
    """A touch during the warning takes it away and begins the time anew."""
    kiosk = Kiosk()
    kiosk.touch(signals.Tapped(1))
    kiosk.touch(signals.Chose("staff"))
    kiosk.wait(39)
    kiosk.tell(signals.AnyTouch())
    assert not kiosk.view().warning
    kiosk.wait(39.9)
    assert kiosk.view().screen == "reasons"


def test_no_answer_is_recorded_when_nothing_was_touched_after_the_rating() -> None:
    """A touch on nothing is no answer; it only gives time."""
    kiosk = Kiosk()
    kiosk.touch(signals.Tapped(1))
    kiosk.touch()
    kiosk.wait(40)
    assert kiosk.view().screen == "ask"
    assert len(kiosk.recorded()) == 1


def test_wrong_face_corrects_the_same_rating() -> None:
    """The next tap after *wrong face?* is a correction, thanked for once it is on the card."""
    kiosk = Kiosk()
    (_, rating, *_) = kiosk.touch(signals.Tapped(1))
    assert kiosk.view().can_correct
    kiosk.touch(signals.WrongFace())
    assert (kiosk.view().screen, kiosk.view().correcting) == ("ask", True)
    got = kiosk.touch(signals.Tapped(4))
    (record,) = (e for e in got if isinstance(e, signals.Record))
    assert isinstance(rating, signals.Record)
    assert record.about == rating.ticket
    assert record.event == events.Correction(mono=kiosk.now, rating=0, face=4)
    assert kiosk.view().screen == "thanks"
    assert not kiosk.view().correcting


def test_the_same_face_again_corrects_nothing() -> None:
    """Whoever taps the same face again was right the first time."""
    kiosk = Kiosk()
    kiosk.touch(signals.Tapped(3))
    kiosk.touch(signals.WrongFace())
    kiosk.touch(signals.Tapped(3))
    assert len(kiosk.recorded()) == 1
    assert kiosk.view().screen == "thanks"


def two_questions() -> surveys.Survey:
    """Faces, then yes or no."""
    again = surveys.Question(
        id="again",
        kind="yes_no",
        faces=2,
        text={"en": "Will you come again?", "sv": "Kommer du igen?"},
        words={"en": ["No", "Yes"], "sv": ["Nej", "Ja"]},
    )
    return survey(questions=[*survey().questions, again])


def test_several_questions_are_one_visit() -> None:
    """The second rating names the first one's ticket as its visit; then come thanks."""
    kiosk = Kiosk(two_questions())
    (_, first, *_) = kiosk.touch(signals.Tapped(4))
    assert (kiosk.view().screen, kiosk.view().question_number) == ("ask", 2)
    (_, second, *_) = kiosk.touch(signals.Tapped(2))
    assert isinstance(first, signals.Record)
    assert isinstance(second, signals.Record)
    assert (first.visit, second.visit) == (None, first.ticket)
    assert kiosk.view().screen == "thanks"


def test_only_the_first_rating_says_how_a_visit_began() -> None:
    """The second question of whoever pressed *next customer* begins nothing."""
    kiosk = Kiosk(two_questions())
    for signal in (signals.Tapped(2), signals.NextCustomer(), signals.Tapped(2), signals.Tapped(1)):
        kiosk.touch(signal)
    began = [event.began for event in kiosk.recorded() if isinstance(event, events.Rating)]
    assert began == [None, "next", None]


def test_a_wrong_face_on_an_earlier_question_can_be_mended() -> None:
    """From the second question one steps back to the first, corrects it, and goes on."""
    kiosk = Kiosk(two_questions())
    (_, first, *_) = kiosk.touch(signals.Tapped(4))
    kiosk.touch(signals.WrongFace())
    assert kiosk.view().question_number == 1
    got = kiosk.touch(signals.Tapped(1))
    (record,) = (e for e in got if isinstance(e, signals.Record))
    assert isinstance(first, signals.Record)
    assert record.about == first.ticket
    assert kiosk.view().question_number == 2


def test_a_second_question_left_open_goes_back_after_a_warning() -> None:
    """Whoever leaves between two questions leaves the first rating as it is."""
    kiosk = Kiosk(two_questions())
    kiosk.touch(signals.Tapped(4))
    kiosk.wait(20)
    assert kiosk.view().warning
    kiosk.wait(20)
    assert (kiosk.view().question_number, kiosk.view().warning) == (1, False)
    assert len(kiosk.recorded()) == 1
