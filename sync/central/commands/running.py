"""Running the office: serve, migrate, restored, simulate."""

# ruff: noqa: PLC0415 -- `--help` answers at once because commands import what they need late

from __future__ import annotations

import click

from sync.central.commands import options


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes."
)
@options.database
def serve_(host: str, port: int, workers: int, database: str | None) -> None:
    """Run the office: kiosks' calls and the pages. SIGTERM ends it cleanly."""
    from sync.central import serve

    serve.run(host, port, workers, database or options.default_database())


@click.command("migrate")
@options.database
def migrate_(database: str | None) -> None:
    """Bring the database's tables and figures to this version; makes them where there are none."""
    from sync.central import fold
    from sync.central.store import migrate

    with options.books(database, fresh=True) as books:
        anew = fold.catch_up(books)
        click.echo(f"{books.url}: tables of version {migrate.at(books)}, office {books.office}")
    if anew:
        click.echo(f"the rules of the figures changed: {anew} kiosks were folded anew", err=True)


@click.command("restored")
@options.database
def restored_(database: str | None) -> None:
    """Make a database that was put back from a back-up safe to use; again is fine."""
    from sync.central import restored

    with options.books(database, fresh=True) as books:
        done = restored.restored(books, options.now())
        options.note(books, "restored", "", f"{done.kiosks} kiosks")
    click.echo(
        f"{done.codes} open codes and {done.sessions} sessions are void; {done.revocations} "
        f"revocations and {done.erasures} erasures done again, {done.gifts} streams given again "
        f"(from {done.file}); "
        f"{done.kiosks} kiosks are incomplete until heard"
    )


@click.command("simulate")
@click.option("--kiosks", default=20, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 3650))
@click.option("--seed", default=1, show_default=True, help="The same seed is the same fleet.")
@click.option("--office", metavar="URL", help="A running office of this database, over HTTP.")
@click.option(
    "--at-once", default=8, show_default=True, type=click.IntRange(1, 256), help="With --office."
)
@options.database
def simulate_(  # noqa: PLR0917 -- click hands them in by name
    kiosks: int, days: int, seed: int, office: str | None, at_once: int, database: str | None
) -> None:
    """Play a fleet of kiosks, fast-forward, with people's rhythms and bad lines.

    Adds made-up kiosks and taps to the database: not for an office that counts real ones.
    """
    import rich.console
    import rich.progress

    from sync.central import simulate

    until = options.now() / 1000
    console = rich.console.Console(stderr=True)
    watched = console.is_terminal
    with (
        options.books(database) as books,
        rich.progress.Progress(console=console, transient=True, disable=not watched) as progress,
    ):
        task = progress.add_task("days", total=days)
        fleet = simulate.fleet(books, kiosks, seed, until - days * simulate.DAY, office or "")
        report = simulate.run(
            fleet,
            days,
            until,
            at_once=at_once if office else 1,
            progress=lambda done: progress.update(task, completed=done),
        )
    speed = report.events / report.seconds if report.seconds else 0.0
    click.echo(
        f"simulate: {report.kiosks} kiosks, {report.days} days, {report.taps} taps, "
        f"{report.batches} batches ({report.failed} failed), {report.beats} heartbeats, "
        f"{report.events} events stored, {report.waiting} still waiting, "
        f"{report.seconds:.1f} s, {speed:.0f} events/s"
    )
