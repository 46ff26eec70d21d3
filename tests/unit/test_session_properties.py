"""Whatever fingers, time and settings do: the session comes back, rates once, keeps no word."""

import os
from typing import Any

import hypothesis
import msgspec
from hypothesis import strategies as st

from kiosk import session, settings, signals
from sync.feedback import events, surveys

EXAMPLES = 2000 if os.environ.get("FULL") == "1" else 200
SECRET = "zqx"  # a word that stands in no text of survey or kiosk

LANGUAGES = ("en", "sv")


def made(questions: int, version: int, comments: bool) -> surveys.Survey:
    """A survey of so many questions of all kinds."""
    kinds: list[tuple[str, int, int]] = [("faces", 4, 4), ("scale", 11, 2), ("yes_no", 2, 2)]
    asked = [
        surveys.Question(
            id=f"q{number}",
            kind=kind,  # type: ignore[arg-type]  # of the literals above
            faces=faces,
            text=dict.fromkeys(LANGUAGES, "?"),
            words=dict.fromkeys(LANGUAGES, ["w"] * words),
        )
        for number, (kind, faces, words) in enumerate(kinds[:questions])
    ]
    reasons = [
        surveys.Reason(id=name, text=dict.fromkeys(LANGUAGES, name))
        for name in ("waiting", "staff", "other")
    ]
    return surveys.Survey(
        survey="exit",
        version=version,
        questions=asked,
        reasons=reasons,
        comments=comments,
        notice=surveys.Notice(responsible="Shop", retention_days=30),
        service=surveys.Service(telephone="1"),
    )


SURVEYS = st.builds(made, st.integers(1, 3), st.integers(1, 9), st.booleans())

TOUCHES = st.one_of(
    st.builds(signals.Tapped, st.integers(0, 12)),
    st.builds(signals.Chose, st.sampled_from(["waiting", "staff", "other", "nothing"])),
    st.builds(signals.ChoseLanguage, st.sampled_from([*LANGUAGES, "xx"])),
    st.builds(signals.ChoseEasier, st.sampled_from(signals.MODES)),
    st.builds(signals.Typed, st.just(SECRET)),
    st.builds(signals.Digit, st.sampled_from("0123456789")),
    st.sampled_from(
        [
            kind()
            for kind in (
                signals.OpenComment,
                signals.Erased,
                signals.Send,
                signals.WrongFace,
                signals.NextCustomer,
                signals.OpenLanguages,
                signals.OpenEasier,
                signals.OpenAbout,
                signals.OpenAnswer,
                signals.Close,
                signals.CornerDown,
                signals.CornerUp,
                signals.DigitErased,
                signals.PinEntered,
            )
        ]
    ),
)
OTHERS = st.one_of(
    st.just(signals.Tick()),
    st.just(signals.Started()),
    st.builds(signals.Around, st.booleans(), st.integers(0, 9), st.booleans()),
    st.builds(
        signals.Configured,
        SURVEYS,
        st.builds(settings.Settings, order=st.sampled_from(["best_first", "worst_first"])),
        st.sampled_from(["row", "column"]),
    ),
    st.just(signals.PinChecked(True)),
    st.just(signals.PinChecked(False, 60_000)),
    st.just(signals.Figures(signals.Glimpse())),
)
# a card that answers at once, late, or not at all
STEPS = st.lists(
    st.tuples(
        st.one_of(TOUCHES, TOUCHES, OTHERS),
        st.one_of(st.integers(0, 900), st.integers(900, 90_000)),
        st.sampled_from(["at once", "at once", "late", "never"]),
        st.booleans(),
    ),
    max_size=60,
)


class Watched:
    """A session whose every effect is kept and whose card behaves as told."""

    def __init__(self, survey: surveys.Survey) -> None:
        self.session = session.Session(
            survey,
            settings.Settings(),
            strike=lambda text, _language: (text, ()),
            codes=lambda: "K7-42Q",
        )
        self.now = 1_000
        self.late: list[int] = []
        self.effects: list[tuple[signals.Signal, signals.Effect]] = []
        self.tell(signals.Started(), "at once")

    def tell(self, signal: signals.Signal, card: str) -> list[signals.Effect]:
        """Tell a signal; what is recorded is answered as the card does."""
        found = self.session.handle(signal, self.now)
        self.effects += [(signal, effect) for effect in found]
        for effect in found:
            if isinstance(effect, signals.Record):
                if card == "at once":
                    self.tell(signals.Recorded(effect.ticket), card)
                elif card == "late":
                    self.late.append(effect.ticket)
        return found

    def step(self, signal: signals.Signal, gap: int, card: str, touched: bool) -> None:
        """Let time pass with ticks, hand in what came late, then the signal."""
        self.now += gap
        self.tell(signals.Tick(), card)
        while self.late:
            self.tell(signals.Recorded(self.late.pop(0), durable=False), card)
        if touched:
            swallowed = signals.Swallow() in self.tell(signals.AnyTouch(), card)
            if swallowed:
                return
        self.tell(signal, card)

    def leave_alone(self) -> None:
        """Nobody touches it for ten minutes."""
        self.tell(signals.CornerUp(), "at once")
        for _ in range(600):
            self.now += 1_000
            self.tell(signals.Tick(), "at once")

    def records(self) -> list[signals.Record]:
        """All that was to be recorded."""
        return [e for _, e in self.effects if isinstance(e, signals.Record)]


