"""The plainest fold of a card, written from events.md §2 and §3 alone: the measure of ours."""

import bisect
import collections
import datetime
import functools
import itertools
import zoneinfo
from collections.abc import Iterator

from sync.feedback import cells, events

Card = dict[str, list[events.Event]]
"""The events of each stream, in order."""


def table(card: Card) -> dict[cells.Cell, int]:
    """The table of a whole card, in the plainest way."""
    boots: dict[str, list[str]] = collections.defaultdict(list)
    for stream in card:
        boots[_start(card, stream).boot_id].append(stream)
    whens = _Times(card, boots)
    table: collections.Counter[cells.Cell] = collections.Counter()
    for boot, streams in boots.items():
        for cell in _boot_cells(card, streams, whens, boot):
            table[cell] += 1
    return dict(table)


def _start(card: Card, stream: str) -> events.Start:
    first = card[stream][0]
    assert isinstance(first, events.Start)
    return first


def _depth(card: Card, stream: str) -> int:
    after = _start(card, stream).after
    return 1 + _depth(card, after.stream) if after and after.stream in card else 1


Ratings = dict[tuple[str, int], tuple[events.Rating, events.Settings]]


class _Times:
    """When everything was."""

    def __init__(self, card: Card, boots: dict[str, list[str]]) -> None:
        self.card, self.boots = card, boots
        self.of = {stream: boot for boot, streams in boots.items() for stream in streams}
        self.clocks = {boot: self._clocks(streams) for boot, streams in boots.items()}
        self.before = {boot: self._before(boot) for boot in boots}
        self.last = functools.cache(self._last)  # asked for again and again
        self.upper = functools.cache(self._upper)

    def _clocks(self, streams: list[str]) -> list[tuple[int, int, int]]:
        found = [e for s in streams for e in self.card[s] if isinstance(e, events.Clock)]
        best = [e for e in found if e.source != "staff"] or found
        return sorted((e.mono, -e.uncertainty, e.trusted) for e in best)

    def _before(self, boot: str) -> str | None:
        named = [
            (first.mono, stream, self.of[first.after.stream])
            for stream in self.boots[boot]
            if (first := _start(self.card, stream)).after
            and first.after.stream in self.card
            and self.of[first.after.stream] != boot
        ]
        return min(named)[2] if named else None

    def known(self, boot: str, mono: int) -> int | None:
        clocks = self.clocks[boot]
        if not clocks:
            return None
        earlier = [clock for clock in clocks if clock[0] <= mono]
        first = max(clock for clock in clocks if clock[0] == clocks[0][0])
        clock = earlier[-1] if earlier else first
        return max(clock[2] + mono - clock[0], 0)

    def _upper(self, boot: str) -> int | None:
        firsts = []
        for other, before in self.before.items():
            if before == boot:
                monos = [e.mono for s in self.boots[other] for e in _telling(self.card[s])]
                first = self.known(other, min(monos)) if self.clocks[other] else self.upper(other)
                firsts.append(first)
        return min((first for first in firsts if first is not None), default=None)

    def _last(self, boot: str) -> int:
        mono, stream = max((e.mono, s) for s in self.boots[boot] for e in _telling(self.card[s]))
        return self.when(stream, mono)

    def when(self, stream: str, mono: int) -> int:
        boot = self.of[stream]
        known = self.known(boot, mono)
        if known is not None:
            return known
        first = _start(self.card, stream)
        believed = first.at + mono - first.mono
        before = self.before[boot]
        if before is not None:
            believed = max(believed, self.last(before))
        upper = self.upper(boot)
        return max(believed if upper is None else min(believed, upper), 0)


def _telling(told: list[events.Event]) -> list[events.Event]:
    return [event for event in told if not isinstance(event, events.Lost | events.Wrapped)]


