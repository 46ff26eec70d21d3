"""One boot of a kiosk: its streams, its clocks and its visits, and what they add to the table.

All that the rules compare lies within a boot. Events of a stream come in order; streams of one
boot in any.

What comes at the end of the boot, as it does at a kiosk and nearly always at the office, costs
the same however
much came before. What comes out of order **loosens** the boot: all it counted is taken back, and
counted anew
when the call ends (``tighten``). Older visits are **paged** out of memory; what would need them
raises
``Paged``, and the book builds the boot again from its events.
"""

from typing import Final

import msgspec

from sync.feedback import apart, cells, clocks, kinds, visits

DEFAULT: Final = kinds.Settings()
"""Until a stream says its settings."""


class Paged(Exception):
    """Older visits of this boot are needed, and are not in memory."""


class Stream(msgspec.Struct, array_like=True):
    """One stream of the boot. ``low`` and ``high``: the least and greatest ``mono`` in it."""

    id: str
    through: int = 0
    started: int = -1
    """``mono`` of its start; −1 when that was lost."""
    at: int = 0
    after: str = ""
    settings: int = 0
    low: int = -1
    high: int = -1

    def begin(self, event: kinds.Start) -> None:
        """Take the stream's first event."""
        self.started, self.at = event.mono, event.at
        self.after = event.after.stream if event.after else ""

    def believed(self, mono: int) -> int | None:
        """What the kiosk believed the time to be."""
        return None if self.started < 0 else self.at + mono - self.started

    def advance(self, event: kinds.Event) -> None:
        """Note that ``event`` has come."""
        self.through = event.through if isinstance(event, kinds.Lost) else event.seq
        if isinstance(event, kinds.Lost | kinds.Wrapped):
            return
        if self.low < 0 or event.mono < self.low:
            self.low = event.mono
        self.high = max(self.high, event.mono)


class State(msgspec.Struct, array_like=True):
    """A boot as it lies in a dump."""

    key: str
    before: str
    streams: list[Stream]
    real: list[clocks.Anchor]
    staff: list[clocks.Anchor]
    settings: list[kinds.Settings]
    bounds: tuple[int | None, int | None]
    recent: list[visits.Visit]
    chains: list[visits.Chain]
    waiting: list[tuple[str, int, list[visits.Name]]]
    contested: list[tuple[str, int, list[str]]]
    paged: bool


class Ledger:
    """What the boots of one book share."""

    def __init__(self) -> None:
        self.log: list[tuple[cells.Cell, int]] = []
        """What is counted: (cell, +1 or −1)."""
        self.loose: dict[str, Boot] = {}
        """The boots to be tightened."""
        self.contested: set[str] = set()
        """Boots with a rating of which two streams speak."""
        self.order: visits.Order = lambda stream: (0, stream)
        """Where a stream stands in its chain."""


