"""What is in the books: figures, completeness, exports."""

# ruff: noqa: PLC0415 -- `--help` answers at once because commands import what they need late

from __future__ import annotations

import pathlib
from collections.abc import Iterable
from typing import Any

import click

from sync.central.commands import options


@click.command("totals")
@click.option("--site", help="Only this site.")
@click.option("--days", default=1, show_default=True, type=click.IntRange(1, 3660))
@options.as_json
@options.database
def totals_(site: str | None, days: int, as_json: bool, database: str | None) -> None:
    """Show taps per face, the index and its interval, over the last days."""
    import msgspec

    from sync.central import figures

    with options.books(database) as books:
        rows = figures.table(books, options.now(), days=days, site=site)
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
    _table(
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
    _table(
        ("kiosk", "site", "streams", "stored", "complete", "complete through", "missing"),
        [
            (
                row.kiosk,
                row.site,
                str(row.streams),
                str(row.stored),
                ("yes" if row.complete else "no") + (", silent" if row.silent else ""),
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


def _write(target: pathlib.Path, lines: Iterable[str]) -> None:
    """Write beside the target and rename, so that a file with its name is a whole one."""
    import rich.console
    import rich.progress

    beside = target.with_name(f".{target.name}.part")
    console = rich.console.Console(stderr=True)
    columns = (
        rich.progress.TextColumn("{task.description}"),
        rich.progress.TextColumn("{task.completed:,.0f}"),
    )
    try:
        with (
            beside.open("w", encoding="utf-8", newline="\n") as file,
            rich.progress.Progress(*columns, console=console, transient=True) as progress,
        ):
            task = progress.add_task("lines", total=None)
            for line in lines:
                file.write(f"{line}\n")
                progress.advance(task)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    import rich.console
    import rich.table

    table: Any = rich.table.Table(*heads, box=None)
    for row in rows:
        table.add_row(*row)
    rich.console.Console().print(table)
