"""Where the comments are, by removal code, and which of them were asked to be erased."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from sync.central.store import schema, statements


class Place(NamedTuple):
    """A comment, and the code by which its writer can have it removed."""

    kiosk: str
    stream: str
    seq: int
    code: str


class Erasure(NamedTuple):
    """What was asked to be erased. `kiosk` and `stream` "": whatever comes under this code."""

    kiosk: str
    stream: str
    seq: int
    code: str
    made_at: int
    made_by: str


def add(connection: sa.Connection, places: Sequence[Place]) -> None:
    """Note where comments are; again is fine."""
    if places:
        statement = statements.unless_there(connection, schema.comments)
        connection.execute(statement, [place._asdict() for place in places])


def places(connection: sa.Connection, code: str, kiosk: str | None = None) -> list[Place]:
    """Give all comments with a code."""
    table = schema.comments
    statement = sa.select(*[table.c[name] for name in Place._fields]).where(table.c.code == code)
    if kiosk is not None:
        statement = statement.where(table.c.kiosk == kiosk)
    return [Place(*row) for row in connection.execute(statement.order_by(*table.primary_key))]


def erase(connection: sa.Connection, erasures: Iterable[Erasure]) -> None:
    """Put on the list; again is fine."""
    rows = [erasure._asdict() for erasure in erasures]
    if rows:
        connection.execute(statements.unless_there(connection, schema.erasures), rows)


def erasures(connection: sa.Connection) -> list[Erasure]:
    """Give the whole list."""
    table = schema.erasures
    rows = connection.execute(
        sa.select(*[table.c[name] for name in Erasure._fields]).order_by(*table.primary_key)
    )
    return [Erasure(*row) for row in rows]


def erased(
    connection: sa.Connection, kiosk: str, stream: str, coming: dict[int, str]
) -> frozenset[int]:
    """Give which of the coming comments (seq → code) are on the list, by place or by code."""
    if not coming:
        return frozenset()
    table = schema.erasures
    here = (table.c.kiosk == kiosk) & (table.c.stream == stream) & (table.c.seq.in_(coming))
    codes = {code for code in coming.values() if code}
    ahead = (table.c.kiosk.in_(["", kiosk])) & (table.c.stream == "") & (table.c.code.in_(codes))
    rows = connection.execute(
        sa.select(table.c.stream, table.c.seq, table.c.code).where(here | ahead)
    ).all()
    seqs = {row.seq for row in rows if row.stream}
    listed = {row.code for row in rows if not row.stream}
    return frozenset(seqs | {seq for seq, code in coming.items() if code in listed})
