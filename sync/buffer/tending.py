"""When housekeeping is done: a thread's rounds, and the shop's own day."""

import datetime
import logging
import threading
import zoneinfo
from collections.abc import Callable

_log = logging.getLogger(__name__)


class Tender:
    """A thread that calls ``tend`` every so many seconds until :meth:`stop`."""

    def __init__(self, tend: Callable[[], None], seconds: float) -> None:
        self._tend = tend
        self._seconds = seconds
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="buffer-tender", daemon=True)
        self._thread.start()

    def __repr__(self) -> str:
        return f"<Tender every {self._seconds} s>"

    def _run(self) -> None:
        while not self._end.wait(self._seconds):
            try:
                self._tend()
            except Exception:  # the taps go on whatever goes wrong here, and the log says what did
                _log.exception("a round of the buffer's housekeeping failed")

    def stop(self) -> None:
        """End after the round in hand; twice is fine."""
        self._end.set()
        if threading.current_thread() is not self._thread:
            self._thread.join()


def day(wall_ms: int, time_zone: str) -> datetime.date:
    """The shop's own date at a wall time; 1970-01-01 where no calendar reaches."""
    try:
        zone = zoneinfo.ZoneInfo(time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        zone = zoneinfo.ZoneInfo("UTC")
    try:
        return datetime.datetime.fromtimestamp(wall_ms / 1000, zone).date()
    except (OverflowError, ValueError, OSError):
        return datetime.date(1970, 1, 1)
