"""The buffer on the card: what is recorded here survives a power cut, and is kept until it is sent.

Rules (design: events.md §1 and §4):

1. ``record`` returns ``durable`` only when the event would survive a power cut, and costs the same
   however many events wait and however many streams there were.
2. A stream is one opening of the buffer; its first event brings ``start`` along as seq 1. No file
   that existed when the buffer was opened is ever appended to, so no (stream, seq) is given twice.
3. What the card refuses waits in memory and goes first as soon as it is taken.
4. One owner: a second ``open`` of the same folder raises ``errors.Locked``. Beside it a
   :class:`~sync.buffer.reader.BufferReader` reads.
5. Nothing that an office says makes an event leave the card.

The layout of a data folder::

    lock       held while a buffer is open
    owner      which process holds it, and how many events only its memory has
    streams/   the events, see sync.buffer.segments
    state/     small state, see sync.buffer.state

What a card does never raises out of a method here but for ``open`` and the ones that say so.
"""

import contextlib
import datetime
import os
import threading
from typing import Any, Self

import msgspec

from sync.buffer import errors, keeper, ledger, opening, ownership, tending, writing
from sync.buffer.files import Files, RealFiles
from sync.buffer.identity import Enrolment, Identity
from sync.buffer.machine import Machine, RealMachine
from sync.buffer.reader import Reading
from sync.buffer.recorder import Receipt
from sync.feedback import events

BATCH_BYTES = 4 * 1024 * 1024


