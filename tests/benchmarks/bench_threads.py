"""Two threads recording and one acknowledging: nothing lost, nothing doubled, little waiting."""

import os
import shutil
import statistics
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from sync.buffer import buffer
from sync.buffer.files import RealFiles
from tests.benchmarks import cards

SECONDS = 10.0
ROUND_TRIP = 0.005
"""Between a batch and its acknowledgement: a quick office on a quick line."""


class TimedFiles(RealFiles):
    """A real card that notes how long each sync took, and how long each thread was at work."""

    def __init__(self) -> None:
        super().__init__()
        self.syncs: list[float] = []
        self.mine = threading.local()

    def append(self, path: str, data: bytes) -> None:
        """See :class:`sync.buffer.files.Files`."""
        begin = time.perf_counter()
        super().append(path, data)
        self.mine.spent = getattr(self.mine, "spent", 0.0) + time.perf_counter() - begin

    def sync(self, path: str) -> None:
        """See :class:`sync.buffer.files.Files`."""
        begin = time.perf_counter()
        super().sync(path)
        took = time.perf_counter() - begin
        self.mine.spent = getattr(self.mine, "spent", 0.0) + took
        self.syncs.append(took)


def run() -> dict[str, dict[str, Any]]:
    """Ten seconds of it."""
    folder = Path(tempfile.mkdtemp(prefix="bench-threads-", dir=os.environ.get("BENCH_DIR")))
    try:
        return _run(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(folder: Path) -> dict[str, dict[str, Any]]:
    card = TimedFiles()
    waits: list[float] = []
    receipts: list[tuple[str, int]] = []
    end = time.monotonic() + SECONDS
    with buffer.Buffer.open(folder, files=card) as opened:

        def record() -> None:
            number = 0
            while time.monotonic() < end:
                card.mine.spent, begin = 0.0, time.perf_counter()
                receipt = opened.record(cards.rating(0, number))
                waits.append(time.perf_counter() - begin - card.mine.spent)
                receipts.append((receipt.stream, receipt.seq))
                number += 1

        def acknowledge() -> None:
            while time.monotonic() < end:
                for row in opened.outgoing():
                    batch = opened.read(row.stream, row.acknowledged)
                    time.sleep(ROUND_TRIP)
                    opened.acknowledge(row.stream, row.acknowledged + len(batch))

        threads = [threading.Thread(target=act) for act in (record, record, acknowledge)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        syncs = card.syncs[:]
    with buffer.Buffer.open(folder) as again:
        again.tend()
        rows = [row for row in (*again.outgoing(), *again.settled()) if row.last_seq]
        kept = [
            (row.stream, seq)
            for row in rows
            for seq, _ in enumerate(again.read(row.stream, 0, 10**7, 1 << 40), 1)
        ]
    wrong = len(set(receipts) - set(kept)) + len(receipts) - len(set(receipts))
    waited = statistics.quantiles(waits, n=100)[98]
    return {
        "threads/lost or doubled": {
            "value": wrong,
            "goal": 0,
            "better": "lower",
            "against": f"{len(receipts):,} taps of two threads in {SECONDS:g} s, one acknowledging",
        },
        "threads/wait for others, p99": {
            "value": waited / statistics.quantiles(syncs, n=100)[98],
            "goal": 2,
            "better": "lower",
            "against": f"the fsync's p99; median {statistics.median(syncs) * 1e6:.0f} µs",
        },
    }
