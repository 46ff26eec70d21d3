"""The visit, row by row of the customer's table: the tap, its thanks, touches, times, pages."""

import msgspec
import pytest

from kiosk import settings, signals
from sync.feedback import events
from tests.unit.session_kiosk import WORDS, Kiosk, open_survey


def test_asks_with_question_words_and_faces_best_first() -> None:
    """The question stands with its faces and words, the best at the beginning."""
    shown = Kiosk().view()
    assert shown.screen == "ask"
    assert shown.question == "How good was it?"
    assert [face.word for face in shown.faces] == list(reversed(WORDS))
    assert [face.number for face in shown.faces] == [4, 3, 2, 1]
    assert [face.mood for face in shown.faces] == pytest.approx([1, 1 / 3, -1 / 3, -1])


def test_worst_first_turns_the_row_round() -> None:
    """The side of the best face is a setting."""
    kiosk = Kiosk(set_=settings.Settings(order="worst_first"))
    assert [face.number for face in kiosk.view().faces] == [1, 2, 3, 4]


def test_a_tap_is_one_rating_at_the_moment_of_the_tap() -> None:
    """A tap on a face is recorded once, with all that a rating carries."""
    kiosk = Kiosk()
    kiosk.touch(signals.Tapped(4))
    (rating,) = kiosk.recorded()
    assert rating == events.Rating(
        mono=kiosk.now,
        survey="exit",
        survey_version=3,
        question="visit",
        face=4,
        faces=4,
        language="en",
        via="touch",
    )
    assert kiosk.view().screen == "thanks"


def test_the_thanks_wait_for_the_card_and_the_screen_is_deaf_meanwhile() -> None:
    """The pressed face shows until the card has the tap; no touch means anything before."""
    kiosk = Kiosk()
    kiosk.answers = False
    kiosk.touch(signals.Tapped(2))
    assert (kiosk.view().screen, kiosk.view().pressed) == ("ask", 2)
    kiosk.now += 700
    assert kiosk.tell(signals.AnyTouch()) == [signals.Swallow()]
    assert kiosk.tell(signals.Tapped(3)) == []
    got = kiosk.tell(signals.Recorded(3))
    assert signals.Thanked(3, True) in got
    assert (kiosk.view().screen, kiosk.view().pressed) == ("thanks", None)
    assert len(kiosk.recorded()) == 1


def test_no_touch_can_have_meant_thanks_that_a_slow_card_just_brought() -> None:
    """Within 0.15 s of the card's late word a touch neither chooses nor keeps anything."""
    kiosk = Kiosk()
    kiosk.answers = False
    kiosk.touch(signals.Tapped(2))
    kiosk.now += 900
    kiosk.tell(signals.Recorded(3))
    kiosk.now += 100
    assert kiosk.tell(signals.AnyTouch(), signals.Chose("staff")) == [signals.Swallow()]
    assert kiosk.view().screen == "thanks"
    kiosk.now += 100
    kiosk.tell(signals.AnyTouch(), signals.Chose("staff"))
    assert kiosk.view().screen == "reasons"


def test_a_card_slower_than_two_seconds_gets_the_thanks_shown() -> None:
    """After 2 s the thank-you is shown all the same, and staff are told."""
    kiosk = Kiosk()
    kiosk.answers = False
    kiosk.touch(signals.Tapped(2))
    assert kiosk.wait(1.9) == []
    got = kiosk.wait(0.1)
    assert signals.SlowCard(3) in got
    assert signals.Thanked(3, False) in got
    assert kiosk.view().screen == "thanks"
    assert kiosk.tell(signals.Recorded(3)) == []  # its late word changes nothing


def test_thanks_end_after_four_seconds_untouched() -> None:
    """Untouched, the thank-you ends after 4 s, with no answer recorded."""
    kiosk = Kiosk()
    kiosk.touch(signals.Tapped(4))
    kiosk.wait(3.9)
    assert kiosk.view().screen == "thanks"
    assert kiosk.wait(0.1) == [signals.Back()]
    assert kiosk.view().screen == "ask"
    assert len(kiosk.recorded()) == 1


def test_the_first_touch_turns_thanks_into_reasons() -> None:
    """The first touch keeps the picture: it is reasons from then on."""
    kiosk = Kiosk()
    kiosk.touch(signals.Tapped(4))
    kiosk.touch()
    assert kiosk.view().screen == "reasons"
    kiosk.wait(10)
    assert kiosk.view().screen == "reasons"


def test_a_touch_in_the_same_frame_as_the_time_out_counts() -> None:
    """A touch handed in before the tick that would end the thanks keeps them."""
    kiosk = Kiosk()
    kiosk.touch(signals.Tapped(4))
    kiosk.now += 4_000
    kiosk.tell(signals.AnyTouch(), signals.Tick(), signals.Chose("staff"))
    assert kiosk.view().screen == "reasons"
    assert [chip.reason for chip in kiosk.view().chips if chip.chosen] == ["staff"]


def test_the_thanks_are_the_same_whichever_face() -> None:
    """Nothing that is shown after the tap tells which face it was."""
    shown = set()
    for face in (1, 2, 3, 4):
        kiosk = Kiosk(open_survey())
        got = kiosk.touch(signals.Tapped(face))
        sounds = tuple(e for e in got if isinstance(e, signals.Sound))
        shown.add((msgspec.json.encode(msgspec.to_builtins(kiosk.view())), sounds))
    assert len(shown) == 1


