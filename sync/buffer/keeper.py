"""The housekeeping of a buffer, all of it beside the recording and never under its lock.

1. Acknowledgements are saved at most once a minute, checkpoints when a segment was sealed and at
   most every ten minutes, both at the stop. Forgetting either only costs work.
2. Streams that no checkpoint knew are read and counted here, while taps are taken.
3. Comments leave the card a day after the office had them; the oldest acknowledged segment leaves
   it when it is short of room.
4. What lay on the card at the opening is read through once, a segment in each round, so that damage
   is told before anybody needs what is lost.
5. What the card refuses is tried again the next time; ``trouble`` says what it was.
"""

import threading

from sync.buffer import checkpoint, erasing, errors, opening, purge, segments
from sync.buffer.files import Files
from sync.buffer.ledger import Ledger
from sync.buffer.machine import Machine
from sync.buffer.salvage import Library, Read
from sync.buffer.state import State
from sync.buffer.streams import Stream, Streams
from sync.buffer.writing import Writing

ACKNOWLEDGED_EVERY_MS = 60 * 1000
CHECKPOINT_EVERY_MS = 10 * 60 * 1000
ROOM = 64 * 1024 * 1024
"""Bytes free below which the card is short: a year of a shop's taps."""


class Keeper:
    """Keeps small state, totals and room of one buffer."""

    def __init__(
        self,
        *,
        card: Files,
        folder: str,
        machine: Machine,
        state: State,
        streams: Streams,
        library: Library,
        ledger: Ledger,
        point: checkpoint.Checkpoint,
        writing: Writing,
        room: int,
    ) -> None:
        self.short = False
        self.trouble = ""
        self._card = card
        self._folder = folder
        self._machine = machine
        self._state = state
        self._streams = streams
        self._library = library
        self._ledger = ledger
        self._point = point
        self._writing = writing
        self._room = room
        self._comments = dict(point.comments)
        self._safe = {row.name: row.folded for row in point.rows}
        self._unchecked: list[tuple[str, int]] | None = None
        self._lock = threading.RLock()
        self._saved_at = self._pointed_at = machine.mono()
        self._turns = -1
        self._marked = self._moved()
        self._saved = {row.name: row.acknowledged for row in point.rows}
        self._since: dict[str, int] = {}

    def __repr__(self) -> str:
        return f"<Keeper {self._folder}, checkpoint {self._point.number}>"

    def _records(self) -> list[purge.Record]:
        names = [name for row in self._streams for name in row.files]
        return purge.load(self._card, self._folder, names)

    def tend(self) -> None:
        """Do what is due. Never raises for what the card does."""
        with self._lock:
            self.trouble = ""
            for work in (
                self._look,
                self._fold,
                self._save_when_due,
                self._make_room,
                self._erase,
                self._check,
            ):
                try:
                    work()
                except errors.Error as error:
                    self.trouble = str(error)

    def _look(self) -> None:
        for row in self._streams:
            if row.unread:
                found = opening.look(self._card, self._folder, row, sync=True)
                self._streams.put([found])
            # a purge that was cut off between its record and its end
            elif any(n.first <= row.purged and n.kind == "journal" for n in row.files):
                purge.remove(self._card, self._folder, row, row.purged)

    def fold(self, patience: float = 0.2) -> None:
        """Bring the totals up to what is on the card.

        Where housekeeping is at work for longer than ``patience`` seconds the totals stay as they
        are: whoever looks at a screen does not wait for a card.
        """
        if self._lock.acquire(timeout=patience):
            try:
                self._fold()
            finally:
                self._lock.release()

    def _fold(self) -> None:
        if self._ledger.broken:
            self._ledger.begin(self._machine.new_stream(), self._streams, self._records())
        for row in self._streams:
            if row.folded < row.last_seq and not row.held:
                self._ledger.fold(row, self._notice)

    def _notice(self, row: Stream, event: Read) -> None:
        if erasing.is_comment(event.raw):
            name = row.segment(event.first)
            if name is not None:
                self._comments.setdefault(str(name), 0)

    # -- small state -------------------------------------------------------------------------

    def _save_when_due(self) -> None:
        now = self._machine.mono()
        long_ago = now - self._pointed_at >= CHECKPOINT_EVERY_MS
        if self._turns != self._writing.turns or (long_ago and self._moved() != self._marked):
            self.save()
        elif now - self._saved_at >= ACKNOWLEDGED_EVERY_MS:
            self._save_acknowledged()

    def _moved(self) -> tuple[int, int, dict[str, int]]:
        """What is other than before whenever a checkpoint would be."""
        return self._streams.pending, self._writing.current.written, dict(self._comments)

    def save(self) -> None:
        """Count what is left and make a checkpoint. Raises :class:`~sync.buffer.errors.Error`."""
        with self._lock:
            self._fold()
            self._save()
            if self._ledger.merge(self._point):
                self._save()
            elif self._ledger.broken:
                self._fold()
                self._save()

    def _save(self) -> None:
        turns, marked = self._writing.turns, self._moved()
        busy = {name.stream for name in self._writing.written_to()} | {self._streams.current}
        rows = [row for row in self._streams if row.last_seq or row.files]
        point = checkpoint.Checkpoint(
            number=self._point.number + 1,
            enrolments=len(self._streams.identity.enrolments),
            open=sorted(row.name for row in rows if row.unread or row.name in busy),
            rows=[checkpoint.row(row) for row in rows],
            comments=dict(self._comments),
            damaged=self._library.damaged,
        )
        self._ledger.note(point)
        checkpoint.save(self._state, point)
        self._point = point
        self._saved = {row.name: row.acknowledged for row in rows}
        self._since = {}
        self._safe = {row.name: row.folded for row in point.rows}
        self._saved_at = self._pointed_at = self._machine.mono()
        self._turns, self._marked = turns, marked

    def _save_acknowledged(self) -> None:
        now = {row.name: row.acknowledged for row in self._streams}
        changed = {name: n for name, n in now.items() if self._saved.get(name, 0) != n}
        if changed != self._since:
            checkpoint.save_acknowledged(
                self._state, self._point.number, self._streams.identity, changed
            )
            self._since = changed
        self._saved_at = self._machine.mono()

    def _check(self) -> None:
        if self._unchecked is None:
            self._unchecked = [
                (row.name, after)
                for row in self._streams
                for after in range(row.purged, row.last_seq, segments.SIZE)
                if not row.held and row.name != self._streams.current
            ]
        if self._unchecked:
            name, after = self._unchecked.pop()
            for _ in self._library.events(self._streams[name], after, after + segments.SIZE):
                pass

    # -- room and comments -------------------------------------------------------------------

    def _make_room(self) -> None:
        self.short = self._card.free(self._folder) < self._room
        while self.short and (
            going := purge.oldest(self._streams, self._safe, self._writing.written_to())
        ):
            last = self._records()[-1:]
            record = purge.record(self._library, *going, *last)
            purge.purge(self._card, self._folder, going[0], record)
            for old in last:
                purge.slim(self._card, self._folder, old)
            self.short = self._card.free(self._folder) < self._room

    def _erase(self) -> None:
        now, busy = self._writing.now(), self._writing.written_to()
        for text, since in list(self._comments.items()):
            name = segments.name(text)
            if name is None or name.stream not in self._streams:
                del self._comments[text]
                continue
            row = self._streams[name.stream]
            if row.whole(name).stop - 1 > row.acknowledged or name in busy:
                self._comments[text] = 0
            elif not since:
                self._comments[text] = now
            elif now - since >= erasing.AFTER_MS:
                for holding in row.copies(name):
                    self._library.forget(holding)
                    erasing.erase(self._card, self._folder, holding)
                    self._library.forget(holding)
                del self._comments[text]
