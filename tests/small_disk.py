"""A really small disk: a file system in memory of its own, where this machine lets us mount one."""

from __future__ import annotations

import contextlib
import pathlib
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from typing import NamedTuple


class Disk(NamedTuple):
    """A folder on a disk of a few MiB, and a function that gives the disk so many MiB instead."""

    folder: pathlib.Path
    grow: Callable[[int], None]


@contextlib.contextmanager
def mounted(megabytes: int) -> Iterator[Disk | None]:
    """Mount one, open to every user; None where mounting is not permitted: use another way then."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="smiley-disk-"))
    folder.chmod(0o755)
    made = _mount(folder, f"size={megabytes}m,mode=0777")
    try:
        yield Disk(folder, lambda more: _grow(folder, more)) if made else None
    finally:
        if made:
            # lazily: a test that failed may have a file open there
            subprocess.run(["umount", "--lazy", str(folder)], check=True, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def _mount(folder: pathlib.Path, options: str) -> bool:
    words = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    try:
        return subprocess.run(words, check=False, capture_output=True).returncode == 0
    except OSError:  # there is no such command
        return False


def _grow(folder: pathlib.Path, megabytes: int) -> None:
    words = ["mount", "-o", f"remount,size={megabytes}m", str(folder)]
    subprocess.run(words, check=True, capture_output=True)
