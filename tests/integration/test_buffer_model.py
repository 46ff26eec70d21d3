"""The buffer against a model of itself: whatever happens to it, in whatever order."""

from typing import Any

from hypothesis import settings, strategies
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, precondition, rule

from sync.buffer.buffer import Buffer
from sync.buffer.machine import MemoryMachine
from sync.buffer.memory import MemoryFiles
from sync.buffer.reader import BufferReader
from sync.feedback import cells, events, totals
from tests.taps import tap

ROOM = 6_000
DAY = 24 * 60 * 60 * 1000
FROM, TO = "2025-11-01", "2026-08-31"


class Kiosk(RuleBasedStateMachine):
    """Records, sends, stops, dies, fills up, erases, purges; what was promised is noted beside."""

    streams = Bundle("streams")

    def __init__(self) -> None:
        super().__init__()
        self.card = MemoryFiles(room=1_000_000)
        self.machine = MemoryMachine()
        self.given: dict[tuple[str, int], str] = {}
        self.durable: dict[tuple[str, int], str] = {}
        self.acknowledged: dict[str, int] = {}
        self.ever: dict[str, int] = {}
        self.marker = 0
        self.buffer = self.opened()

    def opened(self) -> Buffer:
        """Take the card up, as after a start, and do the first round of housekeeping."""
        buffer = Buffer.open(
            "data", files=self.card, machine=self.machine, room=ROOM, many=3, tending_every=None
        )
        buffer.tend()
        return buffer

    def teardown(self) -> None:
        """Stop."""
        self.buffer.close()

    # -- what happens ------------------------------------------------------------------------

    def note(self, event: events.Event) -> None:
        """Record an event, and note what was promised about it."""
        before = self.buffer.in_memory
        receipt = self.buffer.record(event)
        key = (receipt.stream, receipt.seq)
        assert key not in self.given
        self.given[key] = type(event).__name__
        if receipt.durable:
            assert self.buffer.in_memory == 0
            self.all_durable()
        else:
            assert self.buffer.in_memory > before

    def all_durable(self) -> None:
        """Nothing waits in memory: all that was given in this process is promised."""
        stream = self.buffer.stream
        self.durable.update({k: v for k, v in self.given.items() if k[0] == stream})

    @rule(face=strategies.integers(1, 4), pause=strategies.sampled_from([100, 6_000, 3_600_000]))
    def tap(self, face: int, pause: int) -> None:
        """A customer taps."""
        self.machine.passes(pause)
        self.note(tap(face))

    @precondition(lambda self: self.buffer.last_seq > 1)
    @rule(data=strategies.data(), face=strategies.integers(1, 4))
    def corrects(self, data: strategies.DataObject, face: int) -> None:
        """A customer taps on *wrong face?*."""
        seq = data.draw(strategies.integers(1, self.buffer.last_seq))
        self.note(events.Correction(rating=seq, face=face))

    @precondition(lambda self: self.buffer.last_seq > 1)
    @rule(data=strategies.data())
    def comments(self, data: strategies.DataObject) -> None:
        """A customer writes a comment."""
        self.marker += 1
        seq = data.draw(strategies.integers(1, self.buffer.last_seq))
        self.note(events.Comment(rating=seq, text=f"words {self.marker}", code="K7-42Q"))

    @precondition(lambda self: self.buffer.last_seq > 1)
    @rule(data=strategies.data(), word=strategies.sampled_from(["test", "customer"]))
    def marks(self, data: strategies.DataObject, word: Any) -> None:
        """Staff mark a tap."""
        seq = data.draw(strategies.integers(1, self.buffer.last_seq))
        self.note(events.Mark(ratings=(seq,), as_=word))

    @rule()
    def learns_the_time(self) -> None:
        """The boot gets a trusted time."""
        wall = self.machine.wall()
        self.note(events.Clock(at=wall, trusted=wall + 5000, uncertainty=10, source="ntp"))

    @rule(limit=strategies.integers(1, 40), cut=strategies.integers(0, 5))
    def sends(self, limit: int, cut: int) -> None:
        """The uplink sends a batch of the oldest stream, and the office has most of it."""
        waiting = [o for o in self.buffer.outgoing() if o.acknowledged < o.last_seq]
        if waiting:
            o = waiting[0]
            batch = self.buffer.read(o.stream, o.acknowledged, limit)
            assert batch
            last = events.decode(batch[-1])
            through = last.through if isinstance(last, events.Lost) else last.seq
            self.office_says(o.stream, max(through - cut, 0))

    @rule(then=strategies.sampled_from(["", "short", "days pass"]))
    def sends_everything(self, then: str) -> None:
        """The line is up for long enough; then the card gets short, or two days go by."""
        for o in self.buffer.outgoing():
            while after := self.waiting_from(o.stream):
                batch = self.buffer.read(o.stream, after[0])
                last = events.decode(batch[-1])
                through = last.through if isinstance(last, events.Lost) else last.seq
                self.office_says(o.stream, through)
        if then == "short":
            self.time_passes(700_000)
            self.card_has(4_000)
            self.time_passes(1_000)
        if then == "days pass":
            self.stops()
            self.time_passes(DAY + 1000)
            self.time_passes(DAY + 1000)

    def waiting_from(self, stream: str) -> list[int]:
        """How far the office has a stream, when something of it waits."""
        return [
            o.acknowledged
            for o in self.buffer.outgoing()
            if o.stream == stream and o.acknowledged < o.last_seq
        ]

    def office_says(self, stream: str, through: int) -> None:
        """The office says how far it has a stream."""
        self.buffer.acknowledge(stream, through)
        self.acknowledged[stream] = through
        self.ever[stream] = max(self.ever.get(stream, 0), through)

    @rule(data=strategies.data())
    def office_forgets(self, data: strategies.DataObject) -> None:
        """An office restored from an older back-up has less than it had."""
        if self.acknowledged:
            stream = data.draw(strategies.sampled_from(sorted(self.acknowledged)))
            self.office_says(stream, self.acknowledged[stream] // 2)

    @rule(pause=strategies.sampled_from([1_000, 61_000, 700_000, DAY + 1000]))
    def time_passes(self, pause: int) -> None:
        """Housekeeping, after a second, a minute, or a day."""
        self.machine.passes(pause)
        self.buffer.tend()
        if not self.buffer.in_memory:
            self.all_durable()

    @rule()
    def stops(self) -> None:
        """A clean stop and a start."""
        self.buffer.retry()
        if not self.buffer.in_memory:
            self.all_durable()
        self.buffer.close()
        self.buffer = self.opened()

    @rule(reboots=strategies.booleans())
    def dies(self, reboots: bool) -> None:
        """The process ends without a word."""
        self.card.unlock("data/lock")
        if reboots:
            self.machine.reboots()
        self.buffer = self.opened()

    @rule(piece=strategies.sampled_from(["checkpoint", "acknowledged", "cells-2025-11", "marker"]))
    def loses_small_state(self, piece: str) -> None:
        """A file of small state goes while the kiosk is off."""
        self.stops()
        before = self.buffer.totals(FROM, TO)
        self.buffer.close()
        self.card.remove(f"data/state/{piece}.json")
        self.buffer = self.opened()
        assert self.buffer.totals(FROM, TO) == before

    @rule(room=strategies.sampled_from([0, 200, 4_000, 1_000_000]))
    def card_has(self, room: int) -> None:
        """The card is full, short, or has room again."""
        self.card.room = room

    # -- what must hold ----------------------------------------------------------------------

    def present(self) -> dict[tuple[str, int], events.Event]:
        """What the buffer gives back, each event by its identity; asserts that none is doubled."""
        found = {}
        for row in self.buffer.rows():
            expected = 1
            for event in self.buffer.events(row.name):
                assert event.first == expected
                expected = event.last + 1
                found[row.name, event.first] = events.decode(event.raw)
            assert expected == row.last_seq + 1
        return found

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        """What was promised is there; what is gone the office has had, and the card says so."""
        present = self.present()
        purged = {
            (stream, seq)
            for (stream, first), event in present.items()
            if isinstance(event, events.Lost)
            for seq in range(first, event.through + 1)
        }
        assert all(seq <= self.ever.get(stream, 0) for stream, seq in purged)
        for key, kind in self.durable.items():
            if key not in purged:
                assert type(present[key]).__name__ == kind
        for key, event in present.items():
            if not isinstance(event, events.Lost) and key[1] > 1:
                assert self.given[key] == type(event).__name__
            if isinstance(event, events.Comment) and event.erased:
                assert key[1] <= self.ever[key[0]]
                assert event.text == ""
                assert event.code == "K7-42Q"
        assert self.buffer.damaged == []

    @invariant()
    def pending_is_what_waits(self) -> None:
        """The kept number of waiting events is what counting them gives."""
        streams = {o.stream: o for o in self.buffer.outgoing()}
        assert self.buffer.pending() == sum(o.last_seq - o.acknowledged for o in streams.values())
        assert all(o.acknowledged <= self.ever.get(o.stream, 0) for o in streams.values())

    @invariant()
    def totals_are_a_fold_from_scratch(self) -> None:
        """Figures here, beside and from scratch are the same while nothing was purged."""
        mine = self.buffer.totals(FROM, TO)
        beside = BufferReader.open("data", files=self.card, machine=self.machine)
        assert beside.totals(FROM, TO) == mine
        if not any(row.purged for row in self.buffer.rows()):
            book = totals.Book()
            table: cells.Deltas = {}
            for row in self.buffer.rows():
                raw = [event.raw for event in self.buffer.events(row.name)]
                cells.add(table, book.apply(row.name, raw))
            assert mine == totals.rows([table], FROM, TO)


TestKiosk = Kiosk.TestCase
TestKiosk.settings = settings(stateful_step_count=40)
