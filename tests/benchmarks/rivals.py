"""What else a kiosk could write its taps with: each appends one document and returns synced."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import persistqueue
from tinydb import TinyDB
from tinydb.storages import JSONStorage

Append = Callable[[bytes, dict[str, Any]], None]
"""Takes an event as JSON and as a dictionary, whichever the rival wants."""


def bare(folder: Path) -> Append:
    """``write`` and ``fdatasync`` of an open descriptor: nothing durable costs less."""
    flags = os.O_CREAT | os.O_WRONLY | os.O_APPEND
    descriptor = os.open(folder / "bare", flags)

    def append(raw: bytes, _: dict[str, Any]) -> None:
        os.write(descriptor, raw)
        os.fdatasync(descriptor)

    return append


def sqlite(folder: Path, waiting: int) -> Append:
    """SQLite with a write-ahead log and synchronous=FULL, one transaction for each event."""
    db = sqlite3.connect(folder / "rival.sqlite", isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE events (seq INTEGER PRIMARY KEY, event BLOB)")
    db.execute("BEGIN")
    filler = b'{"kind":"rating"}' + bytes(130)
    db.executemany("INSERT INTO events (event) VALUES (?)", ((filler,) for _ in range(waiting)))
    db.execute("COMMIT")

    def append(raw: bytes, _: dict[str, Any]) -> None:
        db.execute("INSERT INTO events (event) VALUES (?)", (raw,))

    return append


def persist_queue(folder: Path) -> Append:
    """persist-queue's SQLite queue, which commits each item."""
    queue = persistqueue.SQLiteQueue(str(folder / "queue"), auto_commit=True)

    def append(raw: bytes, _: dict[str, Any]) -> None:
        queue.put(raw)

    return append


def tinydb(folder: Path, waiting: int) -> Append:
    """TinyDB on its own file, as its documentation begins."""
    db = TinyDB(folder / "rival.json", storage=JSONStorage)
    document = {"seq": 1, "kind": "rating", "survey": "exit", "question": "visit", "face": 4}
    db.insert_multiple({**document} for _ in range(waiting))

    def append(_: bytes, document: dict[str, Any]) -> None:
        db.insert(document)

    return append
