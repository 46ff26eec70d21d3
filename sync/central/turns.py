"""Taking turns: how many calls of one kiosk are at work at once, in each worker.

A kiosk has two connections, each with one call at a time; a line that died under one leaves another
call behind for a while. Calls of one kiosk wait for its row in the books, each in a thread of the
few there are: who calls a hundred times at once with one token would have them all. So the others
wait here, without a thread and with their bodies unread, and beyond that are told to come again.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from typing import Final

from sync.central import problems
from sync.feedback import wire

AT_ONCE: Final = 4
WAITING: Final = 12
COME_AGAIN: Final = 5  # seconds


class Turns:
    """The turns of one worker's kiosks; belongs to one event loop, holds nothing of the idle."""

    def __init__(self) -> None:
        self._here: Counter[str] = Counter()
        self._free: dict[str, asyncio.Semaphore] = {}

    def __repr__(self) -> str:
        return f"<Turns: {self._here.total()} calls of {len(self._here)} kiosks>"

    @contextlib.asynccontextmanager
    async def of(self, kiosk: str) -> AsyncIterator[None]:
        """Wait for a kiosk's turn and hold it; raises 503 where too many of its calls wait."""
        if self._here[kiosk] >= AT_ONCE + WAITING:
            raise problems.Problem(
                wire.BUSY,
                f"{self._here[kiosk]} calls of this kiosk are under way: come again.",
                retry_after=COME_AGAIN,
            )
        self._here[kiosk] += 1
        try:
            async with self._free.setdefault(kiosk, asyncio.Semaphore(AT_ONCE)):
                yield
        finally:
            self._here[kiosk] -= 1
            if not self._here[kiosk]:
                del self._here[kiosk], self._free[kiosk]
