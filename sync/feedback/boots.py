"""One boot of a kiosk: its visits, and what they add to the table.

All that the rules compare lies within a boot. Events of a stream come in order; streams of one
boot in any.

What comes at the end of the boot, as it does at a kiosk and nearly always at the office, costs
the same however much came before. What comes out of order **loosens** the boot: all it counted is
taken back, and counted anew when the call ends (``tighten``). Older visits are **paged** out of
memory; what would need them raises ``Paged``, and the book builds the boot again from its events.
"""

from sync.feedback import apart, cells, clocks, kinds, visits
from sync.feedback.timeline import Stream, Timeline


class Paged(Exception):
    """Older visits of this boot are needed, and are not in memory."""


class Ledger:
    """What the boots of one book share."""

    def __init__(self, order: visits.Order) -> None:
        self.order = order  # where a stream stands in its chain
        self.log: cells.Log = []
        self.loose: dict[str, Boot] = {}  # the boots to be tightened
        self.contested: set[str] = set()  # boots with a rating of which two streams speak


class Boot(Timeline):
    """See the head of this file."""

    def __init__(self, key: str, ledger: Ledger) -> None:
        super().__init__(key)
        self.ledger = ledger
        self.visits: list[visits.Visit] = []
        self.chains: dict[int, visits.Chain] = {}  # but for those of one visit, as most are
        self.waiting: dict[visits.Key, list[visits.Name]] = {}
        self.contested: dict[visits.Key, list[str]] = {}
        self.latest = -1  # the greatest `mono` of a rating
        self.paged = False
        self.loose = False
        self.taps: dict[visits.Key, visits.Visit] = {}  # the visit that a rating belongs to
        self.orphans: dict[visits.Key, visits.Visit] = {}  # whose first rating has not come
        self.tally: cells.Tally = {}  # not in the log yet: see `ordinary`

    def __repr__(self) -> str:
        return f"<Boot {self.key}: {len(self.streams)} streams, {len(self.visits)} visits at hand>"

    def take(self, stream: Stream, event: kinds.Event) -> None:
        """Take the next event of a stream, but for what it says of ratings (``name``)."""
        if isinstance(event, kinds.Rating):
            self.rate(stream, event)
        elif isinstance(event, kinds.Clock):
            self.clock(event)
        elif isinstance(event, kinds.Settings):
            self.set(stream, event)
        elif isinstance(event, kinds.Start) and not stream.through:
            stream.begin(event)
        stream.advance(event)

    def clock(self, event: kinds.Clock) -> None:
        """Take a clock event; what it moves is loosened first."""
        if self.latest >= 0 and self.clocks.moves(event, self.latest):
            self.loosen()
        self.clocks.add(event)

    # -- ratings

    def rate(self, stream: Stream, event: kinds.Rating) -> None:
        """Take a rating into its visit; one that the office refuses counts for nothing."""
        if not event.is_sound:
            return
        label = self.label(stream, event)
        key = (stream.id, event.seq)
        tap = visits.Tap(stream.id, event.seq, event.mono, label, event.face, stream.settings)
        if event.mono > self.latest:  # noqa: PLR1730 -- for every tap, and a call costs more
            self.latest = event.mono
        if self.waiting:
            for name in self.waiting.pop(key, ()):
                self._hear(tap, name)
        group = (event.stream or stream.id, event.visit) if event.visit else key
        visit = self.taps.get(group)
        if visit is None or visit.key != group:
            visit = self.orphans.get(group)
        if visit is None:
            self._begin(group, tap, event.began is not None)
        else:
            self._join(visit, tap, event.began is not None)

    def _begin(self, group: visits.Key, tap: visits.Tap, began: bool) -> None:
        """The first that is heard of a visit."""
        key = (tap.stream, tap.seq)
        if self.paged and (not self.visits or group != key):
            raise Paged
        visit = visits.Visit(group, [tap], tap.mono, began)
        if not self.loose and self.visits:
            last = self.visits[-1].taps[0]
            if tap.mono <= last.mono and tap.place < last.place:
                self.loosen()
        if group != key:
            self.orphans[group] = visit
        self.taps[key] = visit
        if tap.names:
            self._contest(visit)
        if self.loose:
            self.visits.append(visit)
        else:
            self._append(visit)

    def _join(self, visit: visits.Visit, tap: visits.Tap, began: bool) -> None:
        """Another rating of a visit."""
        ordinary = visit is self.visits[-1] and tap.place > visit.taps[0].place
        if not self.loose and (not ordinary or (began and not visit.next)):
            self.loosen()
        self.taps[tap.stream, tap.seq] = visit
        if visit.key == (tap.stream, tap.seq):
            del self.orphans[visit.key]
        if self.loose:
            visit.put(tap, began)
        else:
            before = self._take_back(visit)
            visit.put(tap, began)
            self._give_back(visit, before)
        self._contest(visit)

    def _append(self, visit: visits.Visit) -> None:
        """Count a visit that starts after all others."""
        tap = visit.taps[0]
        settings = self.settings[tap.settings]
        last = self.visits[-1] if self.visits else None
        if last is None or visit.next or tap.mono - last.latest >= settings.pause:
            visit.chain, visit.first, state = last.chain + 1 if last else 0, True, apart.ALONE
        else:
            chain = self._chain(last)
            self._lengthen(chain, last, visit)
            if settings.run not in chain.runs:
                chain.runs.append(settings.run)
            visit.chain, visit.first, state = chain.number, False, chain.state
        self.visits.append(visit)
        self._count(visit, 1, state)

    def _chain(self, visit: visits.Visit) -> visits.Chain:
        """The chain that a visit is the end of."""
        chain = self.chains.get(visit.chain)
        if chain is None:
            run = self.settings[visit.taps[0].settings].run
            chain = self.chains[visit.chain] = visits.Chain(visit.chain, 1, [run])
        return chain

    def _state(self, visit: visits.Visit) -> apart.Chained:
        """What the rules ask of a visit's chain."""
        chain = self.chains.get(visit.chain)
        return chain.state if chain else apart.ALONE

    def _lengthen(self, chain: visits.Chain, last: visits.Visit, visit: visits.Visit) -> None:
        """A visit joins the chain that ``last`` is the end of."""
        before = chain.state
        if chain.visits == 1:
            chain.hold(self._slots(last), self.labels, 1)
        chain.visits += 1
        chain.hold(self._slots(visit), self.labels, 1)
        after = chain.state
        if chain.visits in chain.runs or before.every_face != after.every_face:
            self._recount(chain, before, after)

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
        state = self._state(visit)
        self._count(visit, -1, state)
        if chain := self.chains.get(visit.chain):
            chain.hold(self._slots(visit), self.labels, -1)
        return state

    def _give_back(self, visit: visits.Visit, before: apart.Chained) -> None:
        after = before
        if chain := self.chains.get(visit.chain):
            chain.hold(self._slots(visit), self.labels, 1)
            after = chain.state
            if after != before:
                self._recount(chain, before, after, but=visit)
        self._count(visit, 1, after)

    def _slots(self, visit: visits.Visit) -> list[visits.Slot]:
        return visit.slots(self.labels, self.ledger.order)

    # -- what is said of ratings

    def lacks(self, target: visits.Key) -> bool:
        """Whether older visits are needed before something can be said of ``target``."""
        found = self.taps.get(target)
        if found is not None:
            chain = self.chains.get(found.chain)
            return chain is not None and chain.paged > 0
        stream = self.streams.get(target[0])
        return self.paged and stream is not None and target[1] <= stream.through

    def name(self, target: visits.Key, name: visits.Name) -> None:
        """Take what a later event says of the rating ``target``, which may not have come yet."""
        visit = self.taps.get(target)
        if visit is None:
            stream = self.streams.get(target[0])
            if stream is None or target[1] > stream.through:
                self.waiting.setdefault(target, []).append(name)
            return
        tap = visit.taps[0]
        if len(visit.taps) > 1:
            tap = next(tap for tap in visit.taps if (tap.stream, tap.seq) == target)
        if self.loose:
            self._hear(tap, name)
        else:
            before = self._take_back(visit)
            self._hear(tap, name)
            self._give_back(visit, before)
        self._contest(visit)

    def _hear(self, tap: visits.Tap, name: visits.Name) -> None:
        # a face beyond the scale changes nothing
        if name.kind != "correction" or name.face <= self.labels[tap.label].faces:
            tap.hear(name)

    def _contest(self, visit: visits.Visit) -> None:
        """Note a visit of which two streams speak: which is later may yet show."""
        if len(visit.taps) == 1 and len(visit.taps[0].names) < 2:
            return
        streams = sorted({name.stream for tap in visit.taps for name in tap.names})
        if len(streams) > 1:
            self.contested[visit.key] = streams
            self.ledger.contested.add(self.key)

    # -- counting

    def _count(self, visit: visits.Visit, by: int, chain: apart.Chained) -> None:
        """Log the cells of one visit."""
        begin = visit.taps[0]
        settings = self.settings[begin.settings]
        opening = self.openings[begin.settings]
        when = self.clocks.when(begin.mono)
        uncertain = when is None
        if when is None:
            when = self.when(begin.stream, begin.mono)
        is_open = opening is None or opening.at(clocks.local(when, settings.time_zone))
        if len(visit.taps) == 1 and not begin.names:  # as most are
            rule = apart.rule("", is_open, chain, visit.first, settings.run)
            place = clocks.day_and_hour(when, settings.time_zone)
            label = self.labels[begin.label]
            self.ledger.log.append(((*label, *place, begin.face, rule, uncertain, ""), by))
            return
        for tap, face, mark, reasons in self._slots(visit):
            if tap is begin:
                zone = settings.time_zone
            else:
                zone = self.settings[tap.settings].time_zone
                when = self.when(tap.stream, tap.mono)
            day, hour = clocks.day_and_hour(when, zone)
            rule = apart.rule(mark, is_open, chain, visit.first, settings.run)
            where = (*self.labels[tap.label], day, hour, face, rule, uncertain)
            self.ledger.log.append(((*where, ""), by))
            if reasons:
                for reason in {cells.ANY, *reasons}:
                    self.ledger.log.append(((*where, reason), by))

    def loosen(self) -> None:
        """Take back all that this boot counted; ``tighten`` counts it anew."""
        if self.loose:
            return
        if self.paged:
            raise Paged
        for visit in self.visits:
            self._count(visit, -1, self._state(visit))
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
