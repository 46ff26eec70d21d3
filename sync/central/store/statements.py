"""The few statements that SQLite and PostgreSQL spell by the same words but SQLAlchemy by two."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

Insert = sqlite.Insert | postgresql.Insert


def insert(connection: sa.Connection, table: sa.Table) -> Insert:
    """Give an INSERT that knows ON CONFLICT, in the connection's dialect."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def together(connection: sa.Connection) -> contextlib.AbstractContextManager[object]:
    """Send what is executed within at once and wait for all of it at the end.

    For statements that give no rows: what they may raise comes when it ends.
    """
    if connection.dialect.name == "sqlite":
        return contextlib.nullcontext()
    driver = connection.connection.driver_connection
    assert driver is not None
    pipeline: contextlib.AbstractContextManager[object] = driver.pipeline()
    return pipeline


def unless_there(connection: sa.Connection, table: sa.Table) -> Insert:
    """Give an INSERT that leaves a row with the same key as it is."""
    return insert(connection, table).on_conflict_do_nothing()


def upsert(
    connection: sa.Connection,
    table: sa.Table,
    values: Mapping[str, Any] | Callable[[Any], Mapping[str, Any]],
) -> Insert:
    """Give an INSERT that sets `values` on a row with the same key instead.

    `values` may be a function of the row that was to be inserted (`excluded`).
    """
    statement = insert(connection, table)
    chosen = values(statement.excluded) if callable(values) else values
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns), set_=dict(chosen)
    )
