"""Putting boots away: what a dump holds of one, and which of its visits stay at hand."""

import zlib
from collections.abc import Callable, Iterable
from typing import NamedTuple

import msgspec

from sync.feedback import clocks, codec, kinds, visits
from sync.feedback.boots import Boot, Ledger
from sync.feedback.timeline import DEFAULT, Stream


class Plain(NamedTuple):
    """A visit of one tap of which nothing was said, as most are: a tenth of the bytes."""

    stream: int
    """Which of the boot's."""
    seq: int
    mono: int
    label: int
    face: int
    settings: int
    chain: int
    next: bool
    first: bool


class State(msgspec.Struct, array_like=True):
    """A boot as it lies in a dump."""

    key: str
    before: str
    streams: list[Stream]
    real: list[clocks.Anchor] = []
    staff: list[clocks.Anchor] = []
    bounds: tuple[int | None, int | None] = (None, None)
    paged: bool = False
    latest: int = -1
    settings: list[kinds.Settings] = []
    labels: list[visits.Label] = []
    plain: list[Plain] = []
    others: list[tuple[int, visits.Visit]] = []
    """Visits that are not plain, each with its place among all."""
    chains: list[visits.Chain] = []
    waiting: list[tuple[str, int, list[visits.Name]]] = []
    contested: list[tuple[str, int, list[str]]] = []


def state(boot: Boot) -> State:
    """What a dump holds of ``boot``, all of which is counted (``tighten``)."""
    plain, others = _sorted(boot)
    return State(
        boot.key,
        boot.before,
        list(boot.streams.values()),
        boot.clocks.real,
        boot.clocks.staff,
        (boot.lower, boot.upper),
        boot.paged,
        boot.latest,
        boot.settings[1:],
        boot.labels,
        plain,
        others,
        list(boot.chains.values()),
        [(*target, names) for target, names in boot.waiting.items()],
        [(*target, streams) for target, streams in boot.contested.items()],
    )


def _sorted(boot: Boot) -> tuple[list[Plain], list[tuple[int, visits.Visit]]]:
    numbers = {stream: number for number, stream in enumerate(boot.streams)}
    plain: list[Plain] = []
    others: list[tuple[int, visits.Visit]] = []
    for place, visit in enumerate(boot.visits):
        tap = visit.taps[0]
        if len(visit.taps) > 1 or tap.names or visit.key != (tap.stream, tap.seq):
            others.append((place, visit))
            continue
        stream, of_tap = numbers[tap.stream], (tap.seq, tap.mono, tap.label, tap.face, tap.settings)
        plain.append(Plain(stream, *of_tap, visit.chain, visit.next, visit.first))
    return plain, others


def _recent(state: State) -> list[visits.Visit]:
    found = []
    for number, seq, mono, label, face, settings, chain, began, first in state.plain:
        stream = state.streams[number].id
        tap = visits.Tap(stream, seq, mono, label, face, settings)
        found.append(visits.Visit((stream, seq), [tap], mono, began, chain, first))
    for place, visit in state.others:
        found.insert(place, visit)
    return found


def restore(boot: Boot, state: State) -> None:
    """Make a new ``boot`` what ``state`` says."""
    boot.before = state.before
    boot.streams = {stream.id: stream for stream in state.streams}
    boot.clocks = clocks.Clockwork(state.real, state.staff)
    boot.number_settings([DEFAULT, *state.settings])
    boot.number_labels(state.labels)
    boot.lower, boot.upper = state.bounds
    boot.visits = _recent(state)
    boot.chains = {chain.number: chain for chain in state.chains}
    boot.waiting = {(stream, seq): names for stream, seq, names in state.waiting}
    boot.contested = {(stream, seq): streams for stream, seq, streams in state.contested}
    boot.paged = state.paged
    boot.latest = state.latest
    _index(boot)


def _index(boot: Boot) -> None:
    """Make the visits at hand to be found by their keys."""
    boot.taps = {(tap.stream, tap.seq): visit for visit in boot.visits for tap in visit.taps}
    boot.orphans = {
        visit.key: visit for visit in boot.visits if boot.taps.get(visit.key) is not visit
    }


