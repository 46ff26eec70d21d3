"""What one running office has at hand: its books, its figures about itself, its clock, its id."""

import dataclasses
import shutil
import time
from collections.abc import Callable
from concurrent import futures

from sync.central import metrics
from sync.central.store import engine
from sync.feedback import wire


def now_ms() -> int:
    """Milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


@dataclasses.dataclass
class Office:
    """Handed to every route; a test hands in its own clock and disk."""

    store: engine.Store
    figures: metrics.Metrics = dataclasses.field(default_factory=metrics.Metrics)
    now: Callable[[], int] = now_ms
    free: Callable[[str], tuple[int, int]] | None = None
    # argon2 takes 64 MiB a call on purpose: two at once, the others queue here and not in the
    # threads that batches need
    log_ins: futures.ThreadPoolExecutor = dataclasses.field(
        default_factory=lambda: futures.ThreadPoolExecutor(2, "log-in")
    )

    @property
    def id(self) -> str:
        """The office's id, kept in its books and their back-ups."""
        return self.store.office

    def full(self) -> bool:
        """Say whether the disk of the books is so full that ingest must not begin.

        Only a SQLite file's disk can be looked at; a PostgreSQL watches its own and refuses.
        """
        folder = self.store.folder
        if folder is None:
            return False
        total, free = (self.free or _disk)(str(folder))
        return free < wire.FREE_BYTES and free < wire.FREE_SHARE * total


def _disk(folder: str) -> tuple[int, int]:
    usage = shutil.disk_usage(folder)
    return usage.total, usage.free
