"""Opening the books: one `Store` for SQLite and PostgreSQL, with the promises of wire.md.

Rules

1. A commit is durable: SQLite WAL with synchronous=FULL, PostgreSQL synchronous_commit=on.
2. A writer takes its place in the queue before it reads: BEGIN IMMEDIATE on SQLite; on PostgreSQL
   the first statement locks the row that the transaction is about (READ COMMITTED).
3. Nothing the database does leaves here as a database's error: `store.errors` has them all.
4. What only failed because others were in the way is tried again, a few times, from the start.
5. A mistake of ours goes to the log with its statement and never with what stood in it: that may be
   a comment or the hash of a token.
"""

from __future__ import annotations

import contextlib
import pathlib
import random
import re
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import psycopg
import sqlalchemy as sa
from sqlalchemy import exc

from sync.central.store import errors, schema, withdrawn

T = TypeVar("T")

TRIES = 5
# seconds a SQLite writer queues before it counts as one try; all of them end before a kiosk's
# patience (20 s) does
SQLITE_WAIT = 2.5
# 40001 serialization_failure, 40P01 deadlock_detected, 55P03 lock_not_available
POSTGRESQL_BUSY = {"40001", "40P01", "55P03"}
# what PostgreSQL says of itself when it is full, stopping or starting, and of a lost connection
POSTGRESQL_AWAY = {"53", "57", "58", "08"}


class Store:
    """The books of one office. Threads may share it; what opens closes, twice is fine."""

    def __init__(self, engine: sa.Engine, url: str) -> None:
        self.engine = engine
        self.url = url  # without the password
        self.sqlite = engine.dialect.name == "sqlite"
        self.closed = False
        self._office: str | None = None

    def __repr__(self) -> str:
        return f"<Store {self.url}{' closed' if self.closed else ''}>"

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @property
    def folder(self) -> pathlib.Path | None:
        """Where the database's file lies; None for a PostgreSQL, which has its own disk."""
        name = self.engine.url.database
        return pathlib.Path(name).absolute().parent if self.sqlite and name else None

    @property
    def office(self) -> str:
        """The office's id, made with its database and kept in its back-ups."""
        if self._office is None:
            with self.read() as connection:
                found = connection.execute(sa.select(schema.office.c.office)).scalar()
            if found is None:
                raise errors.Unusable(
                    f"{self.url} has no office in it: run `smiley-central migrate`"
                )
            self._office = str(found)
        return self._office

    @property
    def withdrawn(self) -> pathlib.Path:
        """The file of what was withdrawn, which does not belong into a back-up."""
        return withdrawn.place(self.engine.url, self.office)

    @property
    def known_office(self) -> str:
        """The office's id as far as known: for answers while the database is away."""
        return self._office or ""

    @contextlib.contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """One consistent view of the books; what is written in it is rolled back."""
        with self._translated(), self.engine.connect() as connection:
            if self.sqlite:
                connection.info["begin"] = "DEFERRED"
            else:
                connection.execution_options(isolation_level="REPEATABLE READ")
            try:
                yield connection
            finally:
                connection.info.pop("begin", None)
                connection.rollback()

    @contextlib.contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """One transaction, committed at its end or not at all. Not tried again: see `attempt`."""
        with self._translated(), self.engine.begin() as connection:
            withdrawn.forget(connection)  # a pooled connection may remember a failed transaction's
            yield connection
            noted = withdrawn.noted(connection)
            if noted:
                withdrawn.write(noted, self.withdrawn)

    def attempt(self, work: Callable[[sa.Connection], T]) -> T:
        """Do `work` in one transaction, from the start again while others are in its way.

        `work` must bear being called several times. Raises errors.Busy after the last try.
        """
        for number in range(1, TRIES + 1):
            try:
                with self.write() as connection:
                    return work(connection)
            except errors.Busy:
                if number == TRIES:
                    raise
                # chance keeps two that met from meeting again
                time.sleep(random.uniform(0, 0.02 * 2**number))
        raise AssertionError("unreachable: the last try returned or raised")

    def close(self) -> None:
        """Give all connections back. Twice is fine."""
        self.closed = True
        self.engine.dispose()

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except exc.DBAPIError as error:
            translated = _translated(error, self.url)
            if translated is None:
                raise
            raise translated from error
        except psycopg.Error as error:  # of COPY, which SQLAlchemy does not know
            known = _postgresql_error(error, self.url)
            if known is None:
                raise
            raise known from error
        except exc.TimeoutError as error:
            raise errors.Busy(f"{self.url}: every connection is in use") from error


