"""A question that somebody left open, and an answer that was no face."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

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
