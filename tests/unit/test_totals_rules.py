"""What is counted where, and what is set apart: events.md §2 and §3, rule by rule."""

import msgspec
import pytest

from sync.feedback import cells, events, totals
from tests.unit.totals_card import HOUR, NOON, Card, rating


@pytest.fixture
def card() -> Card:
    """A card whose first boot knows the time."""
    return Card.at_noon()


def test_the_last_face_of_a_visit_counts(card: Card) -> None:
    """A change of mind within a visit replaces, another question adds."""
    first = card.tap(10_000, 1)
    card.tap(11_000, 3, visit=first)
    card.tap(12_000, 4, visit=first, question="again")
    assert card.rules == [(3, ""), (4, "")]


def test_the_last_correction_wins(card: Card) -> None:
    """A face is corrected as often as one likes, but never to one beyond the scale."""
    seq = card.tap(10_000, 1)
    for face in (2, 3, 9):
        card.put("a", events.Correction(rating=seq, face=face), 11_000)
    assert card.rules == [(3, "")]


def test_a_hurried_tap_is_a_repeat_and_the_first_is_not(card: Card) -> None:
    """A visit that starts less than the pause after the last rating is set apart."""
    card.tap(10_000, 1)
    card.tap(14_999, 2)
    card.tap(19_999, 3)  # exactly the pause: nobody's repeat
    assert card.rules == [(1, ""), (2, "repeat"), (3, "")]


def test_the_pause_runs_from_the_latest_rating_of_the_last_visit(card: Card) -> None:
    """A visitor's own further taps count as the end of the visit."""
    first = card.tap(10_000, 1)
    card.tap(14_000, 2, visit=first, question="again")
    card.tap(18_000, 3)
    assert card.rules == [(1, ""), (2, ""), (3, "repeat")]


def test_next_customer_starts_a_chain_anew(card: Card) -> None:
    """Two who come at once, by the *Next customer* button, are nobody's repeat."""
    card.tap(10_000, 1)
    card.tap(11_000, 2, began="next")
    card.tap(12_000, 2)
    assert card.rules == [(1, ""), (2, ""), (2, "repeat")]


def test_next_customer_that_comes_late_starts_no_chain_at_the_end(card: Card) -> None:
    """A tap of an earlier stream of the boot does not stand between two that came before it."""
    card.put("b", events.Start(at=NOON, boot_id="boot-a"), 40_000)
    card.tap(50_000, 1, "b")
    card.tap(10_000, 2, began="next")
    card.tap(52_000, 3)
    assert card.rules == [(1, ""), (2, ""), (3, "repeat")]


def test_a_visit_heard_of_before_its_first_tap_is_one_visit(card: Card) -> None:
    """A rating that names one of another stream waits for it, whatever the clocks say."""
    card.put("b", events.Start(at=NOON, boot_id="boot-a"), 9_000)
    first = len(card.streams["a"]) + 1
    card.tap(9_500, 2, "b")
    late = msgspec.structs.replace(rating(face=1, visit=first), stream="a")
    card.put("b", late, 20_000)
    card.tap(30_000, 3)
    assert card.rules == [(2, ""), (3, "")]


def test_five_in_a_hurry_are_a_run(card: Card) -> None:
    """From its fifth visit on a chain is a run: all but the first, those before included."""
    for n in range(4):
        card.tap(10_000 + 1000 * n, 1)
    assert card.rules == [(1, ""), *[(1, "repeat")] * 3]
    card.tap(14_000, 1)
    assert card.rules == [(1, ""), *[(1, "run")] * 4]


def test_a_chain_that_held_every_face_is_set_apart_wholly(card: Card) -> None:
    """Somebody tries all the buttons: the first tap is set apart as well."""
    for n, face in enumerate((1, 2, 3, 4, 4)):
        card.tap(10_000 + 1000 * n, face)
    assert card.rules == [(f, "all_faces") for f in (1, 2, 3, 4, 4)]
    card.put("a", events.Correction(rating=4, face=2), 20_000)  # the 1 was meant as a 2
    assert card.rules == [(2, ""), (2, "run"), (3, "run"), (4, "run"), (4, "run")]


def test_the_first_rule_that_fits_names_it(card: Card) -> None:
    """A mark stands before every other rule; customer frees from all of them."""
    card.tap(10_000, 1)
    seq = card.tap(11_000, 2)
    card.put("a", events.Mark(ratings=[seq], as_="cleaning"), 12_000)
    assert card.rules == [(1, ""), (2, "mark")]
    card.put("a", events.Mark(ratings=[seq], as_="customer"), 13_000)
    assert card.rules == [(1, ""), (2, "")]
    card.put("a", events.Mark(ratings=[seq], as_="test"), 14_000)
    assert card.rules == [(1, ""), (2, "mark")]


