"""One row a kiosk: the fold of all its events so far, and what it sent today.

Every batch of a kiosk locks this row after its stream's, always in that order, so that two streams
of one kiosk take turns and never wait for each other in a ring.
"""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from sync.central.store import schema, statements


class Account(NamedTuple):
    """`book`: the fold as `totals.Book.dump` gave it, by `rules`; None before the first event.

    `events`, `bytes` and `streams` count what came on `day` (UTC days since 1970); for
    `folded_until` (ms) see `sync.central.fold`.
    """

    kiosk: str
    book: bytes | None
    rules: int
    day: int
    events: int
    bytes: int
    streams: int
    heard_at: int | None
    folded_until: int


_COLUMNS = [schema.accounts.c[name] for name in Account._fields]
# built once: every batch runs them
_LOCK = (
    sa.select(*_COLUMNS).where(schema.accounts.c.kiosk == sa.bindparam("kiosk")).with_for_update()
)
_SAVE = (
    sa.update(schema.accounts)
    .where(schema.accounts.c.kiosk == sa.bindparam("key"))
    .values({name: sa.bindparam(name) for name in Account._fields[1:]})
)


def lock(connection: sa.Connection, kiosk: str) -> Account:
    """Give a kiosk's account, locked until the transaction's end, made if there is none."""
    found = _locked(connection, kiosk)
    if found is None:
        made = statements.unless_there(connection, schema.accounts)
        connection.execute(made, [{"kiosk": kiosk}])
        found = _locked(connection, kiosk)
    assert found is not None
    return found


def _locked(connection: sa.Connection, kiosk: str) -> Account | None:
    row = connection.execute(_LOCK, {"kiosk": kiosk}).first()
    return Account(*row) if row else None


def save(connection: sa.Connection, account: Account) -> None:
    """Write an account back."""
    connection.execute(_SAVE, {"key": account.kiosk, **account._asdict()})


def hear(connection: sa.Connection, kiosk: str, now: int) -> None:
    """Note that a kiosk was heard, whatever was made of what it said."""
    lock(connection, kiosk)
    table = schema.accounts
    connection.execute(sa.update(table).where(table.c.kiosk == kiosk).values(heard_at=now))


def outdated(connection: sa.Connection, rules: int) -> list[str]:
    """Give the kiosks whose figures were folded by other rules than these."""
    table = schema.accounts
    rows = connection.execute(
        sa.select(table.c.kiosk)
        .where(table.c.book.is_not(None), table.c.rules != rules)
        .order_by(table.c.kiosk)
    )
    return [row.kiosk for row in rows]


def heard_at(connection: sa.Connection) -> dict[str, int | None]:
    """Give when each kiosk was last heard from; None: never, or not since a restore."""
    table = schema.accounts
    rows = connection.execute(sa.select(table.c.kiosk, table.c.heard_at))
    return {row.kiosk: row.heard_at for row in rows}