def open(url: str) -> Store:
    """Open the books at `sqlite:///path` or `postgresql://user@host/name`.

    Makes the folder of a SQLite file, not the tables: `store.migrate` does. Connects once, so that
    a wrong URL is told here. Raises errors.Unusable, errors.Away.
    """
    try:
        parsed = sa.make_url(url)
    except (exc.ArgumentError, ValueError):  # a port that is no number is a ValueError
        raise errors.Unusable(f"{_shown(url)!r} is no database: {_RIGHT}") from None
    if "@" in (parsed.host or ""):
        raise errors.Unusable(f"{_shown(url)!r}: write an @ that is part of the password as %40")
    if parsed.drivername == "sqlite":
        store = _sqlite(parsed)
    elif parsed.drivername in {"postgresql", "postgres", "postgresql+psycopg"}:
        store = _postgresql(parsed.set(drivername="postgresql+psycopg"))
    else:
        raise errors.Unusable(f"{parsed.drivername!r} is no database we know: {_RIGHT}")
    try:
        with store.read() as connection:
            connection.execute(sa.text("SELECT 1"))
    except errors.Error:
        store.close()
        raise
    return store


_RIGHT = "sqlite:///folder/office.db or postgresql://user@host/name would be right"


def _shown(url: str) -> str:
    """Give what was meant as a database's URL without what may be its password."""
    return re.sub(r"(password=)[^&]*", r"\1***", re.sub(r":.*@", "://***@", url))


def _sqlite(url: sa.URL) -> Store:
    if not url.database or url.database == ":memory:" or url.host:
        shown = _shown(url.render_as_string())
        raise errors.Unusable(f"{shown} names no file: sqlite:///folder/office.db would be right")
    path = pathlib.Path(url.database)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise errors.Unusable(
            f"{path.parent} cannot hold the database: {error.strerror}; name a folder to write to"
        ) from error
    wait = {} if "timeout" in url.query else {"timeout": SQLITE_WAIT}
    engine = sa.create_engine(url, connect_args=wait, pool_size=10, hide_parameters=True)
    sa.event.listen(engine, "connect", _sqlite_connected)
    sa.event.listen(engine, "begin", _sqlite_begins)
    return Store(engine, str(url))


def _sqlite_connected(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begins(connection: sa.Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.info.get('begin', 'IMMEDIATE')}")


def _postgresql(url: sa.URL) -> Store:
    engine = sa.create_engine(
        url,
        pool_size=10,
        max_overflow=20,
        pool_timeout=10,
        hide_parameters=True,
        pool_pre_ping=True,  # a PostgreSQL that was restarted costs nobody a request
        connect_args={"connect_timeout": 5, "options": "-c synchronous_commit=on -c timezone=UTC"},
    )
    shown = url.render_as_string(hide_password=True)
    return Store(engine, re.sub(r"(password=)[^&]*", r"\1***", shown))


def _translated(error: exc.DBAPIError, url: str) -> errors.Error | None:
    """What a driver's error means; None for our own mistakes (wrong SQL, broken constraints)."""
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return _sqlite_error(cause, url)
    if error.connection_invalidated:
        return errors.Away(f"{url} cannot be reached: the connection was lost")
    return _postgresql_error(cause, url)


def _postgresql_error(cause: BaseException | None, url: str) -> errors.Error | None:
    state = getattr(cause, "sqlstate", None) or ""
    first = str(cause).strip().split("\n", maxsplit=1)[0]
    if state in POSTGRESQL_BUSY:
        return errors.Busy(f"{url}: others were in the way ({first})")
    if state == "53100":
        return errors.Full(f"{url}: the database's disk is full ({first})")
    if state in {"3D000", "28000", "28P01"}:
        return errors.Unusable(f"{url}: {first}")
    if state == "42P01":
        return errors.Unusable(f"{url}: {first}; run `smiley-central migrate`")
    if state[:2] in POSTGRESQL_AWAY or not state:
        return errors.Away(f"{url} cannot be reached: {first}")
    return None


def _sqlite_error(cause: sqlite3.Error, url: str) -> errors.Error | None:
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return errors.Busy(f"{url}: others were in the way ({cause})")
    if code in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}:
        return errors.Full(f"{url}: the disk takes nothing ({cause})")
    if code in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_NOTADB}:
        return errors.Unusable(f"{url} cannot be used: {cause}; name a SQLite file to write to")
    if code == sqlite3.SQLITE_CORRUPT:
        return errors.Unusable(
            f"{url} is damaged ({cause}): put a back-up in its place, and remove the -wal and -shm "
            "files beside it, which belong to the old one"
        )
    if "no such table" in str(cause):
        return errors.Unusable(f"{url}: {cause}; run `smiley-central migrate`")
    return None


def new_id(prefix: str) -> str:
    """Make an id such as k_3f9a0c51d2e8: 48 random bits, enough for the kiosks of one office."""
    return f"{prefix}_{secrets.token_hex(6)}"