class Boot:
    """See the head of this file."""

    def __init__(self, key: str, ledger: Ledger) -> None:
        self.key = key
        self.before = ""  # the boot before this one
        self.streams: dict[str, Stream] = {}
        self.clocks = clocks.Clockwork()
        self.settings: list[kinds.Settings] = [DEFAULT]
        self.lower: int | None = None
        self.upper: int | None = None
        self.visits: list[visits.Visit] = []
        self.chains: dict[int, visits.Chain] = {}
        self.waiting: dict[visits.Key, list[visits.Name]] = {}
        self.contested: dict[visits.Key, list[str]] = {}
        self.paged = False
        self.loose = False
        self.ledger = ledger
        self._groups: dict[visits.Key, visits.Visit] = {}
        self._taps: dict[visits.Key, tuple[visits.Tap, visits.Visit]] = {}

    def __repr__(self) -> str:
        return f"<Boot {self.key}: {len(self.streams)} streams, {len(self.visits)} visits at hand>"

    # -- time

    def when(self, stream: str, mono: int) -> int:
        """The time of an event of this boot (clocks, rules 1 to 3)."""
        known = self.clocks.when(mono)
        if known is not None:
            return known
        return clocks.clamp(self.streams[stream].believed(mono), self.lower, self.upper)

    @property
    def first_when(self) -> int | None:
        """The time of its first event; None as long as it knows none."""
        lows = [stream.low for stream in self.streams.values() if stream.low >= 0]
        return self.clocks.when(min(lows)) if lows else None

    @property
    def last_when(self) -> int | None:
        """The time of its last event, believed or known."""
        last = max(self.streams.values(), key=lambda s: (s.high, s.id), default=None)
        return None if last is None or last.high < 0 else self.when(last.id, last.high)

    def bound_matters(self, bounds: tuple[int | None, int | None]) -> bool:
        """Whether ``bounds`` cut off anything that this boot believed."""
        lower, upper = bounds
        for stream in self.streams.values():
            low, high = stream.believed(stream.low), stream.believed(stream.high)
            if low is None or high is None:
                return True
            if (lower is not None and low < lower) or (upper is not None and high > upper):
                return True
        return False

    def clock(self, event: kinds.Clock) -> None:
        """Take a clock event; what it moves is loosened first."""
        if self.visits or self.paged:
            latest = max(visit.latest for visit in self.visits) if self.visits else 2**63
            if self.clocks.moves(event, latest):
                self.loosen()
        self.clocks.add(event)

    # -- what a stream says of itself

    def take(self, stream: str, event: kinds.Event) -> None:
        """Take the next event of a stream, but for what it says of ratings (``name``)."""
        one = self.streams[stream]
        match event:
            case kinds.Rating():
                self.rate(one, event)
            case kinds.Clock():
                self.clock(event)
            case kinds.Settings():
                self.set(one, event)
            case kinds.Start() if not one.through:
                one.begin(event)
        one.advance(event)

    def set(self, stream: Stream, event: kinds.Settings) -> None:
        """Judge what follows in this stream by ``event``."""
        plain = msgspec.structs.replace(event, seq=0, mono=0, etag="")
        if plain not in self.settings:
            self.settings.append(plain)
        stream.settings = self.settings.index(plain)

    # -- ratings

    def rate(self, stream: Stream, event: kinds.Rating) -> None:
        """Take a rating into its visit."""
        settings = self.settings[stream.settings]
        label = visits.Label(
            event.survey,
            event.survey_version,
            event.question,
            event.faces,
            settings.order,
            settings.layout,
            event.language,
            event.via,
        )
        tap = visits.Tap(stream.id, event.seq, event.mono, label, event.face, stream.settings)
        key = (stream.id, event.seq)
        group = (event.stream or stream.id, event.visit) if event.visit else key
        if self.waiting:
            for name in self.waiting.pop(key, ()):
                tap.hear(name)
            self._contest(key, tap)
        self._place(tap, group, event.began == "next")

    def _place(self, tap: visits.Tap, group: visits.Key, began: bool) -> None:
        visit = self._groups.get(group)
        if visit is None:
            if self.paged and (not self.visits or group != (tap.stream, tap.seq)):
                raise Paged
            visit = visits.Visit(group, [tap], tap.mono, began)
            if not self.loose and self.visits and tap.place < self.visits[-1].taps[0].place:
                self.loosen()
            self._groups[group] = visit
            self._taps[tap.stream, tap.seq] = (tap, visit)
            if self.loose:
                self.visits.append(visit)
            else:
                self._append(visit)
            return
        ordinary = visit is self.visits[-1] and tap.place > visit.taps[0].place
        if not self.loose and (not ordinary or (began and not visit.next)):
            self.loosen()
        self._taps[tap.stream, tap.seq] = (tap, visit)
        if self.loose:
            visit.put(tap, began)
            return
        before = self._take_back(visit)
        visit.put(tap, began)
        self._give_back(visit, before)

    def _append(self, visit: visits.Visit) -> None:
        """Count a visit that starts after all others."""
        last = self.visits[-1] if self.visits else None
        settings = self.settings[visit.taps[0].settings]
        slots = list(visit.slots(self.ledger.order))
        joins = last and not visit.next and visit.taps[0].mono - last.latest < settings.pause
        if last is None or not joins:
            number = last.chain + 1 if last else 0
            chain = self.chains[number] = visits.Chain(number, runs=[settings.run], faces={})
            chain.visits = 1
            chain.hold(slots, 1)
            visit.chain, visit.first = number, True
            self.visits.append(visit)
            self._count(visit, 1, chain.state)
            return
        chain = self.chains[last.chain]
        before = chain.state
        chain.visits += 1
        chain.hold(slots, 1)
        after = chain.state
        if chain.visits in chain.runs or before.every_face != after.every_face:
            self._recount(chain, before, after)
        if settings.run not in chain.runs:
            chain.runs.append(settings.run)
        visit.chain, visit.first = chain.number, False
        self.visits.append(visit)
        self._count(visit, 1, after)

    def _recount(
        self,
        chain: visits.Chain,
        before: apart.Chained,
        after: apart.Chained,
        but: visits.Visit | None = None,
    ) -> None:
        """The chain has become another: count its visits so."""
        if chain.paged:
            raise Paged
        for visit in reversed(self.visits):
            if visit.chain < chain.number:
                break
            if visit.chain == chain.number and visit is not but:
                self._count(visit, -1, before)
                self._count(visit, 1, after)

    def _take_back(self, visit: visits.Visit) -> apart.Chained:
        chain = self.chains[visit.chain]
        state = chain.state
        self._count(visit, -1, state)
        chain.hold(list(visit.slots(self.ledger.order)), -1)
        return state

    def _give_back(self, visit: visits.Visit, before: apart.Chained) -> None:
        chain = self.chains[visit.chain]
        chain.hold(list(visit.slots(self.ledger.order)), 1)
        after = chain.state
        if after != before:
            self._recount(chain, before, after, but=visit)
        self._count(visit, 1, after)

    # -- what is said of ratings

    def lacks(self, target: visits.Key) -> bool:
        """Whether older visits are needed before something can be said of ``target``."""
        found = self._taps.get(target)
        if found is not None:
            return self.chains[found[1].chain].paged > 0
        stream = self.streams.get(target[0])
        return self.paged and stream is not None and target[1] <= stream.through

    def name(self, target: visits.Key, name: visits.Name) -> None:
        """Take what a later event says of the rating ``target``, which may not have come yet."""
        found = self._taps.get(target)
        if found is None:
            stream = self.streams.get(target[0])
            if stream is None or target[1] > stream.through:
                self.waiting.setdefault(target, []).append(name)
            return
        tap, visit = found
        if self.loose:
            tap.hear(name)
        else:
            before = self._take_back(visit)
            tap.hear(name)
            self._give_back(visit, before)
        self._contest(target, tap)

    def _contest(self, target: visits.Key, tap: visits.Tap) -> None:
        """Note a rating of which two streams say something: which is later may yet show."""
        streams = sorted({name.stream for name in tap.names})
        if len(streams) > 1:
            self.contested[target] = streams
            self.ledger.contested.add(self.key)

    # -- counting

    def _count(self, visit: visits.Visit, by: int, chain: apart.Chained) -> None:
        """Log the cells of one visit."""
        begin = visit.taps[0]
        settings = self.settings[begin.settings]
        uncertain = not self.clocks.known
        is_open = settings.hours is None or clocks.is_open(
            settings.hours,
            clocks.local(self.when(begin.stream, begin.mono), settings.time_zone),
        )
        for slot in visit.slots(self.ledger.order):
            tap = slot.tap
            zone = self.settings[tap.settings].time_zone
            at = clocks.local(self.when(tap.stream, tap.mono), zone)
            rule = apart.rule(
                slot.mark, is_open=is_open, chain=chain, first=visit.first, run=settings.run
            )
            where = (*tap.label, at.day, at.minute // 60, slot.face, rule, uncertain)
            self.ledger.log.append((cells.Cell(*where, ""), by))
            if slot.reasons:
                for reason in {cells.ANY, *slot.reasons}:
                    self.ledger.log.append((cells.Cell(*where, reason), by))

    def loosen(self) -> None:
        """Take back all that this boot counted; ``tighten`` counts it anew."""
        if self.loose:
            return
        if self.paged:
            raise Paged
        for visit in self.visits:
            self._count(visit, -1, self.chains[visit.chain].state)
        self.loose = True
        self.ledger.loose[self.key] = self

    def tighten(self) -> None:
        """Count a loosened boot anew, its visits in their order."""
        if not self.loose:
            return
        self.loose = False
        self.ledger.loose.pop(self.key, None)
        found = sorted(self.visits, key=lambda visit: visit.taps[0].place)
        self.visits, self.chains = [], {}
        for visit in found:
            self._append(visit)

    # -- memory

    def page(self, keep: int) -> None:
        """Let all but the last ``keep`` visits go, unless some still wait for an event."""
        gone = self.visits[: len(self.visits) - keep]
        if not gone or self.loose or any(self._is_orphan(visit) for visit in self.visits):
            return
        self.visits = self.visits[len(gone) :]
        self.paged = True
        for visit in gone:
            self.chains[visit.chain].paged += 1
            del self._groups[visit.key]
            for tap in visit.taps:
                del self._taps[tap.stream, tap.seq]
        used = {visit.chain for visit in self.visits}
        self.chains = {number: chain for number, chain in self.chains.items() if number in used}
        if self.visits:
            self.clocks.forget_before(min(visit.taps[0].mono for visit in self.visits))
        self._forget_settings(keep)

    def _is_orphan(self, visit: visits.Visit) -> bool:
        """Whether the visit's first rating is yet to come."""
        stream = self.streams.get(visit.key[0])
        return stream is None or visit.key[1] > stream.through

    def _forget_settings(self, keep: int) -> None:
        """Keep those in use; none where no visit is at hand, for the next one reads all again."""
        if not keep:
            self.settings = [DEFAULT]
            for stream in self.streams.values():
                stream.settings = 0
            return
        taps = [tap for visit in self.visits for tap in visit.taps]
        users: list[visits.Tap | Stream] = [*taps, *self.streams.values()]
        kept = [DEFAULT]
        for user in users:
            settings = self.settings[user.settings]
            if settings not in kept:
                kept.append(settings)
            user.settings = kept.index(settings)
        self.settings = kept

    def state(self) -> State:
        """What a dump holds of it; all of it is counted (``tighten``)."""
        return State(
            self.key,
            self.before,
            list(self.streams.values()),
            self.clocks.real,
            self.clocks.staff,
            self.settings[1:],
            (self.lower, self.upper),
            self.visits,
            list(self.chains.values()),
            [(*target, names) for target, names in self.waiting.items()],
            [(*target, streams) for target, streams in self.contested.items()],
            self.paged,
        )

    def restore(self, state: State) -> None:
        """Become what ``state`` says."""
        self.before = state.before
        self.streams = {stream.id: stream for stream in state.streams}
        self.clocks = clocks.Clockwork(state.real, state.staff)
        self.settings = [DEFAULT, *state.settings]
        self.lower, self.upper = state.bounds
        self.visits = state.recent
        self.chains = {chain.number: chain for chain in state.chains}
        self.waiting = {(stream, seq): names for stream, seq, names in state.waiting}
        self.contested = {(stream, seq): streams for stream, seq, streams in state.contested}
        self.paged = state.paged
        self._groups = {visit.key: visit for visit in self.visits}
        self._taps = {
            (tap.stream, tap.seq): (tap, visit) for visit in self.visits for tap in visit.taps
        }
