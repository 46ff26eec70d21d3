"""What the office knows of each kiosk's streams, its own word and others'. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from sync.central.store import claims, streams


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one stream: `recorded` is its highest number, by its own and others' word.

    `sure_until`: when (ms) it was last known to be stored wholly, or just before it was heard of.
    """

    stream: str
    recorded: int
    stored: int
    sure_until: int
    whole_at: int | None
    heard_at: int = 0


def gather(
    every: list[streams.Stream],
    claimed: Iterable[claims.Claim] = (),
    others: Iterable[streams.Stream] = (),
) -> dict[str, list[Known]]:
    """Give what is known of each kiosk's streams, in the order in which they were heard of. Pure.

    A stream that only another's `after` names is listed under the kiosk that named it, and so is
    one that another kiosk holds; `others` are such ones that are not among `every`.
    """
    found: dict[str, list[Known]] = defaultdict(list)
    claimants = {(one.stream, one.kiosk): one for one in claimed}
    named: dict[tuple[str, str], streams.Stream] = {}  # the furthest, by stream and who names it
    for one in every:
        key = (one.after_stream or "", one.kiosk)
        if key not in named or _tie(named[key]) < _tie(one):
            named[key] = one
    held = {one.stream: one for one in (*others, *every)}
    for claim in claimants.values():
        found[claim.kiosk].append(_claimed(claim, named.get((claim.stream, claim.kiosk))))
    for one in every:
        before = (one.after_stream or "", one.kiosk)
        if one.after_stream and named[before] is one and before not in claimants:
            holder = held.get(one.after_stream)
            if holder is None or holder.kiosk != one.kiosk:
                found[one.kiosk].append(_named(one, holder))
        after = named.get((one.stream, one.kiosk))
        recorded = max(one.heard_seq, _tie(after) if after else 0)
        sure = one.whole_at if one.whole_at is not None else one.made_at - 1
        found[one.kiosk].append(
            Known(
                stream=one.stream,
                recorded=recorded,
                stored=one.stored_through,
                sure_until=sure,
                whole_at=one.whole_at,
                heard_at=one.heard_at or 0,
            )
        )
    return dict(found)


def _tie(namer: streams.Stream) -> int:
    return namer.after_seq or 0


def _named(namer: streams.Stream, holder: streams.Stream | None) -> Known:
    """Give a stream that a later one's `start` names: never heard of, or another kiosk's."""
    return Known(
        stream=namer.after_stream or "",
        recorded=_tie(namer),
        stored=holder.stored_through if holder else 0,
        sure_until=namer.made_at - 1,
        whole_at=None,
    )


def _claimed(claim: claims.Claim, namer: streams.Stream | None) -> Known:
    """Give a stream that another kiosk holds: nothing of it is this one's."""
    return Known(
        stream=claim.stream,
        recorded=max(claim.last_seq, _tie(namer) if namer else 0),
        stored=0,
        sure_until=claim.made_at - 1,
        whole_at=None,
        heard_at=claim.heard_at,
    )
