"""Bodies: a batch is read as far as its numbers, within its limits, and never further."""

import base64
import contextlib
import zlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.feedback import framing, wire

STREAM = "0b51c1de-5f6c-4c39-9d6e-0d7a3a3a3a3a"


def body(*events: bytes, last_seq: int = 9, stream: str = STREAM) -> bytes:
    """A batch of these raw events."""
    raws = [msgspec.Raw(event) for event in events]
    return wire.encode(wire.Batch(stream=stream, last_seq=last_seq, events=raws))


def test_events_go_out_and_come_in_as_they_are() -> None:
    """Not a byte of an event changes on its way, unknown kinds, fields and spaces included."""
    raw = b'{"seq": 1 ,"kind":"dance","steps":[1.50,"\xc3\xa5"], "z":null}'
    assert raw in body(raw)
    batch, spans = framing.read_batch(body(raw))
    assert [bytes(one) for one in batch.events] == [raw]
    assert spans == [(1, 1)]


def test_an_empty_batch_is_a_question() -> None:
    """A batch without events is well-formed."""
    batch, spans = framing.read_batch(body())
    assert (batch.stream, batch.last_seq, spans) == (STREAM, 9, [])


def test_a_lost_covers_its_run() -> None:
    """A `lost` stands for its seq up to its through, and what follows must come after that."""
    lost = b'{"seq":2,"kind":"lost","mono":0,"through":4,"why":"damaged"}'
    _, spans = framing.read_batch(body(b'{"seq":1}', lost, b'{"seq":5}'))
    assert spans == [(1, 1), (2, 4), (5, 5)]
    assert framing.first_gap(spans, 0) is None
    with pytest.raises(framing.Malformed, match="seq 4 does not come after 4"):
        framing.read_batch(body(lost, b'{"seq":4}'))


@pytest.mark.parametrize("through", [b'"4"', b"1", b"-1", b"4.0", b"null", b"99999999999999999999"])
def test_a_lost_that_is_none_stands_for_itself_only(through: bytes) -> None:
    """A `lost` whose `through` makes no sense is left to the rules of events."""
    assert framing.span(b'{"seq":2,"kind":"lost","through":%s}' % through) == (2, 2)


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"null",
        b"[]",
        b'"x"',
        b"{",
        b'{"format":1}',
        b'{"format":"1"}',
        body()[:-1],
        body() + b"x",
        body(b'{"seq":1}', b'{"seq":1}'),
        body(b'{"seq":2}', b'{"seq":1}'),
        body(b'{"seq":0}'),
        body(b'{"seq":-1}'),
        body(b'{"seq":9007199254740992}'),
        body(b'{"seq":1.0}'),
        body(b'{"seq":true}'),
        body(b'{"seq":"1"}'),
        body(b"{}"),
        body(b"7"),
        body(b'{"seq":1,"x":"\xff"}'),
        body(b'{"seq":1,"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
        body(stream="0B51C1DE-5F6C-4C39-9D6E-0D7A3A3A3A3A"),
        body(stream="../../etc/passwd"),
        body(last_seq=-1),
        body(last_seq=2**53),
    ],
    ids=range(25),
)
def test_what_cannot_be_read_is_malformed(bad: bytes) -> None:
    """Each of these is answered with 422 and a sentence, never with a traceback."""
    with pytest.raises(framing.Malformed):
        framing.read_batch(bad)


def test_an_unknown_format_is_told_apart() -> None:
    """A message of a later format is not malformed: the kiosk keeps everything and tells staff."""
    with pytest.raises(framing.UnsupportedFormat, match="Format 2 is not known here"):
        framing.read_batch(b'{"format":2,"whatever":[]}')


def test_too_many_events_are_too_large() -> None:
    """One event more than an office takes in a batch is answered with 413."""
    events = [b'{"seq":%d}' % (n + 1) for n in range(wire.MAX_BATCH_EVENTS + 1)]
    with pytest.raises(framing.TooLarge, match="at most 5000"):
        framing.read_batch(body(*events))
    framing.read_batch(body(*events[:-1]))


@given(st.binary(max_size=200))
def test_no_body_makes_reading_fail_otherwise(data: bytes) -> None:
    """Whatever bytes come, reading a batch gives one of its three errors or a batch."""
    with contextlib.suppress(framing.Malformed, framing.UnsupportedFormat, framing.TooLarge):
        framing.read_batch(data)


@pytest.mark.parametrize(
    ("stored", "spans", "gap"),
    [
        (0, [(1, 1), (2, 2)], None),
        (0, [(2, 2)], 1),
        (5, [(3, 3), (4, 9)], None),
        (5, [(6, 6), (8, 8)], 7),
        (5, [(7, 7)], 6),
        (9, [(1, 1), (3, 3)], None),
        (0, [], None),
    ],
)
def test_the_first_gap(stored: int, spans: list[tuple[int, int]], gap: int | None) -> None:
    """A gap is a number behind what is stored that the batch leaves out before its end."""
    assert framing.first_gap([framing.Span(*span) for span in spans], stored) == gap


def test_wrapping_keeps_the_first_two_kilobytes() -> None:
    """A hopeless event goes as base64 of at most its first 2 KiB under its own seq."""
    raw = b'{"seq":6,"kind":"rating","text":"\xff' + b"x" * 5000
    wrapped = framing.wrapped(6, raw)
    told = msgspec.json.decode(wrapped)
    assert list(told) == ["seq", "kind", "mono", "bytes"]
    assert (told["seq"], told["kind"], told["mono"]) == (6, "wrapped", 0)
    assert base64.b64decode(told["bytes"]) == raw[:2048]
    assert framing.read_batch(body(wrapped))[1] == [(6, 6)]


@given(st.binary(max_size=2000))
def test_what_is_packed_unpacks(data: bytes) -> None:
    """Packing and unpacking give the same bytes, within the limit to the byte."""
    assert framing.unpack(framing.pack(data), len(data)) == data
    if data:
        with pytest.raises(framing.TooLarge):
            framing.unpack(framing.pack(data), len(data) - 1)


def test_a_bomb_stops_at_the_limit() -> None:
    """A gzip bomb is read no further than the limit."""
    bomb = framing.pack(b"\0" * 50_000_000)
    assert len(bomb) < 100_000
    with pytest.raises(framing.TooLarge, match="more than 8388608 bytes"):
        framing.unpack(bomb, wire.MAX_UNPACKED)


@pytest.mark.parametrize(
    "bad",
    [b"", b"no gzip", framing.pack(b"abc")[:-1], framing.pack(b"abc") + b"x", zlib.compress(b"x")],
)
def test_what_is_no_gzip_is_malformed(bad: bytes) -> None:
    """A body that is cut short, has something behind it, or was never packed is said so."""
    with pytest.raises(framing.Malformed):
        framing.unpack(bad, 100)


def test_problems_carry_our_marks() -> None:
    """A problem has format, office and time, and its status belongs to its type."""
    for kind, status in wire.STATUS.items():
        told = msgspec.json.decode(wire.encode(wire.problem(kind, office="o", server_time=5)))
        assert (told["format"], told["office"], told["server_time"]) == (1, "o", 5)
        assert (told["type"], told["status"]) == (kind, status)
        assert told["title"]
        assert "stored_through" not in told