def test_a_second_touch_within_half_a_second_means_nothing() -> None:
    """A double tap neither turns thanks into reasons nor chooses a chip."""
    kiosk = Kiosk()
    kiosk.touch(signals.Tapped(3))
    kiosk.now += 400
    assert kiosk.tell(signals.AnyTouch()) == [signals.Swallow()]
    assert kiosk.tell(signals.Chose("staff")) == []
    assert kiosk.view().screen == "thanks"
    kiosk.now += 100
    assert kiosk.tell(signals.AnyTouch()) == []
    assert kiosk.view().screen == "reasons"


def test_a_double_tap_on_done_gives_no_rating() -> None:
    """The second touch of a double tap on *Done* does not fall on a face."""
    kiosk = Kiosk()
    kiosk.touch(signals.Tapped(3))
    kiosk.touch(signals.Send())
    kiosk.now += 200
    kiosk.tell(signals.AnyTouch(), signals.Tapped(1))
    assert [type(e) for e in kiosk.recorded()] == [events.Rating, events.Answer]


def test_next_customer_begins_a_visit_at_once() -> None:
    """The next rating says that it began with the button, and is no visit of the last one."""
    kiosk = Kiosk()
    kiosk.touch(signals.ChoseLanguage("sv"))
    kiosk.touch(signals.Tapped(1))
    assert kiosk.view().can_next
    kiosk.touch(signals.NextCustomer())
    assert (kiosk.view().screen, kiosk.view().language) == ("ask", "en")
    kiosk.touch(signals.Tapped(2))
    first, second = kiosk.recorded()
    assert isinstance(first, events.Rating)
    assert isinstance(second, events.Rating)
    assert (first.began, second.began, second.language) == (None, "next", "en")


def test_a_language_lasts_one_visit() -> None:
    """The language of the visit is recorded, and the next visit has the shop's again."""
    kiosk = Kiosk()
    kiosk.touch(signals.OpenLanguages())
    assert kiosk.view().screen == "languages"
    kiosk.touch(signals.ChoseLanguage("sv"))
    assert (kiosk.view().screen, kiosk.view().question) == ("ask", "Hur bra var det?")
    kiosk.touch(signals.Tapped(4))
    kiosk.wait(4)
    kiosk.touch(signals.Tapped(4))
    first, second = kiosk.recorded()
    assert isinstance(first, events.Rating)
    assert isinstance(second, events.Rating)
    assert (first.language, second.language) == ("sv", "en")


def test_whoever_changes_the_language_and_leaves_leaves_no_trace() -> None:
    """A changed language goes back by itself after 40 s without a touch."""
    kiosk = Kiosk()
    kiosk.touch(signals.ChoseLanguage("sv"))
    kiosk.wait(39.9)
    assert kiosk.view().language == "sv"
    kiosk.wait(0.1)
    assert kiosk.view().language == "en"


def test_more_time_triples_times_and_ignores_a_second_touch_for_one_second() -> None:
    """*More time*: thanks stay 12 s, a second touch means nothing for 1 s; the mode is recorded."""
    kiosk = Kiosk()
    kiosk.touch(signals.OpenEasier())
    kiosk.touch(signals.ChoseEasier("slow"))
    kiosk.wait(1)
    kiosk.touch(signals.Close())
    kiosk.wait(1)
    kiosk.touch(signals.Tapped(4))
    kiosk.now += 900
    assert kiosk.tell(signals.AnyTouch()) == [signals.Swallow()]
    kiosk.wait(11)
    assert kiosk.view().screen == "thanks"
    kiosk.wait(0.1)
    assert kiosk.view().screen == "ask"
    assert kiosk.view().modes == frozenset()
    (rating,) = kiosk.recorded()
    assert isinstance(rating, events.Rating)
    assert rating.mode == ("slow",)


def test_more_time_triples_the_warning() -> None:
    """With *more time* reasons warn after 60 s and end after 120."""
    kiosk = Kiosk()
    kiosk.touch(signals.ChoseEasier("slow"))
    kiosk.wait(1)
    kiosk.touch(signals.Tapped(4))
    kiosk.wait(1)
    kiosk.touch()
    kiosk.wait(59.9)
    assert not kiosk.view().warning
    kiosk.wait(0.1)
    assert kiosk.view().warning
    kiosk.wait(60)
    assert kiosk.view().screen == "ask"


@pytest.mark.parametrize(
    ("opened", "screen"),
    [(signals.OpenAbout(), "about"), (signals.OpenEasier(), "easier")],
)
def test_pages_open_from_ask_and_close_to_it(opened: signals.Signal, screen: str) -> None:
    """What happens with this and easier use open over the question and close to it."""
    kiosk = Kiosk()
    kiosk.touch(opened)
    assert kiosk.view().screen == screen
    kiosk.touch(signals.Close())
    assert kiosk.view().screen == "ask"


def test_i_want_an_answer_for_every_face_alike() -> None:
    """The page with customer service opens from thanks and closes to reasons."""
    for face in (1, 4):
        kiosk = Kiosk(open_survey())
        kiosk.touch(signals.Tapped(face))
        assert kiosk.view().can_answer
        kiosk.touch(signals.OpenAnswer())
        assert kiosk.view().screen == "answer"
        assert kiosk.view().service.telephone == "010-000 00 00"
        kiosk.touch(signals.Close())
        assert kiosk.view().screen == "reasons"


def test_without_customer_service_there_is_no_answer_to_want() -> None:
    """A survey without customer service offers no page for it."""
    kiosk = Kiosk()
    kiosk.touch(signals.Tapped(1))
    assert not kiosk.view().can_answer
