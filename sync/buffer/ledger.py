"""The totals of a card: what its events count to, without ever reading it all again.

1. A :class:`~sync.feedback.totals.Book` folds the streams; it gives cells, and those are kept by
   month, so that nothing grows with the years but the number of small files.
2. New cells are *hot*: they stand in the checkpoint, beside the book that gave them, under a
   generation. When there are many, the generation is closed and saved; then each month's cells go
   into ``cells-YYYY-MM`` with the generation that is now in it; only then does the checkpoint drop
   them. A cut anywhere between counts nothing twice: hot cells count only for months whose file is
   of a lower generation, and every opening begins a new one.
   A reader beside loses nothing by it either: a file of its own generation or a higher one was
   written after it had opened, and holds all that it has seen.
3. All of it is of one *epoch*. A fold from scratch begins another, and files of others are ignored.
"""

import itertools
import threading
from collections.abc import Callable, Iterable, Iterator

import msgspec

from sync.buffer.checkpoint import Checkpoint
from sync.buffer.purge import Record
from sync.buffer.salvage import Library, Read
from sync.buffer.state import State
from sync.buffer.streams import Stream
from sync.feedback import cells, totals

MANY = 1000
"""Hot cells from which a merge into the months pays: some 60 KB of checkpoint."""

_CHUNK = 500


def _ignore(row: Stream, event: Read) -> None:
    """Nobody wants to be told."""


class _Month(msgspec.Struct):
    epoch: str
    generation: int
    cells: bytes


class Ledger:
    """Book and cells of one card.

    ``broken``: a month's file is gone or cannot be read, so the totals want a fold from scratch.
    ``many``: hot cells from which they are merged into the months.
    """

    def __init__(self, state: State, library: Library, find: Callable[[str], Stream]) -> None:
        self.epoch = ""
        self.broken = False
        self.many = MANY
        self._state = state
        self._library = library
        self._find = find
        self._book = totals.Book(history=self._history)
        self._hot: dict[int, cells.Deltas] = {1: {}}
        self._months: dict[str, tuple[int, cells.Deltas]] = {}
        self._filed: set[str] = set()
        self._lock = threading.RLock()

    def __repr__(self) -> str:
        return f"<Ledger {self.epoch}, {self.hot} hot cells>"

    def _history(self, stream: str) -> Iterator[bytes]:
        row = self._find(stream)
        return (event.raw for event in self._library.events(row, 0, row.folded))

    @property
    def hot(self) -> int:
        """Cells that are in no month's file yet."""
        return sum(map(len, self._hot.values()))

    def load(self, point: Checkpoint) -> bool:
        """Go on from a checkpoint; False when it holds no book of ours: then :meth:`begin`."""
        with self._lock:
            if not point.epoch:
                return False
            try:
                self._book = totals.Book.load(point.book, history=self._history)
                hot = {int(g): cells.unpack(raw) for g, raw in point.hot.items()}
            except (totals.Outdated, msgspec.DecodeError, ValueError):
                return False
            self.epoch = point.epoch
            self._filed = set(point.months)
            self._hot = {**hot, point.generation + 1: {}}
            self.broken = not self._filed <= self._state.months()
            return True

    def begin(self, epoch: str, rows: Iterable[Stream], records: Iterable[Record]) -> None:
        """Begin from scratch: with what the final records say, before any event that is left."""
        with self._lock:
            self.epoch = epoch
            self.broken = False
            self._book = totals.Book(history=self._history)
            self._hot = {1: {}}
            self._months = {}
            self._filed = set()
            for record in records:
                cells.add(self._hot[1], cells.unpack(record.cells))
                if record.book and record.version == totals.VERSION:
                    self._book = totals.Book.load(record.book, history=self._history)
            for row in rows:
                row.folded = row.purged

    def fold(self, row: Stream, notice: Callable[[Stream, Read], None] = _ignore) -> None:
        """Count a stream's events that are not counted yet; ``notice`` is told each of them."""
        events = self._library.events(row, row.folded)
        while chunk := list(itertools.islice(events, _CHUNK)):
            with self._lock:
                deltas = self._book.apply(row.name, [event.raw for event in chunk])
                cells.add(self._hot[max(self._hot)], deltas)
                row.folded = chunk[-1].last
            for event in chunk:
                notice(row, event)

    def note(self, point: Checkpoint) -> None:
        """Write book and hot cells into a checkpoint that is about to be saved."""
        with self._lock:
            point.epoch = self.epoch
            point.months = sorted(self._filed)
            point.generation = max(self._hot)
            point.book = self._book.dump()
            point.hot = {str(g): cells.pack(table) for g, table in self._hot.items() if table}
            if self.hot > self.many:
                self._hot[point.generation + 1] = {}

    def merge(self, saved: Checkpoint) -> bool:
        """Put the closed generations of a checkpoint that was saved into their months' files.

        True when there were any: then another checkpoint follows. Raises
        :class:`~sync.buffer.errors.Error`; the cells stay hot then, and nothing is counted twice.
        Nothing is put beside a month's file that is gone: the totals are ``broken`` then.
        """
        with self._lock:
            closed = saved.generation
            if closed == max(self._hot):
                return False
            done = {g: table for g, table in self._hot.items() if g <= closed}
        for month in sorted({cell.day[:7] for table in done.values() for cell in table}):
            with self._lock:
                table = self._month(month, closed)
            if self.broken:
                return False
            document = _Month(self.epoch, closed, cells.pack(table))
            self._state.save(f"cells-{month}", msgspec.to_builtins(document))
            with self._lock:
                self._months[month] = (closed, table)
                self._filed.add(month)
        with self._lock:
            for g in done:
                del self._hot[g]
        return True

    def _month(self, month: str, closed: int | None = None) -> cells.Deltas:
        """A month's cells: its file's, and hot ones that are not in it (up to ``closed``)."""
        generation, table = self._file(month)
        table = dict(table)
        for g, hot in self._hot.items():
            if g > generation and (closed is None or g <= closed):
                cells.add(table, {c: n for c, n in hot.items() if c.day[:7] == month})
        return table

    def _file(self, month: str) -> tuple[int, cells.Deltas]:
        if month not in self._months:
            self._months[month] = self._read(month)
        return self._months[month]

    def _read(self, month: str) -> tuple[int, cells.Deltas]:
        if month not in self._filed:
            # a file that no checkpoint knows of holds hot cells only: those count
            return 0, {}
        document = self._state.load(f"cells-{month}")
        try:
            filed = msgspec.convert(document, _Month)
            if filed.epoch == self.epoch:
                return filed.generation, cells.unpack(filed.cells)
        except (msgspec.ValidationError, msgspec.DecodeError):
            pass  # there is none, or none that can be read
        self.broken = True
        return 0, {}

    def tables(self, from_day: str, to_day: str) -> list[cells.Table]:
        """The card's cells of the months from ``from_day`` to ``to_day`` (``YYYY-MM-DD``)."""
        with self._lock:
            return [self._month(month) for month in _months(from_day[:7], to_day[:7])]


def _months(first: str, last: str) -> Iterable[str]:
    year, month = int(first[:4]), int(first[5:7])
    while (name := f"{year:04d}-{month:02d}") <= last:
        yield name
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
