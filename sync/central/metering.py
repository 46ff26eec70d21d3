"""What reading a kiosk's past again costs, counted in events: `fold` has it paid for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from sync.central.store import events

A_STREAM: Final = 20  # events that could be read in the time that a stream without any takes


class TooDear(Exception):
    """The past is not read again now."""


class Meter:
    """Counts the events that are read again, or forbids it."""

    def __init__(self, *, forbidden: bool = False, ready: Callable[[], None] | None = None) -> None:
        self.forbidden = forbidden
        self.ready = ready  # called before the connection is read from
        self.read = 0

    def pay(self, cost: int) -> None:
        """Count what takes as long as reading so many events; raises TooDear where forbidden."""
        if self.forbidden:
            raise TooDear
        self.read += cost

    def pages(self, pages: Iterator[list[events.Row]]) -> Iterator[list[events.Row]]:
        """Give the pages on, counted."""
        self.pay(A_STREAM)
        if self.ready is not None:
            self.ready()
        for page in pages:
            self.read += len(page)
            yield page
