"""The events themselves, and what is booked beside them: refused, conflicts, comments, erasures."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

import sqlalchemy as sa

from sync.central.store import schema, statements
from sync.feedback import wire


class Row(NamedTuple):
    """A stored event, in the order of the table's columns; `raw` is its JSON as it came."""

    stream: str
    seq: int
    through: int
    kiosk: str
    kind: str
    mono: int
    rank: int
    refused: bool
    received_at: int
    raw: str


Fields: TypeAlias = tuple[str, int, int, str, str, int, int, bool, int, str]
"""A Row without its names, which is made in a fifth of the time."""


class Refused(NamedTuple):
    """Why an event is booked as refused."""

    kiosk: str
    stream: str
    seq: int
    reason: str
    made_at: int


class Conflict(NamedTuple):
    """A second, different whole copy of a stored event."""

    kiosk: str
    stream: str
    seq: int
    digest: str
    raw: str
    made_at: int


_COLUMNS = [schema.events.c[name] for name in Row._fields]
_NAMES = ", ".join(Row._fields)
_COPY = f"COPY events ({_NAMES}) FROM STDIN"
_INSERT = f"INSERT INTO events ({_NAMES}) VALUES ({', '.join('?' * len(Row._fields))})"
PAGE = 5_000  # rows fetched at a time by what reads whole streams


def add(connection: sa.Connection, rows: Sequence[Fields]) -> None:
    """Insert rows that are not there yet: one multi-row statement on SQLite, COPY on PostgreSQL."""
    with adding(connection, rows):
        pass


@contextlib.contextmanager
def adding(connection: sa.Connection, rows: Sequence[Fields]) -> Iterator[Callable[[], None]]:
    """Insert rows as `add` does, and let the caller work while PostgreSQL is busy with them.

    What is given waits for the end of it, as leaving does, and raises what the database says. It
    must be called before the connection is used for anything else; twice is fine.
    """
    with contextlib.ExitStack() as stack:
        if rows and connection.dialect.name == "sqlite":
            connection.exec_driver_sql(_INSERT, list(rows))
        elif rows:
            driver = connection.connection.driver_connection
            assert driver is not None
            copy = stack.enter_context(stack.enter_context(driver.cursor()).copy(_COPY))
            for row in rows:
                copy.write_row(row)
        yield stack.close


def covering(connection: sa.Connection, stream: str, first: int, last: int) -> list[Row]:
    """Give the rows that tile first … last, the one that begins before `first` too."""
    table = schema.events
    begins = (
        sa.select(sa.func.max(table.c.seq))
        .where(table.c.stream == stream, table.c.seq <= first)
        .scalar_subquery()
    )
    rows = connection.execute(
        sa.select(*_COLUMNS)
        .where(
            table.c.stream == stream,
            table.c.seq >= sa.func.coalesce(begins, first),
            table.c.seq <= last,
        )
        .order_by(table.c.seq)
    )
    return [Row(*row) for row in rows]


def remove(connection: sa.Connection, kiosk: str, stream: str, seqs: Iterable[int]) -> None:
    """Take rows out that fuller copies replace, and what was said of them being refused."""
    numbers = [{"n": seq} for seq in seqs]
    if not numbers:
        return
    rows, why = schema.events, schema.refused
    here = (rows.c.stream == stream) & (rows.c.seq == sa.bindparam("n"))
    said = (why.c.kiosk == kiosk) & (why.c.stream == stream) & (why.c.seq == sa.bindparam("n"))
    connection.execute(sa.delete(rows).where(here), numbers)
    connection.execute(sa.delete(why).where(said), numbers)


def of(
    connection: sa.Connection, stream: str, *, last: int = wire.MAX_INTEGER
) -> Iterator[list[Row]]:
    """Give a stream's good events up to `last`, in pages, in order."""
    table = schema.events
    reached = 0
    while True:
        rows = connection.execute(
            sa.select(*_COLUMNS)
            .where(
                table.c.stream == stream,
                table.c.seq > reached,
                table.c.seq <= last,
                table.c.refused.is_(False),
            )
            .order_by(table.c.seq)
            .limit(PAGE)
        ).all()
        if not rows:
            return
        yield [Row(*row) for row in rows]
        reached = rows[-1].seq


def refuse(connection: sa.Connection, rows: Sequence[Refused]) -> None:
    """Note why events are refused."""
    if rows:
        statement = statements.upsert(
            connection, schema.refused, lambda new: {"reason": new.reason}
        )
        connection.execute(statement, [row._asdict() for row in rows])


def refused_among(
    connection: sa.Connection, kiosk: str, stream: str, first: int, last: int
) -> list[Refused]:
    """Give what is refused of first … last of a stream."""
    table = schema.refused
    rows = connection.execute(
        sa.select(*[table.c[name] for name in Refused._fields])
        .where(
            table.c.kiosk == kiosk,
            table.c.stream == stream,
            table.c.seq >= first,
            table.c.seq <= last,
        )
        .order_by(table.c.seq)
    )
    return [Refused(*row) for row in rows]


