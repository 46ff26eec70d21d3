"""What a tap costs with any number waiting; what a full card costs to open, read and count."""

import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sync.buffer import buffer
from sync.buffer.files import RealFiles
from sync.feedback import events
from tests.benchmarks import cards, rivals

TAPS = 1500
RAW = events.encode(cards.rating(101_250, 5))
DOCUMENT = json.loads(RAW)

Entries = dict[str, dict[str, Any]]


class CountingFiles(RealFiles):
    """A real card that counts what it is handed."""

    def __init__(self) -> None:
        super().__init__()
        self.handed = 0

    def append(self, path: str, data: bytes) -> None:
        """See :class:`sync.buffer.files.Files`."""
        self.handed += len(data)
        super().append(path, data)

    def write(self, path: str, data: bytes) -> None:
        """See :class:`sync.buffer.files.Files`."""
        self.handed += len(data)
        super().write(path, data)


def entry(value: float, goal: float | None, against: str, better: str = "lower") -> dict[str, Any]:
    """One line of bench.json."""
    return {"value": value, "goal": goal, "better": better, "against": against}


def timed(act: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def p99(times: list[float]) -> float:
    """The 99th percentile."""
    return statistics.quantiles(times, n=100)[98]


def record_against_bare(folder: Path, scratch: Path, name: str) -> Entries:
    """Taps and bare appends of as many bytes, one after the other, so that both see one machine."""
    scratch.mkdir(exist_ok=True)
    card = CountingFiles()
    taps: list[float] = []
    bares: list[float] = []
    with buffer.Buffer.open(folder, files=card) as opened:
        opened.record(cards.rating(0, 0))
        while opened.pending() < int(name):
            opened.tend()
        bare = rivals.bare(scratch)
        handed, size = card.handed, 0
        for number in range(TAPS):
            event = cards.rating(0, number)
            before = card.handed
            taps.append(timed(lambda event=event: opened.record(event)))  # type: ignore[misc]  # bound at once
            line = bytes(card.handed - before)
            bares.append(timed(lambda line=line: bare(line, {})))  # type: ignore[misc]  # bound at once
        handed = card.handed - handed
        size = sum(map(len, opened.read(opened.stream, opened.last_seq - TAPS, limit=TAPS)))
    shutil.rmtree(scratch)
    against = "append + fdatasync, same bytes"
    return {
        f"record/waiting={name}": entry(
            statistics.median(taps) / statistics.median(bares), 1.5, against
        ),
        f"record/waiting={name}/p99": entry(p99(taps) / p99(bares), 2, f"{against}, its p99"),
        f"record/waiting={name}/bytes": entry(handed / size, 1.3, "the events' JSON"),
    }


def rival(
    name: str, make: Callable[[Path], rivals.Append], folder: Path, taps: int = 300
) -> Entries:
    """The same for what else one could use."""
    folder.mkdir()
    append, bare = make(folder), rivals.bare(folder)
    times, bares = [], []
    for _ in range(taps):
        times.append(timed(lambda: append(RAW, DOCUMENT)))
        bares.append(timed(lambda: bare(RAW, DOCUMENT)))
    shutil.rmtree(folder)
    ratio = statistics.median(times) / statistics.median(bares)
    return {f"record/beside/{name}": entry(ratio, None, "append + fdatasync, same bytes")}


OPENING = """
import resource, sys, time
from sync.buffer import buffer
from sync.feedback import totals
def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()
with buffer.Buffer.open(sys.argv[2], tending_every=None) as empty:
    pass
before, begin = resident(), time.perf_counter()
opened = buffer.Buffer.open(sys.argv[1], tending_every=None)
took = time.perf_counter() - begin
print(took, resident() - before, opened.pending())
opened.close()
"""


def opening(folder: Path, scratch: Path) -> tuple[float, float, int]:
    """Seconds and bytes of memory that opening takes in a fresh process, and what waits then."""
    results = []
    for number in range(7):
        done = subprocess.run(
            [sys.executable, "-c", OPENING, str(folder), str(scratch / str(number))],
            capture_output=True,
            text=True,
            check=True,
        )
        results.append([float(word) for word in done.stdout.split()])
    return (
        statistics.median(r[0] for r in results),
        statistics.median(r[1] for r in results),
        int(results[0][2]),
    )


def full_card(folder: Path, scratch: Path) -> Entries:
    """Opening, reading and counting a card of a million events in a thousand streams."""
    empty, empty_memory, _ = opening(scratch / "empty", scratch)
    full, memory, waiting = opening(folder, scratch)
    with buffer.Buffer.open(folder, tending_every=None) as opened:
        reading = timed(lambda: sum(1 for _ in opened.iter_pending()))
        span = ("2025-01-01", "2025-03-31")
        counting = [timed(lambda: opened.totals(*span)) for _ in range(9)]
        taps = sum(row.n for row in opened.totals(*span))
        before = opened.pending()
    return {
        "card/open ms beyond 1.5 × empty": entry(
            (full - 1.5 * empty) * 1000, 50, f"1,000 streams of 1,000; empty {empty * 1000:.1f} ms"
        ),
        "card/memory MB": entry((memory - empty_memory) / 1e6, 20, "opening an empty card"),
        "card/pending events per s": entry(
            before / reading, 150_000, f"{waiting:,} waiting", "higher"
        ),
        "card/totals ms, 90 days": entry(
            statistics.median(counting) * 1000, 20, f"{taps:,} taps; first {counting[0] * 1000:.1f}"
        ),
    }


def run() -> Entries:
    """All of it; some two minutes."""
    scratch = Path(tempfile.mkdtemp(prefix="bench-record-", dir=os.environ.get("BENCH_DIR")))
    try:
        return {**_records(scratch), **_rivals(scratch)}
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _records(scratch: Path) -> Entries:
    entries: Entries = {}
    for waiting, streams in ((0, 0), (10_000, 10), (1_000_000, 1000)):
        folder = scratch / f"card-{waiting}"
        cards.make(folder, streams, 1000)
        entries |= record_against_bare(folder, scratch / "bare", str(waiting))
        if waiting == 1_000_000:
            entries |= full_card(folder, scratch)
        shutil.rmtree(folder)
    return entries


def _rivals(scratch: Path) -> Entries:
    numbers = itertools.count()

    def place() -> Path:
        return scratch / f"rival-{next(numbers)}"

    return {
        **rival("TinyDB's file, waiting=0", lambda f: rivals.tinydb(f, 0), place()),
        **rival("TinyDB's file, waiting=10000", lambda f: rivals.tinydb(f, 10_000), place(), 20),
        **rival("SQLite, waiting=10000", lambda f: rivals.sqlite(f, 10_000), place()),
        **rival("SQLite, waiting=1000000", lambda f: rivals.sqlite(f, 1_000_000), place()),
        **rival("persist-queue, waiting=0", rivals.persist_queue, place()),
    }
