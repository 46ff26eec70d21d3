"""Rows of ``totals --json`` (outside.md), and the reasons that were given, over a span of days."""

from collections.abc import Iterable
from typing import TypeAlias, TypeVar

import msgspec

from sync.feedback import cells, indices


class Row(msgspec.Struct, kw_only=True):
    """One survey, question and number of faces; as JSON it is outside.md's row, key by key."""

    survey: str
    question: str
    from_day: str = msgspec.field(name="from")
    to_day: str = msgspec.field(name="to")
    faces: int
    counts: dict[str, int]
    """Taps by face, without those set apart."""
    n: int
    set_apart: dict[str, int]
    """Taps set apart, by rule; rules without any are left out."""
    uncertain: int
    """How many of ``n`` come from boots that never knew the time."""
    index: float | None
    interval: tuple[float, float] | None
    enough: bool


_Group: TypeAlias = tuple[str, str, int]


class _Sums:
    """What one row is made from."""

    __slots__ = ("apart", "days", "uncertain")

    def __init__(self) -> None:
        self.days: dict[tuple[int, str], list[int]] = {}  # by kiosk and day: taps by face
        self.apart: dict[str, int] = {}
        self.uncertain = 0

    def add(self, day: tuple[int, str], faces: int, face: int, number: int) -> None:
        counts = self.days.get(day)
        if counts is None:
            counts = self.days[day] = [0] * faces
        counts[face - 1] += number


def rows(
    tables: Iterable[cells.Table], from_day: str, to_day: str, *, with_set_apart: bool = False
) -> list[Row]:
    """The rows of ``from_day`` … ``to_day`` (both included), in order of survey and question.

    ``tables`` is one table for each kiosk: taps of one day of one kiosk are not independent, so
    the interval needs to know them apart. ``with_set_apart`` counts what is set apart as well.
    """
    groups: dict[_Group, _Sums] = {}
    for kiosk, table in enumerate(tables):
        _gather(groups, kiosk, table, (from_day, to_day), with_set_apart)
    return [_row(group, groups[group], from_day, to_day) for group in sorted(groups)]


def _gather(
    groups: dict[_Group, _Sums],
    kiosk: int,
    table: cells.Table,
    span: tuple[str, str],
    with_set_apart: bool,
) -> None:
    from_day, to_day = span
    for cell, number in table.items():
        # unpacked once, for a table of 90 days has tens of thousands of cells
        survey, _, question, faces, _, _, _, _, day, _, face, rule, uncertain, reason = cell
        if reason or day < from_day or day > to_day:
            continue
        sums = groups.get((survey, question, faces))
        if sums is None:
            sums = groups[survey, question, faces] = _Sums()
        if rule:
            sums.apart[rule] = sums.apart.get(rule, 0) + number
            if not with_set_apart:
                continue
        if uncertain:
            sums.uncertain += number
        sums.add((kiosk, day), faces, face, number)


def _row(group: _Group, sums: _Sums, from_day: str, to_day: str) -> Row:
    survey, question, faces = group
    clusters = list(sums.days.values())
    counts = [sum(day[face] for day in clusters) for face in range(faces)]
    figure = indices.satisfaction(clusters or [counts])
    shown = figure.enough
    return Row(
        survey=survey,
        question=question,
        from_day=from_day,
        to_day=to_day,
        faces=faces,
        counts={str(face): number for face, number in enumerate(counts, 1)},
        n=sum(counts),
        set_apart={rule: number for rule, number in sorted(sums.apart.items()) if number},
        uncertain=sums.uncertain,
        index=round(figure.value, 1) if shown else None,
        interval=(round(figure.low, 1), round(figure.high, 1)) if shown else None,
        enough=shown,
    )


class Reasons(msgspec.Struct, kw_only=True):
    """The reasons given to one question, of taps that are not set apart."""

    survey: str
    question: str
    faces: int
    taps: dict[int, int]
    """Taps by face: what the reasons are a part of."""
    given: dict[str, dict[int, int]]
    """For each reason, the taps that gave it, by face; a tap may give several."""
    none: dict[int, int]
    """Taps that gave no reason, by face."""
    hours: dict[int, dict[str, int]]
    """For each local hour of the day, the taps that gave each reason."""


def reasons(tables: Iterable[cells.Table], from_day: str, to_day: str) -> list[Reasons]:
    """The reasons of ``from_day`` … ``to_day`` (both included), in order of survey and question."""
    found: dict[_Group, Reasons] = {}
    for cell, number in cells.within(tables, from_day, to_day).items():
        if cell.rule:
            continue
        group = (cell.survey, cell.question, cell.faces)
        row = found.get(group)
        if row is None:
            row = found[group] = Reasons(
                survey=cell.survey,
                question=cell.question,
                faces=cell.faces,
                taps={},
                given={},
                none={},
                hours={},
            )
        _note(row, cell, number)
    return [found[group] for group in sorted(found)]


def _note(row: Reasons, cell: cells.Cell, number: int) -> None:
    """Add one cell to its row."""
    if not cell.reason:
        _add(row.taps, cell.face, number)
        _add(row.none, cell.face, number)
    elif cell.reason == cells.ANY:
        _add(row.none, cell.face, -number)
    else:
        _add(row.given.setdefault(cell.reason, {}), cell.face, number)
        _add(row.hours.setdefault(cell.hour, {}), cell.reason, number)


_Key = TypeVar("_Key")


def _add(counts: dict[_Key, int], key: _Key, number: int) -> None:
    counts[key] = counts.get(key, 0) + number
