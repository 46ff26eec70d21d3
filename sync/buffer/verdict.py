"""Whether a card after a power cut keeps what was promised before it.

A buffer is opened on one state of a :class:`sync.buffer.rehearsal.Life`'s card. Then:

1. It opens, and every event promised is there, in place, with the same bytes (a comment without its
   text once erasing had begun; a count once purging had).
2. Nothing stands there that was never recorded, and no (stream, seq) is given a second time.
3. Nothing is acknowledged beyond what had been, and what waits is what is not acknowledged.
4. The totals are those of a fold from scratch.
5. What was remembered is what was said last or was being said.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

from sync.buffer import buffer, recording
from sync.buffer.machine import MemoryMachine
from sync.buffer.memory import MemoryFiles
from sync.feedback import events

if TYPE_CHECKING:
    from sync.buffer.rehearsal import Life

FOLDER = "/data"

UNUSED = 0x5EED << 32
"""Seeds of machines from here on are no life's."""

Key = tuple[str, int]
"""(stream, seq)."""


class Promised(NamedTuple):
    """What had been promised when the power went: events to keep, values to remember."""

    events: list[Key]
    memory: dict[str, Any]


def broken(life: "Life", state: recording.State, seed: int = 0) -> str:
    """The first promise that this state does not keep, as a sentence; "" when it keeps all."""
    return Check(life, state, seed).broken()


class Check:
    """One state of a life's card, opened."""

    def __init__(self, life: "Life", state: recording.State, seed: int) -> None:
        self.life = life
        self.promised = Promised(
            [key for n, key in life.promises if n <= state.notes],
            {key: value for n, key, value in life.said if n <= state.notes},
        )
        self.card = life.wrap(MemoryFiles(state.files))
        self.machine = MemoryMachine(seed=UNUSED + seed, boot_id=f"after {seed}")

    def broken(self) -> str:
        """See :func:`broken`."""
        try:
            with buffer.Buffer.open(FOLDER, files=self.card, machine=self.machine) as opened:
                return self._broken(opened)
        except Exception as error:  # whatever it is, a kiosk would not start
            return f"it does not open, or cannot be read: {error!r}"

    def _broken(self, opened: buffer.Buffer) -> str:
        found = read(opened)
        return (
            self._lost(found)
            or self._invented(found)
            or self._twice(opened, found)
            or self._forgotten(opened)
            or self._miscounted(opened)
        )

    def _lost(self, found: dict[Key, bytes]) -> str:
        for key in self.promised.events:
            raw, there = self.life.given[key], found.get(key)
            if there != raw and not self._gone_on_purpose(raw, there):
                return f"{key}: promised {raw!r}, found {there!r}"
        return ""

    def _gone_on_purpose(self, raw: bytes, there: bytes | None) -> bool:
        if there is None:
            return self.life.purging
        return self.life.erasing and there == events.erase(raw)

    def _invented(self, found: dict[Key, bytes]) -> str:
        for key, there in found.items():
            raw = self.life.given.get(key)
            if there != raw and (raw is None or not self._gone_on_purpose(raw, there)):
                return f"{key}: nobody recorded {there!r}"
        return ""

    def _twice(self, opened: buffer.Buffer, found: dict[Key, bytes]) -> str:
        receipt = opened.record(events.Count(passers=1, from_=0, to=1))
        if not receipt.durable:
            return f"the next event is not taken: {opened.trouble}"
        key = (receipt.stream, receipt.seq)
        if receipt.stream in self.life.streams or key in found:
            return f"{key}: given a second time"
        again = read(opened)
        if any(again.get(k) != raw for k, raw in found.items()) or key not in again:
            return f"recording {key} changed what was there"
        return ""

    def _forgotten(self, opened: buffer.Buffer) -> str:
        office = opened.identity.current.office if opened.identity.current else None
        for key, value in self.promised.memory.items():
            now = office if key == "office" else opened.recall(key)
            said = self.life.saying[key]
            # what is being said may be there before its promise; what was said before it may not
            if now not in said[said.index(value) :]:
                return f"{key}: remembered {value!r}, found {now!r}"
        return ""

    def _miscounted(self, opened: buffer.Buffer) -> str:
        rows = [*opened.settled(), *opened.outgoing()]
        for row in rows:
            if row.acknowledged > self.life.acknowledged.get(row.stream, 0):
                return f"{row.stream}: acknowledged {row.acknowledged}, which no office ever said"
        waiting = sum(row.last_seq - row.acknowledged for row in rows)
        if opened.pending() != waiting:
            return f"{waiting} events wait, and pending() says {opened.pending()}"
        return ""


def read(opened: buffer.Buffer) -> dict[Key, bytes]:
    """All events on a buffer's card. ``Lost`` ones are among them."""
    found = {}
    for row in (*opened.settled(), *opened.outgoing()):
        for raw in opened.read(row.stream, 0, limit=1_000_000, max_bytes=1 << 30):
            found[row.stream, seq_of(raw)] = raw
    return found


def seq_of(raw: bytes) -> int:
    """An event's seq; 0 for bytes that are no event."""
    try:
        return events.decode(raw).seq
    except events.Invalid:
        return 0
