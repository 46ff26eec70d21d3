"""Kiosks' places: add, list, revoke, replace."""

# ruff: noqa: PLC0415 -- `--help` answers at once because commands import what they need late

from __future__ import annotations

import csv
import pathlib
from typing import TYPE_CHECKING

import click

from sync.central.commands import options

if TYPE_CHECKING:
    from sync.central.store import kiosks as store


@click.group("kiosk")
@options.before
def kiosk_() -> None:
    """Add, list, revoke and replace kiosks."""


@kiosk_.command("add")
@click.option("--site", help="The shop, such as 'Lund Centrum'.")
@click.option("--touchpoint", help="Where in it, such as 'Exit A'.")
@click.option("--time-zone", default="Europe/Stockholm", show_default=True, metavar="ZONE")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=pathlib.Path),
    help="CSV with the columns site, touchpoint and, if you like, time_zone.",
)
@options.database
def add(
    site: str | None,
    touchpoint: str | None,
    time_zone: str,
    source: pathlib.Path | None,
    database: str | None,
) -> None:
    """Make a kiosk's place and print the code that enrols it, once."""
    if source is None and (site is None or touchpoint is None):
        raise click.UsageError("give --site and --touchpoint, or --from FILE")
    if source is not None and (site is not None or touchpoint is not None):
        raise click.UsageError("--from FILE names sites and touchpoints: leave the others out")
    rows = (
        [(site or "", touchpoint or "", time_zone)] if source is None else _rows(source, time_zone)
    )
    from sync.central import enrolment

    with options.books(database) as books:
        for row in rows:
            added = enrolment.add(books, *row, options.now())
            options.note(books, "kiosk add", added.kiosk, f"{row[0]} / {row[1]}")
            if source is None:
                click.echo(added.code)
                click.echo(f"kiosk {added.kiosk}; the code works once, for a week", err=True)
            else:
                click.echo(f"{added.code},{added.kiosk},{_quoted(row[0])},{_quoted(row[1])}")


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _rows(source: pathlib.Path, time_zone: str) -> list[tuple[str, str, str]]:
    """Read a table of kiosks; one that will not do stops all, before any is made."""
    from sync.central import enrolment
    from sync.central.store import errors

    try:
        with source.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline()
            file.seek(0)
            # what spreadsheets write where the comma stands in numbers
            table = csv.DictReader(file, delimiter=";" if ";" in head else ",")
            heads = set(table.fieldnames or ())
            rows = [(table.line_num, row) for row in table]
    except UnicodeDecodeError:
        raise errors.Wrong(f"{source}: is not UTF-8; save the table as CSV in UTF-8") from None
    except csv.Error as error:
        raise errors.Wrong(f"{source}: {error}; save the table as CSV") from None
    if not {"site", "touchpoint"} <= heads:
        raise errors.Wrong(f"{source}: needs a first line with the columns site and touchpoint")
    found = []
    for line, row in rows:
        place = (row["site"] or "", row["touchpoint"] or "", row.get("time_zone") or time_zone)
        try:
            enrolment.check(*place)
        except errors.Wrong as error:
            raise errors.Wrong(f"{source}, line {line}: {error}; no kiosk was made") from None
        found.append(place)
    if not found:
        raise errors.Wrong(f"{source}: names no kiosk below its first line")
    return found


@kiosk_.command("list")
@options.as_json
@options.database
def list_(as_json: bool, database: str | None) -> None:
    """Show all kiosks, by site."""
    from sync.central import heartbeats
    from sync.central.store import kiosks

    with options.books(database) as books:
        with books.read() as connection:
            rows = kiosks.every(connection)
        unruly = heartbeats.unruly(books)
    if as_json:
        options.print_json([row._asdict() for row in rows])
        return
    options.print_table(
        ("kiosk", "site", "touchpoint", "state", "last contact"),
        [(row.kiosk, row.site, row.touchpoint, _state(row), _local(row)) for row in rows],
    )
    for row in rows:
        if row.kiosk in unruly and not row.revoked_at:
            click.echo(f"{row.kiosk} refuses its settings: {options.plain(unruly[row.kiosk])}")


def _state(row: store.Kiosk) -> str:
    if row.revoked_at:
        return "revoked"
    return "enrolled" if row.enrolled_at else "not enrolled yet"


def _local(row: store.Kiosk) -> str:
    import datetime
    import zoneinfo

    if row.heard_at is None:
        return "never"
    zone = zoneinfo.ZoneInfo(row.time_zone or "UTC")
    return datetime.datetime.fromtimestamp(row.heard_at / 1000, zone).isoformat(" ", "seconds")


@kiosk_.command("revoke")
@click.argument("kiosk")
@options.database
def revoke(kiosk: str, database: str | None) -> None:
    """End a kiosk's tokens and open codes; its books stay."""
    from sync.central import enrolment, fold

    with options.books(database) as books:
        enrolment.revoke(books, kiosk, options.now())
        # it sends nothing more that would have figures folded anew that are due
        fold.settle(books, kiosk)
        options.note(books, "kiosk revoke", kiosk)
    click.echo(f"{kiosk} is revoked: it keeps its taps, and enrols again with `kiosk replace`")


@kiosk_.command("replace")
@click.argument("kiosk")
@options.database
def replace(kiosk: str, database: str | None) -> None:
    """Print a code whose device takes over this kiosk's place."""
    from sync.central import enrolment

    with options.books(database) as books:
        added = enrolment.replace(books, kiosk, options.now())
        options.note(books, "kiosk replace", kiosk)
    click.echo(added.code)
    click.echo(f"the device that uses it takes over {kiosk}; it works once, for a week", err=True)
