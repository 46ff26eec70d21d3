"""A question that somebody left open, and an answer that was no face."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from kiosk.screens import screenshots

if TYPE_CHECKING:
    from tests.integration.screens.conftest import Stand


def show(stand: Stand, **fields: Any) -> str:
    """Show what the session shows with other fields; returns the words on the glass."""
    from kiosk.screens import parts

    stand.glass.show(msgspec.structs.replace(stand.view, **fields))
    assert stand.glass.screen is not None
    found = [part.text for part in stand.glass.screen.walk() if isinstance(part, parts.Words)]
    return " | ".join(" ".join(text.split()) for text in found if text)


def test_after_a_number_no_face_was_wrong(stand: Stand) -> None:
    """Who answered a scale, or yes or no, is asked about the answer; faces are called faces."""
    stand.tap("face:2")
    assert "Wrong face? Change" in show(stand)
    for kind in ("scale", "yes_no"):
        for modes in (frozenset[str](), frozenset({"larger"})):
            words = show(stand, kind=kind, modes=modes)
            assert "Wrong answer? Change" in words
            assert "Wrong face? Change" not in words


def test_the_next_customer_does_not_change_the_last_ones_face(stand: Stand) -> None:
    """*Wrong face?*, and gone: *next customer* stands in the languages' place, and a tap after it
    is a rating of its own.
    """
    assert "next" not in stand.glass.targets
    stand.tap("face:2")
    stand.frames(700)
    stand.tap("wrong")
    assert {"next", "globe", "easier", "about"} <= set(stand.glass.targets)
    assert not any(name.startswith("language:") for name in stand.glass.targets)
    stand.frames(700)
    stand.tap("next")
    assert "next" not in stand.glass.targets
    stand.frames(700)
    stand.tap("face:4")
    assert stand.ratings() == [2, 4]


def test_a_shop_of_one_language_has_no_globe_beside_the_next_customer(stand: Stand) -> None:
    """There is nothing behind it."""
    show(stand, can_next=True, all_languages=("en",), languages=("en",), more_languages=False)
    assert "next" in stand.glass.targets
    assert "globe" not in stand.glass.targets


@pytest.mark.parametrize("face", [False, True])
def test_who_touches_a_warning_has_chosen_nothing_behind_it(stand: Stand, face: bool) -> None:
    """Reasons, or a face to be changed: one touch anywhere gives the time again, and nothing else;
    the next one counts.
    """
    stand.tap("face:3")
    stand.frames(700)
    stand.tap("wrong" if face else "reason:staff")
    there = dict(stand.glass.targets)
    stand.frames(20_500)
    assert stand.view.warning
    assert list(stand.glass.targets) == ["next"]
    before = stand.view
    for name, target in there.items():
        if name == "next":
            continue
        stand.finger().down(*target.box.centre).lift()
        stand.frame()
        assert not stand.view.warning, name
        assert stand.view == msgspec.structs.replace(before, warning=False, countdown=None), name
        stand.frames(20_500)
    stand.finger().down(640, 400).lift()
    stand.frames(700)
    recorded = len(stand.recorded)
    stand.tap("face:2" if face else "reason:prices")
    chosen = [chip.reason for chip in stand.view.chips if chip.chosen]
    assert len(stand.recorded) - recorded == (1 if face else 0)
    assert chosen == ([] if face else ["staff", "prices"])


@pytest.mark.parametrize("wrong", [False, True])
def test_the_next_customer_stays_clear_and_works_over_a_warning(stand: Stand, wrong: bool) -> None:
    """All else is veiled, what stands beside it too."""
    stand.tap("face:3")
    stand.frames(700)
    stand.tap("wrong" if wrong else "reason:staff")
    stand.settle()
    before = screenshots.picture(stand.glass)
    places = {name: target.box for name, target in stand.glass.targets.items()}
    stand.frames(20_500)
    stand.settle()
    after = screenshots.picture(stand.glass)

    def changed(box: Any) -> bool:
        edges = (box.x, after.height - box.top, box.right, after.height - box.y)
        area = tuple(round(edge) for edge in edges)
        return bool(before.crop(area).tobytes() != after.crop(area).tobytes())

    assert {name for name, box in places.items() if not changed(box)} == {"next"}
    stand.tap("next")
    assert stand.view.screen == "ask"
    assert not stand.view.can_next
