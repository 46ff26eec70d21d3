"""Easier use and high panels: what is split over pages is all there, what must be low is low."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kiosk import settings as settings_
from kiosk import signals
from kiosk.screens import screenshots, tour

if TYPE_CHECKING:
    from tests.integration.screens.conftest import Stand


def pages(stand: Stand, kind: str) -> list[list[str]]:
    """The names of a kind of target on each page, turned by touch from the first to the last."""
    found = []
    while True:
        found.append([name for name in stand.glass.targets if name.startswith(f"{kind}:")])
        if "page:forward" not in stand.glass.targets:
            return found
        stand.tap("page:forward")


def led(stand: Stand, *way: signals.Signal) -> None:
    """Touch one thing after the other, each once a second touch means something again."""
    for signal in way:
        stand.tell(signal)
        stand.frames(1_100)


def test_reasons_on_pages_are_all_there_once(stand: Stand) -> None:
    """In *larger* eight reasons need two pages; what was chosen on one stays chosen on the other;
    the next visitor begins at the first.
    """
    led(stand, signals.ChoseEasier("larger"), signals.Tapped(2))
    chips = [f"reason:{chip.reason}" for chip in stand.view.chips]
    assert "page:back" not in stand.glass.targets
    found = pages(stand, "reason")
    assert len(found) > 1
    assert [name for page in found for name in page] == chips
    stand.tap(chips[-1])
    for _ in found[1:]:
        stand.tap("page:back")
    assert "page:back" not in stand.glass.targets
    stand.tap(chips[0])
    assert [f"reason:{chip.reason}" for chip in stand.view.chips if chip.chosen] == [
        chips[0],
        chips[-1],
    ]
    stand.tap("page:forward")
    led(stand, signals.NextCustomer(), signals.ChoseEasier("larger"), signals.Tapped(2))
    assert chips[0] in stand.glass.targets


@pytest.mark.parametrize("mode", ["larger", "lower"])
def test_no_face_is_lost_to_easier_use(stand: Stand, mode: Any) -> None:
    """Every face is there, on pages if need be, and each can be tapped."""
    led(stand, signals.ChoseEasier(mode))
    faces = [name for page in pages(stand, "face") for name in page]
    assert sorted(faces) == [f"face:{number}" for number in range(1, 5)]
    stand.tap(faces[-1])
    assert stand.ratings() == [int(faces[-1].removeprefix("face:"))]


def test_lower_puts_every_target_into_the_lower_half(stand: Stand) -> None:
    """On the 10-inch panel: the question's page, thanks, the comment's keyboard."""
    half = stand.glass.height / 2
    for signal in (signals.ChoseEasier("lower"), signals.Tapped(2), signals.OpenComment()):
        led(stand, signal)
        tops = {name: target.box.top for name, target in stand.glass.targets.items()}
        assert max(tops.values()) <= half + 1, (stand.view.screen, tops)


@pytest.mark.parametrize(("pixels", "reach"), [((1080, 1920), 0.6), ((720, 1280), 0.9)])
def test_on_a_high_panel_the_column_of_faces_begins_within_reach(
    window: Any, pixels: tuple[int, int], reach: float
) -> None:
    """Upright and 344 mm high it begins at 40 % of the height, below what 155 mm high begin at."""
    from kiosk.screens.glass import Glass

    mm = screenshots.SIZES[pixels]
    glass = Glass(lambda _signal: False, lambda: 0, settings_.Settings(screen_mm=mm))
    glass.size = pixels
    _, _, stops = next(tour.tours()(mm))
    glass.show(dict(stops)["ask"])
    faces = [target.box for name, target in glass.targets.items() if name.startswith("face:")]
    assert len({box.x for box in faces}) == 1  # one column
    begins = max(box.top for box in faces) / pixels[1]
    assert reach - 0.25 < begins <= reach + 0.001


def test_an_arrow_that_leads_nowhere_is_paler(stand: Stand) -> None:
    """It keeps its place, and its looks say that it gives nothing."""
    from kiosk.screens import buttons

    led(stand, signals.ChoseEasier("larger"), signals.Tapped(2))
    stand.settle()
    assert stand.glass.screen is not None
    arrows = [one for one in stand.glass.screen.walk() if isinstance(one, buttons.TapButton)]
    places = {one.name: one.place for one in arrows if one.name.startswith("page:")}
    picture: Any = screenshots.picture(stand.glass).convert("L")
    darkest = {}
    for name, box in places.items():
        crop = box.inset(box.width * 0.2, box.height * 0.2)
        there = (crop.x, picture.height - crop.top, crop.right, picture.height - crop.y)
        darkest[name] = picture.crop(there).getextrema()[0]
    assert darkest["page:back"] > darkest["page:forward"] + 30


@pytest.mark.parametrize("screen", ["ask", "lower"])
def test_the_longest_question_leaves_the_words_beside_faces_their_air(
    window: Any, screen: str
) -> None:
    """Finnish, upright, 344 mm high: two lines instead of two and a lone word, and what stands
    beside a face does not touch the edge of its row.
    """
    from kiosk.screens import parts
    from kiosk.screens.glass import Glass

    mm = screenshots.SIZES[(1080, 1920)]
    glass = Glass(lambda _signal: False, lambda: 0, settings_.Settings(screen_mm=mm))
    glass.size = (1080, 1920)
    for language, settings, stops in tour.tours()(mm):
        if language == "fi":
            glass.dress(settings)
            glass.show(next(shown for name, shown in stops if name == screen))
    assert glass.screen is not None
    words = {p.name: p for p in glass.screen.walk() if isinstance(p, parts.Words)}
    assert words["question"].setting is not None
    assert len(words["question"].setting.lines) == 2
    for number in range(1, 5):
        row, word = glass.targets[f"face:{number}"].box, words[f"word:{number}"].shown
        assert row.top - word.top >= 10
        assert word.y - row.y >= 10
