"""Puts on the card, off the screen's thread, what the session asks to have recorded.

One thread, one queue, in order. The session names earlier ratings by ticket; only here their
(stream, seq) is known, and put into the event that is about them. A card that blocks holds up this
thread and nothing else. It outlives a mistake in the program: without it no tap would reach the
card any more, and customers would be thanked all the same.
"""

import logging
import queue
import threading
from collections.abc import Callable
from typing import Protocol

import msgspec

from kiosk import signals
from sync.buffer import errors
from sync.buffer.recorder import Receipt
from sync.feedback import events

log = logging.getLogger(__name__)

RETRY_SECONDS = 5.0
_REMEMBERED = 256  # tickets; a visit has a handful, and only its own are ever named


class Card(Protocol):
    """What of the buffer is needed here."""

    @property
    def stream(self) -> str:
        """The stream that is written."""

    @property
    def in_memory(self) -> int:
        """Events that the card has not taken."""

    def record(self, event: events.Event) -> Receipt:
        """Record, durably if the card lets it."""

    def retry(self) -> bool:
        """Try again what waits in memory."""


class Recorder:
    """A thread that records. `done(ticket, receipt)` is called in it; None when refused.

    mistaken: called in it after a mistake in the program, which is in the log then.
    """

    def __init__(
        self,
        card: Card,
        done: Callable[[int, Receipt | None], None],
        mistaken: Callable[[], None] = lambda: None,
    ) -> None:
        self._card, self._done, self._mistaken = card, done, mistaken
        self._queue: queue.SimpleQueue[signals.Record | None] = queue.SimpleQueue()
        self._receipts: dict[int, Receipt] = {}
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)

    def __repr__(self) -> str:
        return f"<Recorder {'running' if self._thread.is_alive() else 'stopped'}>"

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def submit(self, record: signals.Record) -> None:
        """Hand an event in; returns at once."""
        self._queue.put(record)

    def stop(self, timeout: float = 10.0) -> None:
        """Record what was handed in, then end. Twice is fine."""
        self._queue.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout)

    @property
    def waiting(self) -> int:
        """How many events were handed in and are neither on the card nor in its memory."""
        return self._queue.qsize()

    def _run(self) -> None:
        while True:
            try:
                if not self._one():
                    return
            except Exception:
                log.exception("A mistake while recording; the kiosk goes on")
                self._mistaken()

    def _one(self) -> bool:
        """Record the next event, or try again what waits in memory; False at the end."""
        try:
            record = self._queue.get(timeout=RETRY_SECONDS)
        except queue.Empty:
            if self._card.in_memory:
                self._card.retry()
            return True
        if record is None:
            return False
        self._done(record.ticket, self._recorded(record))
        return True

    def _recorded(self, record: signals.Record) -> Receipt | None:
        event = self._addressed(record)
        if event is None:
            return None
        try:
            receipt = self._card.record(event)
        except (events.Invalid, errors.Error):
            return None  # closed, or larger than any event: neither is the customer's to know
        self._receipts[record.ticket] = receipt
        while len(self._receipts) > _REMEMBERED:
            del self._receipts[next(iter(self._receipts))]
        return receipt

    def _addressed(self, record: signals.Record) -> events.Event | None:
        """Put the seq of the rating that an event is about into it; None when that has none."""
        field, ticket = (
            ("rating", record.about) if record.visit is None else ("visit", record.visit)
        )
        if ticket is None:
            return record.event
        receipt = self._receipts.get(ticket)
        if (
            receipt is None
        ):  # the rating was refused: a second question stands alone, the rest falls
            return record.event if field == "visit" else None
        changes: dict[str, object] = {field: receipt.seq}
        if receipt.stream != self._card.stream:
            changes["stream"] = receipt.stream
        return msgspec.structs.replace(record.event, **changes)
