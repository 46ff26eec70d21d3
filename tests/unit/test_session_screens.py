"""What each screen offers, when it warns and when it ends: screens.md's table, row by row."""

import msgspec
import pytest

from kiosk import signals
from sync.feedback import events, surveys
from tests.unit.session_kiosk import Kiosk, open_survey

TAPPED = signals.Tapped(2)
ON_COMMENT = (TAPPED, signals.OpenComment())
MAY = ("can_correct", "can_comment", "can_answer", "can_next")

# the touches that lead there, the screen, what may be done there, seconds to warning and to back
ROWS: list[tuple[tuple[signals.Signal, ...], str, set[str], float | None, float | None]] = [
    ((), "ask", set(), None, None),
    ((signals.ChoseLanguage("sv"),), "ask", set(), None, 40),
    ((signals.ChoseEasier("contrast"),), "ask", set(), None, 40),
    ((TAPPED, signals.NextCustomer()), "ask", set(), None, 40),
    ((TAPPED, signals.WrongFace()), "ask", {"can_next"}, 20, 40),
    ((TAPPED,), "thanks", set(MAY), None, 4),
    ((TAPPED, signals.Chose("staff")), "reasons", set(MAY), 20, 40),
    (ON_COMMENT, "comment", {"can_next"}, 40, 60),
    ((*ON_COMMENT, signals.Typed("x"), signals.Send()), "sent", {"can_answer", "can_next"}, 20, 40),
    ((TAPPED, signals.OpenAnswer()), "answer", {"can_next"}, 20, 40),
    ((signals.OpenAbout(),), "about", set(), 20, 40),
    ((signals.OpenLanguages(),), "languages", set(), 20, 40),
    ((signals.OpenEasier(),), "easier", set(), 20, 40),
]
IDS = [f"{screen}-{number}" for number, (_, screen, *_) in enumerate(ROWS)]


def led(way: tuple[signals.Signal, ...], *, slow: bool = False) -> Kiosk:
    """A kiosk after these touches; `slow`: by somebody who asked for more time."""
    kiosk = Kiosk(open_survey())
    if slow:
        kiosk.touch(signals.ChoseEasier("slow"))
    for signal in way:
        kiosk.wait(1.1)
        kiosk.touch(signal)
    return kiosk


@pytest.mark.parametrize(("way", "screen", "may", "_warns", "_ends"), ROWS, ids=IDS)
def test_what_each_screen_offers(
    way: tuple[signals.Signal, ...],
    screen: str,
    may: set[str],
    _warns: float | None,
    _ends: float | None,
) -> None:
    """*Wrong face?*, a comment, an answer and *next customer* are offered where they belong."""
    shown = led(way).view()
    assert shown.screen == screen
    assert {name for name in MAY if getattr(shown, name)} == may


@pytest.mark.parametrize("slow", [False, True], ids=["usual", "more time"])
@pytest.mark.parametrize(("way", "screen", "_may", "warns", "ends"), ROWS, ids=IDS)
def test_when_each_screen_warns_and_ends(
    way: tuple[signals.Signal, ...],
    screen: str,
    _may: set[str],
    warns: float | None,
    ends: float | None,
    slow: bool,
) -> None:
    """To the tenth of a second; thrice as long in *more time*; never a warning on thanks."""
    if slow and ends is None:
        ends = 40  # whoever asked for more time has begun something
    kiosk = led(way, slow=slow)
    more = 3 if slow else 1
    begun = kiosk.now
    moments = [m * more for m in (warns, ends) if m is not None] or [3600.0]
    for moment in sorted({0.1, *(m - 0.1 for m in moments), *moments}):
        kiosk.wait(moment - (kiosk.now - begun) / 1000)
        shown = kiosk.view()
        over = ends is not None and moment >= ends * more
        assert shown.screen == ("ask" if over else screen), moment
        assert shown.warning == (warns is not None and not over and moment >= warns * more), moment
        if over:
            assert (shown.language, shown.modes, shown.correcting) == ("en", frozenset(), False)


def test_only_a_question_with_one_before_it_can_be_stepped_back_from() -> None:
    """*Wrong face?* stands on the second question, not on the first, nor over a page."""
    first = open_survey().questions[0]
    second = msgspec.structs.replace(first, id="again")
    kiosk = Kiosk(surveys.Survey(survey="exit", version=1, questions=[first, second]))
    offered = [kiosk.view().can_correct]
    for signal in (TAPPED, signals.OpenAbout(), signals.Close(), signals.WrongFace()):
        kiosk.touch(signal)
        offered.append(kiosk.view().can_correct)
    assert offered == [False, True, False, True, False]


def test_before_the_first_question_there_is_none() -> None:
    """Stepping back ends there, and what meant nothing makes no touch mean nothing."""
    first = open_survey().questions[0]
    second = msgspec.structs.replace(first, id="again")
    kiosk = Kiosk(surveys.Survey(survey="exit", version=1, questions=[first, second]))
    for _ in range(2):
        kiosk.touch(TAPPED)
    for number in (2, 1, 1):
        kiosk.touch(signals.WrongFace())
        assert kiosk.view().question_number == number
    assert signals.Swallow() not in kiosk.tell(signals.AnyTouch())


def test_a_question_left_open_is_not_answered_by_the_next_customer() -> None:
    """A face to be changed, a second question: *next customer* leaves what was given as it is."""
    first = open_survey().questions[0]
    second = msgspec.structs.replace(first, id="again")
    two = surveys.Survey(survey="exit", version=1, questions=[first, second])
    for kiosk, signal in ((Kiosk(open_survey()), signals.WrongFace()), (Kiosk(two), None)):
        assert not kiosk.view().can_next
        kiosk.touch(TAPPED)
        if signal is not None:
            kiosk.touch(signal)
        kiosk.wait(1.1)
        before = kiosk.view()
        assert (before.screen, before.can_next) == ("ask", True)
        kiosk.touch(signals.NextCustomer())
        after = kiosk.view()
        assert (after.screen, after.question_number, after.correcting) == ("ask", 1, False)
        assert (after.visit, after.can_next) == (before.visit + 1, False)
        kiosk.wait(1.1)
        kiosk.touch(signals.Tapped(4))
        ratings = [e for e in kiosk.recorded() if isinstance(e, events.Rating)]
        assert [(one.face, one.began) for one in ratings] == [(2, None), (4, "next")]
        assert not any(isinstance(e, events.Correction) for e in kiosk.recorded())
