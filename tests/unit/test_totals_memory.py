"""What the fold lets go out of memory, and what it must keep all the same."""

import msgspec

from sync.feedback import events
from tests.unit.totals_card import HOUR, NOON, Card, rating


def test_a_word_on_an_old_tap_is_the_boots_last_event() -> None:
    """Reading a boot again for an event does not forget when that event was."""
    card = Card()
    card.boot("a")
    card.clock(NOON, 2000)
    seqs = [card.tap(10_000 * n) for n in range(1, 20)]
    card.put("a", events.Mark(ratings=seqs[:1], as_="test"), 5 * HOUR)
    card.boot("b", at=NOON - 7 * 24 * HOUR, after="a")
    card.tap(10_000, stream="b")
    assert card.hours[-1] == ("2025-11-21", 16, True)


def test_a_visit_whose_first_tap_is_still_to_come_is_kept() -> None:
    """A visit goes on in a second stream that arrives first: still one visit, one tap counted."""
    card = Card()
    last = events.After(stream="one", seq=2)
    card.put("two", events.Start(at=NOON, boot_id="boot", after=last), 20_000)
    card.put("two", rating(face=2, stream="one", visit=2), 21_000)
    for n in range(12):
        card.tap(40_000 + 10_000 * n, 3, stream="two")
    card.put("one", events.Start(at=NOON, boot_id="boot"), 10_000)
    card.tap(19_000, 1, stream="one")
    assert card.rules == [(2, ""), *[(3, "")] * 12]


def test_an_older_word_of_the_same_stream_changes_nothing() -> None:
    """What a stream said last of a tap holds, also where both were kept until the tap came."""
    card = Card()
    card.put("late", events.Start(at=NOON, boot_id="late"), 1000)
    for word in ("test", "customer"):
        mark = {"kind": "mark", "stream": "a", "ratings": [3], "as": word}
        card.put("late", msgspec.convert(mark, events.Mark), 2000)
    card.boot("a")
    card.tap(10_000)
    assert card.rules == [(4, "")]
