"""The visit, row by row of the customer's table."""

from collections.abc import Iterable

import msgspec
import pytest

from kiosk import scenes, session, settings, signals, view
from sync.feedback import events, surveys

WORDS = ["Very bad", "Bad", "Good", "Very good"]


def survey(**changes: object) -> surveys.Survey:
    """A small survey in two languages."""
    question = surveys.Question(
        id="visit",
        text={"en": "How good was it?", "sv": "Hur bra var det?"},
        words={"en": WORDS, "sv": ["Mycket dåligt", "Dåligt", "Bra", "Mycket bra"]},
    )
    reasons = [
        surveys.Reason(id=name, text={"en": name, "sv": name}, icon="dots")
        for name in ("waiting", "staff", "prices", "other")
    ]
    base = surveys.Survey(survey="exit", version=3, questions=[question], reasons=reasons)
    return msgspec.structs.replace(base, **changes)


def open_survey() -> surveys.Survey:
    """A survey that may take comments."""
    return survey(
        comments=True,
        notice=surveys.Notice(responsible="The shop", retention_days=90),
        service=surveys.Service(telephone="010-000 00 00"),
    )


def strike(text: str, _language: str) -> tuple[str, tuple[str, ...]]:
    """Strike out one word, as the real thing strikes out numbers."""
    return text.replace("070-123", "[number removed]"), ("phone",) if "070-123" in text else ()


class Kiosk:
    """A session with a hand on the clock and a card that answers at once, unless told not to."""

    def __init__(
        self, shown: surveys.Survey | None = None, set_: settings.Settings | None = None
    ) -> None:
        self.session = session.Session(
            shown or survey(), set_ or settings.Settings(), strike=strike, codes=lambda: "K7-42Q"
        )
        self.now = 100_000
        self.effects: list[signals.Effect] = []
        self.answers = True
        self.tell(signals.Started())
        self.recorded().clear()
        self.effects.clear()

    def tell(self, *told: signals.Signal) -> list[signals.Effect]:
        """Tell signals one after the other, now; answer what is recorded."""
        got: list[signals.Effect] = []
        for signal in told:
            found = self.session.handle(signal, self.now)
            got += found
            for effect in found:
                if isinstance(effect, signals.Record) and self.answers:
                    got += self.session.handle(signals.Recorded(effect.ticket), self.now)
        self.effects += got
        return got

    def touch(self, *meant: signals.Signal) -> list[signals.Effect]:
        """A finger: down, then what it meant."""
        self.wait(0.6)
        return self.tell(signals.AnyTouch(), *meant)

    def wait(self, seconds: float) -> list[signals.Effect]:
        """Let time pass, with a tick at its end."""
        self.now += round(seconds * 1000)
        return self.tell(signals.Tick())

    def view(self) -> view.View:
        """What is shown."""
        return self.session.view()

    def recorded(self) -> list[events.Event]:
        """All events that were to be recorded, without settings and survey."""
        return list(events_of(self.effects))


def events_of(effects: Iterable[signals.Effect]) -> Iterable[events.Event]:
    """The events of records."""
    return (e.event for e in effects if isinstance(e, signals.Record))


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
        ([signals.Skip()], "skipped", ()),
        ([signals.Chose("staff"), signals.Skip()], "skipped", ()),
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


def write(kiosk: Kiosk, text: str) -> None:
    """Open the comment and type."""
    kiosk.touch(signals.OpenComment())
    kiosk.wait(0.6)
    for letter in text:
        kiosk.tell(signals.AnyTouch(), signals.Typed(letter))


def test_a_comment_is_recorded_with_its_code_after_the_answer() -> None:
    """Sending records the answer, then the comment; then the code is shown."""
    kiosk = Kiosk(open_survey())
    kiosk.touch(signals.Tapped(1))
    kiosk.touch(signals.Chose("staff"))
    write(kiosk, "Too slow!!")
    kiosk.tell(signals.Erased())
    kiosk.touch(signals.Send())
    _, answer, comment = kiosk.recorded()
    assert isinstance(answer, events.Answer)
    assert (answer.ended, answer.reasons) == ("sent", ("staff",))
    assert isinstance(comment, events.Comment)
    assert (comment.text, comment.code) == ("Too slow!", "K7-42Q")
    assert (kiosk.view().screen, kiosk.view().code, kiosk.view().comment) == ("sent", "K7-42Q", "")
    kiosk.wait(40)
    assert kiosk.view().screen == "ask"
    assert len(kiosk.recorded()) == 3


