"""Bodies: packing, unpacking within a limit, and the numbers that an event stands for.

Purpose: what both ends do to the bytes around the messages of `wire.py`. PURE.
Errors: Malformed (422), UnsupportedFormat (400), TooLarge (413); each one's text is a sentence.
"""

from __future__ import annotations

import base64
import zlib
from typing import NamedTuple

import msgspec

from sync.feedback import wire


class Malformed(ValueError):
    """A body that cannot be read as the message it should be; its text says why (422)."""


class UnsupportedFormat(ValueError):
    """A message of a `format` that this release does not know (400)."""


class TooLarge(ValueError):
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


def wrapped(seq: int, raw: bytes) -> bytes:
    """A hopeless event in the form that an office always takes, and always books as refused."""
    text = base64.b64encode(raw[: wire.MAX_WRAPPED]).decode()
    return b'{"seq":%d,"kind":"wrapped","mono":0,"bytes":"%s"}' % (seq, text.encode())


# --- packing ---------------------------------------------------------------------------------


def pack(body: bytes) -> bytes:
    """The body as gzip, without a time or a name in it: the same bytes for the same body."""
    # of a batch of ratings level 8 makes 6 % less than 7 in half as long again; 9 adds nothing
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
