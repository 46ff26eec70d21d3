"""Our own keyboard under real fingers: capitals, shift, what is held, and what shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kiosk import layouts, signals
from kiosk.screens import screenshots

if TYPE_CHECKING:
    from tests.integration.screens.conftest import Stand


@pytest.fixture
def writing(stand: Stand) -> Stand:
    """A kiosk with the keyboard up."""
    for signal in (signals.Tapped(1), signals.OpenComment()):
        stand.frames(700)
        stand.tell(signal)
    stand.frames(700)
    assert stand.view.screen == "comment"
    return stand


def typed(stand: Stand, *keys: str) -> str:
    """Tap keys one after the other; what stands in the field then."""
    for key in keys:
        stand.tap(f"key:{key}", rest_ms=20)
    return str(stand.view.comment)


def fill(stand: Stand, name: str) -> tuple[int, ...]:
    """The colour of a key, beside what stands on it."""
    box = stand.glass.targets[f"key:{name}"].box
    x, y = box.x + box.width * 0.12, box.centre[1]
    picture: Any = screenshots.picture(stand.glass)
    return tuple(picture.getpixel((int(x), int(picture.height - y))))


def test_sentences_begin_with_a_capital(writing: Stand) -> None:
    """The first letter, and one after a stop and a space; none after a stop alone."""
    assert typed(writing, "a", "b", "space", "c") == "Ab c"
    assert typed(writing, ".", "d", "space", "e") == "Ab c.d e"
    assert typed(writing, "?", "space", "f", "g") == "Ab c.d e? Fg"


def test_shift_holds_for_a_letter_or_until_it_is_tapped_again(writing: Stand) -> None:
    """Once: the next letter. Twice: until the third tap."""
    assert typed(writing, "a", "shift", "b", "c") == "ABc"
    assert typed(writing, "shift", "shift", "d", "e", "shift", "f") == "ABcDEf"


def test_shift_alone_shows_that_it_is_on(writing: Stand) -> None:
    """It takes the accent while it holds, whether for one letter or more; no other key does."""
    typed(writing, "a")
    writing.settle()
    off, letter = fill(writing, "shift"), fill(writing, "q")
    seen = []
    for keys in (["shift"], ["b"], ["shift", "shift"], ["b"], ["shift"]):
        typed(writing, *keys)
        writing.settle()
        seen.append(fill(writing, "shift") != off)
        assert fill(writing, "q") == letter
    assert seen == [True, False, True, True, False]


def test_a_held_key_offers_capitals_where_a_capital_is_due(writing: Stand) -> None:
    """Held at the beginning of a sentence, é is É."""
    finger = writing.hold("key:e")
    x, y = writing.spot("key:e")
    finger.slide(x + writing.glass.targets["key:e"].box.width * 1.1, y + 100)
    finger.lift()
    writing.frame()
    assert writing.view.comment == "É"


@pytest.mark.parametrize("letter", ["a", "o", "?"])
def test_a_finger_that_trembles_on_a_held_key_takes_the_plain_letter(
    writing: Stand, letter: str
) -> None:
    """Anywhere on the keyboard, at its right end too, where the row of variants begins further
    left; all of that is on the screen, and to the left of the plain letter lie variants.
    """
    from kiosk.screens import parts

    finger = writing.hold(f"key:{letter}")
    x, y = writing.spot(f"key:{letter}")
    assert writing.glass.screen is not None
    row = writing.glass.screen.part(parts.Card, "popup").place
    assert row.x >= 0
    assert row.right <= writing.glass.width
    finger.slide(x - 3, y + 2)
    finger.slide(x + 3, y)
    finger.lift()
    writing.frame()
    assert writing.view.comment == letter.upper()


def test_variants_left_of_a_held_key_are_chosen_there(writing: Stand) -> None:
    """The one next to the plain letter, on either side."""
    finger = writing.hold("key:o")
    x, y = writing.spot("key:o")
    finger.slide(x - writing.glass.targets["key:o"].box.width * 1.1, y + 100)
    finger.lift()
    writing.frame()
    assert len(writing.view.comment) == 1
    assert writing.view.comment in layouts.VARIANTS["o"].upper()


def test_backspace_repeats_while_it_is_held(writing: Stand) -> None:
    """One after the other, and none more once the finger is lifted; a tap takes one."""
    typed(writing, *"abcdefgh")
    finger = writing.finger().down(*writing.spot("key:backspace"))
    while len(writing.view.comment) > 5:
        writing.frame(0)
    left = writing.view.comment
    finger.lift()
    writing.settle()
    assert writing.view.comment == left == "Abcde"[: len(left)]
    assert typed(writing, "backspace") == left[:-1]
