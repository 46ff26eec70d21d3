"""1,000 simulated kiosks against a real office: two workers on PostgreSQL, over real sockets.

Every kiosk enrols, then plays its morning with the real protocol code, sixteen at a time, from a
process of its own, until all have or the time is up. What is measured is what the kiosks see; on a
machine of few cores the fleet itself takes its share of them.
"""

from __future__ import annotations

import concurrent.futures
import datetime
import pathlib
import tempfile
import time
from typing import Any

import psutil  # type: ignore[import-untyped]  # ships no types

from sync.central import cards, simulate, store
from tests import databases, office_process

KIOSKS = 1_000
AT_ONCE = 16
SECONDS = 30.0
SEED = 11
# a Saturday at eleven: the shops of Europe have been open for an hour or two
UNTIL = datetime.datetime(2026, 11, 21, 10, tzinfo=datetime.UTC).timestamp()


def run() -> dict[str, dict[str, Any]]:
    """Give batches and events a second, the calls' p50 and p99, and the workers' memory."""
    with databases.postgresql() as fresh, tempfile.TemporaryDirectory() as folder:
        database = fresh()
        with (
            office_process.office(database, pathlib.Path(folder), workers=2) as running,
            store.open(database) as books,
        ):
            enrolling = time.perf_counter()
            fleet = simulate.fleet(books, KIOSKS, SEED, UNTIL - simulate.DAY, running.url)
            enrolled = time.perf_counter() - enrolling
            report, spoke = _morning(fleet)
            process = psutil.Process(running.process.pid)
            workers = [child for child in process.children(recursive=True) if _is_worker(child)]
            memory = max((child.memory_info().rss for child in workers), default=0)
            machine = f"{KIOSKS} kiosks enrolled, {spoke} spoke, 2 workers, PostgreSQL, one machine"
            return {
                "fleet/enrolments a second": _entry(KIOSKS / enrolled, "higher", machine),
                "fleet/batches a second": _entry(
                    report.batches / report.seconds, "higher", machine
                ),
                "fleet/events a second": _entry(report.events / report.seconds, "higher", machine),
                "fleet/call p50, ms": _entry(1000 * report.percentile(0.5), "lower", machine),
                "fleet/call p99, ms": _entry(1000 * report.percentile(0.99), "lower", machine),
                "fleet/failed calls": _entry(
                    report.failed, "lower", f"{machine}; the lines fail on purpose"
                ),
                "fleet/memory of a worker, MB": _entry(memory / 1e6, "lower", machine),
            }


def _morning(fleet: list[simulate.Kiosk]) -> tuple[cards.Report, int]:
    """Play the morning of as many kiosks as the time is enough for."""
    began = time.perf_counter()
    today = datetime.datetime.fromtimestamp(UNTIL, datetime.UTC).date()

    def live(kiosk: simulate.Kiosk) -> bool:
        if time.perf_counter() - began > SECONDS:
            return False
        kiosk.live(today, UNTIL)
        return True

    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        spoke = sum(pool.map(live, fleet))
    return simulate.summed(fleet, 1, time.perf_counter() - began), spoke


def _is_worker(child: psutil.Process) -> bool:
    return "resource_tracker" not in " ".join(child.cmdline())


def _entry(value: float, better: str, against: str) -> dict[str, Any]:
    return {"value": round(value, 2), "goal": None, "better": better, "against": against}
