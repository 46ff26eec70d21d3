"""What the office knows of a kiosk's streams, judged without a database."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sync.central import completeness, knowledge
from sync.central.completeness import Runs, Waiting
from sync.central.store import claims, streams

MINUTE = 60_000


def stream(name: str, **given: Any) -> streams.Stream:
    """Make a stream's row, never heard of but for what is given."""
    row = streams.Stream(name, "k", 0, 0, None, None, 0, None, None, None, None)
    return row._replace(**given)


def known(*rows: streams.Stream) -> list[knowledge.Known]:
    """Give what is known of one kiosk's streams."""
    return knowledge.gather(list(rows)).get("k", [])


def test_a_message_whose_last_seq_is_stored_makes_whole() -> None:
    """Complete through is the time of the newest message that is met."""
    row = streams.contact(stream("a"), 10, 10, 5 * MINUTE)
    assert (row.whole_at, row.open_seq) == (5 * MINUTE, None)
    row = streams.contact(row, 12, 10, 6 * MINUTE)
    assert (row.whole_at, row.open_seq, row.open_at) == (5 * MINUTE, 12, 6 * MINUTE)
    assert completeness.complete_through(known(row), 6 * MINUTE) == 5 * MINUTE
    row = streams.contact(row, 15, 12, 7 * MINUTE)
    assert (row.whole_at, row.open_seq) == (6 * MINUTE, 15)
    row = streams.contact(row, 15, 15, 8 * MINUTE)
    assert (row.whole_at, row.open_seq) == (8 * MINUTE, None)
    assert completeness.complete_through(known(row), 8 * MINUTE) == 8 * MINUTE


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=12))
def test_whole_at_is_never_after_a_message_that_is_not_met(steps: list[tuple[int, int]]) -> None:
    """However messages and storing interleave, every message up to whole_at is met."""
    row, recorded, messages = stream("a"), 0, list[tuple[int, int]]()
    for now, (more, kept) in enumerate(steps, 1):
        recorded += more
        stored = min(recorded, row.stored_through + kept)
        messages.append((now, recorded))
        row = streams.contact(row, recorded, stored, now)
        if row.whole_at is not None:
            assert all(seq <= stored for at, seq in messages if at <= row.whole_at)
        assert (row.open_seq is None) == (recorded <= stored)


def test_what_waits_at_a_kiosk_in_contact_is_not_missing() -> None:
    """The end of the stream that a kiosk speaks of is on its way; a silent one's is missing."""
    rows = known(stream("a", stored_through=7, heard_seq=10, heard_at=1))
    assert completeness.missing(rows, Waiting(frozenset({"a"}), 3)) == []
    assert completeness.missing(rows, None) == [Runs("a", [(8, 10)])]


def test_pending_is_taken_to_be_the_newest() -> None:
    """Less pending than lacking: the oldest streams lack it."""
    rows = known(
        stream("a", made_at=1, stored_through=5, heard_seq=9),
        stream("b", made_at=2, stored_through=0, heard_seq=4),
        stream("c", made_at=3, stored_through=2, heard_seq=3),
    )
    held = Waiting(frozenset({"c"}), 1 + 4 + 1)
    assert completeness.missing(rows, held) == [Runs("a", [(6, 8)])]
    assert completeness.missing(rows, Waiting(frozenset({"c"}), 9)) == []
    assert completeness.missing(rows, Waiting(frozenset({"c"}), 1)) == [
        Runs("a", [(6, 9)]),
        Runs("b", [(1, 4)]),
    ]


def test_a_hole_between_streams_shows() -> None:
    """A start names the last event before it: of a stream never heard of, and of a cut one."""
    b = stream("b", made_at=9, stored_through=3, heard_seq=3, whole_at=9)
    b = b._replace(after_stream="a", after_seq=5)
    assert completeness.missing(known(b), None) == [Runs("a", [(1, 5)])]
    a = stream("a", made_at=1, stored_through=4, heard_seq=4, whole_at=3)
    assert completeness.missing(known(a, b), None) == [Runs("a", [(5, 5)])]
    # what was recorded until a's last message is stored, what came after is not
    assert completeness.complete_through(known(a, b), 9) == 3
    a = a._replace(stored_through=5, heard_seq=5)
    assert completeness.missing(known(a, b), None) == []
    assert completeness.complete_through(known(a, b), 9) == 9


def test_another_kiosks_start_tells_of_a_stream_too() -> None:
    """A card that enrols anew ties its first stream there to the last one here: its hole shows.

    At the kiosk that says so: with a stolen token nobody makes another kiosk incomplete.
    """
    a = stream("a", made_at=1, stored_through=4, heard_seq=4)
    b = stream("b", kiosk="other", after_stream="a", after_seq=6)
    for found in (knowledge.gather([a, b]), knowledge.gather([b], (), [a])):
        assert [one.recorded for one in found.get("k", [])] in ([4], [])
        assert [(one.stream, one.recorded, one.stored) for one in found["other"]] == [
            ("a", 6, 4),
            ("b", 0, 0),
        ]


def test_a_claimed_stream_is_not_stored_whatever_its_holder_has_in_it() -> None:
    """A claimant lacks all that it or a later stream of it says, from before its claim on."""
    held = stream("a", kiosk="other", made_at=1, stored_through=9, heard_seq=9)
    later = stream("b", made_at=8, after_stream="a", after_seq=7, whole_at=9)
    claim = claims.Claim("a", "k", "other", 5, made_at=6, heard_at=7, stored=9)
    found = knowledge.gather([held, later], [claim])
    assert completeness.missing(found["k"], None) == [Runs("a", [(1, 7)])]
    assert completeness.complete_through(found["k"], 9) is None
    assert completeness.missing(found["other"], None) == []
