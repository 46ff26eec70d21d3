"""Totals: one kiosk's card folded into a table of counts, the same at both ends.

Rules:

1. The table depends on which events were folded, and on nothing else: not on the pieces they came
   in, nor on the order in which streams came. Within a stream events come in order.
2. An event costs the same however many came before. What comes out of order costs as much as its
   boot.
3. An event that names one that has not come yet is kept, and holds as soon as that one comes.
4. ``lost``, ``wrapped``, comments and unknown kinds count for nothing; nor does what
   ``events.decode`` refuses.
5. A boot is placed between the boots before and after it, by ``start.after``. Where two streams
   speak of one rating, the later in the chain of streams has the last word.
6. The dump holds the last ``WINDOW`` visits of a few boots and about a hundred bytes for each
   stream. What is older is read again through ``history`` when something touches it: a mark on
   last week's tap, a boot that learns the time late. Without ``history`` nothing is let go.
7. Where ``history`` raises, ``apply`` does, and the book is half way: throw it away, load the dump.

Used so, at both ends::

    book = totals.Book.load(blob, history=read) if blob else totals.Book(history=read)
    cells.add(table, book.apply(stream, raw_events))
    blob = book.dump()                       # stored together with the table
"""

import itertools
from collections.abc import Iterable
from typing import Final

import msgspec

from sync.feedback import apart, boots, cells, chain, codec, events, ordinary, past, shelf, visits
from sync.feedback.cells import Cell, Deltas, Table
from sync.feedback.past import History
from sync.feedback.rows import Reasons, Row, reasons, rows

__all__ = [
    "VERSION",
    "WINDOW",
    "Book",
    "Cell",
    "Deltas",
    "History",
    "Outdated",
    "Reasons",
    "Row",
    "Table",
    "reasons",
    "rows",
]

FORMAT: Final = 3
VERSION: Final = FORMAT * 1000 + apart.VERSION
"""Of the dump and the rules behind it."""
WINDOW: Final = 32
_WARM: Final = 3  # boots whose last visits are kept at hand
_LOG: Final = 20_000  # counts that may wait to be added up: some megabytes


class Outdated(ValueError):
    """A dump of another version: apply all events to a new book, to an empty table."""


class _State(msgspec.Struct, array_like=True):
    version: int
    cold: bytes
    boots: list[shelf.State]
    names: list[tuple[str, list[tuple[int, visits.Name]]]]
    warm: list[str]