def test_the_code_waits_for_the_card() -> None:
    """The words of thanks for a comment wait for the card as those for a tap do."""
    kiosk = Kiosk(open_survey())
    kiosk.touch(signals.Tapped(1))
    write(kiosk, "Slow")
    kiosk.answers = False
    kiosk.touch(signals.Send())
    assert kiosk.view().screen == "comment"
    records = [e for e in kiosk.effects if isinstance(e, signals.Record)]
    kiosk.tell(signals.Recorded(records[-2].ticket))
    assert kiosk.view().screen == "comment"
    kiosk.tell(signals.Recorded(records[-1].ticket))
    assert kiosk.view().screen == "sent"


def test_personal_data_is_struck_out_and_shown_before_anything_is_recorded() -> None:
    """What is struck out is shown first; a second *send* records what is left."""
    kiosk = Kiosk(open_survey())
    kiosk.touch(signals.Tapped(1))
    write(kiosk, "Call 070-123")
    kiosk.touch(signals.Send())
    assert kiosk.view().screen == "comment"
    assert kiosk.view().struck == ("phone",)
    assert kiosk.view().comment == "Call [number removed]"
    assert len(kiosk.recorded()) == 1
    kiosk.touch(signals.Send())
    comment = kiosk.recorded()[-1]
    assert isinstance(comment, events.Comment)
    assert comment.text == "Call [number removed]"


def test_a_half_written_comment_is_thrown_away() -> None:
    """Warned after 40 s, thrown away after 60; the rating and the answer stay."""
    kiosk = Kiosk(open_survey())
    kiosk.touch(signals.Tapped(1))
    write(kiosk, "My secret")
    kiosk.wait(40)
    assert kiosk.view().warning
    kiosk.wait(20)
    assert kiosk.view().screen == "ask"
    assert [type(e) for e in kiosk.recorded()] == [events.Rating, events.Answer]
    assert b"secret" not in msgspec.json.encode(msgspec.to_builtins(kiosk.view()))


def test_cancelling_a_comment_goes_back_to_reasons() -> None:
    """Cancel keeps the chosen reasons and throws the words away."""
    kiosk = Kiosk(open_survey())
    kiosk.touch(signals.Tapped(1))
    kiosk.touch(signals.Chose("staff"))
    write(kiosk, "No")
    kiosk.touch(signals.Close())
    assert (kiosk.view().screen, kiosk.view().comment) == ("reasons", "")
    assert [chip.reason for chip in kiosk.view().chips if chip.chosen] == ["staff"]


def test_a_comment_has_five_hundred_characters() -> None:
    """More is not taken."""
    kiosk = Kiosk(open_survey())
    kiosk.touch(signals.Tapped(1))
    write(kiosk, "x")
    kiosk.tell(signals.Typed("å" * 600), signals.Typed("\0\ud800"))
    assert kiosk.view().comment == "x" + "å" * 499


def test_an_empty_comment_is_not_sent() -> None:
    """Sending nothing goes back to reasons."""
    kiosk = Kiosk(open_survey())
    kiosk.touch(signals.Tapped(1))
    write(kiosk, "  ")
    kiosk.touch(signals.Send())
    assert kiosk.view().screen == "reasons"
    assert len(kiosk.recorded()) == 1


@pytest.mark.parametrize(
    ("shown", "around"),
    [
        (survey(), signals.Around()),
        (survey(comments=True), signals.Around()),
        (open_survey(), signals.Around(comments=False)),
    ],
)
def test_comments_open_only_when_all_that_is_needed_is_there(
    shown: surveys.Survey, around: signals.Around
) -> None:
    """Not wanted, nobody responsible, or no room on the card: no comments."""
    kiosk = Kiosk(shown)
    kiosk.tell(around)
    kiosk.touch(signals.Tapped(1))
    assert not kiosk.view().can_comment
    kiosk.touch(signals.OpenComment())
    assert kiosk.view().screen == "reasons"


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


