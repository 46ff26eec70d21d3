"""Whether a card after a power cut keeps what was promised before it.

A buffer is opened on one state of a :class:`sync.buffer.rehearsal.Life`'s card. Then:

1. It opens, and every event promised is there, in place, with the same bytes (a comment without its
   text once erasing had begun, and never with it again once it was done; a count once purging had).
2. Nothing stands there that was never recorded, and no (stream, seq) is given a second time.
3. Nothing is acknowledged beyond what had been, and what waits is what is not acknowledged.
4. The totals are those of a fold from scratch.
5. What was remembered is what was said last or was being said.
6. Nothing is called damaged: a cut leaves files old or new, whole up to a torn tail.
"""

from typing import TYPE_CHECKING, NamedTuple

from sync.buffer import buffer, recording
from sync.buffer.files import Files
from sync.buffer.machine import MemoryMachine
from sync.buffer.memory import MemoryFiles
from sync.feedback import cells, events, totals

if TYPE_CHECKING:
    from sync.buffer.rehearsal import Life

FOLDER = "/data"
ROOM = 1 << 20
"""Free bytes below which a rehearsed card is short."""
MANY = 2
"""Cells that a rehearsed checkpoint holds, so that months are merged all the time."""
SPAN = ("2025-11-01", "2026-01-31")
"""Days in which all of a life passes, on a machine that begins where ``MemoryMachine`` does."""

AGAIN = 16
"""Of so many calls the states after one are closed and opened once more."""
UNUSED = 0x5EED << 32
"""A seed of a machine that is no life's: its streams are new ones."""

Key = tuple[str, int]
"""(stream, seq)."""


class Found(NamedTuple):
    """What lies on a card: its events, and up to which seq each stream was purged."""

    events: dict[Key, bytes]
    purged: dict[str, int]


def broken(life: "Life", state: recording.State) -> str:
    """The first promise that this state does not keep, as a sentence; "" when it keeps all."""
    card = life.wrap(MemoryFiles(state.files))
    try:
        opened = _open(card)
        opened.tend()
        verdict = Check(life, state, opened).broken()
        if not verdict and (len(state.files) + state.calls) % AGAIN == 0:
            verdict = _other_after_a_stop(card, opened)
    except Exception as error:  # whatever it is, a kiosk would not start
        return f"it does not open, or cannot be read: {error!r}"
    return verdict


def _open(card: Files, seed: int = UNUSED) -> buffer.Buffer:
    machine = MemoryMachine(seed=seed, boot_id="after the cut")
    return buffer.Buffer.open(
        FOLDER, files=card, machine=machine, room=ROOM, many=MANY, tending_every=None
    )


def _other_after_a_stop(card: Files, opened: buffer.Buffer) -> str:
    before, tables = read(opened), table(opened)
    opened.close()
    again = _open(card, UNUSED + 1)
    if read(again) != before or table(again) != tables:
        return "after a clean stop it says something else"
    return ""


