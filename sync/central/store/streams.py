"""Streams: whose they are, how far they are stored, and what messages said of them.

`stored_through` is the number up to which every event is in the books. What a message (batch or
heartbeat) claims is its `last_seq`, the highest that the kiosk had recorded when it sent it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa

from sync.central.store import schema, statements


class Stream(NamedTuple):
    """One stream; times in ms. See `contact` for how the last five move.

    `whole_at`: every message up to then named a `last_seq` that is stored now.
    `open_seq`, `open_at`: a message whose `last_seq` is not stored yet; None when there is none.
    """

    stream: str
    kiosk: str
    made_at: int
    stored_through: int
    after_stream: str | None
    after_seq: int | None
    heard_seq: int
    heard_at: int | None
    open_seq: int | None
    open_at: int | None
    whole_at: int | None


_COLUMNS = [schema.streams.c[name] for name in Stream._fields]
# built once: every batch runs them
_LOCK = (
    sa.select(*_COLUMNS).where(schema.streams.c.stream == sa.bindparam("stream")).with_for_update()
)
_SAVE = (
    sa.update(schema.streams)
    .where(schema.streams.c.stream == sa.bindparam("key"))
    .values({name: sa.bindparam(name) for name in Stream._fields[3:]})
)


def lock(connection: sa.Connection, stream: str, kiosk: str, now: int) -> tuple[Stream, bool]:
    """Give a stream's row, locked until the transaction's end, and whether it was made just now.

    A stream belongs to the kiosk that first named it, whoever asks now.
    """
    found = _locked(connection, stream)
    if found is not None:
        return found, False
    values = {"stream": stream, "kiosk": kiosk, "made_at": now}
    # two workers may both get here: one makes the row, the other waits for it and finds it
    insert = statements.unless_there(connection, schema.streams).values(values)
    made = connection.execute(insert.returning(schema.streams.c.stream)).first()
    found = _locked(connection, stream)
    assert found is not None
    return found, made is not None


def _locked(connection: sa.Connection, stream: str) -> Stream | None:
    row = connection.execute(_LOCK, {"stream": stream}).first()
    return Stream(*row) if row else None


def get(connection: sa.Connection, stream: str) -> Stream | None:
    """Give a stream, or None."""
    statement = sa.select(*_COLUMNS).where(schema.streams.c.stream == stream)
    row = connection.execute(statement).first()
    return Stream(*row) if row else None


def save(connection: sa.Connection, stream: Stream) -> None:
    """Write a stream's row back."""
    connection.execute(_SAVE, {"key": stream.stream, **stream._asdict()})


def every(
    connection: sa.Connection, kiosk: str | None = None, *, kiosks: Iterable[str] | None = None
) -> list[Stream]:
    """Give a kiosk's streams, or some kiosks', or all, in the order they were first heard of."""
    table = schema.streams
    statement = sa.select(*_COLUMNS).order_by(table.c.made_at, table.c.stream)
    if kiosk is not None:
        statement = statement.where(table.c.kiosk == kiosk)
    if kiosks is not None:
        statement = statement.where(table.c.kiosk.in_(sorted(kiosks)))
    return [Stream(*row) for row in connection.execute(statement)]


class Summary(NamedTuple):
    """How many streams a kiosk has, and how many events of them are stored."""

    streams: int
    stored: int


def summaries(connection: sa.Connection, kiosk: str | None = None) -> dict[str, Summary]:
    """Give each kiosk's streams, or one's, in two numbers, counted by the database."""
    table = schema.streams
    # as a float: runs up to 2⁵³−1 in many streams are more than an integer's sum can be
    stored = sa.func.sum(sa.cast(table.c.stored_through, sa.Double))
    statement = sa.select(table.c.kiosk, sa.func.count(), stored).group_by(table.c.kiosk)
    if kiosk is not None:
        statement = statement.where(table.c.kiosk == kiosk)
    rows = connection.execute(statement)
    return {kiosk: Summary(int(count), int(stored)) for kiosk, count, stored in rows}


def unsettled(connection: sa.Connection) -> set[str]:
    """Give the kiosks of whose streams some is not stored as far as anybody said it goes."""
    table, before = schema.streams, schema.streams.alias("before")
    heard = sa.select(table.c.kiosk).where(table.c.heard_seq > table.c.stored_through)
    named = (
        sa.select(table.c.kiosk, before.c.kiosk)
        .join(before, before.c.stream == table.c.after_stream, isouter=True)
        .where(table.c.after_seq > sa.func.coalesce(before.c.stored_through, 0))
    )
    found = set(connection.execute(heard.distinct()).scalars())
    for row in connection.execute(named.distinct()):
        found.update(kiosk for kiosk in row if kiosk is not None)
    return found


def _behind() -> sa.Select[Any]:
    table, before = schema.streams, schema.streams.alias("before")
    stored = sa.func.coalesce(before.c.stored_through, 0)
    of_kiosk = table.c.kiosk == sa.bindparam("kiosk")
    named = (
        sa.select(table.c.after_stream, stored)
        .join(before, before.c.stream == table.c.after_stream, isouter=True)
        .where(of_kiosk, table.c.after_seq > stored)
    )
    heard = sa.select(table.c.stream, table.c.stored_through).where(
        of_kiosk, table.c.heard_seq > table.c.stored_through
    )
    lacking = sa.union(named, heard).subquery()
    # by chance: streams of a card that never comes back must not keep the others from being named
    return sa.select(lacking).order_by(sa.func.random()).limit(sa.bindparam("most"))


_BEHIND = _behind()


def behind(connection: sa.Connection, kiosk: str, most: int) -> list[tuple[str, int]]:
    """Give `most` of a kiosk's streams, drawn, that are known to hold more, and what is stored.

    What is only known from a later stream's `start` counts too: after a restore that is how the
    office learns, stream by stream, what it has lost.
    """
    rows = connection.execute(_BEHIND, {"kiosk": kiosk, "most": most})
    return [(str(name), int(through)) for name, through in rows]


def contact(stream: Stream, last_seq: int, stored_through: int, now: int) -> Stream:
    """Give the row after a message that named `last_seq`, with `stored_through` after it. Pure.

    A claim is kept until it is met; meanwhile newer ones only raise `heard_seq`, so that what is
    kept does not grow. `whole_at` moves to the time of a met claim.
    """
    stream = reached(stream, stored_through)
    whole, open_seq, open_at = stream.whole_at, stream.open_seq, stream.open_at
    heard_seq = max(stream.heard_seq, last_seq)
    if heard_seq <= stored_through:
        whole = now
    elif open_seq is None or (open_seq == heard_seq == last_seq):
        open_seq, open_at = heard_seq, now
    return stream._replace(
        heard_seq=heard_seq, heard_at=now, open_seq=open_seq, open_at=open_at, whole_at=whole
    )


def reached(stream: Stream, stored_through: int) -> Stream:
    """Give the row once this much is stored, without a word from its kiosk (by hand). Pure."""
    stream = stream._replace(
        stored_through=stored_through, heard_seq=max(stream.heard_seq, stored_through)
    )
    if stream.open_seq is None or stored_through < stream.open_seq:
        return stream
    if stream.heard_seq > stored_through:  # the newest of those that came while it waited
        return stream._replace(
            whole_at=stream.open_at, open_seq=stream.heard_seq, open_at=stream.heard_at
        )
    return stream._replace(whole_at=stream.heard_at, open_seq=None, open_at=None)
