"""`smiley-kiosk totals`: the taps of the last days, as the staff's glimpse counts them."""

import datetime
from pathlib import Path

import click
import msgspec
import rich.box
import rich.console
import rich.table

from kiosk.commands import reading, saying
from sync.feedback import clocks, totals


def run(settings_file: Path | None, data: Path | None, *, days: int, as_json: bool) -> int:
    """Print them."""
    try:
        with reading.card(data) as card:
            zone = reading.loaded(settings_file, card).settings.time_zone
            last = clocks.local(reading.now(card)[0], zone).day
            first = datetime.date.fromisoformat(last) - datetime.timedelta(days=days - 1)
            rows = card.totals(first.isoformat(), last)
    except saying.CouldNot as error:
        return saying.could_not(error)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(rows)).decode())
    elif rows:
        rich.console.Console().print(_table(rows))
    else:
        span = last if days == 1 else f"{first} to {last}"
        click.echo(f"No taps on {span}.")
    return 0


def _table(rows: list[totals.Row]) -> rich.table.Table:
    table = rich.table.Table(box=rich.box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    # one thing a line, so that all of it fits eighty columns; a scale of eleven takes two
    for name in ("survey", "question", "days", "worst to best", "taps", "index", "set apart"):
        table.add_column(name, no_wrap=name != "worst to best")
    for row in rows:
        days = row.from_day if row.from_day == row.to_day else f"{row.from_day}\n{row.to_day}"
        index = "too few to say"
        if row.enough and row.interval is not None:
            index = f"{row.index}\nby chance alone\n{row.interval[0]}–{row.interval[1]}"
        apart = "\n".join(f"{number} {rule}" for rule, number in row.set_apart.items())
        counts = " ".join(str(number) for number in row.counts.values())
        table.add_row(row.survey, row.question, days, counts, str(row.n), index, apart or "none")
    return table
