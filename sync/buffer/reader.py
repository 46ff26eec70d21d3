"""What can be asked of a card, by its owner and by whoever reads beside it.

A reader repairs nothing, writes nothing, locks nothing, and stops at the first unfinished line.
While the kiosk runs it sees what was on the card when it was opened.
"""

import os
from collections.abc import Iterator
from typing import Any, Self

import msgspec

from sync.buffer import checkpoint, errors, opening, purge
from sync.buffer.files import Files, RealFiles
from sync.buffer.identity import Identity
from sync.buffer.ledger import Ledger
from sync.buffer.machine import Machine, RealMachine
from sync.buffer.salvage import Damage, Library, Read
from sync.buffer.state import State
from sync.buffer.streams import Outgoing, Stream, Streams
from sync.feedback import cells, events, totals


class Reading:
    """A card's streams, totals and small state, without owning it. ``identity``: its enrolments."""

    def __init__(self, folder: str, card: Files, machine: Machine) -> None:
        self.folder = folder
        self._card = card
        self._machine = machine
        self._events_in = f"{folder}/streams"
        self._state = State(card, folder)
        self._library = Library(
            card, self._events_in, lambda row: purge.through(card, self._events_in, row)
        )
        self.identity = self._load_identity()
        self._memory: dict[str, Any] = self._state.load("memory") or {}
        self._point = checkpoint.load(self._state)
        self._streams = Streams(self.identity)
        known = checkpoint.streams(self._point, self._state, self.identity)
        self._streams.put(opening.streams(card, self._events_in, known))
        self._ledger = Ledger(self._state, self._library, self._streams.__getitem__)
        self._library.remember(self._point.damaged)

    def _load_identity(self) -> Identity:
        try:
            return msgspec.convert(self._state.load("identity") or {}, Identity)
        except msgspec.ValidationError as error:
            self._state.damaged[f"{self._state.folder}/identity.json"] = str(error)
            return Identity()

    def _look(self, *, sync: bool, all_of_them: bool) -> None:
        """Look at streams whose end is not known, newest first; by default until one has events."""
        for row in reversed(list(self._streams)):
            if row.unread:
                found = opening.look(self._card, self._events_in, row, sync=sync)
                self._streams.put([found])
            if self._streams[row.name].last_seq and not all_of_them:
                return

    def _begin_totals(self) -> None:
        """Take the totals up from the checkpoint; without one, from the records and events."""
        if not self._ledger.load(self._point):
            self._begin_anew()

    def _begin_anew(self) -> None:
        names = [name for row in self._streams for name in row.files]
        records = purge.load(self._card, self._events_in, names)
        self._ledger.begin(self._machine.new_stream(), self._streams, records)

    # -- what waits --------------------------------------------------------------------------

    def outgoing(self) -> list[Outgoing]:
        """The streams with something to send, and the current one; oldest first."""
        return self._streams.outgoing()

    def settled(self) -> list[Outgoing]:
        """The closed streams that their office has wholly, oldest first: a restored one may not."""
        return self._streams.settled()

    def pending(self) -> int:
        """How many events on the card wait to be sent, over all streams; one step."""
        return self._streams.pending

    def iter_pending(self) -> Iterator[tuple[str, bytes]]:
        """All waiting events as (stream, JSON), oldest stream first; reads a segment at a time."""
        for row in self._streams:
            if row.pending:
                for event in self._library.events(row, row.acknowledged):
                    yield row.name, event.raw

    def oldest(self) -> int | None:
        """When the oldest waiting event was recorded, ms since 1970 as far as is known here.

        None when nothing waits.
        """
        for row in self._streams:
            if row.pending:
                first = self._event(row, 0)
                event = self._event(row, row.acknowledged)
                if not isinstance(first, events.Start) or event is None:
                    return None
                if first.boot_id == self._machine.boot_id:
                    return self.now() - self._machine.mono() + event.mono
                return first.at - first.mono + event.mono
        return None

    def _event(self, row: Stream, after: int) -> events.Event | None:
        found = next(self._library.events(row, after), None)
        try:
            return found and events.decode(found.raw)
        except events.Invalid:
            return None

    def clock(self) -> events.Clock | None:
        """The last clock of this boot, None when the boot has none yet."""
        for row in reversed(list(self._streams)):
            if not row.last_seq or row.held:
                continue
            first = self._event(row, 0)
            if not isinstance(first, events.Start) or first.boot_id != self._machine.boot_id:
                return None
            found = [e.raw for e in self._library.events(row) if b'"clock"' in e.raw]
            for raw in reversed(found):
                decoded = events.decode(raw)
                if isinstance(decoded, events.Clock):
                    return decoded
        return None

    def rows(self) -> list[Stream]:
        """The streams of this card that can be read, oldest first; not to be changed."""
        return [row for row in self._streams if row.last_seq and not row.held]

    def events(self, stream: str, after: int = 0) -> Iterator[Read]:
        """A stream's events behind ``after``, as they lie on the card, a segment at a time.

        Raises ``LookupError`` for a stream that is not on this card.
        """
        return self._library.events(self._streams[stream], after)

    def exported(self, stream: str, through: int) -> None:
        """Note that events up to ``through`` left the card by hand; forgotten with the process."""
        self._streams.sent(stream, through)

    # -- what is known -----------------------------------------------------------------------

    @property
    def stream(self) -> str:
        """The newest stream that has events, "" when there is none."""
        return next((row.name for row in reversed(self.rows())), "")

    @property
    def last_seq(self) -> int:
        """The highest seq of that stream on the card."""
        return next((row.last_seq for row in reversed(self.rows())), 0)

    @property
    def in_memory(self) -> int:
        """Events that the owner said it keeps in memory, because the card refuses them."""
        try:
            words = self._card.read(f"{self.folder}/owner").split()
        except errors.Error:
            return 0
        return int(words[1]) if len(words) > 1 and words[1].isdigit() else 0

    def now(self) -> int:
        """What the machine believes the time is, ms since 1970."""
        return self._machine.wall()

    def recall(self, key: str) -> Any:
        """What was last remembered under ``key``, None when nothing was."""
        return self._memory.get(key)

    def totals(self, from_day: str, to_day: str) -> list[totals.Row]:
        """The rows of ``totals --json`` for the shop's days ``from_day`` … ``to_day``."""
        return totals.rows(self.tables(from_day, to_day), from_day, to_day)

    def tables(self, from_day: str, to_day: str) -> list[cells.Table]:
        """Tables of cells, to be added up, with all of these days (and more) in them."""
        self._fold()
        found = self._ledger.tables(from_day, to_day)
        if self._ledger.broken:
            self._fold()
            found = self._ledger.tables(from_day, to_day)
        table: cells.Deltas = {}
        for month in found:
            cells.add(table, month)
        return [table]

    def _fold(self) -> None:
        if self._ledger.broken:
            self._begin_anew()
        for row in self._streams:
            if row.folded < row.last_seq and not row.held:
                self._ledger.fold(row)

    @property
    def damaged(self) -> list[Damage]:
        """What was found damaged so far: which file, and which seqs of which stream it lost."""
        return [
            *self._library.damaged,
            *(Damage(file, "", 0, 0, why) for file, why in self._state.damaged.items()),
        ]

    def free(self) -> int | None:
        """Bytes that still fit on the card; None when the card does not say."""
        try:
            return self._card.free(self.folder)
        except errors.Error:
            return None


class BufferReader(Reading):
    """Reads beside a running kiosk. Made by :meth:`open`; a context manager."""

    @classmethod
    def open(
        cls,
        folder: str | os.PathLike[str],
        *,
        files: Files | None = None,
        machine: Machine | None = None,
    ) -> Self:
        """Read the data folder as it is now.

        Raises ``errors.Missing`` when there is none, another ``errors.Error`` when it cannot be
        read.
        """
        card = files or RealFiles()
        path = os.fspath(folder)
        if not card.exists(f"{path}/streams"):
            raise errors.Missing(
                f"{path}: there is no kiosk's data in this folder; name the one the kiosk uses"
            )
        card.listing(f"{path}/streams")
        reader = cls(path, card, machine or RealMachine())
        reader._look(sync=False, all_of_them=True)
        reader._begin_totals()
        return reader

    def __repr__(self) -> str:
        return f"<BufferReader {self.folder}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Nothing is held; twice is fine."""
