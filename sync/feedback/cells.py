"""The table that every figure is read from: how many taps of one sort fell into one local hour.

A **cell** is one sort of tap in one hour; a table is ``dict[Cell, int]``; **deltas** are a table
with signed numbers. Adding up all deltas that a ``totals.Book`` ever gave makes the kiosk's
table; no other order of arrival makes another table. Numbers never come out below 0 and a cell at
0 may be dropped.

Two sorts of cells share the shape. With ``reason`` "" it counts taps (visits × questions: within
a visit the last face counts). With a reason's id it counts those taps whose visitor gave that
reason, and with ``ANY`` those that gave at least one: who gave none is taps less ``ANY``.
"""

import collections
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple, TypeAlias

import msgspec

ANY: Final = "*"


class Cell(NamedTuple):
    """What is counted together. Add numbers over the fields that a figure does not ask about."""

    survey: str
    survey_version: int
    question: str
    faces: int
    """How many faces the question had; counts of different numbers of faces are never pooled."""
    order: str
    """``best_first`` or ``worst_first``."""
    layout: str
    """``row`` or ``column``."""
    language: str
    via: str
    """``touch`` or ``button``."""
    day: str
    """The shop's own day, ``2026-11-21``."""
    hour: int
    """0 … 23 on the shop's own clock; the hour that summer time repeats holds both."""
    face: int
    """1 (worst) … ``faces``."""
    rule: str
    """Why the tap is set apart: "" (it is not) or one of ``apart.RULES``."""
    uncertain: bool
    """Its boot never knew the time, so day and hour are what the kiosk believed."""
    reason: str
    """"" for the tap itself, else a reason's id or ``ANY``."""


Deltas: TypeAlias = dict[Cell, int]
Table: TypeAlias = Mapping[Cell, int]


def add(table: Deltas, deltas: Table) -> None:
    """Add ``deltas`` to ``table`` in place, dropping what comes to 0."""
    for cell, number in deltas.items():
        total = table.get(cell, 0) + number
        if total:
            table[cell] = total
        else:
            table.pop(cell, None)


Log: TypeAlias = list[tuple[tuple[str | int | bool, ...], int]]
"""What is counted one by one or by the hour: (fields of a cell, +1 or −1 or a number)."""
Tally: TypeAlias = dict[tuple[int, int, int, int, bool, str], int]
"""What is counted within a boot: (number of the label, number of the settings, quarter of an hour
since 1970, face, whether it was open, reason) → how many."""


def tally(table: Deltas, log: Log) -> None:
    """Add what ``log`` counts to ``table`` in place, and empty the log."""
    for (fields, by), times in collections.Counter(log).items():
        cell = Cell._make(fields)
        table[cell] = table.get(cell, 0) + by * times
    log.clear()


def pack(table: Table) -> bytes:
    """The table as bytes (msgpack), for a checkpoint."""
    return msgspec.msgpack.encode([(*cell, number) for cell, number in table.items()])


def unpack(raw: bytes) -> Deltas:
    """The table in ``pack``'s bytes. Raises ``msgspec.DecodeError`` for others."""
    rows = _rows.decode(raw)
    return {Cell(*row[:-1]): row[-1] for row in rows}


_Packed: TypeAlias = tuple[
    str, int, str, int, str, str, str, str, str, int, int, str, bool, str, int
]
_rows = msgspec.msgpack.Decoder(list[_Packed])


def within(tables: Iterable[Table], from_day: str, to_day: str) -> Deltas:
    """One table of all, cut to the days ``from_day`` … ``to_day``, both included."""
    found: Deltas = {}
    for table in tables:
        for cell, number in table.items():
            if from_day <= cell.day <= to_day:
                found[cell] = found.get(cell, 0) + number
    return found
