"""Real touches in a real window drive what lies beside a visit: languages, pages, staff, sleep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kiosk import signals
from kiosk.screens import examples

if TYPE_CHECKING:
    from sync.feedback import surveys
    from tests.integration.screens.conftest import Stand


def test_languages_and_easier_use_by_touch(stand: Stand) -> None:
    """A language on the bar, one behind the globe, each way of easier use; all for one visit."""
    stand.tap("language:sv")
    assert stand.view.language == "sv"
    stand.frames(700)
    stand.tap("globe")
    stand.frames(700)
    stand.tap("choose:fi")
    assert (stand.view.language, stand.view.screen) == ("fi", "ask")
    stand.frames(700)
    stand.tap("easier")
    stand.frames(700)
    for mode in signals.MODES:
        stand.tap(f"easier:{mode}")
        stand.frames(700)
    assert stand.view.modes == frozenset(signals.MODES)
    stand.tap("back")
    stand.frames(1_200)
    stand.tap("face:4") if "face:4" in stand.glass.targets else stand.tap("page:forward")
    stand.frames(125_000)
    assert (stand.view.language, stand.view.modes) == ("en", frozenset())


def test_notice_and_answer_open_and_close(stand: Stand) -> None:
    """*What happens with this?* from the question, *I want an answer* from thanks."""
    stand.tap("about")
    assert stand.view.screen == "about"
    stand.frames(700)
    stand.tap("back")
    assert stand.view.screen == "ask"
    stand.frames(700)
    stand.tap("face:4")
    stand.frames(700)
    stand.tap("answer")
    assert stand.view.screen == "answer"
    stand.frames(700)
    stand.tap("back")
    assert stand.view.screen == "reasons"


def test_of_two_questions_each_says_where_one_is_and_leads_back(
    stand: Stand, survey: surveys.Survey
) -> None:
    """The second shows that something happened; its way back leaves the first answer as it was."""
    from kiosk.screens import parts

    def said(text: str) -> bool:
        assert stand.glass.screen is not None
        words = (part for part in stand.glass.screen.walk() if isinstance(part, parts.Words))
        return text in [part.text for part in words]

    two = examples.variants(survey)["two"]
    stand.tell(signals.Configured(two, stand.settings))
    stand.frames(3_000)
    assert "wrong" not in stand.glass.targets
    stand.tap("face:1")
    assert stand.view.question_number == 2
    assert said("2 of 2")
    stand.frames(700)
    stand.tap("wrong")
    assert stand.view.question_number == 1
    stand.frames(700)
    stand.tap("face:1")
    stand.frames(20_500)
    assert (stand.view.question_number, stand.view.warning) == (2, True)
    assert said("Are you still there?")
    stand.frames(700)
    stand.finger().down(640, 400).lift()
    stand.frames(700)
    stand.tap("face:2")
    assert stand.view.screen == "thanks"
    assert stand.ratings() == [1, 2]


@pytest.mark.parametrize("page", ["about", "globe", "easier", "answer"])
def test_whoever_reads_a_page_is_asked_before_it_closes(stand: Stand, page: str) -> None:
    """The card lies over the page, whatever was drawn; one tap anywhere gives the time again."""
    if page == "answer":
        stand.tap("face:1")
        stand.frames(700)
    stand.tap(page)
    stand.frames(20_500)
    screen = stand.glass.screen
    assert screen is not None
    assert screen.shows("warning:card")
    front = [getattr(child, "name", "") for child in screen.children][:4]
    assert {"warning:asks", "warning:tells", "warning:card"} <= set(front)
    stand.finger().down(900, 790).lift()
    stand.frame()
    assert not screen.shows("warning:card")
    stand.frames(20_500)
    assert screen.shows("warning:card")
    stand.frames(20_500)
    assert stand.view.screen == "ask"


@pytest.mark.parametrize("y", [790.0, 10.0])
def test_staff_hold_a_corner_and_enter_the_pin(stand: Stand, y: float) -> None:
    """Three seconds in the top left or bottom left corner, the pad, today; back by a tap."""
    palm = stand.finger().down(10, y)
    stand.frames(3_200)
    palm.lift()
    stand.frame()
    assert stand.view.screen == "pin"
    stand.frames(600)
    for digit in "4242":
        stand.tap(f"pin:{digit}")
    stand.tap("pin:enter")
    assert stand.view.screen == "glimpse"
    stand.frames(700)
    stand.tap("back")
    assert stand.view.screen == "ask"


def test_a_corner_left_too_soon_opens_nothing(stand: Stand) -> None:
    """Sliding out of the corner ends the hold."""
    finger = stand.finger().down(10, 790)
    stand.frames(2_000)
    finger.slide(400, 700)
    stand.frames(2_000)
    finger.lift()
    stand.frame()
    assert stand.view.screen == "ask"


def test_sleep_wakes_at_a_touch_that_gives_nothing(stand: Stand) -> None:
    """Out of hours: dark; the waking touch is no rating even where a face will be."""
    x, y = stand.spot("face:4")
    stand.tell(signals.Around(open=False, day=1))
    stand.frames(61_000)
    assert stand.view.screen == "sleep"
    finger = stand.finger().down(x, y)
    stand.frame()
    finger.lift()
    stand.frame()
    assert stand.view.screen == "ask"
    assert stand.ratings() == []
