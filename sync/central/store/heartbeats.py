"""The newest heartbeat of each kiosk."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from sync.central.store import schema, statements


class Heartbeat(NamedTuple):
    """What a kiosk said at `made_at` (ms, the office's clock); `raw` is all of it as it came."""

    kiosk: str
    made_at: int
    stream: str
    last_seq: int
    pending: int
    in_memory: int
    raw: str


def keep(connection: sa.Connection, beat: Heartbeat) -> None:
    """Keep a heartbeat in place of the kiosk's last one."""
    names = Heartbeat._fields[1:]
    statement = statements.upsert(
        connection, schema.heartbeats, lambda new: {name: new[name] for name in names}
    )
    connection.execute(statement, [beat._asdict()])


def every(connection: sa.Connection) -> dict[str, Heartbeat]:
    """Give each kiosk's newest heartbeat."""
    columns = [schema.heartbeats.c[name] for name in Heartbeat._fields]
    return {row.kiosk: Heartbeat(*row) for row in connection.execute(sa.select(*columns))}


def forget(connection: sa.Connection) -> None:
    """Forget all heartbeats: after a restore they speak of another time."""
    connection.execute(sa.delete(schema.heartbeats))
