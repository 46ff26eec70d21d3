"""What is counted where when knowledge comes late or goes: clocks, lost starts, checkpoints."""

import msgspec
import pytest

from sync.feedback import cells, events, totals
from tests.unit.totals_card import HOUR, NOON, Card, rating


@pytest.fixture
def card() -> Card:
    """A card whose first boot knows the time."""
    return Card.at_noon()


def test_the_time_learnt_late_moves_the_first_taps() -> None:
    """Taps before a boot's first clock move to their true hour; later ones never do."""
    card = Card()
    card.boot(at=NOON - 7 * 24 * HOUR)
    card.tap(10_000)
    assert card.hours == [("2025-11-14", 12, True)]
    card.clock(NOON + HOUR, 20_000)
    assert card.hours == [("2025-11-21", 12, False)]
    card.clock(NOON + 9 * HOUR, 30_000)
    card.tap(31_000, 3)
    assert card.hours == [("2025-11-21", 12, False), ("2025-11-21", 21, False)]


def test_a_clock_that_went_back_a_week_is_held_by_the_boot_before(card: Card) -> None:
    """A boot that never knew the time is not before the one before it, and is uncertain."""
    card.tap(5 * HOUR, 1)
    card.boot("b", at=NOON - 7 * 24 * HOUR, after="a")
    card.tap(2 * HOUR, 2, stream="b")
    assert card.hours == [("2025-11-21", 16, False), ("2025-11-21", 16, True)]


def test_a_clock_ten_years_ahead_is_held_by_the_boot_after(card: Card) -> None:
    """Once a later boot knows the time, one that believed in 2035 lies before it."""
    card.boot("b", at=NOON + 3652 * 24 * HOUR, after="a")
    card.tap(10_000, 2, stream="b")
    assert card.hours == [("2035-11-21", 12, True)]
    card.boot("c", after="b")
    card.clock(NOON + 30 * HOUR, 2000, "c")
    assert card.hours == [("2025-11-22", 17, True)]


def test_a_clock_that_stands_still_gives_the_same_hour(card: Card) -> None:
    """Boots that each believe in the same moment count there, in no wrong order."""
    for before, stream in ("ab", "bc", "cd"):
        card.boot(stream, at=NOON, after=before)
        card.tap(10_000, 2, stream=stream)
    assert card.hours == [("2025-11-21", 12, True)] * 3


def test_the_time_learnt_after_three_boots_bounds_all_three(card: Card) -> None:
    """What three boots believed lies between what is known before and after: uncertain."""
    for before, stream in ("ab", "bc", "cd"):
        card.boot(stream, at=NOON + 900 * 24 * HOUR, after=before)
        card.tap(10_000, 2, stream=stream)
    assert {year for year, _, _ in card.hours} == {"2028-05-09"}
    card.boot("e", after="d")
    card.clock(NOON + 3 * HOUR, 2000, "e")
    card.tap(10_000, 1, stream="e")
    assert card.hours == [
        ("2025-11-21", 14, True),
        ("2025-11-21", 14, True),
        ("2025-11-21", 14, True),
        ("2025-11-21", 15, False),
    ]


def test_a_stream_whose_start_was_lost_still_counts() -> None:
    """Without a start there is no boot and no time, but a tap is a tap."""
    card = Card()
    book = totals.Book()
    raws = [
        b'{"kind":"lost","seq":1,"through":3}',
        b'{"kind":"rating","seq":4,"mono":9,"survey":"exit","survey_version":1,"question":"q",'
        b'"face":1,"faces":2,"language":"sv","via":"touch"}',
    ]
    cells.add(card.table, book.apply("x", raws))
    assert card.hours == [("1970-01-01", 0, True)]


def test_a_checkpoint_of_other_rules_says_so() -> None:
    """A dump of another version is not used: history is folded anew."""
    blob = msgspec.msgpack.decode(totals.Book().dump())
    blob[0] += 1
    with pytest.raises(totals.Outdated, match="version"):
        totals.Book.load(msgspec.msgpack.encode(blob))
    with pytest.raises(totals.Outdated, match="cannot be read"):
        totals.Book.load(b"no dump")


def test_what_is_gone_from_the_card_still_counts_where_it_did(card: Card) -> None:
    """A mark on an old tap, whose boot's beginning was purged, moves that tap and no other."""
    seqs = [card.tap(10_000 * n, 1 + n % 4) for n in range(1, 60)]
    for begin in (3, 40):  # start, settings and clock are gone; most of the taps are, too
        card.streams["a"][begin - 3 : begin] = [
            b'{"kind":"lost","seq":%d,"through":%d,"why":"purged"}' % (seq, seq)
            for seq in range(begin - 2, begin + 1)
        ]
    before = card.hours
    card.put("a", events.Mark(ratings=seqs[50:51], as_="test"), 10**6)
    assert card.hours == before
    assert all(number > 0 for number in card.table.values())
    assert sum(rule == "mark" for _, rule in card.rules) == 1


def test_the_dump_does_not_grow_with_the_taps() -> None:
    """After 3,000 taps of one boot the state is as small as after 300."""
    raws = [events.encode(events.Start(seq=1, mono=1, at=NOON, boot_id="b"))]
    book = totals.Book(history=lambda _: raws)
    sizes = []
    for seq in range(2, 3002):
        event = rating(seq=seq, mono=seq * 9000)
        raws.append(events.encode(event))
        book.apply("s", raws[-2:])
        if seq in (301, 3001):
            sizes.append(len(book.dump()))
    assert max(sizes) < 8_000