def walked(survey: surveys.Survey, steps: list[Any]) -> Watched:
    """A session after these steps."""
    watched = Watched(survey)
    for step in steps:
        watched.step(*step)
    return watched


@hypothesis.settings(max_examples=EXAMPLES, deadline=None)
@hypothesis.given(SURVEYS, STEPS)
def test_it_always_comes_back_to_ask_and_keeps_no_word(
    survey: surveys.Survey, steps: list[Any]
) -> None:
    """Left alone it asks (or sleeps) afresh, and no word of the last customer is anywhere in it."""
    watched = walked(survey, steps)
    watched.leave_alone()
    shown = watched.session.view()
    assert shown.screen in ("ask", "sleep")
    assert shown.language == "en"
    assert not shown.modes
    assert shown.pressed is None
    assert (shown.comment, shown.code, shown.struck, shown.chips) == ("", "", (), ())
    assert SECRET not in repr(vars(watched.session._on.visit))


@hypothesis.settings(max_examples=EXAMPLES, deadline=None)
@hypothesis.given(SURVEYS, STEPS)
def test_each_tap_is_recorded_at_most_once_and_only_taps_are(
    survey: surveys.Survey, steps: list[Any]
) -> None:
    """Ratings and corrections come from taps alone, each from one; tickets are never used twice."""
    watched = walked(survey, steps)
    watched.leave_alone()
    tickets = [record.ticket for record in watched.records()]
    assert len(set(tickets)) == len(tickets)
    for signal, effect in watched.effects:
        if isinstance(effect, signals.Record) and isinstance(
            effect.event, events.Rating | events.Correction
        ):
            assert isinstance(signal, signals.Tapped)
            assert effect.event.face == signal.face
    thanked = [e.ticket for _, e in watched.effects if isinstance(e, signals.Thanked)]
    assert len(set(thanked)) == len(thanked)
    assert set(thanked) <= set(tickets)


@hypothesis.settings(max_examples=EXAMPLES, deadline=None)
@hypothesis.given(SURVEYS, STEPS)
def test_what_is_said_after_a_rating_names_a_rating_of_the_same_visit(
    survey: surveys.Survey, steps: list[Any]
) -> None:
    """Answer, comment, correction name a rating of theirs; a rating has one answer at most."""
    watched = walked(survey, steps)
    watched.leave_alone()
    ratings: set[int] = set()
    since_back: set[int] = set()
    answered: list[int | None] = []
    commented: list[int | None] = []
    for _, effect in watched.effects:
        if isinstance(effect, signals.Back):
            since_back = set()
        if not isinstance(effect, signals.Record):
            continue
        match effect.event:
            case events.Rating():
                assert effect.visit is None or effect.visit in since_back
                ratings.add(effect.ticket)
                since_back.add(effect.ticket)
            case events.Answer():
                assert effect.about in since_back
                answered.append(effect.about)
            case events.Comment(text=text):
                assert effect.about in since_back
                assert text.strip()
                commented.append(effect.about)
            case events.Correction():
                assert effect.about in since_back
    assert len(set(answered)) == len(answered)
    assert len(set(commented)) == len(commented)


@hypothesis.settings(max_examples=EXAMPLES, deadline=None)
@hypothesis.given(SURVEYS, STEPS)
def test_every_event_is_one_that_the_office_takes(survey: surveys.Survey, steps: list[Any]) -> None:
    """With the numbers that buffer and recorder put in, no event is ever refused."""
    watched = walked(survey, steps)
    for seq, record in enumerate(watched.records(), 1):
        event = msgspec.structs.replace(record.event, seq=seq)
        if hasattr(event, "rating"):
            event = msgspec.structs.replace(event, rating=1)
        assert events.refusal(events.encode(event)) is None


@hypothesis.settings(max_examples=EXAMPLES, deadline=None)
@hypothesis.given(SURVEYS, STEPS, st.integers(1, 4), st.integers(0, 20))
def test_a_tap_before_a_time_out_is_never_lost(
    survey: surveys.Survey, steps: list[Any], face: int, off: int
) -> None:
    """A tap handed in before the tick of a time-out is a rating, however late it is."""
    watched = walked(survey, steps)
    watched.leave_alone()
    watched.now += 5_000
    watched.tell(signals.AnyTouch(), "at once")  # wakes it, should it sleep
    watched.now += 1_000
    watched.tell(signals.ChoseLanguage("sv"), "at once")
    watched.now += 40_000 + off
    before = len(watched.records())
    assert signals.Swallow() not in watched.tell(signals.AnyTouch(), "never")
    watched.tell(signals.Tapped(min(face, watched.session.view().faces[0].number)), "never")
    watched.tell(signals.Tick(), "never")
    new = watched.records()[before:]
    assert [type(record.event) for record in new] == [events.Rating]
    assert watched.session.view().pressed is not None
