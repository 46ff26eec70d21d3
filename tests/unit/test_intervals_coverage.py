"""The coverage that numbers.md promises, over a fixed list of truths.

Exact, by all ways that the taps may fall, where these are few; drawn from a fixed seed elsewhere.
The
truth *all best* is not on the list: its coverage is always whole, for the upper end is then 100.
"""

import functools
import itertools
import math
import os
import random
import statistics
from collections.abc import Iterator

import pytest

from sync.feedback import indices

FULL = bool(os.environ.get("FULL"))
EXACT = 6000 if FULL else 600
DRAWS = 4000 if FULL else 600
FACES = (2, 3, 4, 5, 7, 11)
TAPS = (
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    10,
    11,
    12,
    13,
    15,
    17,
    20,
    25,
    30,
    40,
    50,
    70,
    100,
    150,
    200,
    300,
    500,
)

Truth = tuple[float, ...]


def truths(faces: int) -> dict[str, Truth]:
    """Shares of the faces, worst first: ordinary ones, flat ones, and the extremes."""
    middle, rest = faces // 2, faces - faces // 2 - 1
    found = {
        "flat": [1.0] * faces,
        "rising": [float(n) for n in range(1, faces + 1)],
        "a shop's": [0.5 + n * n for n in range(faces)],
        "both ends": [3.0, *[0.5] * (faces - 2), 3.0],
        "one in the middle": [0.05] * middle + [0.9] + [0.05] * rest,
        "two in the middle": [0.0] * (middle - 1) + [0.5, 0.5] + [0.0] * rest,
        "5 % best, else worst": [0.95, *[0.0] * (faces - 2), 0.05],
    }
    for share in (0.3, 0.1, 0.05, 0.02):
        found[f"{share} worst, else best"] = [share, *[0.0] * (faces - 2), 1 - share]
        if faces > 2:
            found[f"{share} next, else best"] = [*[0.0] * (faces - 2), share, 1 - share]
            found[f"{share} spread, else best"] = [*[share / (faces - 1)] * (faces - 1), 1 - share]
    return {name: tuple(p / sum(shares) for p in shares) for name, shares in found.items()}


@functools.cache
def interval(counts: tuple[int, ...]) -> indices.Interval:
    """Asked for again and again."""
    return indices.within_day(counts)


def falls(taps: int, truth: Truth) -> Iterator[tuple[float, tuple[int, ...]]]:
    """All ways that taps may fall on the faces that anybody taps, each with its probability."""
    support = [face for face, share in enumerate(truth) if share]
    for bars in itertools.combinations(range(taps + len(support) - 1), len(support) - 1):
        edges = (-1, *bars, taps + len(support) - 1)
        found = [after - before - 1 for before, after in itertools.pairwise(edges)]
        counts, log = [0] * len(truth), math.lgamma(taps + 1)
        for face, number in zip(support, found, strict=True):
            counts[face] = number
            log += number * math.log(truth[face]) - math.lgamma(number + 1)
        if log > -25:  # one in 70 billion tells nothing
            yield math.exp(log), tuple(counts)


def drawn(taps: int, truth: Truth) -> Iterator[tuple[float, tuple[int, ...]]]:
    """Ways that taps fell, from a fixed seed."""
    chance = random.Random(f"{taps} {truth}")
    for _ in range(DRAWS):
        counts = [0] * len(truth)
        for face in chance.choices(range(len(truth)), truth, k=taps):
            counts[face] += 1
        yield 1 / DRAWS, tuple(counts)


def coverage(taps: int, truth: Truth) -> float:
    """How often the interval holds the true index."""
    true = 100 * sum(face * share for face, share in enumerate(truth)) / (len(truth) - 1)
    support = sum(share > 0 for share in truth)
    few = math.comb(taps + support - 1, support - 1) <= EXACT
    total = 0.0
    for probability, counts in falls(taps, truth) if few else drawn(taps, truth):
        low, high = interval(counts)
        total += probability * (low - 1e-9 <= true <= high + 1e-9)
    return total


def cases() -> list[tuple[int, int, str]]:
    """(faces, taps, truth): a tenth of them, or all."""
    found = [(k, n, name) for k in FACES for n in TAPS for name in truths(k)]
    return found if FULL else found[::10]


@pytest.mark.timeout(1800)
def test_coverage_within_a_day() -> None:
    """94–97.5 % on average, never below 92 % from 10 taps on, never below 90 % from 3 on."""
    measured = {
        (faces, taps, name): coverage(taps, truths(faces)[name]) for faces, taps, name in cases()
    }
    # what was drawn by chance may be off by chance: three standard errors
    slack = 3 * math.sqrt(0.92 * 0.08 / DRAWS)
    assert 0.94 <= statistics.mean(measured.values()) <= 0.975
    for (faces, taps, name), share in measured.items():
        support = sum(p > 0 for p in truths(faces)[name])
        exact = math.comb(taps + support - 1, support - 1) <= EXACT
        least = 0.92 if taps >= 10 else 0.90
        assert share >= least - (0 if exact else slack), (faces, taps, name)


@pytest.mark.parametrize("faces", FACES)
def test_all_best_is_always_held(faces: int) -> None:
    """Where everybody taps the best face, the interval reaches 100."""
    for taps in TAPS:
        assert interval((*[0] * (faces - 1), taps)).high == 100


def shop(chance: random.Random, days: int, swing: float) -> list[list[int]]:
    """Some days of a shop whose mood swings from day to day; its index is 50 by symmetry."""
    found = []
    for _ in range(days):
        mood = chance.gauss(0, swing)
        weights = [math.exp(mood * (face - 1.5)) for face in range(4)]
        counts = [0] * 4
        for face in chance.choices(range(4), weights, k=chance.choice([20, 40, 80])):
            counts[face] += 1
        found.append(counts)
    return found


@pytest.mark.parametrize("days", [2, 4, 8, 14, 30])
@pytest.mark.parametrize("swing", [0.0, 0.15, 0.4])
def test_coverage_over_days_of_a_shop_with_moods(days: int, swing: float) -> None:
    """Where days differ, the interval still holds the true index as often as it says."""
    chance = random.Random(days * 100 + int(swing * 100))
    shops = 2000 if FULL else 200
    held = plain = 0
    for _ in range(shops):
        found = shop(chance, days, swing)
        low, high = indices.over_days(found)
        held += low <= 50 <= high
        naive = indices.within_day([sum(column) for column in zip(*found, strict=True)])
        plain += naive.low <= 50 <= naive.high
    slack = 3 * math.sqrt(0.92 * 0.08 / shops)
    # from few days part of the spread is assumed: a shop with strong moods is then held less often
    least = 0.92 if days >= 8 or swing < 0.4 else 0.80
    assert held / shops >= least - slack
    if swing == 0.4:
        assert plain < held  # taps taken as independent would promise too much