def test_it_sleeps_out_of_hours_and_wakes_at_a_touch() -> None:
    """Closed and untouched for a minute it sleeps; the waking touch means nothing else."""
    kiosk = Kiosk()
    kiosk.tell(signals.Around(open=False))
    kiosk.wait(59.9)
    assert kiosk.view().screen == "ask"
    kiosk.wait(0.2)
    assert kiosk.view().screen == "sleep"
    kiosk.now += 1000
    assert kiosk.tell(signals.AnyTouch()) == [signals.Swallow()]
    assert kiosk.view().screen == "ask"
    kiosk.touch(signals.Tapped(4))
    assert len(kiosk.recorded()) == 1  # set apart by rule, never refused


def test_it_wakes_when_the_shop_opens() -> None:
    """Opening hours wake it by themselves."""
    kiosk = Kiosk()
    kiosk.tell(signals.Around(open=False))
    kiosk.wait(61)
    kiosk.tell(signals.Around(open=True))
    assert kiosk.view().screen == "ask"


def test_a_survey_in_another_language_comes_by_night() -> None:
    """It sleeps on, and wakes in a language that the new survey has.

    The visit that nobody had begun kept the old one's language: no view could be drawn any more,
    and the kiosk ended itself after ten mistakes.
    """
    kiosk = Kiosk()
    kiosk.tell(signals.Around(open=False))
    kiosk.wait(61)
    question = surveys.Question(id="visit", text={"sv": "?"}, words={"sv": ["1", "2", "3", "4"]})
    fresh = surveys.Survey(survey="exit", version=2, questions=[question])
    kiosk.tell(signals.Configured(fresh, settings.Settings()))
    assert (kiosk.view().screen, kiosk.view().language) == ("sleep", "sv")
    kiosk.wait(1)
    kiosk.tell(signals.AnyTouch())
    assert kiosk.view().screen == "ask"


def test_new_settings_wait_until_nobody_is_in_front() -> None:
    """A survey that arrives during a visit is shown, and told to the stream, after it."""
    kiosk = Kiosk()
    kiosk.touch(signals.Tapped(4))
    newer = survey(version=4)
    kiosk.tell(signals.Configured(newer, settings.Settings(pause=7000)))
    assert [type(e) for e in kiosk.recorded()] == [events.Rating]
    kiosk.wait(4)
    got = kiosk.wait(2)
    told = list(events_of(got))
    assert [type(e) for e in told] == [events.Settings, events.Survey]
    assert any(isinstance(e, signals.Applied) for e in got)
    kiosk.touch(signals.Tapped(4))
    rating = kiosk.recorded()[-1]
    assert isinstance(rating, events.Rating)
    assert rating.survey_version == 4


def test_what_did_not_change_is_not_told_again() -> None:
    """Only what differs from what the stream has is recorded."""
    kiosk = Kiosk()
    got = kiosk.tell(signals.Configured(survey(), settings.Settings())) + kiosk.wait(3)
    assert list(events_of(got)) == []
    assert [type(e) for e in events_of(kiosk.tell(signals.Started()))] == [
        events.Settings,
        events.Survey,
    ]


def test_the_shop_offers_its_languages_in_its_order() -> None:
    """Four languages stand on the question, a globe leads to the rest; unknown ones fall out."""
    many = dict.fromkeys(("en", "sv", "nb", "da", "fi", "de"), "x")
    question = surveys.Question(
        id="visit", text=many, words={tag: ["1", "2", "3", "4"] for tag in many}
    )
    shown = surveys.Survey(survey="exit", version=1, questions=[question])
    set_ = settings.Settings(languages=["sv", "fr", "da", "en", "fi", "nb"])
    assert scenes.offered(shown, set_) == ("sv", "da", "en", "fi", "nb")
    kiosk = Kiosk(shown, set_)
    assert kiosk.view().languages == ("sv", "da", "en", "fi")
    assert kiosk.view().more_languages


def test_out_of_place_signals_mean_nothing() -> None:
    """What belongs to another screen changes nothing."""
    kiosk = Kiosk(open_survey())
    before = kiosk.view()
    for odd in (
        signals.Chose("staff"),
        signals.Send(),
        signals.Skip(),
        signals.Typed("x"),
        signals.OpenAnswer(),
        signals.OpenComment(),
        signals.NextCustomer(),
        signals.WrongFace(),
        signals.Tapped(0),
        signals.Tapped(5),
        signals.ChoseLanguage("xx"),
        signals.Digit("1"),
        signals.PinEntered(),
        signals.Close(),
    ):
        assert kiosk.touch(odd) == []
    assert kiosk.view() == before
