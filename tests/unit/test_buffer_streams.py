"""The table of streams, the names of segments, and the shop's day."""

import datetime

import pytest
from hypothesis import given, strategies

from sync.buffer import segments, tending
from sync.buffer.identity import Identity
from sync.buffer.machine import MemoryMachine
from sync.buffer.memory import MemoryFiles
from sync.buffer.streams import Stream, Streams

A, B = (MemoryMachine(seed=seed).new_stream() for seed in (1, 2))


def table() -> Streams:
    """Two streams: one of 10 events, and the current one of 3."""
    streams = Streams(Identity())
    streams.put([Stream(B, 2, last_seq=3), Stream(A, 1, last_seq=10)])
    streams.current = B
    return streams


def test_in_the_order_of_openings() -> None:
    """Streams come oldest first, however they were put in."""
    assert [row.name for row in table()] == [A, B]


def test_an_unknown_stream_is_named() -> None:
    """Asking for a stream that is not on the card says which."""
    with pytest.raises(LookupError, match="'nobody': not on this card"):
        table().acknowledge("nobody", 1)


@given(
    steps=strategies.lists(
        strategies.tuples(
            strategies.sampled_from(["sent", "acknowledge", "grew"]),
            strategies.sampled_from([A, B]),
            strategies.integers(0, 30),
        )
    )
)
def test_pending_is_kept(steps: list[tuple[str, str, int]]) -> None:
    """Whatever is sent, acknowledged and recorded, the kept number is what counting gives."""
    streams = table()
    sent = {A: 0, B: 0}
    for verb, name, seq in steps:
        getattr(streams, verb)(name, seq)
        row = streams[name]
        if verb == "sent":
            sent[name] = max(sent[name], min(seq, row.last_seq))
        assert row.acknowledged <= sent[name]
        assert streams.pending == sum(r.last_seq - r.acknowledged for r in streams)
        assert all(r.acknowledged <= r.sent <= r.last_seq for r in streams)


def test_held_streams_do_not_wait() -> None:
    """A stream of a newer format is neither pending nor outgoing."""
    streams = table()
    streams.put([Stream(A, 1, last_seq=10, held=True)])
    assert streams.pending == 3
    assert [o.stream for o in streams.outgoing()] == [B]


@given(
    opening=strategies.integers(0, 10**8 - 1),
    first=strategies.integers(1, 10**10 - 1),
    attempt=strategies.integers(0, 10**6),
    kind=strategies.sampled_from(["journal", "counts"]),
)
def test_names_are_read_back(opening: int, first: int, attempt: int, kind: str) -> None:
    """A segment's name says what was put into it."""
    name = segments.Name(opening, A, first, attempt, kind)
    assert segments.name(str(name)) == name


@given(
    names=strategies.lists(
        strategies.builds(
            segments.Name,
            strategies.integers(0, 10**8 - 1),
            strategies.sampled_from([A, B]),
            strategies.integers(1, 10**10 - 1),
            strategies.integers(0, 10**5),
            strategies.just("journal"),
        )
    )
)
def test_names_sort_as_they_were_made(names: list[segments.Name]) -> None:
    """However the card lists them, the segments come in the order in which they were made."""
    card = MemoryFiles({f"data/{name}": b"" for name in [*names, "other.new"]})
    assert segments.listing(card, "data") == sorted(set(names))


@pytest.mark.parametrize("text", ["lock", "x.journal", f"1-{A}-1-0.journal", "streams.damaged"])
def test_other_files_are_no_segments(text: str) -> None:
    """A file of another name is none of ours."""
    assert segments.name(text) is None


@pytest.mark.parametrize(
    ("wall", "zone", "day"),
    [
        (1_763_765_999_000, "Europe/Stockholm", datetime.date(2025, 11, 21)),
        (1_763_766_000_000, "Europe/Stockholm", datetime.date(2025, 11, 22)),
        (1_763_766_000_000, "nowhere/at all", datetime.date(2025, 11, 21)),
        (10**18, "UTC", datetime.date(1970, 1, 1)),
    ],
)
def test_the_shops_day(wall: int, zone: str, day: datetime.date) -> None:
    """The day turns at the shop's own midnight; nonsense is no error."""
    assert tending.day(wall, zone) == day