class Check:
    """One state of a life's card, opened."""

    def __init__(self, life: "Life", state: recording.State, opened: buffer.Buffer) -> None:
        self.life = life
        self.opened = opened
        self.events = [key for n, key in life.promises if n <= state.notes]
        self.erased = [key for n, key in life.erased if n <= state.notes]
        self.memory = {key: value for n, key, value in life.said if n <= state.notes}

    def broken(self) -> str:
        """See :func:`broken`."""
        found = read(self.opened)
        return (
            self._lost(found)
            or self._invented(found)
            or self._forgotten()
            or self._misnumbered()
            or self._damaged()
            or self._changed_by_the_next(found)
        )

    def _lost(self, found: Found) -> str:
        for key in self.events:
            raw, there = self.life.given[key], found.events.get(key)
            if there != raw and not self._gone_on_purpose(key, there, found):
                return f"{key}: promised {raw!r}, found {there!r}"
        for key in self.erased:
            if found.events.get(key) == self.life.given[key]:
                return f"{key}: erased, and its text is back"
        return ""

    def _gone_on_purpose(self, key: Key, there: bytes | None, found: Found) -> bool:
        if there is None:
            settled = min(found.purged.get(key[0], 0), self.life.acknowledged.get(key[0], 0))
            return self.life.purging and key[1] <= settled
        return self.life.erasing and there == events.erase(self.life.given[key])

    def _invented(self, found: Found) -> str:
        for key, there in found.events.items():
            raw = self.life.given.get(key)
            if there != raw and (raw is None or not self._gone_on_purpose(key, there, found)):
                return f"{key}: nobody recorded {there!r}"
        return ""

    def _changed_by_the_next(self, found: Found) -> str:
        receipt = self.opened.record(events.Count(passers=1, from_=0, to=1))
        if not receipt.durable:
            return f"the next event is not taken: {self.opened.trouble}"
        key = (receipt.stream, receipt.seq)
        if receipt.stream in self.life.streams or key in found.events:
            return f"{key}: given a second time"
        again = read(self.opened)
        if {k: again.events.get(k) for k in found.events} != found.events:
            return f"recording {key} changed what was there"
        return self._miscounted(again)

    def _forgotten(self) -> str:
        current = self.opened.identity.current
        for key, value in self.memory.items():
            now = self.opened.recall(key)
            if key == "office":
                now = current.office if current else None
            said = self.life.saying[key]
            # what is being said may be there before its promise; what was said before it may not
            if now not in said[said.index(value) :]:
                return f"{key}: remembered {value!r}, found {now!r}"
        return ""

    def _misnumbered(self) -> str:
        rows = [*self.opened.settled(), *self.opened.outgoing()]
        for row in rows:
            if row.acknowledged > self.life.acknowledged.get(row.stream, 0):
                return f"{row.stream}: acknowledged {row.acknowledged}, which no office ever said"
        waiting = sum(row.last_seq - row.acknowledged for row in rows)
        if self.opened.pending() != waiting:
            return f"{waiting} events wait, and pending() says {self.opened.pending()}"
        return ""

    def _damaged(self) -> str:
        return "".join(f"{d.file}: {d.why}" for d in self.opened.damaged if d.why != "purged")

    def _miscounted(self, found: Found) -> str:
        purged = {k: raw for k, raw in self.life.given.items() if k[1] <= found.purged.get(k[0], 0)}
        said, right = table(self.opened), self.life.count({**purged, **found.events})
        return "" if said == right else f"totals {said}, and from scratch {right}"


def read(opened: buffer.Buffer) -> Found:
    """All events on a buffer's card; ``lost`` ones that do not come from purging are among them."""
    found = Found({}, {})
    for row in (*opened.settled(), *opened.outgoing()):
        for raw in opened.read(row.stream, 0, limit=1_000_000, max_bytes=1 << 30):
            event = _event(raw)
            if isinstance(event, events.Lost) and event.why == "purged":
                found.purged[row.stream] = event.through
            else:
                found.events[row.stream, event.seq] = raw
    return found


def _event(raw: bytes) -> events.Event:
    """The event, one of seq 0 for bytes that are none."""
    try:
        return events.decode(raw)
    except events.Invalid:
        return events.Unknown()


def table(opened: buffer.Buffer) -> totals.Deltas:
    """The cells that a buffer's totals come from."""
    whole: totals.Deltas = {}
    for month in opened.tables(*SPAN):
        cells.add(whole, month)
    return whole


def count(found: dict[Key, bytes]) -> totals.Deltas:
    """The cells of these events, folded from scratch."""
    streams: dict[str, list[bytes]] = {}
    for (stream, _), raw in sorted(found.items()):
        streams.setdefault(stream, []).append(raw)
    book = totals.Book(history=streams.__getitem__)
    whole: totals.Deltas = {}
    for stream, raws in streams.items():
        cells.add(whole, book.apply(stream, raws))
    return whole
