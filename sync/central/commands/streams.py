"""Streams that two kiosks send: who holds them, and giving them to their owner."""

# ruff: noqa: PLC0415 -- `--help` answers at once because commands import what they need late

from __future__ import annotations

import time

import click

from sync.central.commands import options


@click.group("streams")
@options.before
def streams_() -> None:
    """Streams that two kiosks send: show them, give one to its owner."""


@streams_.command("list")
@options.as_json
@options.database
def list_(as_json: bool, database: str | None) -> None:
    """Show every stream that a kiosk sends and that another one holds, and what lies aside."""
    import msgspec

    from sync.central import claims

    with options.books(database) as books:
        report = claims.report(books)
    if as_json:
        lying = [msgspec.to_builtins(one) for one in report.aside]
        options.print_json({"claims": [one._asdict() for one in report.claims], "aside": lying})
        return
    # no table: it would cut off what is to be typed into `give`
    for one in report.claims:
        since = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(one.made_at / 1000))
        click.echo(
            f"{one.stream}: held by {one.holder}, stored through {one.stored}; claimed by "
            f"{one.kiosk}, recorded up to {one.last_seq}, since {since}"
        )
    for aside in report.aside:
        click.echo(f"{aside.stream}: {aside.events} events of {aside.kiosk} lie aside")
    if not report.claims and not report.aside:
        click.echo("no stream is claimed by another kiosk, and nothing lies aside")


@streams_.command("give")
@click.argument("stream")
@click.argument("kiosk")
@options.database
def give(stream: str, kiosk: str, database: str | None) -> None:
    """Have a stream be the kiosk's that claims it; the holder's events of it are moved aside."""
    from sync.central import claims

    with options.books(database) as books:
        given = claims.give(books, stream, kiosk, options.now())
        options.note(books, "streams give", stream, f"from {given.before} to {kiosk}")
    click.echo(
        f"{stream} is {kiosk}'s, stored through {given.stored_through}; what {given.before} sent "
        f"of it lies aside. {kiosk} sends the rest at its next contact. If the token of "
        f"{given.before} was stolen: `smiley-central kiosk replace {given.before}`"
    )


@streams_.command("refuse")
@click.argument("stream")
@click.argument("kiosk")
@options.database
def refuse(stream: str, kiosk: str, database: str | None) -> None:
    """Drop a kiosk's claim: the stream stays with its holder."""
    from sync.central import claims

    with options.books(database) as books:
        claims.refuse(books, stream, kiosk)
        options.note(books, "streams refuse", stream, kiosk)
    click.echo(f"{kiosk} is no longer waiting for {stream}; it is shown again if it sends again")


@streams_.command("aside")
@click.argument("stream")
@options.as_json
@options.database
def aside_(stream: str, as_json: bool, database: str | None) -> None:
    """Show what lies aside of a stream that was given away: each event as it came."""
    from sync.central import claims

    with options.books(database) as books:
        rows = claims.aside(books, stream)
    if as_json:
        options.print_json(
            [
                {"kiosk": row.kiosk, "stream": stream, "seq": row.seq, "text": row.raw}
                for row in rows
            ]
        )
        return
    for row in rows:
        click.echo(f"{row.kiosk} {row.seq}: {options.plain(row.raw)}")