def all_refused(connection: sa.Connection, kiosk: str | None = None) -> list[Refused]:
    """Give every refusal, or a kiosk's."""
    table = schema.refused
    statement = sa.select(*[table.c[name] for name in Refused._fields])
    if kiosk is not None:
        statement = statement.where(table.c.kiosk == kiosk)
    order = (table.c.kiosk, table.c.stream, table.c.seq)
    return [Refused(*row) for row in connection.execute(statement.order_by(*order))]


def refused_texts(connection: sa.Connection, kiosk: str | None = None) -> list[tuple[Refused, str]]:
    """Give every refusal, or a kiosk's, with the refused event's text."""
    table, why = schema.events, schema.refused
    statement = sa.select(*[why.c[name] for name in Refused._fields], table.c.raw).join_from(
        why, table, _told_of(table, why)
    )
    if kiosk is not None:
        statement = statement.where(why.c.kiosk == kiosk)
    rows = connection.execute(statement.order_by(why.c.kiosk, why.c.stream, why.c.seq))
    return [(Refused(*row[:-1]), row.raw) for row in rows]


def refused_of(connection: sa.Connection, kiosk: str, stream: str) -> list[Row]:
    """Give a stream's refused events."""
    table, why = schema.events, schema.refused
    rows = connection.execute(
        sa.select(*_COLUMNS)
        .join_from(why, table, _told_of(table, why))
        .where(why.c.kiosk == kiosk, why.c.stream == stream)
        .order_by(table.c.seq)
    )
    return [Row(*row) for row in rows]


def _told_of(table: sa.Table, why: sa.Table) -> sa.ColumnElement[bool]:
    """Join a refusal to its event; of a stream given to another kiosk the old one's lie aside."""
    here = (table.c.stream == why.c.stream) & (table.c.seq == why.c.seq)
    return here & (table.c.kiosk == why.c.kiosk)


def rewrite(connection: sa.Connection, row: Row) -> None:
    """Put another text and rank in the place of a row's: a comment was erased."""
    table = schema.events
    connection.execute(
        sa.update(table)
        .where(table.c.stream == row.stream, table.c.seq == row.seq)
        .values(raw=row.raw, rank=row.rank)
    )


def dispute(
    connection: sa.Connection, kiosk: str, stream: str, copies: Iterable[tuple[int, str]], now: int
) -> None:
    """Keep second copies beside the first; one that is kept already is kept once."""
    rows = [
        Conflict(kiosk, stream, seq, hashlib.sha256(raw.encode()).hexdigest(), raw, now)._asdict()
        for seq, raw in copies
    ]
    if rows:
        connection.execute(statements.unless_there(connection, schema.conflicts), rows)


def conflicts(
    connection: sa.Connection, kiosk: str, stream: str | None = None, seq: int | None = None
) -> list[Conflict]:
    """Give a kiosk's second copies: all, or a stream's, or one event's."""
    table = schema.conflicts
    statement = sa.select(*[table.c[name] for name in Conflict._fields])
    statement = statement.where(table.c.kiosk == kiosk)
    if stream is not None:
        statement = statement.where(table.c.stream == stream)
    if seq is not None:
        statement = statement.where(table.c.seq == seq)
    order = (table.c.stream, table.c.seq, table.c.digest)
    return [Conflict(*row) for row in connection.execute(statement.order_by(*order))]


def disputed(connection: sa.Connection, kiosk: str | None = None) -> list[tuple[str, str, int]]:
    """Give (kiosk, stream, seq) of every event that has second copies, or a kiosk's."""
    table = schema.conflicts
    columns = (table.c.kiosk, table.c.stream, table.c.seq)
    statement = sa.select(*columns).distinct().order_by(*columns)
    if kiosk is not None:
        statement = statement.where(table.c.kiosk == kiosk)
    return [(row.kiosk, row.stream, row.seq) for row in connection.execute(statement)]


def rewrite_conflict(connection: sa.Connection, copy: Conflict) -> None:
    """Put another text in the place of a second copy's."""
    table = schema.conflicts
    connection.execute(
        sa.update(table)
        .where(
            table.c.kiosk == copy.kiosk,
            table.c.stream == copy.stream,
            table.c.seq == copy.seq,
            table.c.digest == copy.digest,
        )
        .values(raw=copy.raw)
    )


def lost(connection: sa.Connection, kiosk: str | None = None) -> list[tuple[str, str, int, int]]:
    """Give (kiosk, stream, first, last) of every run that is lost."""
    table = schema.events
    statement = sa.select(table.c.kiosk, table.c.stream, table.c.seq, table.c.through).where(
        table.c.rank == 0
    )
    if kiosk is not None:
        statement = statement.where(table.c.kiosk == kiosk)
    rows = connection.execute(statement.order_by(table.c.stream, table.c.seq))
    return [(row.kiosk, row.stream, row.seq, row.through) for row in rows]
