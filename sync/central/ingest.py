"""A batch once: what a kiosk sends becomes the office's books, in one transaction.

Rules

1. The stream's row is locked first, the kiosk's account second; every batch, on every worker, in
   that order (`store.places`). What is decided after that is decided by what is stored, not by
   what was read before.
2. All of it or nothing: events, refusals, conflicts, erasures, the fold and its roll-ups, and
   `stored_through` are one commit. An answer of 200 is given after it.
3. Whatever another writer did, the same batch again is a success with the same answer.
4. A body's own verdict (`reading`) comes before anything that the books say.
"""

from __future__ import annotations

from typing import NamedTuple

from sync.central import claims, fold, limits, meeting, reading, store, texts, verdicts
from sync.central.store import (
    accounts,
    comments,
    errors,
    events,
    places,
    rollups,
    statements,
    streams,
    transaction,
)
from sync.feedback import wire


class _Call(NamedTuple):
    """One batch under way."""

    kiosk: str
    batch: reading.Reading
    now: int
    office: str
    by_hand: bool


class _Done(NamedTuple):
    """What came of it: the rows to save, and what the answer lists."""

    stream: streams.Stream
    folded: fold.Folded
    refused: list[wire.Refused]
    conflicts: list[int]


def batch(
    books: store.Store, kiosk: str, body: bytes, now: int, *, by_hand: bool = False
) -> wire.Stored | wire.Problem:
    """Take an unpacked batch of an authenticated kiosk; `now` is ms since 1970.

    `by_hand`: a person brought it. Then no day's share is counted, and the kiosk was not heard.

    Gives the answer to send: `Stored` with 200, or a Problem whose `status` is its HTTP status and
    whose `retry_after` belongs in the header too. What is answered with 200 is committed. Raises
    errors.Wrong only (no tables, no such database).
    """
    office, stream = books.known_office, None
    try:
        office = books.office
        read = reading.read(body)
        stream = read.stream
        call = _Call(kiosk, read, now, office, by_hand)
        try:
            return books.attempt(lambda connection: _book(connection, call))
        except verdicts.Foreign:
            claims.note(books, kiosk, stream, read.last_seq, now, heard=not by_hand)
            raise
    except (verdicts.Verdict, errors.TryAgain) as error:
        return verdicts.problem(error, office, now, stream)


def _book(connection: transaction.Transaction, call: _Call) -> wire.Stored | wire.Problem:
    stream, made, account = places.lock(connection, call.batch.stream, call.kiosk, call.now)
    if stream.kiosk != call.kiosk:
        raise verdicts.Foreign(f"stream {stream.stream} is another kiosk's")
    entries = call.batch.entries
    if not call.by_hand:
        account = limits.charge(
            account, call.now, events=len(entries), size=call.batch.size, stream_made=made
        )
    gap = call.batch.hole or (bool(entries) and entries[0].seq > stream.stored_through + 1)
    done = _Done(stream, fold.Folded(account, {}), [], [])
    if not gap:
        done = _stored(connection, call, stream, account)
    if call.by_hand:
        stream = streams.reached(done.stream, done.stream.stored_through)
    else:
        # a batch with a gap leaves this much: its stream holds events up to its last_seq
        through = done.stream.stored_through
        stream = streams.contact(done.stream, call.batch.last_seq, through, call.now)
    account, deltas = done.folded
    with statements.together(connection):
        rollups.add(connection, call.kiosk, deltas)
        streams.save(connection, stream)
        accounts.save(connection, account)
    return _gap(call, stream) if gap else _answer(call, done)


def _gap(call: _Call, stream: streams.Stream) -> wire.Problem:
    return wire.problem(
        wire.GAP,
        office=call.office,
        server_time=call.now,
        detail=f"events from {stream.stored_through + 1} on are missing before or in this batch",
        stream=stream.stream,
        stored_through=stream.stored_through,
    )


def _answer(call: _Call, done: _Done) -> wire.Stored:
    return wire.Stored(
        stream=done.stream.stream,
        stored_through=done.stream.stored_through,
        refused=done.refused,
        conflicts=[wire.Conflict(seq=seq) for seq in done.conflicts],
        office=call.office,
        server_time=call.now,
    )


