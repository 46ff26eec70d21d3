"""A kiosk's backlog into the books, against a bare insert of the same rows.

Both sides commit 500 rows at a time, durably. The bare side is what the database itself can do: one
multi-row statement on SQLite, COPY on PostgreSQL, into a table with the columns of ours. Ours
judges, folds, keeps roll-ups and stream, and answers. EVENTS in the environment changes the count.
"""

from __future__ import annotations

import json
import os
import pathlib
import random
import tempfile
import time
import uuid
from collections.abc import Iterator
from typing import Any

from sync.central import collector, ingest, reading, store
from sync.central.store import events
from sync.feedback import wire
from tests import databases

EVENTS = int(os.environ.get("EVENTS", "200000"))
A_DAY = 2_000  # a busy exit
BATCH = 500
TURN = 20  # batches
DAY = 86_400_000


def run() -> dict[str, dict[str, Any]]:
    """Measure both databases; see outside.md for the shape."""
    collector.look_rarely()  # as the office's processes do
    found: dict[str, dict[str, Any]] = {}
    bodies = list(backlog(EVENTS))
    with tempfile.TemporaryDirectory() as folder, databases.sqlite(pathlib.Path(folder)) as fresh:
        found |= measured(
            "sqlite", fresh, bodies, "multi-row insert of the same rows, 500 a commit"
        )
    with databases.postgresql(durable=True) as fresh:
        found |= measured("postgresql", fresh, bodies, "COPY of the same rows, 500 a commit")
    return found


def measured(
    name: str, fresh: databases.Fresh, bodies: list[bytes], against: str
) -> dict[str, dict[str, Any]]:
    """Give one database's entries. The two sides take turns, so that both have the same weather."""
    ours = bare = 0.0
    with store.open(fresh()) as books, store.open(fresh()) as plain:
        kiosk = databases.kiosk(books)
        for first in range(0, len(bodies), TURN):
            turn = bodies[first : first + TURN]
            rows = [as_rows(kiosk, body) for body in turn]
            began = time.perf_counter()
            for body in turn:
                answer = ingest.batch(books, kiosk, body, databases.NOW)
                assert isinstance(answer, wire.Stored), answer
            between = time.perf_counter()
            for some in rows:
                with plain.write() as connection:
                    events.add(connection, some)
            ours += between - began
            bare += time.perf_counter() - between
        assert count(books) == count(plain) == EVENTS
    return {
        f"ingest/{name}": {
            "value": round(bare / ours, 3),
            "goal": 0.3,
            "better": "higher",
            "against": f"{against} ({EVENTS / bare:,.0f} rows/s)",
        },
        f"ingest/{name}/events-per-second": {
            "value": round(EVENTS / ours),
            "goal": None,
            "better": "higher",
            "against": "a second",
        },
    }


def as_rows(kiosk: str, body: bytes) -> list[events.Fields]:
    """Give the rows that a batch becomes: plain tuples, which cost the collector nothing."""
    read = reading.read(body)
    return [
        (
            read.stream,
            one.seq,
            one.through,
            kiosk,
            one.kind,
            one.mono,
            one.rank,
            False,
            databases.NOW,
            one.raw.decode(),
        )
        for one in read.entries
    ]


def count(books: store.Store) -> int:
    """Give how many rows are in the books."""
    with books.read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM events").scalar_one())


def backlog(count: int) -> Iterator[bytes]:
    """Give the batches of a kiosk that had no line for months: a stream a day."""
    chance = random.Random(7)
    before: dict[str, Any] | None = None
    for day in range(-(-count // A_DAY)):
        stream = str(uuid.UUID(int=chance.getrandbits(128), version=4))
        size = min(A_DAY, count - day * A_DAY)
        lines = list(a_day(chance, day, size, before))
        for first in range(0, size, BATCH):
            told = ",".join(lines[first : first + BATCH])
            yield (
                f'{{"format":1,"stream":"{stream}","last_seq":{size},"events":[{told}]}}'.encode()
            )
        before = {"stream": stream, "seq": size}


def a_day(
    chance: random.Random, day: int, size: int, before: dict[str, Any] | None
) -> Iterator[str]:
    """Give a day's events: opening, then people at their own pace, some with a reason."""
    opened = databases.NOW + day * DAY + 8 * 3_600_000
    after = {} if before is None else {"after": before}
    first = {"at": opened, "boot_id": f"boot{day}", "serial": "1", "app": "1.0.0", **after}
    head: list[dict[str, Any]] = [
        {"kind": "start", **first, "stopped": "power"},
        {"kind": "settings", "time_zone": "Europe/Stockholm", "hours": None, "etag": ""}
        | {"pause": 5000, "run": 5, "rules": 1, "order": "best_first", "layout": "row"},
        {"kind": "survey", "survey": "exit", "version": 1, "document": {"faces": 4}},
        {"kind": "clock", "at": opened, "trusted": opened, "uncertainty": 50, "source": "ntp"},
    ]
    mono, rated = 40_000, 0
    for seq in range(1, size + 1):
        event: dict[str, Any]
        if seq <= len(head):
            event = head[seq - 1]
        elif rated and chance.random() < 0.15:
            event = {"kind": "answer", "rating": rated, "reasons": ["waiting"]}
            mono, rated = mono + 3_000, 0
        else:
            mono += 4_000 + int(chance.expovariate(1 / 15_000))
            face = chance.choices((1, 2, 3, 4), (8, 7, 27, 58))[0]
            event = {"kind": "rating", "survey": "exit", "survey_version": 1, "question": "visit"}
            event |= {"face": face, "faces": 4, "language": "sv", "via": "touch"}
            rated = seq
        yield json.dumps({"seq": seq, "mono": mono, **event}, separators=(",", ":"))
