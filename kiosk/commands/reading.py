"""What the commands share that read beside a running kiosk."""

import datetime
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk import config
from kiosk.commands import saying
from sync.buffer import errors, reader


@contextmanager
def card(data: Path | None) -> Iterator[reader.BufferReader]:
    """Open the card for reading. Raises `saying.CouldNot` with one sentence."""
    folder = config.data_path(data)
    try:
        opened = reader.BufferReader.open(folder)
    except errors.Error as error:
        raise saying.CouldNot(str(error)) from None
    with opened:
        yield opened


def now(opened: reader.BufferReader) -> tuple[int, str]:
    """Return the time in ms and where it is known from, "" when it is only believed."""
    clock = opened.clock()
    if clock is None:
        return time.time_ns() // 1_000_000, ""
    mono = time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
    return clock.trusted + mono - clock.mono, clock.source


def loaded(settings_file: Path | None, opened: reader.BufferReader) -> config.Loaded:
    """Return settings and survey as the kiosk has them in force."""
    path = config.settings_path(settings_file)
    return config.in_force(path, opened, named=settings_file is not None, now_ms=now(opened)[0])


def shown(when: int | None, zone: str) -> str | None:
    """Return a time as people read it, in the shop's zone with its offset."""
    if when is None:
        return None
    moment = datetime.datetime.fromtimestamp(when / 1000, ZoneInfo(zone))
    return moment.isoformat(timespec="seconds")
