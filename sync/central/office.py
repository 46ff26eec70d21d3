"""What one running office has at hand: its books, its figures about itself, its clock, its id."""

import dataclasses
import shutil
import time
from collections.abc import Callable
from concurrent import futures

from sync.central import fold, metrics, turns
from sync.central.store import claims, engine, kiosks
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
    calls: turns.Turns = dataclasses.field(default_factory=turns.Turns)
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
        disk = self.disk()
        if disk is None:
            return False
        total, free = disk
        return free < wire.FREE_BYTES and free < wire.FREE_SHARE * total

    def disk(self) -> tuple[int, int] | None:
        """Give total and free bytes under a SQLite database, None for a PostgreSQL."""
        folder = self.store.folder
        return None if folder is None else (self.free or _disk)(str(folder))

    def moment(self) -> dict[str, dict[str, float]]:
        """Give what is true of the whole office now, for `metrics.Metrics.page`."""
        now = self.now()
        states = {"heard": 0.0, "silent": 0.0, "never": 0.0}
        with self.store.read() as connection:
            for kiosk in kiosks.every(connection):
                if kiosk.enrolled_at is None or kiosk.revoked_at is not None:
                    continue
                heard = kiosk.heard_at
                silent = heard is not None and now - heard > wire.SILENT_AFTER * 1000
                states["never" if heard is None else "silent" if silent else "heard"] += 1
            foreign = len(claims.every(connection))
            late = len(fold.late(connection))
        found = {
            "smiley_kiosks": states,
            "smiley_streams": {"foreign": float(foreign)},
            "smiley_figures": {"late": float(late)},
        }
        if (disk := self.disk()) is not None:
            found["smiley_disk_bytes"] = {"total": float(disk[0]), "free": float(disk[1])}
        return found


def _disk(folder: str) -> tuple[int, int]:
    usage = shutil.disk_usage(folder)
    return usage.total, usage.free
