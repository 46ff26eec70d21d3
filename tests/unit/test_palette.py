"""Colours that everybody can tell apart."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.screens import palette

COLOUR = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06X}")


def test_the_palette_that_ships_passes() -> None:
    """Neighbours of every scale can be told apart in every vision, and ink reads on each."""
    assert palette.complaint(palette.FACES) is None


@pytest.mark.parametrize(("faces", "used"), palette.USED.items())
@pytest.mark.parametrize("vision", palette.VISIONS)
def test_neighbours_differ_by_eighteen(faces: int, used: tuple[int, ...], vision: str) -> None:
    """For 2 to 5 faces and each colour vision, ΔE*ab between neighbours is at least 18."""
    assert len(used) == faces
    for a, b in pairwise(used):
        assert palette.difference(palette.FACES[a], palette.FACES[b], vision) >= 18


def test_red_and_green_that_look_alike_are_refused_by_name() -> None:
    """A traffic light fails for those who see no red, and the sentence says so."""
    said = palette.complaint(("#D7191C", "#E08A3C", "#F6E39A", "#A6A03C", "#56B4E0"))
    assert said is not None
    assert said.startswith("palette: ")
    assert "need" in said or "reads" in said


def test_dark_colours_are_refused_because_ink_does_not_read_on_them() -> None:
    """The message names the colour, its contrast and the bound."""
    assert palette.complaint(("#7A1F1A", *palette.FACES[1:])) == (
        "palette: ink on #7A1F1A reads 1.5:1; take a lighter colour, at least 4.5:1"
    )


def test_a_palette_of_four_is_refused() -> None:
    """Five colours, always: scales with fewer faces leave out from the middle."""
    assert palette.complaint(palette.FACES[:4]) == (
        "palette: 4 colours; give 5, from the worst face to the best"
    )


def test_known_values() -> None:
    """Contrast of black on white is 21; a mid grey has the L* that tables give."""
    assert palette.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    light, a, b = palette.lab(palette.linear(palette.rgb("#777777")))
    assert light == pytest.approx(50.03, abs=0.05)
    assert abs(a) + abs(b) < 0.05


@given(COLOUR, COLOUR)
def test_difference_is_a_distance(one: str, other: str) -> None:
    """Nothing differs from itself, and the order of two colours does not matter."""
    for vision in palette.VISIONS:
        assert palette.difference(one, one, vision) == 0
        assert palette.difference(one, other, vision) == pytest.approx(
            palette.difference(other, one, vision)
        )


@given(COLOUR)
def test_what_stands_on_a_colour_can_be_read(colour: str) -> None:
    """One of the two inks always reads at least 3:1, whatever accent a shop chooses."""
    assert palette.contrast(palette.on(colour), colour) >= palette.MARKED
