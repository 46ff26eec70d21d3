"""Reading a batch's body: what the office makes of the bytes before it looks into its books.

Purpose: the half of ingest that needs no database, so that the verdict on a body is the same on
every database, and is tested without one.

Rules (wire.md, "POST /v1/batches")

1. An unknown `format` is told before anything else is judged.
2. Malformed are: bad UTF-8, bad JSON, an envelope of other types, an event whose `seq` cannot be
   read or is outside 1 … 2⁵³−1, events not strictly ascending. Nothing of such a batch is taken.
3. An event whose `seq` can be read is never a reason against the batch: what breaks a rule of
   events.md §1 gets a `refusal` and takes its place among the others.
4. A `lost` that is good stands for `seq … through`; any other event for its `seq` alone.
5. Text that a refused event holds is passed on only as `raw`, where its escapes are still escapes:
   what is decoded from it (kind, `texts.code`) goes to the database only when the database can
   hold it.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Sequence
from typing import Annotated, Any, Final, NamedTuple

import msgspec

from sync.central import slices, verdicts
from sync.feedback import events, wire

WHOLE: Final = 3
ERASED: Final = 2
WRAPPED: Final = 1
LOST: Final = 0

Seq = Annotated[int, msgspec.Meta(ge=1, le=wire.MAX_INTEGER)]
Count = Annotated[int, msgspec.Meta(ge=0, le=wire.MAX_INTEGER)]


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One event of a batch, judged.

    `refusal`: why it is booked as refused, or None. `event`: `raw` decoded, where that was at hand.
    """

    seq: int
    through: int
    kind: str
    mono: int
    rank: int
    raw: bytes
    refusal: str | None
    event: events.Event | None = None


class Reading(NamedTuple):
    """A batch that can be taken, if the books agree. `hole`: some `seq` inside is missing."""

    stream: str
    last_seq: int
    entries: list[Entry]
    hole: bool
    size: int


class _Format(msgspec.Struct):
    format: int


class _Envelope(msgspec.Struct):
    stream: str
    last_seq: Count
    events: list[msgspec.Raw]
    format: Any = None


class _Known(msgspec.Struct):
    events: list[events.Known]


class _Head(msgspec.Struct):
    seq: Seq
    kind: str = ""
    mono: Count = 0
    through: Count = 0


class _Seq(msgspec.Struct):
    seq: Seq


_formats = msgspec.json.Decoder(_Format)
_envelopes = msgspec.json.Decoder(_Envelope)
_known = msgspec.json.Decoder(_Known)
_heads = msgspec.json.Decoder(_Head)
_seqs = msgspec.json.Decoder(_Seq)
_TAGS = {kind: str(kind.__struct_config__.tag) for kind in typing.get_args(events.Known)}
_STREAM = re.compile(wire.STREAM_PATTERN.removesuffix("$") + r"\Z")
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def read(body: bytes) -> Reading:
    """Judge an unpacked body. Raises verdicts.WrongFormat, Malformed, TooLarge."""
    envelope = _envelope(body)
    decoded = _decoded(body, len(envelope.events))
    entries = [
        judge(bytes(raw), event) for raw, event in zip(envelope.events, decoded, strict=True)
    ]
    reached, hole = 0, False
    for entry in entries:
        seq = entry.seq
        if seq != reached + 1 and reached:
            if seq <= reached:
                raise verdicts.Malformed(
                    f"event {seq} comes after {reached}: `seq` must ascend, a number once"
                )
            hole = True
        reached = entry.through
    return Reading(envelope.stream, max(envelope.last_seq, reached), entries, hole, len(body))


def _decoded(body: bytes, count: int) -> Sequence[events.Event | None]:
    """Decode all events in one go, as goes with nearly every batch; else each is left to itself."""
    try:
        found = _known.decode(body).events
    except UNREADABLE:
        return [None] * count
    return found


def check_format(body: bytes) -> None:
    """Raise verdicts.WrongFormat for a format that we do not know, Malformed for no message."""
    try:
        body.decode()
        told = _formats.decode(body).format
    except UNREADABLE as error:
        raise verdicts.Malformed(f"the body is no message of ours: {error}") from None
    if told not in wire.FORMATS:
        raise verdicts.WrongFormat(f"`format` is {told}: 1 is right")


def check_stream(stream: str) -> None:
    """Raise verdicts.Malformed unless this is a stream's id."""
    if _STREAM.match(stream) is None:
        raise verdicts.Malformed("`stream` is no UUID in lower case with hyphens")


