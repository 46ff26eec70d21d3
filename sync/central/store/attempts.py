"""Guesses counted in windows of time, over all workers and addresses (`sync.central.guessing`)."""

from __future__ import annotations

import sqlalchemy as sa

from sync.central.store import engine, schema, statements

EVERYBODY = "*"


def take(
    store: engine.Store, what: str, address: str, window: int, *, per_address: int, in_all: int
) -> tuple[int, int]:
    """Count one more try at `what` in this window; give how many this address and all had before.

    Counted before it is judged, so that a hundred tries at the same instant count as a hundred. An
    address that has had its share already does not use up everybody's: then the second number is 0.
    Once a limit is reached tries are only read, so that who goes on costs the books no commit.
    """
    with store.read() as connection:
        mine = _had(connection, what, address, window)
        everybody = _had(connection, what, EVERYBODY, window)
    if mine >= per_address:
        return mine, 0
    if everybody >= in_all:
        return mine, everybody

    def work(connection: sa.Connection) -> tuple[int, int]:
        mine = _add(connection, what, address, window, 1) - 1
        if mine >= per_address:
            return mine, 0
        everybody = _add(connection, what, EVERYBODY, window, 1) - 1
        if everybody == 0:
            # the first of a window drops the ones before the last
            old = (schema.attempts.c.what == what) & (schema.attempts.c.window < window - 1)
            connection.execute(sa.delete(schema.attempts).where(old))
        return mine, everybody

    return store.attempt(work)


def give_back(store: engine.Store, what: str, address: str, window: int) -> None:
    """Uncount a try that was no guess: it was right."""

    def work(connection: sa.Connection) -> None:
        _add(connection, what, address, window, -1)
        _add(connection, what, EVERYBODY, window, -1)

    store.attempt(work)


def _had(connection: sa.Connection, what: str, address: str, window: int) -> int:
    table = schema.attempts
    here = (table.c.what == what) & (table.c.address == address) & (table.c.window == window)
    return connection.execute(sa.select(table.c.n).where(here)).scalar() or 0


def _add(connection: sa.Connection, what: str, address: str, window: int, n: int) -> int:
    statement = statements.upsert(
        connection, schema.attempts, {"n": schema.attempts.c.n + n}
    ).values(what=what, address=address, window=window, n=n)
    return int(connection.execute(statement.returning(schema.attempts.c.n)).scalar_one())
