"""How commands speak: one sentence on standard error when they could not."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from kiosk import config
from sync.buffer import buffer, errors


class CouldNot(Exception):
    """A command could not do what was asked; the text is one sentence."""


def usable(folder: Path) -> None:
    """Make the data folder if need be. Raises `CouldNot` when it was named or made wrongly.

    A card that became read-only or fails is nobody's mistake: the buffer goes on in memory.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK) and not _read_only(folder):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        if error.errno in (errno.EROFS, errno.EIO, errno.ENOSPC):
            return
        raise CouldNot(
            f"{folder}: cannot be used as data folder ({error.strerror or error});"
            " give this user the folder, or name another with --data"
        ) from None


def _read_only(folder: Path) -> bool:
    return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


def could_not(error: Exception) -> int:
    """Say the sentence and return the exit code for it."""
    click.echo(f"smiley-kiosk: {error}", err=True)
    return 1


@contextmanager
def owned(data: Path | None, app: str) -> Iterator[buffer.Buffer]:
    """Open the data folder for writing. Raises `CouldNot` with one sentence."""
    folder = config.data_path(data)
    usable(folder)
    try:
        opened = buffer.Buffer.open(folder, app=app)
    except errors.Locked as error:
        raise CouldNot(f"{error}; is the kiosk running?") from None
    except errors.Error as error:
        raise CouldNot(f"{error}; give this user the folder, or name another with --data") from None
    with opened:
        yield opened