def test_out_of_hours_is_judged_by_the_settings_before_the_tap(card: Card) -> None:
    """History does not move when a shop changes its hours."""
    open_at = events.Settings(time_zone="Europe/Stockholm", hours={"fri": [("09:00", "13:00")]})
    card.tap(10_000, 1)
    card.put("a", open_at, 10_000)
    card.tap(20_000, 2)
    card.tap(2000 + HOUR, 3)
    assert card.rules == [(1, ""), (2, ""), (3, "out_of_hours")]
    card.put("a", msgspec.structs.replace(open_at, hours=None), 2001 + HOUR)
    assert card.rules == [(1, ""), (2, ""), (3, "out_of_hours")]


def test_a_changed_pause_holds_from_there_on(card: Card) -> None:
    """The pause before a visit is the one in force when it starts."""
    card.tap(10_000, 1)
    card.put("a", events.Settings(time_zone="Europe/Stockholm", pause=500), 10_100)
    card.tap(12_000, 2)
    assert card.rules == [(1, ""), (2, "")]


def test_reasons_are_counted_with_the_tap_they_explain(card: Card) -> None:
    """Each reason once a tap, by hour; who gave none is the rest. A correction takes them along."""
    card.tap(10_000, 1)
    seq = card.tap(20_000, 2)
    card.put("a", events.Answer(rating=seq, reasons=["queue", "queue", "price"]), 21_000)
    card.put("a", events.Correction(rating=seq, face=1), 22_000)
    given = {cell.reason: n for cell, n in card.table.items() if cell.reason}
    assert given == {"queue": 1, "price": 1, cells.ANY: 1}
    assert {cell.face for cell in card.table} == {1}
    card.put("a", events.Answer(rating=seq, reasons=[], ended="skipped"), 23_000)
    assert not any(cell.reason for cell in card.table)


def test_what_names_a_rating_may_come_first() -> None:
    """A correction of another stream, arrived before the tap, holds as soon as the tap comes."""
    card = Card()
    card.boot("b")
    card.put("b", events.Correction(stream="a", rating=4, face=1), 5000)
    card.put("b", events.Mark(stream="a", ratings=[4, 7], as_="test"), 5000)
    assert card.rules == []
    card.boot("a")
    card.clock(NOON, 2000)
    assert card.tap(10_000, 4) == 4
    assert card.rules == [(1, "mark")]


def test_of_two_streams_the_later_in_the_chain_has_the_last_word() -> None:
    """A mark of a later stream wins, also where it arrived first."""
    for order in ("bc", "cb"):
        card = Card()
        card.boot("a")
        seq = card.tap(10_000, 4)
        for stream in order:
            before = {"b": "a", "c": "b"}[stream]
            last = events.After(stream=before, seq=3)
            card.put(stream, events.Start(at=NOON, boot_id=stream, after=last), 1000)
            word = {"b": "test", "c": "customer"}[stream]
            mark = msgspec.convert(
                {"kind": "mark", "stream": "a", "ratings": [seq], "as": word}, events.Mark
            )
            card.put(stream, mark, 2000)
        assert card.rules == [(4, "")]


@pytest.mark.parametrize("tap_comes_last", [False, True])
def test_the_last_word_may_change_when_a_missing_stream_comes(tap_comes_last: bool) -> None:
    """Two streams speak of one question of a visit; which is later shows with the one between."""
    card = Card()
    card.boot("m")
    first = card.tap(10_000, 1, stream="m")

    def speak(stream: str, after: str, seq: int, word: str) -> None:
        last = events.After(stream=after, seq=3)
        card.put(stream, events.Start(at=NOON, boot_id=stream, after=last), 1000)
        if word:
            mark = {"kind": "mark", "stream": "m", "ratings": [seq], "as": word}
            card.put(stream, msgspec.convert(mark, events.Mark), 2000)

    if not tap_comes_last:
        card.tap(10_500, 4, stream="m", visit=first)
    speak("b", "m", first, "test")
    speak("a", "between", first + 1, "customer")  # by its name alone it would stand before b
    if tap_comes_last:
        card.tap(10_500, 4, stream="m", visit=first)
    assert card.rules == [(4, "mark")]
    speak("between", "b", first, "")
    assert card.rules == [(4, "")]


def test_lost_wrapped_comments_and_unknown_kinds_count_for_nothing(card: Card) -> None:
    """They use up their numbers, and the stream goes on after them."""
    seq = card.tap(10_000, 2)
    before = dict(card.table)
    card.put("a", events.Comment(rating=seq, text="hello"), 11_000)
    card.put("a", events.Comment(rating=seq, erased=True), 11_000)
    card.put("a", events.Wrapped(bytes="AA=="), 11_000)
    card.put("a", events.Survey(survey="exit", version=1, document={}), 11_000)
    book = totals.Book.load(card.blob, history=card.streams.__getitem__)
    assert book.apply("a", [b'{"kind":"glimpse","seq":9,"face":1}', b"no event at all"]) == {}
    assert book.apply("a", [b'{"kind":"lost","seq":11,"through":20}']) == {}
    assert book.through("a") == 20
    assert card.table == before


def test_a_repeat_changes_nothing(card: Card) -> None:
    """Events that were folded before are passed over."""
    card.tap(10_000, 2)
    book = totals.Book.load(card.blob, history=card.streams.__getitem__)
    assert book.apply("a", card.streams["a"]) == {}
