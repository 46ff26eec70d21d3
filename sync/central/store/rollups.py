"""Hourly counts: the sums of the signed deltas that folding gave."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from sync.central.store import schema
from sync.feedback import cells

_TABLE = schema.rollups
_COLUMNS = [_TABLE.c[name] for name in cells.Cell._fields]
_NAMES = ("kiosk", *cells.Cell._fields, "n")
_QUOTED = [f'"{name}"' for name in _NAMES]
_INTO = f"INSERT INTO rollups ({', '.join(_QUOTED)})"
_KEY = ", ".join(_QUOTED[:-1])
_SUM = f"ON CONFLICT ({_KEY}) DO UPDATE SET n = rollups.n + excluded.n"
_SQLITE = f"{_INTO} VALUES ({', '.join('?' * len(_NAMES))}) {_SUM}"
_FIELDS = ", ".join(f"(e->>{at})::{_TABLE.c[name].type}" for at, name in enumerate(_NAMES))
_POSTGRESQL = f"{_INTO} SELECT {_FIELDS} FROM jsonb_array_elements(%s::jsonb) AS e {_SUM}"


def add(connection: sa.Connection, kiosk: str, deltas: cells.Table) -> None:
    """Add signed deltas to a kiosk's counts. The caller holds the kiosk's account.

    One statement whatever their number: on PostgreSQL the rows go as one JSON array, which is
    made in a fifth of the time that an array a column takes.
    """
    rows = [(kiosk, *cell, n) for cell, n in deltas.items() if n]
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_SQLITE, rows)
    else:
        connection.exec_driver_sql(_POSTGRESQL, (msgspec.json.encode(rows).decode(),))


def clear(connection: sa.Connection, kiosk: str) -> None:
    """Take all of a kiosk's counts out, before they are folded anew."""
    connection.execute(sa.delete(_TABLE).where(_TABLE.c.kiosk == kiosk))


def read(
    connection: sa.Connection,
    *,
    kiosk: str | None = None,
    site: str | None = None,
    first: str = "",
    last: str = "9999",
) -> dict[str, cells.Deltas]:
    """Give each kiosk's table of the days first … last: of one kiosk, a site's or all; no zeros."""
    statement = sa.select(_TABLE.c.kiosk, _TABLE.c.n, *_COLUMNS).where(
        _TABLE.c.day >= first, _TABLE.c.day <= last, _TABLE.c.n != 0
    )
    if kiosk is not None:
        statement = statement.where(_TABLE.c.kiosk == kiosk)
    if site is not None:
        of_site = sa.select(schema.kiosks.c.kiosk).where(schema.kiosks.c.site == site)
        statement = statement.where(_TABLE.c.kiosk.in_(of_site))
    tables: dict[str, cells.Deltas] = {}
    for kiosk_id, n, *fields in connection.execute(statement):
        tables.setdefault(kiosk_id, {})[cells.Cell(*fields)] = n
    return tables
