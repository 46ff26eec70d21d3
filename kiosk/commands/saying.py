"""How commands speak: one sentence on standard error when they could not."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from kiosk import config
from sync.buffer import buffer, errors


class CouldNot(Exception):
    """A command could not do what was asked; the text is one sentence."""


def folder_trouble(folder: Path, error: OSError) -> CouldNot:
    """Return the sentence about a data folder that cannot be used."""
    return CouldNot(
        f"{folder}: cannot be used as data folder ({error.strerror or error});"
        " give this user the folder, or name another with --data"
    )


def could_not(error: Exception) -> int:
    """Say the sentence and return the exit code for it."""
    click.echo(f"smiley-kiosk: {error}", err=True)
    return 1


@contextmanager
def owned(data: Path | None, app: str) -> Iterator[buffer.Buffer]:
    """Open the data folder for writing. Raises `CouldNot` with one sentence."""
    folder = config.data_path(data)
    try:
        opened = buffer.Buffer.open(folder, app=app)
    except errors.Locked as error:
        raise CouldNot(f"{error}; is the kiosk running?") from None
    except errors.Error as error:
        raise CouldNot(f"{error}; give this user the folder, or name another with --data") from None
    with opened:
        yield opened
