"""Sites and the kiosks in them."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa

from sync.central.store import engine, errors, schema


class Kiosk(NamedTuple):
    """One kiosk; times in ms, None: has not happened. `time_zone` is its own or its site's."""

    kiosk: str
    site: str
    touchpoint: str
    time_zone: str
    made_at: int
    enrolled_at: int | None
    revoked_at: int | None
    model: str
    serial: str
    app: str
    heard_at: int | None


_ZONE = sa.func.coalesce(sa.func.nullif(schema.kiosks.c.time_zone, ""), schema.sites.c.time_zone)
_ELSEWHERE = {"time_zone": _ZONE, "heard_at": schema.accounts.c.heard_at}
_COLUMNS = [
    _ELSEWHERE[name] if name in _ELSEWHERE else schema.kiosks.c[name] for name in Kiosk._fields
]
_SELECT = (
    sa.select(*_COLUMNS)
    .select_from(schema.kiosks)
    .join(schema.sites, schema.sites.c.site == schema.kiosks.c.site)
    .join(schema.accounts, schema.accounts.c.kiosk == schema.kiosks.c.kiosk, isouter=True)
)


def add(connection: sa.Connection, *, site: str, touchpoint: str, time_zone: str, now: int) -> str:
    """Add a kiosk, its site too when it is new, and give the kiosk's id."""
    known = connection.execute(
        sa.select(schema.sites.c.site).where(schema.sites.c.site == site)
    ).scalar()
    if known is None:
        connection.execute(
            sa.insert(schema.sites).values(site=site, time_zone=time_zone, made_at=now)
        )
    kiosk = engine.new_id("k")
    connection.execute(
        sa.insert(schema.kiosks).values(
            kiosk=kiosk, site=site, touchpoint=touchpoint, time_zone=time_zone, made_at=now
        )
    )
    connection.execute(sa.insert(schema.accounts).values(kiosk=kiosk))
    return kiosk


def get(connection: sa.Connection, kiosk: str) -> Kiosk:
    """Give one kiosk; raises errors.Unknown."""
    row = connection.execute(_SELECT.where(schema.kiosks.c.kiosk == kiosk)).first()
    if row is None:
        raise errors.Unknown(f"there is no kiosk {kiosk!r}: `smiley-central kiosk list` shows all")
    return Kiosk(*row)


def lock(connection: sa.Connection, kiosk: str) -> None:
    """Hold a kiosk's row until the transaction's end: one at a time changes its tokens."""
    statement = sa.select(schema.kiosks.c.kiosk).where(schema.kiosks.c.kiosk == kiosk)
    connection.execute(statement.with_for_update(key_share=True))


def every(connection: sa.Connection, *, site: str | None = None) -> list[Kiosk]:
    """Give all kiosks, or a site's, by site and touchpoint."""
    chosen = _SELECT if site is None else _SELECT.where(schema.kiosks.c.site == site)
    order = (schema.kiosks.c.site, schema.kiosks.c.touchpoint, schema.kiosks.c.made_at)
    return [Kiosk(*row) for row in connection.execute(chosen.order_by(*order))]


def change(connection: sa.Connection, kiosk: str, **values: Any) -> None:
    """Set columns of a kiosk (touchpoint, time_zone, model, serial, app, enrolled_at, …)."""
    statement = sa.update(schema.kiosks).where(schema.kiosks.c.kiosk == kiosk).values(**values)
    if connection.execute(statement).rowcount == 0:
        raise errors.Unknown(f"there is no kiosk {kiosk!r}: `smiley-central kiosk list` shows all")


def check_site(connection: sa.Connection, site: str) -> None:
    """Raise errors.Unknown when no kiosk's place was ever made at this site."""
    if site not in {name for name, _ in sites(connection)}:
        raise errors.Unknown(f"there is no site {site!r}: `smiley-central kiosk list` shows all")


def sites(connection: sa.Connection) -> list[tuple[str, str]]:
    """Give (site, time zone) of every site."""
    rows = connection.execute(
        sa.select(schema.sites.c.site, schema.sites.c.time_zone).order_by(schema.sites.c.site)
    )
    return [(row.site, row.time_zone) for row in rows]
