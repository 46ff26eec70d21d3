"""The office's figures: its kiosks' hourly counts, in the shape that both ends print.

Everything is read from the roll-ups, which are what a fold from scratch of the events gives.
"""

from __future__ import annotations

import datetime
import zoneinfo

import msgspec

from sync.central import fold, store
from sync.central.store import kiosks, rollups
from sync.feedback import totals


class Span(msgspec.Struct, frozen=True):
    """Days, both included, as the shops themselves call them: "2026-11-21"."""

    first: str
    last: str


class Today(msgspec.Struct, frozen=True, kw_only=True):
    """One kiosk's taps of its own today: `counts` by face of what counts, `apart` by rule."""

    kiosk: str
    site: str
    touchpoint: str
    day: str
    heard_at: int | None
    n: int
    counts: dict[int, int]
    apart: dict[str, int]


def table(
    books: store.Store,
    now: int,
    *,
    days: int = 1,
    site: str | None = None,
    kiosk: str | None = None,
) -> list[totals.Row]:
    """Give the rows of `totals --json` for the last `days` days, up to and with today.

    Today is the newest day that any of the chosen kiosks lives in (`now` is ms since 1970).
    """
    with books.read() as connection:
        chosen = [one for one in kiosks.every(connection, site=site) if kiosk in {None, one.kiosk}]
        span = days_until(now, {one.time_zone for one in chosen}, days)
        found = rollups.read(connection, site=site, kiosk=kiosk, first=span.first, last=span.last)
    return totals.rows(list(found.values()), span.first, span.last)


def late(books: store.Store, *, site: str | None = None) -> list[str]:
    """Name the kiosks whose figures are not yet what their events say."""
    with books.read() as connection:
        found = fold.late(connection)
        return [one.kiosk for one in kiosks.every(connection, site=site) if one.kiosk in found]


def today(books: store.Store, now: int) -> list[Today]:
    """Give every kiosk's taps of today, by site and touchpoint; kiosks without any too."""
    with books.read() as connection:
        every = kiosks.every(connection)
        span = days_until(now, {one.time_zone for one in every}, 2)
        found = rollups.read(connection, first=span.first, last=span.last)
    return [_today(one, day_of(now, one.time_zone), found.get(one.kiosk, {})) for one in every]


def _today(kiosk: kiosks.Kiosk, day: str, table: totals.Table) -> Today:
    counts: dict[int, int] = {}
    apart: dict[str, int] = {}
    for cell, n in table.items():
        if cell.day != day or cell.reason:
            continue
        if cell.rule:
            apart[cell.rule] = apart.get(cell.rule, 0) + n
        else:
            counts[cell.face] = counts.get(cell.face, 0) + n
    return Today(
        kiosk=kiosk.kiosk,
        site=kiosk.site,
        touchpoint=kiosk.touchpoint,
        day=day,
        heard_at=kiosk.heard_at,
        n=sum(counts.values()),
        counts=dict(sorted(counts.items())),
        apart=dict(sorted(apart.items())),
    )


def days_until(now: int, time_zones: set[str], days: int) -> Span:
    """Give the last `days` days of shops in these time zones. Pure."""
    local = sorted(day_of(now, zone) for zone in time_zones) or [day_of(now, "UTC")]
    back = datetime.timedelta(days=max(1, days) - 1)
    first = datetime.date.fromisoformat(local[0]) - back
    return Span(first.isoformat(), local[-1])


def day_of(now: int, time_zone: str) -> str:
    """Give the day that a shop lives in at `now` (ms). An unknown zone counts as UTC. Pure."""
    try:
        zone: datetime.tzinfo = zoneinfo.ZoneInfo(time_zone)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        zone = datetime.UTC
    return datetime.datetime.fromtimestamp(now / 1000, zone).date().isoformat()
