"""An office's books on SQLite and on PostgreSQL; every test that asks for `books` runs on both."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator

import pytest

from sync.central import store
from sync.central.store import withdrawn
from tests import databases


@pytest.fixture(scope="session")
def fresh_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[databases.Fresh]:
    """Make fresh offices on SQLite; each call gives a URL."""
    with databases.sqlite(tmp_path_factory.mktemp("sqlite")) as fresh:
        yield fresh


@pytest.fixture(scope="session")
def fresh_postgresql() -> Iterator[databases.Fresh]:
    """Make fresh offices on one PostgreSQL; each call gives a URL."""
    with databases.postgresql() as fresh:
        yield fresh


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(
    request: pytest.FixtureRequest, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> databases.Fresh:
    """Make fresh offices on each of the two databases in turn.

    What they withdraw never goes to the folder of the user who tests.
    """
    if request.param == "postgresql":
        monkeypatch.setenv(withdrawn.PLACE, str(tmp_path / "office.withdrawn"))
    made: databases.Fresh = request.getfixturevalue(f"fresh_{request.param}")
    return made


@pytest.fixture
def books(fresh: databases.Fresh) -> Iterator[store.Store]:
    """A fresh office."""
    with store.open(fresh()) as opened:
        yield opened
