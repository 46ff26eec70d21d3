"""The streams on the card: whose they are, how far they go, how far the office has them.

1. A row per stream, oldest first; the last one may be the current one.
2. ``acknowledged`` is what the office last said, lower as well as higher, but never more than was
   ever sent to it or exported.
3. How many events wait is one number, kept, not counted.
4. One short lock; nothing here touches the card.
"""

import dataclasses
import threading
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from sync.buffer import segments
from sync.buffer.identity import Identity


@dataclasses.dataclass(slots=True)
class Stream:
    """One stream. ``office`` and ``kiosk``: for whom it was opened, as its files say.

    ``last_seq``: highest seq known to be on the card. ``sent``: highest seq ever sent or exported.
    ``folded``: highest seq that is in the totals. ``purged``: up to this seq the card holds only
    counts. ``held``: of a newer format, left alone. ``unread``: its end is not known yet.
    ``after``: stream and seq that its start was told to come after.
    """

    name: str
    opening: int
    office: str = ""
    kiosk: str = ""
    last_seq: int = 0
    acknowledged: int = 0
    sent: int = 0
    folded: int = 0
    purged: int = 0
    held: bool = False
    unread: bool = False
    after: tuple[str, int] = ("", 0)
    files: list[segments.Name] = dataclasses.field(default_factory=list)

    @property
    def pending(self) -> int:
        """Events that the office does not have yet."""
        return 0 if self.held else self.last_seq - self.acknowledged

    def segment(self, seq: int) -> segments.Name | None:
        """The segment that answers for ``seq``, None when there is none."""
        found = [name for name in self.files if name.kind == "journal" and name.first <= seq]
        return max(found, default=None)

    def copies(self, name: segments.Name) -> list[segments.Name]:
        """The segment ``name`` and those before it that may hold its first event as well.

        (What the card refused lies at the end of the segment before, or in one of the same
        ``first``.)
        """
        before = [n for n in self.files if n.kind == "journal" and n < name]
        last = max((n.first for n in before if n.first < name.first), default=name.first)
        return [*(n for n in before if n.first >= last), *(n for n in self.files if n == name)]

    def whole(self, name: segments.Name) -> range:
        """The seqs that the segment ``name`` answers for."""
        later = [o.first for o in self.files if o.first > name.first and o.kind == "journal"]
        return range(name.first, min(later, default=self.last_seq + 1))


class Outgoing(msgspec.Struct, frozen=True):
    """A stream as the uplink sees it. ``office`` and ``kiosk``: to whom it goes today.

    ``sent``: the highest seq ever sent or exported, which an office may acknowledge up to.
    """

    stream: str
    office: str
    kiosk: str
    acknowledged: int
    last_seq: int
    current: bool
    sent: int = 0


class Step(NamedTuple):
    """A stream's acknowledgement before and after the office spoke."""

    before: int
    after: int


class Streams:
    """All streams of a card."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity
        self.current = ""
        self._rows: dict[str, Stream] = {}
        self._pending = 0
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"<Streams {len(self._rows)}, {self._pending} events pending>"

    def __iter__(self) -> Iterator[Stream]:
        """The rows as they are now, oldest first."""
        with self._lock:
            return iter(list(self._rows.values()))

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, name: str) -> bool:
        return name in self._rows

    def __getitem__(self, name: str) -> Stream:
        try:
            return self._rows[name]
        except KeyError:
            raise LookupError(f"stream {name!r}: not on this card") from None

    def put(self, rows: Iterable[Stream]) -> None:
        """Take rows in; one of the same name is replaced. Order is by opening.

        What a stream's start names was on the card: that stream goes as far, whatever is left.
        """
        with self._lock:
            for row in rows:
                old = self._rows.get(row.name)
                self._pending += row.pending - (old.pending if old else 0)
                self._rows[row.name] = row
                before = self._rows.get(row.after[0])
                if before is not None and before.last_seq < row.after[1]:
                    self._pending -= before.pending
                    before.last_seq = row.after[1]
                    self._pending += before.pending
            ordered = sorted(self._rows.values(), key=lambda r: (r.opening, r.name))
            self._rows = {row.name: row for row in ordered}

    def belong(self, identity: Identity) -> None:
        """Take a new identity; streams that it gives to another office begin anew there."""
        with self._lock:
            before, self.identity = self.identity, identity
            for row in self._rows.values():
                if before.owner(row.office, row.kiosk) != identity.owner(row.office, row.kiosk):
                    waiting = row.pending
                    row.acknowledged = row.sent = 0
                    self._pending += row.pending - waiting

    def grew(self, name: str, last_seq: int) -> None:
        """The stream's events up to ``last_seq`` are on the card."""
        with self._lock:
            row = self._rows[name]
            grown = last_seq - row.last_seq
            if grown > 0:
                row.last_seq = last_seq
                self._pending += 0 if row.held else grown

    def sent(self, name: str, through: int) -> None:
        """Events up to ``through`` are about to leave the card."""
        with self._lock:
            row = self[name]
            row.sent = max(row.sent, min(through, row.last_seq))

    def acknowledge(self, name: str, through: int) -> Step:
        """The office says it has the stream up to ``through``; see rule 2."""
        with self._lock:
            row = self[name]
            before, waiting = row.acknowledged, row.pending
            row.acknowledged = max(0, min(through, max(row.sent, before), row.last_seq))
            row.sent = max(row.sent, row.acknowledged)
            self._pending += row.pending - waiting
            return Step(before, row.acknowledged)

    @property
    def pending(self) -> int:
        """Events on the card that their office does not have yet, over all streams."""
        return self._pending

    def outgoing(self) -> list[Outgoing]:
        """Streams with something to send, and the current one; oldest first."""
        return [self._outgoing(row) for row in self if row.pending or row.name == self.current]

    def settled(self) -> list[Outgoing]:
        """Closed streams that their office has wholly, as it once said; oldest first."""
        return [
            self._outgoing(row)
            for row in self
            if row.name != self.current and not row.held and 0 < row.last_seq <= row.acknowledged
        ]

    def _outgoing(self, row: Stream) -> Outgoing:
        office, kiosk = self.identity.owner(row.office, row.kiosk)
        return Outgoing(
            stream=row.name,
            office=office,
            kiosk=kiosk,
            acknowledged=row.acknowledged,
            last_seq=row.last_seq,
            current=row.name == self.current,
            sent=row.sent,
        )

    def before(self, opening: int, office: str, kiosk: str) -> Stream | None:
        """The newest stream before ``opening`` that goes to the same office and holds anything."""
        owner = self.identity.owner(office, kiosk)[0]
        with self._lock:
            for row in reversed(self._rows.values()):
                if row.opening < opening and row.last_seq:
                    theirs = self.identity.owner(row.office, row.kiosk)[0]
                    if not theirs or not owner or theirs == owner:
                        return row
        return None
