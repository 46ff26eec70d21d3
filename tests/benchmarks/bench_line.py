"""The line: one batch end to end, bytes on the wire, how fast a backlog drains.

Everything is real: a Buffer on the disk, the uplink's leg over requests, a `smiley-central serve`
process on SQLite, a relay between them that counts bytes. Compared with a bare multi-row insert of
the same rows into a table like the office's, in transactions of 500 (SQLite, WAL,
synchronous=FULL), in the same run. A tenth of the backlog by default, 200,000 events with FULL=1.
"""

from __future__ import annotations

import contextlib
import os
import random
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sync.buffer import machine, memory
from sync.buffer.buffer import Buffer
from sync.feedback import events
from sync.uplink import enrol, legs, protocol, transport
from sync.uplink import line as shared

BACKLOG = 200_000 if os.environ.get("FULL") == "1" else 20_000
BATCH = 500
SINGLES = 15  # batches measured one by one


class Relay:
    """A TCP relay that counts what goes each way."""

    def __init__(self, target: int) -> None:
        self.up = self.down = 0
        self._target = target
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._door.accept()
                office = socket.create_connection(("127.0.0.1", self._target))
                for one in (client, office):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for pair in ((client, office, "up"), (office, client, "down")):
                    threading.Thread(target=self._pass, args=pair, daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, way: str) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                setattr(self, way, getattr(self, way) + len(data))
                sink.sendall(data)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def office(folder: Path, *, yielding: bool = False) -> Iterator[tuple[int, str]]:
    """A running office: its port, and the code of a kiosk. `yielding`: others go before it."""
    environment = {**os.environ, "SMILEY_DATABASE": f"sqlite:///{folder}/office.db"}
    program = [sys.executable, "-m", "sync.central"]

    def run(*words: str) -> str:
        done = subprocess.run([*program, *words], env=environment, check=True, capture_output=True)
        return done.stdout.decode()

    run("migrate")
    code = run("kiosk", "add", "--site", "Lund", "--touchpoint", "Exit").split()[0]
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = int(door.getsockname()[1])
    process = subprocess.Popen(
        [*(["nice", "-n", "19"] if yielding else []), *program, "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2).close()
                break
            time.sleep(0.05)
        yield port, code
    finally:
        process.terminate()
        process.wait()


def record(buffer: Buffer, clock: machine.MemoryMachine, count: int, chance: random.Random) -> None:
    """Ratings with the rhythm of people, some with a reason."""
    for _ in range(count):
        clock.passes(round(1000 * chance.expovariate(1 / 40)))
        buffer.record(
            events.Rating(
                survey="exit",
                survey_version=1,
                question="visit",
                face=chance.choices([1, 2, 3, 4], [8, 8, 27, 57])[0],
                faces=4,
                language=chance.choices(["sv", "en"], [9, 1])[0],
                via="touch",
            )
        )


class Line:
    """A kiosk's first leg, walked by hand."""

    def __init__(self, buffer: Buffer, port: int, code: str) -> None:
        self.wires = transport.RequestsTransport(proxy="")
        url = f"http://127.0.0.1:{port}"
        enrol.enrol(url, code, buffer=buffer, line=self.wires)
        line = shared.Line(buffer, protocol.Uploads(linger=0), shared.Calls(wall=lambda: 0))
        self.leg = legs.Upload(line, self.wires, now=time.monotonic, chance=random.random)

    def drain(self, buffer: Buffer) -> list[float]:
        """Send all there is; seconds of each step."""
        times = []
        while buffer.pending():
            began = time.perf_counter()
            self.leg.step()
            times.append(time.perf_counter() - began)
        return times


def bare(folder: Path) -> list[float]:
    """Seconds of each transaction of a bare insert of the office's rows into a like table."""
    with sqlite3.connect(folder / "office.db") as books:
        made = books.execute(
            "SELECT sql FROM sqlite_master WHERE tbl_name = 'events' AND sql != ''"
        )
        tables = [sql for (sql,) in made]
        rows = books.execute("SELECT * FROM events ORDER BY stream, seq").fetchall()
    books.close()
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    for sql in tables:
        connection.execute(sql)
    insert = f"INSERT INTO events VALUES ({', '.join('?' * len(rows[0]))})"
    times = []
    for at in range(0, len(rows) - BATCH, BATCH):
        began = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(insert, rows[at : at + BATCH])
        connection.execute("COMMIT")
        times.append(time.perf_counter() - began)
    connection.close()
    return times


def backlog(folder: Path) -> None:
    """A card with a backlog in a closed stream, written at once: recording is not measured here."""
    card, clock = memory.MemoryFiles(), machine.MemoryMachine(seed=2)
    with Buffer.open("card", files=card, machine=clock, app="1.0.0") as buffer:
        record(buffer, clock, BACKLOG, random.Random(2))
    for path, data in card.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def run() -> dict[str, dict[str, Any]]:
    """The figures of the line."""
    chance = random.Random(1)
    clock = machine.MemoryMachine(seed=1)
    clock.reboots()  # the backlog is of the boot before
    with tempfile.TemporaryDirectory(prefix="smiley-line-") as name, office(Path(name)) as at:
        folder, relay = Path(name), Relay(at[0])
        backlog(folder)
        with Buffer.open(folder / "card", machine=clock, app="1.0.0") as buffer:
            buffer.tend()
            line = Line(buffer, relay.port, at[1])
            batches = line.drain(buffer)
            singles, up, down = [], relay.up, relay.down
            for _ in range(SINGLES):
                record(buffer, clock, BATCH - buffer.pending(), chance)
                singles += line.drain(buffer)
            up, down = relay.up - up, relay.down - down
            line.wires.close()
        inserts = bare(folder)
    one, plain, many = (statistics.median(times) for times in (singles, inserts, batches))
    insert = "bare multi-row insert of the same rows, transactions of 500"
    ratings = SINGLES * BATCH
    return {
        "line/batch of 500, card to commit to acknowledged": {
            "value": one / plain,
            "goal": None,
            "better": "lower",
            "against": f"{insert} ({1000 * one:.1f} ms : {1000 * plain:.1f} ms)",
        },
        "line/backlog, events a second": {
            "value": plain / many,
            "goal": 0.3,
            "better": "higher",
            "against": f"{insert} ({BATCH / many:,.0f} a second; medians)",
        },
        "line/bytes up per rating": {
            "value": up / ratings,
            "goal": 12,
            "better": "lower",
            "against": "full batches, headers included",
        },
        "line/bytes both ways per rating": {
            "value": (up + down) / ratings,
            "goal": 12,
            "better": "lower",
            "against": "full batches, headers included",
        },
    }
