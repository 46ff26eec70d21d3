"""What stays in memory when a customer is gone: not one object more, and no word of theirs."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.living import living

if TYPE_CHECKING:
    from tests.integration.screens.conftest import Stand


def visit(stand: Stand, face: int, words: str, code: str) -> None:
    """A customer who gives a face, a reason and a comment, and makes room for the next.

    The words are of letters without variants: on a busy machine each would seem held for long.
    """
    stand.code = code
    stand.tap(f"face:{face}")
    stand.frames(700)
    stand.tap("reason:staff")
    stand.frames(700)
    stand.tap("comment")
    stand.frames(700)
    for letter in words:
        stand.tap(f"key:{letter}", rest_ms=20)
    stand.tap("send")
    assert (stand.view.screen, stand.view.code) == ("sent", code)
    stand.frames(700)
    stand.tap("next")
    assert stand.view.screen == "ask"
    stand.frames(700)
    stand.settle()
    stand.recorded.clear()  # the card has them


def holders(word: str) -> Iterator[str]:
    """What holds a text with this word in it, in all the process."""
    gc.collect()
    for holder in gc.get_objects():
        for held in gc.get_referents(holder):
            # type(): a proxy whose object is gone says nothing else. A tuple of plain texts is not
            # known to the collector
            for text in held if type(held) is tuple and not gc.is_tracked(held) else (held,):
                if type(text) is str and word in text:
                    yield type(holder).__name__


def test_the_tenth_visit_leaves_no_object_more_than_the_third(stand: Stand) -> None:
    """Widgets, textures, clock events, fingers, settings: what a visit makes ends with it."""
    codes = [f"K7-{number}Q" for number in range(30, 40)]
    for face, code in zip((1, 2, 3), codes, strict=False):
        visit(stand, face, "bf" * face, code)
    before = living("kivy", "kiosk", "sync")
    for number, code in enumerate(codes[3:]):
        visit(stand, 1 + number % 4, "gh" + "jkmpqrt"[number], code)
    assert living("kivy", "kiosk", "sync") - before == Counter()


def test_no_word_and_no_code_of_a_customer_stays(stand: Stand) -> None:
    """Memories of how wide a text is, and how it was set, would have kept both for a thousand
    visits.
    """
    word, code = "".join(reversed("qxwjv")), "-".join(("W9", "31X"))
    visit(stand, 4, word, code)
    stand.code = "K7-42Q"
    assert list(holders(word[1:])) == []  # the first letter is a capital by then
    assert list(holders(code)) == []
