"""The staff's pad: how many digits stand and what is the matter, never which digits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest

from kiosk import signals, view
from kiosk.screens import screenshots
from tests.integration.screens.test_contents import said

if TYPE_CHECKING:
    from tests.integration.screens.conftest import Stand


@pytest.fixture
def pad(stand: Stand) -> Stand:
    """The PIN pad, which a held corner opened."""
    stand.knock()
    return stand


def show(stand: Stand, pad: view.Pad) -> None:
    """Show the pad in a state of its own."""
    stand.glass.show(msgspec.structs.replace(stand.view, pad=pad))


@pytest.mark.parametrize(
    ("state", "words", "open_"),
    [
        (view.Pad(digits=0), None, True),
        (view.Pad(digits=0, wrong=True), "That was not the PIN.", True),
        (view.Pad(digits=4, checking=True), "One moment", True),
        (view.Pad(digits=0, locked_s=60), "Too many wrong PINs. Try again in 60 s.", False),
        (view.Pad(digits=0, locked_s=120), "Too many wrong PINs. Try again in 2 min.", False),
        (view.Pad(digits=0, locked_s=3720), "Too many wrong PINs. Try again in 1 h 2 min.", False),
        (view.Pad(digits=0, wrong=True, locked_s=5), "Try again in 5 s.", False),
        (view.Pad(digits=0, reset=True), "The PIN was reset.", False),
    ],
)
def test_the_pad_says_what_is_the_matter(
    pad: Stand, state: view.Pad, words: str | None, open_: bool
) -> None:
    """One sentence at a time; a pad that no digit opens takes none, but lets staff go back."""
    show(pad, state)
    told = {"That was not", "One moment", "Too many", "was reset"}
    found = {one for one in told if one in said(pad)}
    assert len(found) == (words is not None)
    assert words is None or words in said(pad)
    assert "back" in pad.glass.targets
    assert {name for name in pad.glass.targets if name.startswith("pin:")} == (
        {f"pin:{key}" for key in [*"0123456789", "erase", "enter"]} if open_ else set()
    )


def test_each_digit_is_a_dot_and_no_more(pad: Stand) -> None:
    """Other digits look the same to the pixel; one more or less looks different."""
    pictures = []
    for digits in ("1234", "9876", "123", "12345678"):
        for digit in digits:
            pad.tell(signals.Digit(digit))
        pad.settle()
        pictures.append(np.asarray(screenshots.picture(pad.glass)))
        for _ in digits:
            pad.tell(signals.DigitErased())
    same, *others = pictures[1:]
    assert np.array_equal(pictures[0], same)
    for other in others:
        assert not np.array_equal(same, other)


@pytest.mark.parametrize(("digits", "places"), [(0, 6), (4, 6), (6, 6), (8, 8)])
def test_as_many_places_stand_as_a_pin_has(pad: Stand, digits: int, places: int) -> None:
    """Six from the start, as a PIN is made with; a longer one makes more."""
    show(pad, view.Pad(digits=digits))
    screen = pad.glass.screen
    assert screen is not None
    assert screen.shows(f"dot:{places - 1}")
    assert not screen.shows(f"dot:{places}")
