"""Streams that a kiosk sends and that another one holds; and what lies aside of streams given away.

A stream belongs to the kiosk that first named it. Who else sends it has a claim, kept until
somebody decides (`sync.central.claims`). When a stream is given to another kiosk its events are
moved aside, whole rows as they are, and come back should it be given back: nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import sqlalchemy as sa

from sync.central.store import events, schema, statements, streams


class Claim(NamedTuple):
    """`kiosk` sends `stream`, which `holder` holds; times in ms.

    `last_seq` is the highest number that it said to have recorded. `stored`: of the holder.
    """

    stream: str
    kiosk: str
    holder: str
    last_seq: int
    made_at: int
    heard_at: int
    stored: int


class Aside(NamedTuple):
    """What lies aside of a stream: `number` rows, up to `through`."""

    stream: str
    kiosk: str
    number: int
    through: int


_CLAIM = (
    sa.select(
        schema.claims.c.stream,
        schema.claims.c.kiosk,
        schema.streams.c.kiosk,
        schema.claims.c.last_seq,
        schema.claims.c.made_at,
        schema.claims.c.heard_at,
        schema.streams.c.stored_through,
    )
    .join_from(schema.claims, schema.streams, schema.streams.c.stream == schema.claims.c.stream)
    .order_by(schema.claims.c.made_at, schema.claims.c.stream, schema.claims.c.kiosk)
)


def note(connection: sa.Connection, stream: str, kiosk: str, last_seq: int, now: int) -> None:
    """Note that a kiosk sends a stream which another holds; again raises what it said and when."""
    known = schema.claims.c.last_seq
    statement = statements.upsert(
        connection,
        schema.claims,
        lambda new: {
            "last_seq": sa.case((known > new.last_seq, known), else_=new.last_seq),
            "heard_at": new.heard_at,
        },
    )
    row = {"stream": stream, "kiosk": kiosk, "last_seq": last_seq}
    connection.execute(statement, [row | {"made_at": now, "heard_at": now}])


def every(connection: sa.Connection, kiosk: str | None = None) -> list[Claim]:
    """Give all claims, or a kiosk's, the oldest first."""
    statement = _CLAIM if kiosk is None else _CLAIM.where(schema.claims.c.kiosk == kiosk)
    return [Claim(*row) for row in connection.execute(statement)]


def get(connection: sa.Connection, stream: str, kiosk: str) -> Claim | None:
    """Give a kiosk's claim to a stream, or None."""
    here = (schema.claims.c.stream == stream) & (schema.claims.c.kiosk == kiosk)
    row = connection.execute(_CLAIM.where(here)).first()
    return Claim(*row) if row else None


def drop(connection: sa.Connection, stream: str, kiosk: str) -> None:
    """Take a claim out: it was decided."""
    table = schema.claims
    here = (table.c.stream == stream) & (table.c.kiosk == kiosk)
    connection.execute(sa.delete(table).where(here))


def named(connection: sa.Connection, every: Iterable[streams.Stream]) -> list[streams.Stream]:
    """Give the streams which these name as the one before, and which are not among them."""
    table, here = schema.streams, {one.stream: one.after_stream for one in every}
    wanted = sorted({name for name in here.values() if name} - here.keys())
    columns = [table.c[name] for name in streams.Stream._fields]
    found: list[streams.Stream] = []
    for first in range(0, len(wanted), events.PAGE):
        some = sa.select(*columns).where(table.c.stream.in_(wanted[first : first + events.PAGE]))
        found += [streams.Stream(*row) for row in connection.execute(some)]
    return found


def hold(connection: sa.Connection, row: streams.Stream) -> None:
    """Write a stream's row back with the kiosk that holds it from now on."""
    table = schema.streams
    here = sa.update(table).where(table.c.stream == row.stream)
    connection.execute(here.values(kiosk=row.kiosk))
    streams.save(connection, row)


def move_aside(connection: sa.Connection, stream: str) -> None:
    """Move all events of a stream aside. The caller holds the stream's row."""
    here, aside = schema.events, schema.set_aside
    rows = sa.select(*[here.c[name] for name in events.Row._fields]).where(here.c.stream == stream)
    connection.execute(sa.insert(aside).from_select(list(events.Row._fields), rows))
    connection.execute(sa.delete(here).where(here.c.stream == stream))


def move_back(connection: sa.Connection, stream: str, kiosk: str) -> int:
    """Move a kiosk's events of a stream back; gives up to which number. The stream is empty."""
    here, aside = schema.events, schema.set_aside
    mine = (aside.c.kiosk == kiosk) & (aside.c.stream == stream)
    rows = sa.select(*[aside.c[name] for name in events.Row._fields]).where(mine)
    connection.execute(sa.insert(here).from_select(list(events.Row._fields), rows))
    connection.execute(sa.delete(aside).where(mine))
    last = sa.select(sa.func.max(here.c.through)).where(here.c.stream == stream)
    return connection.execute(last).scalar() or 0


def aside(connection: sa.Connection, kiosk: str | None = None) -> list[Aside]:
    """Give what lies aside of each stream, of all kiosks or of one."""
    table = schema.set_aside
    keys = (table.c.stream, table.c.kiosk)
    statement = sa.select(*keys, sa.func.count(), sa.func.max(table.c.through))
    if kiosk is not None:
        statement = statement.where(table.c.kiosk == kiosk)
    rows = connection.execute(statement.group_by(*keys).order_by(table.c.kiosk, table.c.stream))
    return [Aside(*row) for row in rows]


def rows_aside(connection: sa.Connection, stream: str) -> Iterator[events.Row]:
    """Give what lies aside of a stream, kiosk by kiosk, in order."""
    table = schema.set_aside
    statement = sa.select(*[table.c[name] for name in events.Row._fields])
    statement = statement.where(table.c.stream == stream).order_by(table.c.kiosk, table.c.seq)
    for row in connection.execute(statement.execution_options(yield_per=events.PAGE)):
        yield events.Row(*row)


def row_aside(connection: sa.Connection, kiosk: str, stream: str, seq: int) -> events.Row | None:
    """Give one row that lies aside, or None."""
    table = schema.set_aside
    here = (table.c.kiosk == kiosk) & (table.c.stream == stream) & (table.c.seq == seq)
    statement = sa.select(*[table.c[name] for name in events.Row._fields]).where(here)
    row = connection.execute(statement).first()
    return events.Row(*row) if row else None


def rewrite_aside(connection: sa.Connection, row: events.Row) -> None:
    """Put another text and rank in the place of a row's that lies aside: a comment was erased."""
    table = schema.set_aside
    connection.execute(
        sa.update(table)
        .where(table.c.kiosk == row.kiosk, table.c.stream == row.stream, table.c.seq == row.seq)
        .values(raw=row.raw, rank=row.rank)
    )
