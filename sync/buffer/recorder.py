"""The pen: puts the events of one stream on the card, in order, each once.

1. A seq is given once and belongs to these bytes for ever, whatever the card does.
2. An event's receipt says ``durable`` only after the fsync. What the card refuses waits in memory,
   keeps its seq and its bytes, and goes first, into a new segment.
3. Who comes while another writes waits for that write and at most one more: events that queue up
   meanwhile go to the card together.
4. The first event brings the stream's ``start`` with it; before it there is no file.
"""

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

from sync.buffer import errors, segments
from sync.buffer.files import Files
from sync.buffer.machine import Machine
from sync.feedback import events

SLOW_MS = 2000
"""A card that takes longer than this gets the thank-you shown while the tap is in memory."""

Told = Callable[[str, segments.Name, int], None]
"""Takes the stream, the segment written to, and the highest seq that is durable now."""

_CUT = (events.Comment, events.Mark)
"""Kinds with a text that is cut where it would make the event too large."""


class Receipt(NamedTuple):
    """What became of an event: its identity, and whether it would survive a power cut."""

    stream: str
    seq: int
    durable: bool


class _Waiting(NamedTuple):
    seq: int
    raw: bytes
    since: int


class Recorder:
    """Writes one stream. ``written``: the highest seq on the card; ``given``: the highest there is.

    ``start`` makes the stream's first event when it is needed; ``told`` is called, under the
    writing lock, with what became durable.
    """

    def __init__(
        self,
        card: Files,
        folder: str,
        machine: Machine,
        head: segments.Head,
        *,
        start: Callable[[], Sequence[events.Event]],
        told: Told,
    ) -> None:
        self.head = head
        self.given = 0
        self.written = 0
        self.trouble = ""
        self._card = card
        self._folder = folder
        self._machine = machine
        self._start = start
        self._told = told
        self._waiting: deque[_Waiting] = deque()
        self._segment: segments.Writer | None = None
        self._attempt = 0
        self._leftovers: list[segments.Name] = []
        self._numbering = threading.Lock()
        self._writing = threading.Lock()

    def __repr__(self) -> str:
        return f"<Recorder {self.head.stream}, {self.written} of {self.given} written>"

    @property
    def in_memory(self) -> int:
        """Events that the card refused or keeps waiting for longer than ``SLOW_MS``."""
        late = self._machine.mono() - SLOW_MS
        return sum(1 for event in tuple(self._waiting) if self.trouble or event.since <= late)

    def record(self, event: events.Event) -> Receipt:
        """Number the event and put it on the card; see the rules above. Raises ``events.Invalid``.

        Whatever the card does, this does not raise.
        """
        if isinstance(event, _CUT):
            event = events.fit(event)
        with self._numbering:
            if not self.given:
                for first in self._start():
                    self._number(events.fit(first))
            seq = self._number(event)
        with self._writing:
            if self.written < seq:
                self._write()
        return Receipt(self.head.stream, seq, self.written >= seq)

    def _number(self, event: events.Event) -> int:
        now = self._machine.mono()
        seq = self.given + 1
        raw = events.encode(msgspec.structs.replace(event, seq=seq, mono=event.mono or now))
        if len(raw) > events.MAX_EVENT:
            events.fit(event)  # raises, but for a survey that is not too large as surveys go
        self._waiting.append(_Waiting(seq, raw, now))
        self.given = seq
        return seq

    @property
    def segment(self) -> segments.Name | None:
        """The segment that is being written, None between two."""
        writer = self._segment
        return writer.name if writer is not None else None

    def retry(self) -> bool:
        """Try again to write what waits; True when nothing is left waiting."""
        with self._writing:
            self._clear()
            if self._waiting:
                self._write()
            return not self._waiting

    def _write(self) -> None:
        try:
            while self._waiting:
                self._write_some()
            self.trouble = ""
        except errors.Error as error:
            self.trouble = str(error)
            self._abandon()

    def _write_some(self) -> None:
        """Put as many of the waiting events on the card as its segment has room for."""
        if self._segment is None:
            name = segments.Name(
                self.head.opening, self.head.stream, self._waiting[0].seq, self._attempt
            )
            self._segment = segments.Writer(self._card, self._folder, name, self.head)
        segment, waiting = self._segment, self._waiting
        if len(waiting) == 1:
            # nearly always: few steps, because after an fsync each costs several times more
            seq, raw, _ = waiting[0]
            segment.add_one(seq, raw)
            self.written = seq
            waiting.popleft()
        else:
            some = tuple(waiting)[: segments.SIZE - segment.count]
            segment.add([(event.seq, event.raw) for event in some])
            self.written = seq = some[-1].seq
            for _ in some:
                waiting.popleft()
        self._told(self.head.stream, segment.name, seq)
        if segment.count >= segments.SIZE:
            self._leave()

    def _abandon(self) -> None:
        """Never touch this segment again: part of a line may stand at its end."""
        segment = self._segment
        self._leave()
        if segment is not None and not segment.count:
            self._leftovers.append(segment.name)
        self._clear()
        # a name is used again only when what had it is gone
        self._attempt += len(self._leftovers)

    def _clear(self) -> None:
        """Take segments away that nobody was thanked for, if the card lets us."""
        with contextlib.suppress(errors.Error):
            while self._leftovers:
                self._card.remove(f"{self._folder}/{self._leftovers[-1]}")
                self._leftovers.pop()

    def _leave(self) -> None:
        if self._segment is not None:
            self._segment.close()
            self._segment = None

    def seal(self) -> None:
        """Begin a new segment at the next event; what waits is tried once more before."""
        with self._writing:
            if self._waiting:
                self._write()
            self._leave()