def _envelope(body: bytes) -> _Envelope:
    if len(body) > wire.MAX_UNPACKED:
        raise verdicts.TooLarge(
            f"the body is {len(body):,} bytes: at most {wire.MAX_UNPACKED:,} are right"
        )
    try:
        envelope = _quick(body)
        if envelope is None:
            check_format(body)
            envelope = _envelopes.decode(body)
    except (verdicts.Malformed, *UNREADABLE) as error:
        if not slices.suspicious(body):
            raise verdicts.Malformed(f"the body is no batch: {error}") from None
        envelope = _cut(body)
    check_stream(envelope.stream)
    if len(envelope.events) > wire.MAX_BATCH_EVENTS:
        raise verdicts.TooLarge(
            f"the batch has {len(envelope.events):,} events: "
            f"at most {wire.MAX_BATCH_EVENTS:,} are right"
        )
    return envelope


def _quick(body: bytes) -> _Envelope | None:
    """Read an envelope of a format that we know, in one go; None for what needs a closer look."""
    try:
        body.decode()
        envelope = _envelopes.decode(body)
    except UNREADABLE:
        return None
    return envelope if type(envelope.format) is int and envelope.format in wire.FORMATS else None


def _cut(body: bytes) -> _Envelope:
    """Read an envelope in which some event has half a surrogate pair."""
    try:
        cut = slices.cut(body)
        if msgspec.convert(cut.fields, _Format).format not in wire.FORMATS:
            raise verdicts.WrongFormat("`format` is not 1")
        envelope = msgspec.convert(cut.fields, _Envelope)
    except (ValueError, RecursionError) as error:
        raise verdicts.Malformed(f"the body is no batch: {error}") from None
    envelope.events = [msgspec.Raw(raw) for raw in cut.events]
    return envelope


def judge(raw: bytes, event: events.Event | None = None) -> Entry:
    """Judge one event as it came. Raises verdicts.Malformed when its `seq` cannot be read.

    `event`: `raw` decoded, if that is at hand, which also says that `raw` is UTF-8.
    """
    if event is not None and events.is_plain(raw, event):
        seq, kind = event.seq, _TAGS[type(event)]
        return Entry(seq, seq, kind, event.mono, WHOLE, raw, None, event)
    refusal = events.refusal(raw)
    try:
        head = _heads.decode(raw)
    except UNREADABLE:
        # only `seq` must be readable; all else is a matter for `refusal`
        seq = _seq(raw)
        reason = refusal or "the event cannot be read"
        return Entry(seq, seq, "", 0, WHOLE, raw, reason)
    if refusal is not None:
        rank = WRAPPED if head.kind == "wrapped" else WHOLE
        return Entry(head.seq, head.seq, "", 0, rank, raw, refusal)
    if head.kind == "lost":
        return Entry(head.seq, head.through, "lost", head.mono, LOST, raw, None)
    rank = events.rank(raw) if head.kind == "comment" else WHOLE
    return Entry(head.seq, head.seq, head.kind, head.mono, rank, raw, None)


def _seq(raw: bytes) -> int:
    try:
        return _seqs.decode(raw).seq
    except UNREADABLE as error:
        if slices.suspicious(raw):
            return _cut_seq(raw)
        raise verdicts.Malformed(f"an event's `seq` cannot be read: {error}") from None


def _cut_seq(raw: bytes) -> int:
    try:
        return msgspec.convert(slices.seq(raw), Seq)
    except (ValueError, RecursionError) as error:
        raise verdicts.Malformed(f"an event's `seq` cannot be read: {error}") from None


def after(entry: Entry) -> events.After | None:
    """Give what a stream's first event says of the stream before it on the card."""
    if (entry.kind, entry.seq, entry.refusal) != ("start", 1, None):
        return None
    start = events.decode(entry.raw)
    return start.after if isinstance(start, events.Start) else None


def trimmed(entry: Entry, first: int, through: int) -> Entry:
    """Give the part first … through of a `lost`, as if two had been made of it."""
    if (entry.seq, entry.through) == (first, through):
        return entry
    lost = events.decode(entry.raw)
    assert isinstance(lost, events.Lost)
    part = msgspec.structs.replace(lost, seq=first, through=through)
    return msgspec.structs.replace(
        entry, seq=first, through=through, raw=events.encode(part), event=None
    )
