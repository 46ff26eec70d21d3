"""`smiley-kiosk pin`: a new PIN for staff."""

from pathlib import Path

import click

import kiosk
from kiosk import pin
from kiosk.commands import saying
from sync.buffer import errors


def run(data: Path | None) -> int:
    """Make it, print it once."""
    try:
        with saying.owned(data, kiosk.VERSION) as buffer:
            digits = pin.Pins(buffer).renew()
    except (saying.CouldNot, errors.Error) as error:
        return saying.could_not(error)
    click.echo(f"The new PIN is {digits}. It is shown this once; hold a left corner for 3 s.")
    return 0