def _boot_cells(card: Card, streams: list[str], whens: _Times, boot: str) -> Iterator[cells.Cell]:
    ratings = _ratings(card, streams)
    visits: dict[tuple[str, int], list[tuple[int, str, int]]] = collections.defaultdict(list)
    for (stream, seq), (event, _) in ratings.items():
        key = (event.stream or stream, event.visit) if event.visit else (stream, seq)
        visits[key].append((event.mono, stream, seq))
    said = _sayings(card)
    ordered = sorted(sorted(taps) for taps in visits.values())
    chains: list[list[list[tuple[int, str, int]]]] = []
    for taps in ordered:
        first = ratings[taps[0][1:]]
        began = any(ratings[tap[1:]][0].began == "next" for tap in taps)
        near = chains and taps[0][0] - chains[-1][-1][-1][0] < first[1].pause
        if near and not began:
            chains[-1].append(taps)
        else:
            chains.append([taps])
    for chain in chains:
        slots = [list(_visit_slots(taps, ratings, said)) for taps in chain]
        held = collections.defaultdict(set)
        for slot in itertools.chain(*slots):
            event = slot[0]
            held[event.survey, event.question, event.faces].add(slot[2])
        full = any(len(faces) == question[2] for question, faces in held.items())
        for at, taps in enumerate(chain):
            settings = ratings[taps[0][1:]][1]
            begin = datetime.datetime.fromtimestamp(
                whens.when(taps[0][1], taps[0][0]) // 1000,
                zoneinfo.ZoneInfo(settings.time_zone),
            )
            for event, own, face, mark, reasons, stream in slots[at]:
                late = not _is_open(settings, begin)
                rule = _rule(mark, late, (len(chain), full), at, settings.run)
                when = datetime.datetime.fromtimestamp(
                    whens.when(stream, event.mono) // 1000, zoneinfo.ZoneInfo(own.time_zone)
                )
                where = (
                    *(event.survey, event.survey_version, event.question, event.faces),
                    *(own.order, own.layout, event.language, event.via),
                    *(when.date().isoformat(), when.hour, face, rule, not whens.clocks[boot]),
                )
                yield cells.Cell(*where, "")
                for reason in {*reasons, *([cells.ANY] if reasons else [])}:
                    yield cells.Cell(*where, reason)


def _ratings(card: Card, streams: list[str]) -> Ratings:
    """All ratings, each with the settings last before it in its stream."""
    ratings: Ratings = {}
    for stream in streams:
        settings = events.Settings()
        for event in card[stream]:
            if isinstance(event, events.Settings):
                settings = event
            if isinstance(event, events.Rating):
                ratings[stream, event.seq] = (event, settings)
    return ratings


def _rule(mark: str, late: bool, chain: tuple[int, bool], at: int, run: int) -> str:
    length, full = chain
    fits = {
        "mark": mark in ("test", "cleaning"),
        "out_of_hours": late,
        "all_faces": length >= 2 and full,
        "run": at > 0 and length >= run,
        "repeat": at > 0,
    }
    if mark == "customer":
        return ""
    return next((rule for rule, holds in fits.items() if holds), "")


Said = dict[tuple[str, int], list[tuple[int, str, int, events.Event]]]


def _sayings(card: Card) -> Said:
    """Every event that names a rating, in the order of the chain and then of seq."""
    said: Said = collections.defaultdict(list)
    for stream, told in card.items():
        for event in told:
            if isinstance(event, events.Correction | events.Answer):
                target = (event.stream or stream, event.rating)
                bisect.insort(
                    said[target], (_depth(card, stream), stream, event.seq, event), key=_at_place
                )
            if isinstance(event, events.Mark):
                for seq in event.ratings:
                    target = (event.stream or stream, seq)
                    bisect.insort(
                        said[target],
                        (_depth(card, stream), stream, event.seq, event),
                        key=_at_place,
                    )
    return said


def _at_place(said: tuple[int, str, int, events.Event]) -> tuple[int, str, int]:
    return said[:3]


def _visit_slots(
    taps: list[tuple[int, str, int]],
    ratings: Ratings,
    said: Said,
) -> Iterator[tuple[events.Rating, events.Settings, int, str, tuple[str, ...], str]]:
    questions = collections.defaultdict(list)
    for tap in taps:
        event = ratings[tap[1:]][0]
        questions[event.survey, event.question].append(tap)
    for same in questions.values():
        event, own = ratings[same[-1][1:]]
        face, mark = event.face, ""
        reasons: tuple[str, ...] = ()
        for _, _, _, word in said[same[-1][1:]]:
            if isinstance(word, events.Correction) and word.face <= event.faces:
                face = word.face
        for _, _, _, word in sorted((one for tap in same for one in said[tap[1:]]), key=_at_place):
            if isinstance(word, events.Mark):
                mark = word.as_
            if isinstance(word, events.Answer):
                reasons = tuple(word.reasons)
        yield event, own, face, mark, reasons, same[-1][1]


def _is_open(settings: events.Settings, at: datetime.datetime) -> bool:
    if settings.hours is None:
        return True
    now = f"{at:%H:%M}"
    spans = settings.hours.get(events.WEEKDAYS[at.weekday()], [])
    if any(begin <= now and (now < end or end <= begin) for begin, end in spans):
        return True
    late = settings.hours.get(events.WEEKDAYS[at.weekday() - 1], [])
    return any(end <= begin and now < end for begin, end in late)
