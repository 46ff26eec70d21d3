"""What is in the books: figures, completeness, exports."""

# ruff: noqa: PLC0415 -- `--help` answers at once because commands import what they need late

from __future__ import annotations

import pathlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from sync.central.commands import options

if TYPE_CHECKING:
    import rich.progress


@click.command("totals")
@click.option("--site", help="Only this site.")
@click.option("--days", default=1, show_default=True, type=click.IntRange(1, 3660))
@options.as_json
@options.database
def totals_(site: str | None, days: int, as_json: bool, database: str | None) -> None:
    """Show taps per face, the index and its interval, over the last days."""
    import msgspec

    from sync.central import figures
    from sync.central.store import kiosks

    with options.books(database) as books:
        if site is not None:
            with books.read() as connection:
                kiosks.check_site(connection, site)
        rows = figures.table(books, options.now(), days=days, site=site)
        late = figures.late(books, site=site)
    if late:
        click.echo(
            f"late, yet to be counted anew: the figures of {', '.join(late)}; they are at the "
            "kiosk's next message, or with `smiley-central migrate`",
            err=True,
        )
    if as_json:
        options.print_json([msgspec.to_builtins(row) for row in rows])
        return
    shown = []
    for row in rows:
        counts = " ".join(f"{face}:{n}" for face, n in row.counts.items())
        index = "too few to say" if row.index is None else f"{row.index:.1f}"
        between = "" if row.interval is None else f"{row.interval[0]:.1f} to {row.interval[1]:.1f}"
        apart = ", ".join(f"{n} {rule}" for rule, n in row.set_apart.items()) or "none"
        shown.append((row.survey, row.question, counts, str(row.n), index, between, apart))
    options.print_table(
        ("survey", "question", "taps by face (1 is worst)", "taps", "index", "95 %", "set apart"),
        shown,
    )


@click.command("completeness")
@options.as_json
@options.database
def completeness_(as_json: bool, database: str | None) -> None:
    """Say of each kiosk whether the office has everything, and what is missing."""
    from sync.central import completeness

    with options.books(database) as books:
        rows = completeness.report(books, options.now())
    if as_json:
        options.print_json(completeness.to_json(rows))
        return
    options.print_table(
        ("kiosk", "site", "streams", "stored", "complete", "complete through", "missing"),
        [
            (
                row.kiosk,
                row.site,
                str(row.streams),
                str(row.stored),
                ("yes" if row.complete else "no")
                + (", silent" if row.silent else "")
                + (", see `streams list`" if row.foreign else ""),
                row.complete_through or "not known",
                str(sum(last - first + 1 for one in row.missing for first, last in one.runs)),
            )
            for row in rows
        ],
    )


@click.command("export")
@click.option(
    "--to",
    "target",
    required=True,
    type=click.Path(path_type=pathlib.Path, allow_dash=True),
    help="The file to write; - is standard output.",
)
@click.option(
    "--format",
    "form",
    default="csv",
    show_default=True,
    type=click.Choice(("csv", "jsonl")),
)
@options.database
def export_(target: pathlib.Path, form: str, database: str | None) -> None:
    """Write all events: CSV for people, JSON Lines with kiosk and stream for programs."""
    from sync.central import exports

    with options.books(database) as books:
        lines = exports.jsonl(books) if form == "jsonl" else exports.table(books)
        if str(target) == "-":
            for line in lines:
                click.echo(line)
        else:
            _write(target, lines)


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=pathlib.Path))
@click.option("--trust", is_flag=True, help="Take files that no token of ours has signed, too.")
@click.option("--kiosk", help="Whose a trusted file is that names none.")
@options.database
def import_(
    files: tuple[pathlib.Path, ...], trust: bool, kiosk: str | None, database: str | None
) -> None:
    """Take events that came on a stick, exactly as batches: each once."""
    from sync.central import by_hand
    from sync.central.store import errors

    whole = True
    with options.books(database) as books, _progress() as progress:
        for file in files:
            task = progress.add_task(file.name, total=None)

            def show(done: int, of: int, task: Any = task) -> None:
                progress.update(task, completed=done, total=of)

            report = by_hand.take(
                books, file, options.now(), trust=trust, kiosk=kiosk, progress=show
            )
            options.note(books, "import", report.file, f"{len(report.streams)} streams")
            whole = whole and report.complete
            for one in report.streams:
                told = one.problem or (
                    f"{one.events} events, stored through {one.stored_through}, "
                    f"{one.refused} refused, {one.conflicts} in conflict"
                )
                click.echo(f"{report.file}: {one.kiosk} {one.stream}: {told}")
    if not whole:
        raise errors.Wrong("not everything was taken: see the lines above")


@click.command("refused")
@click.option("--retry", is_flag=True, help="Judge them again, after an upgrade.")
@options.as_json
@options.database
def refused_(retry: bool, as_json: bool, database: str | None) -> None:
    """Show the events that were booked as refused, and why."""
    import msgspec

    from sync.central import refused

    with options.books(database) as books:
        if retry:
            done = refused.retry(books)
            options.note(books, "refused retry", "", f"{done.good} of {done.judged}")
            click.echo(f"{done.good} of {done.judged} are good now", err=True)
        rows = refused.report(books)
    if as_json:
        options.print_json(msgspec.to_builtins(rows))
        return
    options.print_table(
        ("kiosk", "stream", "seq", "reason"),
        [(row.kiosk, row.stream, str(row.seq), row.reason) for row in rows],
    )


@click.group("comment")
@options.before
def comment_() -> None:
    """Erase a comment that its writer wants gone."""


@comment_.command("erase")
@click.argument("code")
@click.option("--kiosk", help="Where it was written, when the code stands at several kiosks.")
@options.database
def erase(code: str, kiosk: str | None, database: str | None) -> None:
    """Erase the comment with this removal code, also one that has not come yet."""
    from sync.central import erasure

    with options.books(database) as books:
        done = erasure.erase(books, code, by=options.who(), now=options.now(), kiosk=kiosk)
        options.note(books, "comment erase", done.code, f"{len(done.places)} comments")
    if done.places:
        click.echo(f"{done.code}: {len(done.places)} erased; the tap stays, without its text")
    else:
        click.echo(f"{done.code}: no such comment here yet; it will be erased when it comes")
        click.echo("look at the code once more: one that was never given is taken in the same way")


def _write(target: pathlib.Path, lines: Iterable[str]) -> None:
    """Write beside the target and rename, so that a file with its name is a whole one."""
    from sync.central.store import errors

    if not target.parent.is_dir():
        raise errors.Wrong(f"{target}: there is no folder {target.parent}")
    if target.is_dir():
        raise errors.Wrong(f"{target} is a folder: name a file in it, such as {target}/events.csv")
    beside = target.with_name(f".{target.name}.part")
    try:
        with (
            beside.open("w", encoding="utf-8", newline="\n") as file,
            _progress() as progress,
        ):
            task = progress.add_task("lines", total=None)
            for line in lines:
                file.write(f"{line}\n")
                progress.advance(task)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _progress() -> rich.progress.Progress:
    """Show progress on standard error, when a person watches."""
    import rich.console
    import rich.progress

    console = rich.console.Console(stderr=True)
    return rich.progress.Progress(
        rich.progress.TextColumn("{task.description}"),
        rich.progress.BarColumn(),
        rich.progress.TextColumn("{task.completed:,.0f}"),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