def freeze(states: list[State]) -> bytes:
    """Boots that nothing ordinary touches any more, as bytes that need not be taken apart."""
    return zlib.compress(msgspec.msgpack.encode(states), 1) if states else b""


def thaw(cold: bytes) -> list[State]:
    """The boots in ``freeze``'s bytes."""
    return _states.decode(zlib.decompress(cold)) if cold else []


_states = msgspec.msgpack.Decoder(list[State])


def page(boot: Boot, keep: int) -> None:
    """Let all but the last ``keep`` visits go, unless some still wait for an event."""
    gone = boot.visits[: max(len(boot.visits) - keep, 0)]
    if not gone or boot.loose or _has_orphan(boot):
        return
    boot.visits = boot.visits[len(gone) :]
    boot.paged = True
    for visit in gone:
        if chain := boot.chains.get(visit.chain):
            chain.paged += 1
    _index(boot)
    used = {visit.chain for visit in boot.visits}
    boot.chains = {number: chain for number, chain in boot.chains.items() if number in used}
    if boot.visits:
        boot.clocks.forget_before(min(visit.taps[0].mono for visit in boot.visits))
    _forget_settings(boot)


def read_again(
    old: Boot,
    read: Callable[[Stream], Iterable[bytes]],
    names: Iterable[tuple[visits.Key, visits.Name]],
) -> Boot:
    """``old`` with all its visits at hand, from its events; ``names`` is what other boots said.

    It counts nothing, for all of it was counted long ago.
    """
    ledger = Ledger(old.ledger.order)
    boot = Boot(old.key, ledger)
    boot.before, boot.lower, boot.upper = old.before, old.lower, old.upper
    for target, name in names:
        boot.waiting.setdefault(target, []).append(name)
    for stream in sorted(old.streams.values(), key=lambda one: (one.started, one.id)):
        again = boot.open(stream.id)
        for raw in read(stream):
            event = codec.decode_or_lost(raw, again.through)
            is_headless = stream.started >= 0 and not isinstance(event, kinds.Start)
            if is_headless and not again.through:
                _remember(boot, again, old, stream)
            _take(boot, again, event)
        if again.started < 0 <= stream.started:  # nothing of it is left
            _remember(boot, again, old, stream)
        # the event in hand has perhaps moved these already, and is not among those read
        again.through, again.low, again.high = stream.through, stream.low, stream.high
    boot.tighten()
    boot.ledger = old.ledger
    return boot


def _remember(boot: Boot, again: Stream, old: Boot, stream: Stream) -> None:
    """The stream's beginning is gone from the card: go on from what is known of it."""
    again.started, again.at, again.after = stream.started, stream.at, stream.after
    boot.set(again, old.settings[stream.settings])
    boot.clocks = boot.clocks.joined(old.clocks)


def _take(boot: Boot, stream: Stream, event: kinds.Event) -> None:
    """One event that is read again; what it says of other boots was heard long ago."""
    if event.seq <= stream.through:
        return
    boot.take(stream, event)
    for target, name in visits.naming(stream.id, event):
        boot.name(target, name)


def _has_orphan(boot: Boot) -> bool:
    """Whether some visit's first rating is yet to come."""
    through = {stream.id: stream.through for stream in boot.streams.values()}
    return any(seq > through.get(stream, -1) for stream, seq in boot.orphans)


def _forget_settings(boot: Boot) -> None:
    """Keep those in use, and labels too."""
    taps = [tap for visit in boot.visits for tap in visit.taps]
    labels = {boot.labels[tap.label]: 0 for tap in taps}
    for tap in taps:
        tap.label = list(labels).index(boot.labels[tap.label])
    boot.number_labels(list(labels))
    kept = [DEFAULT]
    users: list[visits.Tap | Stream] = [*taps, *boot.streams.values()]
    for user in users:
        settings = boot.settings[user.settings]
        if settings not in kept:
            kept.append(settings)
        user.settings = kept.index(settings)
    boot.number_settings(kept)
