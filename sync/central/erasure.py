"""Erasing a comment that its writer wants gone, by the code shown when it was written.

Rules

1. Erased is erased: the text goes from the event, from second copies of it and from refused ones,
   and it is put on the list, so that no later copy brings it back.
2. The event stays, without its text: figures do not move.
3. A code whose comment has not come yet (a kiosk without a line) is put on the list all the same.
4. A comment that the kiosk sent wrapped, and that was cut off before its code, goes with the first
   code that is asked for and that no comment here has: it may be that one.
5. A code that stands on comments of several kiosks is told, and nothing is done until one is named.
6. Dashes and blanks in our kiosks' codes need not be typed as they were shown.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sync.central import reading, store, texts
from sync.central.store import (
    claims,
    comments,
    errors,
    events,
    kiosks,
    streams,
    transaction,
    withdrawn,
)
from sync.feedback import events as words

_OURS = re.compile(r"([A-Z][A-Z0-9])[\W_]*([A-Z0-9]{3})")


class Erased(NamedTuple):
    """What was done: where the comments were, none when the code has not come yet."""

    code: str
    places: list[comments.Place]


def erase(books: store.Store, code: str, *, by: str, now: int, kiosk: str | None = None) -> Erased:
    """Erase what stands under a code, or what will. Raises errors.Wrong."""
    normal = code.strip().upper()
    if not normal or len(normal) > 64:
        raise errors.Wrong(f"{code[:70]!r} is no removal code: one such as K7-42Q is right")
    ours = _OURS.fullmatch(normal)
    shown = f"{ours[1]}-{ours[2]}" if ours else normal

    def work(connection: transaction.Transaction) -> Erased:
        if kiosk is not None:
            kiosks.get(connection, kiosk)
        codes = list(dict.fromkeys((shown, normal)))
        places = [place for one in codes for place in comments.places(connection, one, kiosk)]
        writers = sorted({place.kiosk for place in places})
        if len(writers) > 1:
            raise errors.Wrong(
                f"{shown} stands on comments of {', '.join(writers)}: name one with --kiosk"
            )
        listed = places or [comments.Place(kiosk or "", "", 0, one) for one in codes]
        if not places:
            # it may be one that came without its end: see `texts`
            places = comments.places(connection, texts.CUT_OFF, kiosk)
            listed += places
        for place in listed:
            apply(connection, comments.Erasure(*place, now, by))
        return Erased(shown, places)

    return books.attempt(work)


def apply(connection: transaction.Transaction, erasure: comments.Erasure) -> None:
    """Put one erasure on the list and take out what is there of it; again is fine."""
    comments.erase(connection, [erasure])
    withdrawn.note(
        connection,
        withdrawn.Withdrawal(
            at=erasure.made_at,
            kiosk=erasure.kiosk,
            stream=erasure.stream,
            seq=erasure.seq,
            code=erasure.code,
            by=erasure.made_by,
        ),
    )
    if erasure.stream:
        _take_out(connection, erasure.kiosk, erasure.stream, erasure.seq)
        return
    for place in comments.places(connection, erasure.code, erasure.kiosk or None):
        _take_out(connection, place.kiosk, place.stream, place.seq)


def _take_out(connection: transaction.Transaction, kiosk: str, stream: str, seq: int) -> None:
    # the stream's row first, as a batch does: so none is between reading and writing the event
    if streams.get(connection, stream) is None:
        return
    streams.lock(connection, stream, kiosk, 0)
    for row in events.covering(connection, stream, seq, seq):
        if row.kiosk == kiosk and (bare := _bare(row)) is not None:
            events.rewrite(connection, bare)
    aside = claims.row_aside(connection, kiosk, stream, seq)
    if aside is not None and (bare := _bare(aside)) is not None:
        claims.rewrite_aside(connection, bare)
    for copy in events.conflicts(connection, kiosk, stream, seq):
        if texts.is_comment(copy.raw):
            raw = texts.without_text(copy.raw.encode()).decode()
            events.rewrite_conflict(connection, copy._replace(raw=raw))


def _bare(row: events.Row) -> events.Row | None:
    """Give a comment's row without its text, None when it has none to take out."""
    if row.rank not in {reading.WHOLE, reading.WRAPPED} or not texts.is_comment(row.raw):
        return None
    raw = texts.without_text(row.raw.encode()).decode()
    return row._replace(raw=raw, rank=row.rank if row.refused else words.rank(raw.encode()))
