"""Bodies: packing, unpacking within a limit, and reading a batch as far as its numbers.

Purpose: what both ends do to the bytes around the messages of `wire.py`. PURE.
Errors: Malformed (422), UnsupportedFormat (400), TooLarge (413); each one's text is a sentence.
"""

from __future__ import annotations

import base64
import zlib
from typing import NamedTuple

import msgspec

from sync.feedback import wire


class Malformed(ValueError):  # noqa: N818, named as the problem type
    """A body that cannot be read as the message it should be; its text says why (422)."""


class UnsupportedFormat(ValueError):  # noqa: N818, named as the problem type
    """A message of a `format` that this release does not know (400)."""


class TooLarge(ValueError):  # noqa: N818, named as the problem type
    """A body beyond one of the limits; its text names the limit (413)."""


class Span(NamedTuple):
    """The numbers one event stands for: `through` is `seq`, but for a `lost` that covers a run."""

    seq: int
    through: int


class _Format(msgspec.Struct):
    format: int


class _Seq(msgspec.Struct):
    seq: int


class _Lost(msgspec.Struct):
    kind: str
    through: int


_format = msgspec.json.Decoder(_Format)
_seq = msgspec.json.Decoder(_Seq)
_lost = msgspec.json.Decoder(_Lost)
_batch = msgspec.json.Decoder(wire.Batch)


def check_text(body: bytes) -> None:
    """Refuse bad UTF-8, which `msgspec.Raw` would let through. Raises Malformed."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed(f"The body is not UTF-8: byte {error.start} is wrong.") from None


def check_format(body: bytes) -> None:
    """Refuse a `format` that this release does not know. Raises UnsupportedFormat, Malformed."""
    try:
        told = _format.decode(body).format
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed(f"The body is no message with a format: {error}.") from None
    if told not in wire.FORMATS:
        raise UnsupportedFormat(f"Format {told} is not known here; known are {wire.FORMATS}.")


def read_batch(body: bytes) -> tuple[wire.Batch, list[Span]]:
    """The batch in an unpacked request body, and the numbers each event stands for.

    What is judged here is what the table of cases answers with 400, 413 and 422: format, JSON,
    UTF-8, stream, too many events, a `seq` that cannot be read or lies outside 1 … 2⁵³−1, not
    strictly ascending (a `lost` ends at its `through`). Whether the events are good is not.
    Raises Malformed, UnsupportedFormat, TooLarge.
    """
    check_text(body)
    check_format(body)
    try:
        batch = _batch.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed(f"The body is no batch: {error}.") from None
    check_stream(batch.stream)
    if not 0 <= batch.last_seq <= wire.MAX_INTEGER:
        raise Malformed(f"last_seq is {batch.last_seq}; it must lie in 0 … 2^53-1.")
    if len(batch.events) > wire.MAX_BATCH_EVENTS:
        raise TooLarge(
            f"{len(batch.events)} events; at most {wire.MAX_BATCH_EVENTS} go in a batch."
        )
    spans: list[Span] = []
    before = 0
    for raw in batch.events:
        one = span(bytes(raw))
        if one.seq <= before:
            raise Malformed(f"seq {one.seq} does not come after {before}: not ascending.")
        before = one.through
        spans.append(one)
    return batch, spans


def check_stream(stream: str) -> None:
    """Refuse what is not a UUID in lower case with its hyphens. Raises Malformed."""
    parts = stream.split("-")
    digits = set("0123456789abcdef")
    if [len(part) for part in parts] != [8, 4, 4, 4, 12] or not digits.issuperset("".join(parts)):
        raise Malformed(f"stream is {stream[:60]!r}; it must be a UUID in lower case.")


def span(raw: bytes) -> Span:
    """The numbers that one raw event stands for. Raises Malformed when `seq` cannot be read."""
    try:
        seq = _seq.decode(raw).seq
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed(f"An event has no readable seq: {error}.") from None
    if not 1 <= seq <= wire.MAX_INTEGER:
        raise Malformed(f"seq is {seq}; it must lie in 1 … 2^53-1.")
    if b"lost" in raw:
        try:
            lost = _lost.decode(raw)
        except (msgspec.DecodeError, RecursionError):
            return Span(seq, seq)  # not a whole `lost`: the rules of events judge it
        if lost.kind == "lost" and seq <= lost.through <= wire.MAX_INTEGER:
            return Span(seq, lost.through)
    return Span(seq, seq)


def first_gap(spans: list[Span], stored_through: int) -> int | None:
    """The first number that is missing between what is stored and the batch's end, or None."""
    expected = stored_through + 1
    for seq, through in spans:
        if seq > expected:
            return expected
        expected = max(expected, through + 1)
    return None


def wrapped(seq: int, raw: bytes) -> bytes:
    """A hopeless event in the form that an office always takes, and always books as refused."""
    text = base64.b64encode(raw[: wire.MAX_WRAPPED]).decode()
    return b'{"seq":%d,"kind":"wrapped","mono":0,"bytes":"%s"}' % (seq, text.encode())


# --- packing ---------------------------------------------------------------------------------


def pack(body: bytes) -> bytes:
    """The body as gzip, without a time or a name in it: the same bytes for the same body."""
    # level 8 makes a batch of ratings 6 % smaller than 7 does for half as long again; 9 adds nothing
    packer = zlib.compressobj(8, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush()


def unpack(packed: bytes, limit: int) -> bytes:
    """What gzip packed, read no further than `limit` bytes. Raises TooLarge, Malformed."""
    unpacker = zlib.decompressobj(31)
    try:
        body = unpacker.decompress(packed, limit + 1)
    except zlib.error as error:
        raise Malformed(f"The body is no gzip: {error}.") from None
    if len(body) > limit:
        raise TooLarge(f"The body unpacks to more than {limit} bytes.")
    if not unpacker.eof or unpacker.unused_data:
        raise Malformed("The gzip body is cut short or has something behind it.")
    return body