class Book:
    """The fold of one kiosk's events; see the head of this file."""

    def __init__(self, *, history: History | None = None, window: int = WINDOW) -> None:
        self._past = past.Past(history)
        self._window = window
        self._boots: dict[str, boots.Boot] = {}
        self._of: dict[str, boots.Boot] = {}  # by stream
        self._chain = chain.Chain(self._boots, self._of, self._whole, self._find)
        self._ledger = boots.Ledger(self._chain.order)
        self._names: dict[str, list[tuple[int, visits.Name]]] = {}  # from other boots, by target
        self._warm: dict[str, None] = {}
        self._cold = b""  # boots at rest, until a stream is asked for that is not at hand
        self._deltas: Deltas = {}

    def __repr__(self) -> str:
        return f"<Book: {len(self._of)} streams in {len(self._boots)} boots>"

    # -- the interface

    @property
    def weight(self) -> int:
        """How many visits, and names of ratings not at hand, it carries: a card's are hundreds."""
        named = sum(len(names) for names in self._names.values())
        return named + sum(
            len(boot.visits) + sum(map(len, boot.waiting.values())) for boot in self._boots.values()
        )

    def through(self, stream: str) -> int:
        """The last ``seq`` of the stream that was folded; 0 when none was."""
        boot = self._find(stream)
        return boot.streams[stream].through if boot else 0

    def apply(
        self,
        stream: str,
        raw_events: Iterable[bytes],
        decoded: Iterable[events.Event | None] = itertools.repeat(None),
    ) -> Deltas:
        """Fold the next events of a stream; give what the table changes by.

        Events up to ``through(stream)`` are passed over. ``decoded``: what ``events.decode`` gives
        of each, or None, from a caller who has it at hand.
        """
        self._deltas = {}
        self._past.begin(stream, self.through(stream))
        log, taken = self._ledger.log, self._past.taken
        boot = self._find(stream)
        times = self._chain.times(boot)
        for raw, event in zip(raw_events, decoded, strict=False):
            boot = self._fold(boot, stream, raw, event)
            taken.append(raw)
            if len(log) > _LOG:
                cells.tally(self._deltas, log)
        if boot is not None:
            ordinary.enter(boot)
            self._close(boot, times)
        cells.tally(self._deltas, log)
        self._past.end()
        return {cell: number for cell, number in self._deltas.items() if number}

    def dump(self) -> bytes:
        """The state between two calls of ``apply``."""
        resting: set[str] = set()
        if not self._cold and self._past.kept:
            resting = {key for key, boot in self._boots.items() if self._chain.at_rest(boot)}
            resting -= self._warm.keys()
        state = _State(
            VERSION,
            self._cold or shelf.freeze([shelf.state(self._boots[key]) for key in sorted(resting)]),
            [shelf.state(boot) for key, boot in self._boots.items() if key not in resting],
            list(self._names.items()),
            list(self._warm),
        )
        return msgspec.msgpack.encode(state)

    @classmethod
    def load(cls, blob: bytes, *, history: History | None = None, window: int = WINDOW) -> "Book":
        """The book that gave ``blob``. Raises ``Outdated`` for one of another version."""
        try:
            state = _states.decode(blob)
        except msgspec.DecodeError as error:
            raise Outdated(f"the totals' checkpoint cannot be read ({error}).") from None
        if state.version != VERSION:
            raise Outdated(f"the totals' checkpoint is of version {state.version}, not {VERSION}.")
        book = cls(history=history, window=window)
        book._restore(state.boots)
        book._cold = state.cold
        book._names = dict(state.names)
        book._warm = dict.fromkeys(state.warm)
        if history is None and (state.cold or any(boot.paged for boot in state.boots)):
            raise TypeError("totals.Book.load: this checkpoint was made with history, give it.")
        return book

    def _restore(self, states: list[shelf.State]) -> None:
        for state in states:
            boot = boots.Boot(state.key, self._ledger)
            shelf.restore(boot, state)
            self._boots[state.key] = boot
            self._of.update(dict.fromkeys(boot.streams, boot))
            if boot.contested:
                self._ledger.contested.add(boot.key)
        self._chain.restore()

    def _find(self, stream: str) -> boots.Boot | None:
        """The boot of a stream; None when the stream has not come."""
        boot = self._of.get(stream)
        if boot is None and self._cold:
            cold, self._cold = self._cold, b""
            self._restore(shelf.thaw(cold))
            boot = self._of.get(stream)
        return boot

    # -- one event

    def _fold(
        self, boot: boots.Boot | None, stream: str, raw: bytes, event: events.Event | None
    ) -> boots.Boot:
        """Take any event; give the boot of its stream, which may be another object now."""
        if event is None:
            event = codec.decode_or_lost(raw, boot.streams[stream].through if boot else 0)
        if boot is None:
            boot = self._open(stream, event)
        known = boot.streams[stream]
        if event.seq <= known.through:
            return boot
        mark = len(self._ledger.log)
        try:
            if isinstance(event, events.Rating):  # most events are, and name no other
                if not ordinary.tap(boot, known, event):
                    boot.rate(known, event)
                    known.advance(event)
            elif not (isinstance(event, events.Answer) and ordinary.answer(boot, known, event)):
                self._take(boot, stream, event)
        except boots.Paged:
            del self._ledger.log[mark:]
            self._take(self._whole(boot), stream, event)
        return self._of[stream]

    def _open(self, stream: str, event: events.Event) -> boots.Boot:
        """A stream's first event: it belongs to a boot."""
        start = event if isinstance(event, events.Start) else None
        self._unsettle()
        # where its start was lost, a boot of its own; no boot_id is the name of such a one
        key = f"={start.boot_id}" if start else f"?{stream}"
        boot = self._boots.get(key)
        if boot is None:
            boot = self._boots[key] = boots.Boot(key, self._ledger)
        self._of[stream] = boot
        known = boot.open(stream)
        if start is not None:
            known.begin(start)
        self._chain.join(boot, stream)
        for seq, name in self._names.get(stream, ()):
            boot.waiting.setdefault((stream, seq), []).append(name)
        return boot

    def _unsettle(self) -> None:
        """A stream is about to join: take back what hangs on an order that may change with it."""
        for key in list(self._ledger.contested):
            boot = self._boots[key]
            if self._still_contested(boot):
                self._whole(boot).loosen()
            else:
                self._ledger.contested.discard(key)

    def _still_contested(self, boot: boots.Boot) -> bool:
        """Whether two streams speak of one rating, and which is later may yet show."""
        for target, streams in list(boot.contested.items()):
            if self._chain.settled(streams):
                del boot.contested[target]
        return bool(boot.contested)

    def _take(self, boot: boots.Boot, stream: str, event: events.Event) -> None:
        boot.take(boot.streams[stream], event)
        named = visits.naming(stream, event)
        for target, _ in named:  # all are brought to hand before any is told
            other = self._find(target[0])
            if other is not None and other.lacks(target):
                self._whole(other)
        for target, name in named:
            other = self._of.get(target[0])
            if other is not None:
                other.name(target, name)
            # noted after it was told: a boot that is read again has heard what is noted
            if other is None or other.key != boot.key:
                self._names.setdefault(target[0], []).append((target[1], name))

    # -- the end of a call

    def _close(self, boot: boots.Boot, times: chain.Times | None) -> None:
        self._chain.settle(boot, times)
        for one in list(self._ledger.loose.values()):
            one.tighten()
        self._warm.pop(boot.key, None)
        self._warm[boot.key] = None
        if not self._past.kept:
            return
        for key in self._warm:
            if len(self._boots[key].visits) > 2 * self._window:
                shelf.page(self._boots[key], self._window)
        while len(self._warm) > _WARM:
            key = next(iter(self._warm))
            del self._warm[key]
            shelf.page(self._boots[key], 0)

    def _whole(self, boot: boots.Boot) -> boots.Boot:
        """The boot with all its visits at hand, read again where they are not."""
        if not boot.paged:
            return boot
        ordinary.enter(boot)
        names = [
            ((stream, seq), name)
            for stream in boot.streams
            for seq, name in self._names.get(stream, ())
        ]
        whole = shelf.read_again(boot, self._past.read, names)
        if whole.contested:
            self._ledger.contested.add(whole.key)
        self._boots[boot.key] = whole
        self._of.update(dict.fromkeys(whole.streams, whole))
        self._warm.setdefault(boot.key)
        return whole


_states = msgspec.msgpack.Decoder(_State)
