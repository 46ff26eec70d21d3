"""Figures: indices, their intervals and differences (numbers.md). Pure; the same at both ends.

``counts`` is the number of taps by face, worst first: ``[17, 16, 60, 126]``. Indices run from 0
to 100, shares from 0 to 1. All intervals are at 95 %. A figure without any taps has no value:
``math.nan``, which ``Figure.enough`` keeps off every screen.
"""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sync.feedback import intervals
from sync.feedback.intervals import (
    FEWEST_DAYS,
    FEWEST_TAPS,
    WIDEST,
    Interval,
    newcombe,
    over_days,
    verdict,
    wilson,
    within_day,
)

__all__ = [
    "FEWEST_DAYS",
    "FEWEST_TAPS",
    "WIDEST",
    "Figure",
    "Interval",
    "acsi",
    "ces",
    "covered",
    "csat",
    "difference",
    "figure",
    "index",
    "low_share",
    "mean",
    "net_promoters",
    "newcombe",
    "nps",
    "over_days",
    "satisfaction",
    "share",
    "take_up",
    "verdict",
    "wilson",
    "within_day",
]


class Figure(NamedTuple):
    """A value with its interval. Never shown as ±: the interval is not symmetrical."""

    value: float
    low: float
    high: float
    taps: int
    enough: bool
    """At least 5 taps, an interval of at most 40 points; else neither is shown, on any screen."""
    few_days: bool = False
    """The interval rests on several days, but fewer than 8: say so beside it."""


# -- indices


def index(counts: Sequence[int]) -> float:
    """The satisfaction index: 100 · mean((face − 1)/(faces − 1)), faces equally far apart.

    Source: numbers.md; the linear 0–100 rescaling of a rating scale, as ACSI does (Fornell et al.
    1996, Journal of Marketing 60(4), 7–18).
    """
    total = sum(counts)
    if not total:
        return math.nan
    return 100 * sum(i * number for i, number in enumerate(counts)) / (len(counts) - 1) / total


def low_share(counts: Sequence[int]) -> float:
    """Taps in the lower half / taps; the middle face of an odd scale counts to neither half.

    Source: numbers.md.
    """
    return _share(sum(counts[: len(counts) // 2]), sum(counts))


def csat(counts: Sequence[int]) -> float:
    """The share of the two best faces; of 2 or 3 faces, of the best.

    Source: numbers.md; the *top-two-box* score of customer satisfaction research.
    """
    best = 1 if len(counts) <= 3 else 2
    return _share(sum(counts[-best:]), sum(counts))


def nps(counts: Sequence[int]) -> float:
    """Net Promoter Score of a 0–10 question (11 faces): % of 9–10 less % of 0–6, −100 … 100.

    Source: Reichheld 2003, *The one number you need to grow*, Harvard Business Review 81(12).
    Raises ``ValueError`` for another number of faces.
    """
    if len(counts) != 11:
        raise ValueError(f"NPS of {len(counts)} faces: it is made of a 0–10 question, 11 faces.")
    total = sum(counts)
    return 100 * (sum(counts[9:]) - sum(counts[:7])) / total if total else math.nan


def ces(counts: Sequence[int]) -> float:
    """Customer Effort Score: the mean of a 1–7 question.

    Source: Dixon, Freeman and Toman 2010, *Stop trying to delight your customers*, HBR 88(7/8),
    in its second form (2013, seven points). Raises ``ValueError`` for another number of faces.
    """
    if len(counts) != 7:
        raise ValueError(f"CES of {len(counts)} faces: it is made of a 1–7 question, 7 faces.")
    return mean(counts)


def mean(counts: Sequence[int]) -> float:
    """The mean face, 1 … faces."""
    total = sum(counts)
    return sum(face * n for face, n in enumerate(counts, 1)) / total if total else math.nan


def acsi(means: Sequence[float], weights: Sequence[float] | None = None) -> float:
    """ACSI-style index of three 1–10 questions: 100 · (Σ w·x̄ / Σ w − 1)/9.

    Source: Fornell et al. 1996 (above). ``weights`` are equal unless given.
    """
    weights = weights or [1.0] * len(means)
    weighted = sum(w * x for w, x in zip(weights, means, strict=True)) / sum(weights)
    return 100 * (weighted - 1) / 9


def take_up(taps: int, passers: int) -> float:
    """Taps / passers, where passers are counted; NaN where none are.

    Source: numbers.md. Above 1 where people tap that the sensor does not see.
    """
    return _share(taps, passers)


def covered(tappable_ms: int, open_ms: int) -> float:
    """The share of opening hours in which the kiosk could be tapped, 0 … 1; NaN without any.

    Source: numbers.md.
    """
    return _share(min(tappable_ms, open_ms), open_ms)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan


# -- figures: a value with its interval


def figure(value: float, interval: Interval, taps: int, *, few_days: bool = False) -> Figure:
    """The value with its interval, and whether that is enough to be shown.

    Both in points: a share in per cent, an index of 0–100, NPS in its −100 … 100.
    """
    enough = taps >= FEWEST_TAPS and interval.high - interval.low <= WIDEST
    return Figure(value, interval.low, interval.high, taps, enough, few_days)


def satisfaction(days: Iterable[Sequence[int]]) -> Figure:
    """The satisfaction index of ``days``: the counts of each day of each kiosk, apart."""
    found = [day for day in days if sum(day)]
    counts = [sum(column) for column in zip(*found, strict=True)]
    return figure(
        index(counts),
        intervals.over_days(found),
        sum(counts),
        few_days=1 < len(found) < FEWEST_DAYS,
    )


def net_promoters(days: Iterable[Sequence[int]]) -> Figure:
    """NPS with its interval: the mean of −100, 0 and 100, so an index of three faces stretched."""
    found = [(sum(day[:7]), sum(day[7:9]), sum(day[9:])) for day in days if sum(day)]
    plain = satisfaction(found)
    interval = Interval(2 * plain.low - 100, 2 * plain.high - 100)
    return figure(2 * plain.value - 100, interval, plain.taps, few_days=plain.few_days)


def share(part: int, whole: int) -> Figure:
    """A share in per cent, with Wilson's interval."""
    interval = wilson(part, whole)
    points = Interval(100 * interval.low, 100 * interval.high)
    return figure(100 * _share(part, whole), points, whole)


def difference(a: Figure, b: Figure) -> Interval:
    """An interval for ``a`` − ``b``, of figures that rest on different taps; for ``verdict``.

    Source: Zou and Donner 2008, *Construction of confidence limits about effect measures*,
    Statistics in Medicine 27(10), 1693–1702: Newcombe's square-and-add of the two intervals, for
    any figure. Compare like with like: the same weekdays, until the same time of day.
    """
    return intervals.apart(a.value, Interval(a.low, a.high), b.value, Interval(b.low, b.high))
