"""What a batch locks: its stream, then its kiosk's account, in that order everywhere."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from sync.central.store import accounts, schema, streams


class Place(NamedTuple):
    """A stream and an account, locked until the transaction's end; `made`: the stream was just
    made.
    """

    stream: streams.Stream
    made: bool
    account: accounts.Account


_STREAM = (
    sa.select(*[schema.streams.c[name] for name in streams.Stream._fields])
    .where(schema.streams.c.stream == sa.bindparam("stream"))
    .with_for_update()
    .cte("locked_stream")
)
# the count is there for the order: the stream is locked before the account is looked for
_ACCOUNT = (
    sa.select(*[schema.accounts.c[name] for name in accounts.Account._fields])
    .where(
        schema.accounts.c.kiosk == sa.bindparam("of"),
        sa.select(sa.func.count()).select_from(_STREAM).scalar_subquery() > 0,
    )
    .with_for_update()
    .cte("locked_account")
)
_BOTH = sa.select(_STREAM, _ACCOUNT).join_from(_STREAM, _ACCOUNT, sa.true())
_OF_STREAM = len(streams.Stream._fields)


def lock(connection: sa.Connection, stream: str, kiosk: str, now: int) -> Place:
    """Lock both, in one statement where the database locks rows and both are there."""
    if connection.dialect.name != "sqlite":
        row = connection.execute(_BOTH, {"stream": stream, "of": kiosk}).first()
        if row is not None:
            found = streams.Stream(*row[:_OF_STREAM])
            return Place(found, False, accounts.Account(*row[_OF_STREAM:]))
    locked, made = streams.lock(connection, stream, kiosk, now)
    return Place(locked, made, accounts.lock(connection, kiosk))