def _stored(
    connection: transaction.Transaction,
    call: _Call,
    stream: streams.Stream,
    account: accounts.Account,
) -> _Done:
    """Put in what is new or fuller."""
    stored = stream.stored_through
    entries = call.batch.entries
    odd = [entry for entry in entries if entry.event is None]  # most batches have none
    codes = {
        one.seq: code
        for one in odd
        if (one.kind == "comment" or one.refusal) and (code := texts.code(one.raw)) is not None
    }
    erased = comments.erased(connection, call.kiosk, stream.stream, codes)
    if erased:
        entries = [texts.erased(one) if one.seq in erased else one for one in entries]
    old: list[reading.Entry] = []
    fresh = entries
    if entries and entries[0].seq <= stored:
        old = [entry for entry in entries if entry.seq <= stored and entry.rank != reading.LOST]
        fresh = [entry for entry in entries if entry.through > stored]
    if fresh and fresh[0].seq <= stored:  # a run across the end of what is stored
        fresh[0] = reading.trimmed(fresh[0], stored + 1, fresh[0].through)
    met = _met(connection, call, old, erased)
    stream = _grown(stream, fresh)
    folded = fold.Folded(account, {})
    with events.adding(connection, _rows(met.add + fresh, call)) as added:
        if fresh and not met.add:
            good = [entry for entry in fresh if entry.refusal is None] if odd else fresh
            news = fold.News(
                stream.stream, [entry.raw for entry in good], [entry.event for entry in good]
            )
            folded = fold.on(connection, account, news, now=call.now, added=added)
    _note(connection, call, met.add + fresh, met.conflicts, codes)
    if met.add:
        folded = fold.Folded(fold.changed(connection, account, call.now), {})
    if entries and entries[0].seq <= stored:
        refused = _refused_among(connection, call)
    else:
        rows = [_refused(entry, call) for entry in odd if entry.refusal]
        refused = [wire.Refused(seq=row.seq, reason=row.reason) for row in rows]
    return _Done(stream, folded, refused, [entry.seq for entry in met.conflicts])


def _met(
    connection: transaction.Transaction,
    call: _Call,
    old: list[reading.Entry],
    erased: frozenset[int],
) -> meeting.Outcome:
    """Have copies of what is stored meet it, and take out what they replace."""
    if not old:
        return meeting.Outcome([], [], [], [])
    stream = call.batch.stream
    rows = events.covering(connection, stream, old[0].seq, old[-1].seq)
    met = meeting.meet(old, rows, erased)
    events.remove(connection, call.kiosk, stream, met.remove)
    copies = ((entry.seq, entry.raw.decode()) for entry in met.conflicts)
    events.dispute(connection, call.kiosk, stream, copies, call.now)
    return met


def _note(
    connection: transaction.Transaction,
    call: _Call,
    entries: list[reading.Entry],
    disputed: list[reading.Entry],
    codes: dict[int, str],
) -> None:
    """Write beside the events why some are refused and where comments are."""
    events.refuse(connection, [_refused(entry, call) for entry in entries if entry.refusal])
    if codes:
        places = [
            comments.Place(call.kiosk, call.batch.stream, entry.seq, codes[entry.seq])
            for entry in entries + disputed
            if codes.get(entry.seq)
        ]
        comments.add(connection, places)


def _rows(entries: list[reading.Entry], call: _Call) -> list[events.Fields]:
    stream, kiosk, now = call.batch.stream, call.kiosk, call.now
    return [
        (
            stream,
            entry.seq,
            entry.through,
            kiosk,
            entry.kind,
            entry.mono,
            entry.rank,
            entry.refusal is not None,
            now,
            entry.raw.decode(),
        )
        for entry in entries
    ]


def _refused(entry: reading.Entry, call: _Call) -> events.Refused:
    reason = (entry.refusal or "")[: wire.MAX_REASON]
    return events.Refused(call.kiosk, call.batch.stream, entry.seq, reason, call.now)


def _grown(stream: streams.Stream, fresh: list[reading.Entry]) -> streams.Stream:
    """Give the stream reaching to the end of `fresh`, tied to the one before it by its `start`."""
    if not fresh:
        return stream
    stream = stream._replace(stored_through=fresh[-1].through)
    tie = reading.after(fresh[0])
    if tie is None:
        return stream
    return stream._replace(after_stream=tie.stream, after_seq=tie.seq)


def _refused_among(connection: transaction.Transaction, call: _Call) -> list[wire.Refused]:
    """Give what of this batch is booked as refused, now or by an earlier copy of it."""
    entries = call.batch.entries
    sent = {entry.seq for entry in entries}
    rows = events.refused_among(
        connection, call.kiosk, call.batch.stream, entries[0].seq, entries[-1].seq
    )
    return [wire.Refused(seq=row.seq, reason=row.reason) for row in rows if row.seq in sent]
