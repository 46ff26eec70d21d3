"""Visits and chains of visits: what a tap is judged together with (events.md §3).

A **visit** is all ratings that name the same first rating, or are it. A **slot** is one question
of a visit: its latest rating counts, with that rating's last correction; what staff or visitor
said of any rating of the slot holds for the slot. A **chain** is visits of one boot, in order of
their first taps, each starting less than ``pause`` after the latest rating of the one before;
*Next customer* begins a chain anew.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import msgspec

from sync.feedback import apart, kinds

Key: TypeAlias = tuple[str, int]
"""(stream, seq)."""
Order: TypeAlias = Callable[[str], tuple[int, str]]
"""Where a stream stands in its chain: a later one is greater."""


class Label(NamedTuple):
    """What a tap is counted under besides its hour; the first fields of ``cells.Cell``."""

    survey: str
    survey_version: int
    question: str
    faces: int
    order: str
    layout: str
    language: str
    via: str


class Name(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A later event that names a rating: a correction, a mark or an answer."""

    kind: str
    stream: str
    seq: int
    face: int = 0
    word: str = ""
    reasons: tuple[str, ...] = ()


def naming(stream: str, event: kinds.Event) -> list[tuple[Key, Name]]:
    """What an event of ``stream`` says of ratings; nothing, for most kinds."""
    match event:
        case kinds.Correction(rating=seq, face=face):
            return [((event.stream or stream, seq), Name("correction", stream, event.seq, face))]
        case kinds.Answer(rating=seq, reasons=reasons):
            name = Name("answer", stream, event.seq, reasons=tuple(reasons))
            return [((event.stream or stream, seq), name)]
        case kinds.Mark(as_=word):
            mark = Name("mark", stream, event.seq, word=word)
            return [((event.stream or stream, seq), mark) for seq in event.ratings]
    return []


class Tap(msgspec.Struct, array_like=True, gc=False):
    """One rating, with what was said of it.

    Not looked after by the garbage collector, nor are visits and chains: they come by the thousand
    and never point back at what holds them.
    """

    stream: str
    seq: int
    mono: int
    label: int
    """Which of the boot's labels."""
    face: int
    settings: int
    """Which of the boot's settings were in force."""
    names: tuple[Name, ...] = ()

    @property
    def place(self) -> tuple[int, str, int]:
        """Its place within the boot."""
        return self.mono, self.stream, self.seq

    def hear(self, name: Name) -> None:
        """Take what is said of this rating, unless the same stream said something later."""
        for at, known in enumerate(self.names):
            if known.kind == name.kind and known.stream == name.stream:
                if known.seq < name.seq:
                    self.names = (*self.names[:at], name, *self.names[at + 1 :])
                return
        self.names = (*self.names, name)


def _place(tap: Tap) -> tuple[int, str, int]:
    return tap.place


class Slot(NamedTuple):
    """One question of a visit, as it counts."""

    tap: Tap
    face: int
    mark: str
    reasons: tuple[str, ...]


class Visit(msgspec.Struct, array_like=True, gc=False):
    """One visit; ``taps`` in their order."""

    key: Key
    taps: list[Tap]
    latest: int
    """``mono`` of its latest rating."""
    next: bool = False
    """Whether *Next customer* began it."""
    chain: int = 0
    first: bool = True
    """Whether it is the first of its chain."""

    def slots(self, labels: list[Label], order: Order) -> list[Slot]:
        """Its questions, each with what counts."""
        taps = self.taps
        if len(taps) == 1:
            return [_slot(taps, order)]
        questions: dict[tuple[str, str], list[Tap]] = {}
        for tap in taps:
            label = labels[tap.label]
            questions.setdefault((label.survey, label.question), []).append(tap)
        return [_slot(same, order) for same in questions.values()]

    def put(self, tap: Tap, began: bool) -> None:
        """Take another of its ratings, wherever it belongs."""
        self.taps.append(tap)
        self.taps.sort(key=_place)
        self.latest = self.taps[-1].mono
        self.next = self.next or began


def _slot(taps: list[Tap], order: Order) -> Slot:
    tap = taps[-1]
    names = tap.names if len(taps) == 1 else tuple(name for one in taps for name in one.names)
    if not names:
        return Slot(tap, tap.face, "", ())
    if len(taps) == len(names) == 1:  # what a name does not say is left empty in it
        return Slot(tap, names[0].face or tap.face, names[0].word, names[0].reasons)
    correction = _latest("correction", tap.names, order)
    mark = _latest("mark", names, order)
    answer = _latest("answer", names, order)
    return Slot(
        tap,
        correction.face if correction else tap.face,
        mark.word if mark else "",
        answer.reasons if answer else (),
    )


def _latest(kind: str, names: tuple[Name, ...], order: Order) -> Name | None:
    """The last one of its kind, in the order of the chain of streams and then of seq."""
    found = [name for name in names if name.kind == kind]
    if len(found) < 2:
        return found[0] if found else None
    return max(found, key=lambda name: (order(name.stream), name.seq))


class Chain(msgspec.Struct, array_like=True, gc=False):
    """What a chain of visits holds, as far as rules ask."""

    number: int
    visits: int
    runs: list[int]
    """The lengths at which its visits become a ``run``."""
    full: int = 0
    """How many questions held every face."""
    paged: int = 0
    """How many of its visits are not in memory."""
    faces: dict[str, list[int]] = {}
    """For each question: how many faces it held, then how often each. Kept from two visits on."""

    @property
    def state(self) -> apart.Chained:
        """What the rules ask of it."""
        if self.visits == 1 and not self.full:
            return apart.ALONE
        return apart.Chained(self.visits, self.full > 0)

    def hold(self, slots: list[Slot], labels: list[Label], by: int) -> None:
        """Add (``by`` 1) or take away (−1) a visit's faces."""
        for slot in slots:
            label = labels[slot.tap.label]
            question = f"{label.survey}/{label.question}/{label.faces}"
            held = self.faces.get(question)
            if held is None:
                held = self.faces[question] = [0] * (label.faces + 1)
            was_full = held[0] == label.faces
            held[slot.face] += by
            if held[slot.face] == max(by, 0):
                held[0] += by
                self.full += (held[0] == label.faces) - was_full
