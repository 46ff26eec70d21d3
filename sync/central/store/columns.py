"""The few kinds of columns that the tables are made of."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

# SQLite: rows lie in the order of the key itself, not beside an index of it
CLUSTERED: dict[str, Any] = {"sqlite_with_rowid": False}


def key(name: str) -> sa.Column[str]:
    """Part of the primary key, a text."""
    return sa.Column(name, sa.Text, primary_key=True)


def text(name: str) -> sa.Column[str]:
    """A text, empty unless given."""
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def at(name: str, *, null: bool = False) -> sa.Column[int]:
    """A time in ms since 1970."""
    return sa.Column(name, sa.BigInteger, nullable=null)


def number(name: str) -> sa.Column[int]:
    """A whole number, 0 unless given."""
    return sa.Column(name, sa.BigInteger, nullable=False, server_default="0")


def flag(name: str) -> sa.Column[bool]:
    """Yes or no, no unless given."""
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def seq(name: str) -> sa.Column[int]:
    """Part of the primary key, a whole number."""
    return sa.Column(name, sa.BigInteger, primary_key=True, autoincrement=False)


def counter(name: str) -> sa.Column[int]:
    """A primary key that the database counts up."""
    kind = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    return sa.Column(name, kind, primary_key=True, autoincrement=True)
