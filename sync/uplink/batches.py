"""One batch made of what was read from the card. PURE."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from sync.feedback import framing, wire
from sync.uplink import exchange, steps

QUIET = frozenset({"start", "settings", "survey", "clock"})


class _Kind(msgspec.Struct):
    kind: str = ""


_kind = msgspec.json.Decoder(_Kind)


def sent(read: steps.Read, events: Sequence[bytes], wrap: Collection[int]) -> steps.Sent:
    """The batch of these raw events (one at least) as they are, but for those in `wrap`."""
    stream = read.stream
    raws = [_wrapped(raw, wrap) for raw in events] if wrap else events
    body = wire.encode(
        wire.Batch(
            stream=stream.stream,
            last_seq=stream.last_seq,
            events=[msgspec.Raw(raw) for raw in raws],
        )
    )
    request = exchange.Request(
        "POST",
        read.place.url,
        wire.BATCHES,
        token=read.place.token,
        body=body,
        headers={wire.HEADER_STREAM: stream.stream},
    )
    last = framing.span(raws[-1]).through
    return steps.Sent(stream, read.place, read.after + 1, last, len(raws), request)


def is_quiet(events: Sequence[bytes]) -> bool:
    """Whether none of these is worth a batch of its own yet."""
    return all(_kind_of(raw) in QUIET for raw in events)


def _kind_of(raw: bytes) -> str:
    try:
        return _kind.decode(raw).kind
    except (msgspec.DecodeError, RecursionError):
        return ""


def _wrapped(raw: bytes, wrap: Collection[int]) -> bytes:
    seq = framing.span(raw).seq
    return framing.wrapped(seq, raw) if seq in wrap else raw
