"""The few statements that SQLite and PostgreSQL spell by the same words but SQLAlchemy by two."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

Insert = sqlite.Insert | postgresql.Insert


def insert(database: sa.Connection | str, table: sa.Table) -> Insert:
    """Give an INSERT that knows ON CONFLICT, in a connection's dialect or in the one named."""
    dialect = database if isinstance(database, str) else database.dialect.name
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def unless_there(database: sa.Connection | str, table: sa.Table) -> Insert:
    """Give an INSERT that leaves a row with the same key as it is."""
    return insert(database, table).on_conflict_do_nothing()


def upsert(
    database: sa.Connection | str,
    table: sa.Table,
    values: Mapping[str, Any] | Callable[[Any], Mapping[str, Any]],
) -> Insert:
    """Give an INSERT that sets `values` on a row with the same key instead.

    `values` may be a function of the row that was to be inserted (`excluded`).
    """
    statement = insert(database, table)
    chosen = values(statement.excluded) if callable(values) else values
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns), set_=dict(chosen)
    )
