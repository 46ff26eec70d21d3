"""Reading streams back from whatever the card made of them.

1. Files are only read. What cannot be read shows as a hole in the seqs, and a hole reads as one
   ``lost`` event with exact ends, made here and never written over anything.
2. What was never thanked for is no loss: a stream's end is the highest seq known to have been
   recorded, and lines that do not fit behind it are ignored.
3. A file that is missing, empty, full of zeros, or a folder is a hole like any other.
"""

import bisect
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import msgspec

from sync.buffer import errors, segments
from sync.buffer.files import Files
from sync.buffer.streams import Stream
from sync.feedback import events

_PLACES = 16
"""Readers that go on where they stopped: the uplink, the totals, an export, and some to spare."""


class Damage(msgspec.Struct, frozen=True):
    """What a file could not give back: ``first`` … ``last`` of ``stream``, both included.

    A file of small state loses no events: ``stream`` is "" then.
    """

    file: str
    stream: str
    first: int
    last: int
    why: str


class Read(NamedTuple):
    """An event as it lies on the card, ``first`` == ``last``; or a ``lost`` for all of them."""

    first: int
    last: int
    raw: bytes


def _as_known(row: Stream) -> int:
    return row.purged


class _Parsed(NamedTuple):
    """The last part of a segment that was read: its bytes ``start`` … ``end``, as events."""

    name: segments.Name
    start: int
    end: int
    found: list[segments.Event]
    ordered: bool


class Library:
    """Reads the streams of one folder; safe from several threads.

    It remembers where in a segment a reader stopped, so that going on does not begin at the file's
    head again, and what it read last, so that a finished segment is not read anew for each batch.
    ``purged`` tells, as of now, up to which seq only counts of a stream are left.
    """

    def __init__(
        self, card: Files, folder: str, purged: Callable[[Stream], int] = _as_known
    ) -> None:
        self._card = card
        self._folder = folder
        self._purged = purged
        self._damaged: dict[tuple[str, int], Damage] = {}
        self._places: dict[tuple[segments.Name, int], int] = {}
        self._last: _Parsed | None = None
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"<Library {self._folder}>"

    @property
    def damaged(self) -> list[Damage]:
        """All damage met so far."""
        with self._lock:
            return list(self._damaged.values())

    def remember(self, damages: Iterable[Damage]) -> None:
        """Note damage; a hole that is read from its middle is not told twice."""
        with self._lock:
            for new in damages:
                known = [old for old in self._damaged.values() if old.stream == new.stream]
                if any(old.first <= new.first and new.last <= old.last for old in known):
                    continue
                for old in known:
                    if new.first <= old.first and old.last <= new.last:
                        del self._damaged[old.stream, old.first]
                self._damaged[new.stream, new.first] = new

    def events(self, row: Stream, after: int = 0, through: int | None = None) -> Iterator[Read]:
        """The events after ``after`` up to ``through`` (left out: all); holes as ``lost`` events.

        So do the events of which only the counts are left (``why`` is ``purged`` then).
        """
        expected = after + 1
        last = row.last_seq if through is None else min(through, row.last_seq)
        if expected <= row.purged:
            yield _lost(expected, min(row.purged, last), "purged")
            expected = row.purged + 1
        for name in _from(row, expected):
            end = min(row.whole(name).stop - 1, last)
            if expected > end:
                continue
            for event in self._segment(name, expected, end):
                if event.first > expected:
                    yield from self._hole(row, expected, event.first - 1)
                yield event
                expected = event.last + 1
        if expected <= last:
            yield from self._hole(row, expected, last)

    def _hole(self, row: Stream, first: int, last: int) -> Iterator[Read]:
        """What stands for events that could not be read; purged while we read is no damage."""
        gone = min(self._purged(row), last)
        if first <= gone:
            yield _lost(first, gone, "purged")
        if gone < last:
            yield self._damage(row, max(first, gone + 1), last)

    def _segment(self, name: segments.Name, first: int, last: int) -> Iterator[Read]:
        """The whole events ``first`` … ``last`` of a segment."""
        path = f"{self._folder}/{name}"
        with self._lock:
            start = self._places.get((name, first), 0)
        try:
            data = self._card.read(path, start)
        except errors.Error:
            return
        end = start
        seq = first - 1
        parsed = self._parsed(name, data, start)
        ordered, begin = parsed.ordered, bisect.bisect_left(parsed.found, (first,))
        try:
            for event in parsed.found[begin:]:
                if event.seq > last:
                    break
                if event.seq >= first:
                    yield Read(event.seq, event.seq, event.raw)
                    seq, end = event.seq, event.end
        finally:
            if ordered and seq >= first:
                self._stopped_at(name, seq + 1, end)

    def _parsed(self, name: segments.Name, data: bytes, start: int) -> _Parsed:
        """The events in ``data``: those of the last call, when the file has not grown since."""
        end, last = start + len(data), self._last
        if last is None or (last.name, last.end) != (name, end) or last.start > start:
            last = self._last = _Parsed(
                name, start, end, *segments.events(data, name.stream, start)
            )
        return last

    def _stopped_at(self, name: segments.Name, seq: int, offset: int) -> None:
        with self._lock:
            self._places[name, seq] = offset
            while len(self._places) > _PLACES:
                del self._places[next(iter(self._places))]

    def forget(self, name: segments.Name) -> None:
        """Forget the places in a segment: its file was replaced."""
        with self._lock:
            self._places = {k: v for k, v in self._places.items() if k[0] != name}
            self._last = None

    def _damage(self, row: Stream, first: int, last: int) -> Read:
        names = [str(name) for name in _from(row, first) if name.first <= first]
        file = names[-1] if names else f"*-{row.name}-*"
        self.remember([Damage(f"{self._folder}/{file}", row.name, first, last, "damaged")])
        return _lost(first, last, "damaged")


def _lost(first: int, last: int, why: str) -> Read:
    return Read(first, last, events.encode(events.Lost(seq=first, through=last, why=why)))


def _from(row: Stream, seq: int) -> list[segments.Name]:
    """The segments to read for the events from ``seq`` on, in order."""
    journals = [name for name in row.files if name.kind == "journal"]
    below = [name.first for name in journals if name.first <= seq]
    begin = max(below, default=0)
    return [name for name in journals if name.first >= begin]
