"""The power goes at every moment of a kiosk's life: what was promised is there (events.md §5)."""

from collections.abc import Iterator
from random import Random

import pytest

from sync.buffer import recording, rehearsal, verdict

DYNASTIES = 10
GENERATIONS = 3
DISTINCT = 10_000
"""Card states of one dynasty, with FULL=1; a tenth of them by default."""


def generations(seed: int) -> Iterator[rehearsal.Life]:
    """Lives of one card: each goes on from a state that a cut left of the one before."""
    life = rehearsal.Life(seed)
    while True:
        life.live(7)
        yield life
        states = list(life.states(every=60))
        left = Random(seed).choice(states[len(states) // 2 :])
        seed += 1000
        life = rehearsal.Life(seed, before=left.files, past=life, notes=left.notes)


@pytest.mark.parametrize("seed", range(DYNASTIES))
def test_every_promise_holds_after_a_cut(seed: int, full: bool) -> None:
    """Cut after each call and inside each append: it opens, and nothing promised is missing."""
    every, wanted = (1, DISTINCT) if full else (48, DISTINCT // 10)
    trees: set[int] = set()
    for number, life in enumerate(generations(seed), 1):
        for state in life.states(every if number == 1 else 48):
            trees.add(hash(frozenset(state.files.items())))
            assert verdict.broken(life, state) == "", describe(life, state)
        if number >= GENERATIONS and len(trees) >= wanted:
            break


def describe(life: rehearsal.Life, state: recording.State) -> str:
    """Where in the life the power went."""
    around = life.card.calls[max(state.calls - 3, 0) : state.calls + 1]
    return f"after call {state.calls} of {len(life.card.calls)}: … {around}"