class Buffer(Reading):
    """The offline buffer of one kiosk. Made by :meth:`open`; a context manager."""

    def __init__(
        self,
        folder: str,
        card: Files,
        machine: Machine,
        *,
        owned: ownership.Ownership,
        app: str,
        room: int,
        many: int,
    ) -> None:
        super().__init__(folder, card, machine)
        self.closed = False
        self._owned = owned
        self._lock = threading.Lock()
        self._tender: tending.Tender | None = None
        self._look(sync=True, all_of_them=False)
        self._writing = writing.Writing(
            card=card,
            folder=self._events_in,
            machine=machine,
            streams=self._streams,
            stopped=opening.stopped(self._state, machine),
            app=app,
        )
        self._begin_totals()
        self._ledger.many = many
        self._keeper = keeper.Keeper(
            card=card,
            folder=self._events_in,
            machine=machine,
            state=self._state,
            streams=self._streams,
            library=self._library,
            ledger=self._ledger,
            point=self._point,
            writing=self._writing,
            room=room,
        )
        self._day = self._today()
        with contextlib.suppress(errors.Error):
            self._state.save("marker", {"boot_id": machine.boot_id, "clean": False})

    @classmethod
    def open(
        cls,
        folder: str | os.PathLike[str],
        *,
        files: Files | None = None,
        machine: Machine | None = None,
        app: str = "",
        room: int = keeper.ROOM,
        many: int = ledger.MANY,
        tending_every: float | None = 1.0,
    ) -> Self:
        """Own the data folder, which is made when it is not there.

        ``app``: the program's version, for ``start``. ``room``: free bytes below which the card is
        short. ``many``: cells that a checkpoint holds before the months' files take them.
        ``tending_every``: seconds between two rounds of housekeeping in a thread of its own; None
        leaves calling :meth:`tend` to the caller. Raises ``errors.Locked`` when another process
        owns the folder. A card that cannot be written to is no error: taps wait in memory
        and ``trouble`` says so.
        """
        card = files or RealFiles()
        path = os.fspath(folder)
        owned = ownership.Ownership(card, path)
        owned.say(0)
        try:
            real = machine or RealMachine()
            buffer = cls(path, card, real, owned=owned, app=app, room=room, many=many)
        except BaseException:
            owned.give_up()
            raise
        if tending_every is not None:
            buffer._tender = tending.Tender(buffer.tend, tending_every)
        return buffer

    def __repr__(self) -> str:
        return f"<Buffer {self.folder} {'closed' if self.closed else 'open'}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Seal, save the small state, give the folder up. Twice is fine.

        What still waits in memory is tried once more and is lost with the process.
        """
        with self._lock:
            if self.closed:
                return
            self.closed = True
        if self._tender is not None:
            self._tender.stop()
        self._writing.close()
        with contextlib.suppress(errors.Error):
            self._keeper.save()
            self._state.save("marker", {"boot_id": self._machine.boot_id, "clean": True})
        self._owned.give_up()

    # -- recording ---------------------------------------------------------------------------

    def record(self, event: events.Event) -> Receipt:
        """Put an event on the card; returns after the fsync, or when the card has refused.

        ``seq`` is stamped, and ``mono`` where it is 0. A text that makes the event too large is
        cut. Raises ``events.Invalid`` for an event too large all the same, ``errors.Closed`` after
        ``close``; for what a card does, never.
        """
        if self.closed:
            raise errors.Closed(f"{self.folder}: this buffer is closed; open it again")
        return self._writing.record(event)

    def retry(self) -> bool:
        """Try again to write what waits in memory; True when nothing is left there."""
        return self._writing.retry()

    @property
    def in_memory(self) -> int:
        """Events that the card refused, or has kept waiting for more than two seconds."""
        return self._writing.in_memory

    @property
    def trouble(self) -> str:
        """What the card said when it last refused to write, "" when it took everything."""
        return self._owned.trouble or self._writing.trouble or self._keeper.trouble

    @property
    def stream(self) -> str:
        """The current stream; it has no file before the first event."""
        return self._writing.current.head.stream

    @property
    def last_seq(self) -> int:
        """The highest seq of the current stream that is on the card, 0 before the first."""
        return self._writing.current.written

    @property
    def comments_open(self) -> bool:
        """Whether comments may be asked for: False while the card is short of room or refuses."""
        return not self._keeper.short and not self._writing.trouble

    # -- for the uplink ----------------------------------------------------------------------

    def read(
        self, stream: str, after: int, limit: int = 500, max_bytes: int = BATCH_BYTES
    ) -> list[bytes]:
        """The next events after ``after``, as they lie on the card: ascending, without a hole.

        At most ``limit``, and at most ``max_bytes`` together, but one at least while any are left.
        Counts as sending them. Raises ``LookupError`` for a stream that is not on this card.
        """
        found: list[bytes] = []
        size, last = 0, after
        for event in self._library.events(self._streams[stream], after):
            size += len(event.raw)
            if len(found) == limit or (found and size > max_bytes):
                break
            found.append(event.raw)
            last = event.last
        self._streams.sent(stream, last)
        return found

    def acknowledge(self, stream: str, through: int) -> None:
        """Believe the office, lower as well as higher; never beyond what was sent or exported.

        Raises ``LookupError`` for a stream that is not on this card.
        """
        self._streams.acknowledge(stream, through)

    # -- housekeeping and small state --------------------------------------------------------

    def tend(self) -> None:
        """One round of housekeeping: see :mod:`sync.buffer.keeper`. Never raises for the card."""
        if self.closed:
            return
        if self._owned.trouble or self._writing.trouble:
            with contextlib.suppress(errors.Locked):
                self._owned.take()
        self.retry()
        self._owned.say(self.in_memory)
        today = self._today()
        if today != self._day:
            self._day = today
            self._writing.seal()
        self._keeper.tend()

    def _today(self) -> datetime.date:
        return tending.day(self.now(), self._writing.time_zone)

    def now(self) -> int:
        """Ms since 1970: by the boot's last clock, else what the machine believes."""
        return self._writing.now()

    def _fold(self) -> None:
        self._keeper.fold()

    def enrol(self, enrolment: Enrolment) -> None:
        """Keep an enrolment durably; at another kiosk's place a new stream begins.

        The new stream begins with the last settings, surveys and clock of the old one. Raises
        ``errors.Error`` when the card does not take it; then nothing has changed.
        """
        self._keep(self.identity.enrol(enrolment))

    def roll_token(self, kiosk: str, office: str, token: str) -> None:
        """Keep a new token durably. Raises ``errors.Error`` as ``enrol`` does."""
        self._keep(self.identity.roll(kiosk, office, token))

    def _keep(self, identity: Identity) -> None:
        with self._lock:
            self._state.save("identity", msgspec.to_builtins(identity))
            before, self.identity = self.identity, identity
            self._streams.belong(identity)
            if (
                before.current
                and identity.current
                and before.current.place != identity.current.place
            ):
                self._writing.turn_over()

    def remember(self, key: str, value: Any) -> None:
        """Keep a JSON value durably under ``key``. Raises ``errors.Error`` if the card refuses."""
        with self._lock:
            memory = {**self._memory, key: value}
            self._state.save("memory", memory)
            self._memory = memory
