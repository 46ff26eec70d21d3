"""Bodies: a batch is read as far as its numbers, within its limits, and never further."""

import base64
import zlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.feedback import framing, wire


def test_a_lost_covers_its_run() -> None:
    """A `lost` stands for its seq up to its through, any other event for its seq."""
    lost = b'{"seq":2,"kind":"lost","mono":0,"through":4,"why":"damaged"}'
    assert framing.span(lost) == (2, 4)
    assert framing.span(b'{"through":4,"why":"lost","kind":"count","seq":3}') == (3, 3)


@pytest.mark.parametrize("through", [b'"4"', b"1", b"-1", b"4.0", b"null", b"99999999999999999999"])
def test_a_lost_that_is_none_stands_for_itself_only(through: bytes) -> None:
    """A `lost` whose `through` makes no sense is left to the rules of events."""
    assert framing.span(b'{"seq":2,"kind":"lost","through":%s}' % through) == (2, 2)


@pytest.mark.parametrize(
    "seq", [b"0", b"-1", b"9007199254740992", b"1.0", b"true", b'"1"', b"null", b"[" * 9_000]
)
def test_an_event_without_a_readable_number_is_malformed(seq: bytes) -> None:
    """Each ends in a sentence, never in a traceback."""
    with pytest.raises(framing.Malformed, match=r"\.$"):
        framing.span(b'{"seq":%s}' % seq)


@pytest.mark.parametrize("bad", [b"", b"null", b"[]", b"{", b'{"format":"1"}', b"[" * 100_000])
def test_a_body_without_a_format_is_malformed(bad: bytes) -> None:
    """What does not say its format is no message."""
    with pytest.raises(framing.Malformed):
        framing.check_format(bad)


def test_an_unknown_format_is_told_apart() -> None:
    """A message of a later format is not malformed: the kiosk keeps everything and tells staff."""
    with pytest.raises(framing.UnsupportedFormat, match="Format 2 is not known here"):
        framing.check_format(b'{"format":2,"whatever":[]}')
    framing.check_format(b'{"format":1,"whatever":[]}')


def test_bad_utf_8_is_malformed() -> None:
    """Raw JSON would let it through."""
    with pytest.raises(framing.Malformed, match="byte 2 is wrong"):
        framing.check_text(b'{"\xff')


NEARLY = st.builds(
    b'{"seq":%d,"kind":"%b","through":%b}'.__mod__,
    st.tuples(
        st.integers(-1, wire.MAX_INTEGER + 1),
        st.sampled_from([b"lost", b"rating"]),
        st.sampled_from([b"5", b"0", b"-1", b"null", b"9007199254740991", b"9007199254740992"]),
    ),
)


@given(st.one_of(st.binary(max_size=200), NEARLY))
def test_whatever_comes_an_event_has_numbers_or_is_malformed(data: bytes) -> None:
    """No bytes make reading fail otherwise, and the numbers are ones that the books can hold."""
    try:
        seq, through = framing.span(data)
    except framing.Malformed:
        return
    assert 1 <= seq <= through <= wire.MAX_INTEGER
    assert data.startswith(b'{"seq":%d,' % seq)
    assert through == seq or b'"lost"' in data


def test_wrapping_keeps_the_first_two_kilobytes() -> None:
    """A hopeless event goes as base64 of at most its first 2 KiB under its own seq."""
    raw = b'{"seq":6,"kind":"rating","text":"\xff' + b"x" * 5000
    wrapped = framing.wrapped(6, raw)
    told = msgspec.json.decode(wrapped)
    assert list(told) == ["seq", "kind", "mono", "bytes"]
    assert (told["seq"], told["kind"], told["mono"]) == (6, "wrapped", 0)
    assert base64.b64decode(told["bytes"]) == raw[:2048]
    assert framing.span(wrapped) == (6, 6)


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
