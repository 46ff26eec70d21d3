"""An office's database for whoever runs the commands."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator

import pytest

from tests import databases


@pytest.fixture
def database(tmp_path: pathlib.Path) -> Iterator[str]:
    """A fresh office on SQLite."""
    folder = tmp_path / "db"
    folder.mkdir()
    with databases.sqlite(folder) as fresh:
        yield fresh()
