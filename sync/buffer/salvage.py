"""Reading streams back from whatever the card made of them.

1. Files are only read. What cannot be read shows as a hole in the seqs, and a hole reads as one
   ``lost`` event with exact ends, made here and never written over anything.
2. What was never thanked for is no loss: a stream's end is the highest seq known to have been
   recorded, and lines that do not fit behind it are ignored.
3. A file that is missing, empty, full of zeros, or a folder is a hole like any other.
"""

import dataclasses
import threading
from collections.abc import Iterator
from typing import NamedTuple

from sync.buffer import errors, segments
from sync.buffer.files import Files
from sync.buffer.streams import Stream
from sync.feedback import events


@dataclasses.dataclass(frozen=True)
class Damage:
    """What a file could not give back: ``first`` … ``last`` of ``stream``, both included."""

    file: str
    stream: str
    first: int
    last: int
    why: str


class Read(NamedTuple):
    """An event as it lies on the card, ``first`` == ``last``; or a ``lost`` for all between them."""

    first: int
    last: int
    raw: bytes


class Library:
    """Reads the streams of one folder; safe from several threads."""

    def __init__(self, card: Files, folder: str) -> None:
        self._card = card
        self._folder = folder
        self._damaged: dict[tuple[str, int], Damage] = {}
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"<Library {self._folder}>"

    @property
    def damaged(self) -> list[Damage]:
        """All damage met so far."""
        with self._lock:
            return list(self._damaged.values())

    def events(self, row: Stream, after: int = 0) -> Iterator[Read]:
        """The events after ``after`` up to ``row.last_seq``; holes as ``lost`` events."""
        expected = max(after, row.purged) + 1
        last = row.last_seq
        for name in _from(row, expected):
            end = min(row.whole(name).stop - 1, last)
            for seq, raw in self._segment(name) if expected <= end else ():
                if expected <= seq <= end:
                    if seq > expected:
                        yield self._lost(row, expected, seq - 1)
                    yield Read(seq, seq, raw)
                    expected = seq + 1
        if expected <= last:
            yield self._lost(row, expected, last)

    def _segment(self, name: segments.Name) -> list[tuple[int, bytes]]:
        try:
            data = self._card.read(f"{self._folder}/{name}")
        except errors.Error:
            return []
        return segments.events(data, name.stream)

    def _lost(self, row: Stream, first: int, last: int) -> Read:
        names = [str(name) for name in _from(row, first) if name.first <= first]
        file = names[-1] if names else f"*-{row.name}-*"
        with self._lock:
            self._damaged[row.name, first] = Damage(
                f"{self._folder}/{file}", row.name, first, last, "damaged"
            )
        raw = events.encode(events.Lost(seq=first, through=last, why="damaged"))
        return Read(first, last, raw)


def _from(row: Stream, seq: int) -> list[segments.Name]:
    """The segments to read for the events from ``seq`` on, in order."""
    journals = [name for name in row.files if name.kind == "journal"]
    below = [name.first for name in journals if name.first <= seq]
    begin = max(below, default=0)
    return [name for name in journals if name.first >= begin]
