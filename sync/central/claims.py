"""When two kiosks send one stream: who holds it, who claims it, and giving it to its owner.

A stream belongs to the kiosk that first named it, and names are random: two send the same only when
somebody who learned a stream's name speaks with a stolen token. The office cannot tell which of the
two recorded it. So it loses nothing, calls no claimant complete, and has a person decide.

Rules

1. Who sends another's stream is answered 409 `foreign-stream` and its claim is noted: how much it
   says to have recorded counts as not stored. It was heard from all the same.
2. `give`: the holder's events of the stream are moved aside, whole, and leave its figures; the
   claimant holds the stream from then on, and whatever of its own lay aside comes back. Its kiosk
   hears at its next heartbeat how much is stored (nothing, mostly), and sends it all.
3. So giving is undone by giving back. What lies aside is listed, and never deleted.
4. Only a claimant is given a stream: a slip of the keyboard moves nothing.
5. A restored back-up may be from before a stream was given: the gift is noted beside the database,
   and `smiley-central restored` gives again.
"""

from __future__ import annotations

import msgspec

from sync.central import fold, reading, store
from sync.central.store import (
    accounts,
    claims,
    errors,
    events,
    heartbeats,
    kiosks,
    streams,
    transaction,
    withdrawn,
)


class Aside(msgspec.Struct, frozen=True):
    """Events of a kiosk that lie aside of a stream another one was given."""

    stream: str
    kiosk: str
    events: int


class Report(msgspec.Struct, frozen=True):
    """All claims that wait for somebody to decide, and all that lies aside."""

    claims: list[claims.Claim]
    aside: list[Aside]


class Given(msgspec.Struct, frozen=True):
    """What was done: from whom to whom, and how many of the new holder's events came back."""

    stream: str
    kiosk: str
    before: str
    stored_through: int


def note(
    books: store.Store,
    kiosk: str,
    stream: str,
    last_seq: int,
    now: int,
    *,
    beat: heartbeats.Heartbeat | None = None,
    heard: bool = True,
) -> None:
    """Note that `kiosk` sends a stream that another holds; `heard`: over the line, not on a stick.

    Raises errors.TryAgain: then nothing was noted, and the kiosk is to come again.
    """

    def work(connection: transaction.Transaction) -> None:
        row, _ = streams.lock(connection, stream, kiosk, now)
        if row.kiosk != kiosk:  # else it was given to it in the meantime
            claims.note(connection, stream, kiosk, last_seq, now)
        if heard:
            accounts.hear(connection, kiosk, now)
        if beat is not None:
            heartbeats.keep(connection, beat)

    books.attempt(work)


def report(books: store.Store) -> Report:
    """Give what waits for a decision, and what lies aside."""
    with books.read() as connection:
        aside = [Aside(one.stream, one.kiosk, one.number) for one in claims.aside(connection)]
        return Report(claims.every(connection), aside)


def give(books: store.Store, stream: str, kiosk: str, now: int) -> Given:
    """Give a stream to the kiosk that claims it. Raises errors.Wrong."""

    def work(connection: transaction.Transaction) -> Given:
        kiosks.get(connection, kiosk)
        row = streams.get(connection, stream)
        if row is None:
            raise errors.Unknown(f"there is no stream {stream!r}: `smiley-central streams list`")
        row, _ = streams.lock(connection, stream, row.kiosk, now)
        if row.kiosk == kiosk:
            raise errors.Wrong(f"{kiosk} holds {stream} already")
        claim = claims.get(connection, stream, kiosk)
        if claim is None:
            raise errors.Wrong(
                f"{kiosk} does not send {stream}: `smiley-central streams list` shows who does"
            )
        given = _move(connection, row, kiosk, claim.last_seq, claim.heard_at)
        withdrawn.note(
            connection,
            withdrawn.Withdrawal(
                at=now, kiosk=kiosk, stream=stream, seq=claim.last_seq, given=True
            ),
        )
        return given

    given = books.attempt(work)
    for one in (given.before, given.kiosk):
        fold.settle(books, one)
    return given


def again(
    connection: transaction.Transaction, stream: str, kiosk: str, last_seq: int, at: int
) -> bool:
    """Give once more what was given before a back-up was put back; False: nothing was to be done.

    Where the back-up does not know the stream it is the kiosk's from now on.
    """
    row, _ = streams.lock(connection, stream, kiosk, at)
    recorded = max(last_seq, row.heard_seq if row.kiosk == kiosk else 0)
    if row.kiosk == kiosk:
        streams.save(connection, row._replace(heard_seq=recorded))
        return False
    _move(connection, row, kiosk, recorded, at)
    return True


def refuse(books: store.Store, stream: str, kiosk: str) -> None:
    """Drop a claim: the stream stays whose it is. It comes again if the kiosk sends again."""

    def work(connection: transaction.Transaction) -> None:
        if claims.get(connection, stream, kiosk) is None:
            raise errors.Unknown(
                f"{kiosk} does not send {stream}: `smiley-central streams list` shows who does"
            )
        claims.drop(connection, stream, kiosk)

    books.attempt(work)


def aside(books: store.Store, stream: str) -> list[events.Row]:
    """Give what lies aside of a stream, as it came."""
    with books.read() as connection:
        return list(claims.rows_aside(connection, stream))


def _move(
    connection: transaction.Transaction,
    row: streams.Stream,
    kiosk: str,
    last_seq: int,
    heard_at: int,
) -> Given:
    """Have a locked stream be another kiosk's."""
    both = sorted({row.kiosk, kiosk})  # in one order, or two gifts would wait for each other
    locked = {one: accounts.lock(connection, one) for one in both}
    claims.move_aside(connection, row.stream)
    through = claims.move_back(connection, row.stream, kiosk)
    claims.drop(connection, row.stream, kiosk)
    fresh = streams.Stream(
        row.stream, kiosk, row.made_at, through, None, None, 0, None, None, None, None
    )
    fresh = _tied(connection, fresh)
    claims.hold(connection, streams.contact(fresh, last_seq, through, heard_at))
    for one in both:
        accounts.save(connection, fold.changed(connection, locked[one], heard_at))
    return Given(row.stream, kiosk, row.kiosk, through)


def _tied(connection: transaction.Transaction, row: streams.Stream) -> streams.Stream:
    """Give the stream tied to the one before it, as its first event says."""
    for first in events.covering(connection, row.stream, 1, 1):
        tie = reading.after(reading.judge(first.raw.encode()))
        if tie is not None and not first.refused:
            return row._replace(after_stream=tie.stream, after_seq=tie.seq)
    return row
