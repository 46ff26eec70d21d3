"""`smiley-kiosk export`: counts for people, or events for the office, onto a USB stick."""

import datetime
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich import console, progress

from kiosk.commands import reading, saying
from sync.buffer import errors, export
from sync.feedback import clocks

DAYS = 400
"""How far back counts go: a year, and the same weeks of the year before to hold it against."""


def run(
    settings_file: Path | None, data: Path | None, *, to: Path, kind: str, everything: bool
) -> int:
    """Write the files; name each with what it holds."""
    try:
        to.mkdir(parents=True, exist_ok=True)
        with reading.card(data) as card, _watched() as told:
            if kind == "events":
                receipt = export.events(card, str(to), everything=everything, progress=told)
            else:
                zone = reading.loaded(settings_file, card).settings.time_zone
                last = datetime.date.fromisoformat(clocks.local(reading.now(card)[0], zone).day)
                first = last - datetime.timedelta(days=DAYS)
                receipt = export.counts(
                    card, str(to), first.isoformat(), last.isoformat(), progress=told
                )
    except OSError as error:
        return saying.could_not(
            saying.CouldNot(f"{to}: cannot be written to ({error.strerror}); is the stick in?")
        )
    except (saying.CouldNot, errors.Error) as error:
        return saying.could_not(error)
    for file in receipt.files:
        what = "events" if kind == "events" else "lines of counts"
        signed = "" if kind == "csv" else ", signed" if file.signed else ", not signed"
        click.echo(f"{file.path}: {file.rows} {what}, {file.size} bytes{signed}")
    if not receipt.files:
        click.echo("Nothing waits for the office, so nothing was written.")
    return 0


@contextmanager
def _watched() -> Iterator[Callable[[int, int], None]]:
    """Show progress when a person watches."""
    if not sys.stderr.isatty():
        yield lambda _done, _of: None
        return
    with progress.Progress(console=console.Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Writing", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
