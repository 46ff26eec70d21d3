"""When two copies of one (stream, seq) meet: pure, no database.

Rules (events.md, "When two copies meet")

1. The fuller wins: whole > erased > wrapped > lost. What loses leaves no trace, and is no error.
2. Two different whole events are a conflict: the first stays, the second is kept beside it. Same
   means equal as JSON values.
3. What the office was told to erase stays erased: a later whole copy comes in without its text,
   and is no conflict. (`erased` says which; the caller has taken out the text.)
4. A `lost` run that a fuller copy lands in is split around it; together the pieces and the copy
   cover what the run covered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sync.central import reading
from sync.central.store import events as stored
from sync.feedback import events


class Outcome(NamedTuple):
    """What to do: rows to take out (by seq), entries to put in, second copies to keep."""

    remove: list[int]
    add: list[reading.Entry]
    conflicts: list[reading.Entry]
    known: list[reading.Entry]


def meet(
    entries: Iterable[reading.Entry], rows: Sequence[stored.Row], erased: frozenset[int]
) -> Outcome:
    """Judge entries whose numbers are all stored against the `rows` that cover them.

    `entries` ascend and hold no `lost`: a lost copy never adds to what is stored. `known` are those
    that were there already.
    """
    outcome = Outcome([], [], [], [])
    landed: dict[int, list[reading.Entry]] = {}
    at = 0
    for entry in entries:
        while rows[at].through < entry.seq:
            at += 1
        row = rows[at]
        if row.rank < entry.rank and not (row.rank == reading.ERASED and entry.seq in erased):
            landed.setdefault(at, []).append(entry)
        elif row.rank == entry.rank == reading.WHOLE and not events.same(
            row.raw.encode(), entry.raw
        ):
            outcome.conflicts.append(entry)
        else:
            outcome.known.append(entry)
    for index, fuller in landed.items():
        row = rows[index]
        outcome.remove.append(row.seq)
        outcome.add.extend(_split(row, fuller))
    return outcome


def _split(row: stored.Row, fuller: list[reading.Entry]) -> list[reading.Entry]:
    """Give `fuller` and what is left of the row between them (nothing, unless it is a lost run)."""
    if row.seq == row.through:
        return fuller
    run = reading.Entry(row.seq, row.through, row.kind, row.mono, row.rank, row.raw.encode(), None)
    pieces: list[reading.Entry] = []
    first = row.seq
    for entry in fuller:
        if first < entry.seq:
            pieces.append(reading.trimmed(run, first, entry.seq - 1))
        pieces.append(entry)
        first = entry.seq + 1
    if first <= row.through:
        pieces.append(reading.trimmed(run, first, row.through))
    return pieces
