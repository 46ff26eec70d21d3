"""Figures: indices, their intervals and differences (numbers.md). Pure; the same at both ends.

``counts`` is the number of taps by face, worst first: ``[17, 16, 60, 126]``. Indices run from 0
to 100, shares
from 0 to 1. All intervals are at 95 %. A figure without any taps has no value: ``math.nan``, which
``Figure.enough`` keeps off every screen.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from sync.feedback import distributions

FEWEST_TAPS: Final = 5
WIDEST: Final = 40
"""Points of an index (per cent of a share): a wider interval says too little."""
FEWEST_DAYS: Final = 8
"""With fewer days the spread between days is mostly assumed, and the figure says so."""

Z: Final = distributions.Z


class Interval(NamedTuple):
    """Both ends included; in the unit of its figure."""

    low: float
    high: float


class Figure(NamedTuple):
    """A value with its interval. Never shown as ±: the interval is not symmetrical."""

    value: float
    low: float
    high: float
    taps: int
    enough: bool
    """At least 5 taps, an interval of at most 40 points; else neither is shown, on any screen."""
    few_days: bool
    """The interval rests on fewer than 8 days, of several."""


# -- indices


def index(counts: Sequence[int]) -> float:
    """The satisfaction index: 100 · mean((face − 1)/(faces − 1)), faces equally far apart.

    Source: numbers.md; the linear 0–100 rescaling of a rating scale, as ACSI does (Fornell et al.
    1996,
    Journal of Marketing 60(4), 7–18).
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
    in its
    second form (2013, seven points). Raises ``ValueError`` for another number of faces.
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


# -- intervals


def wilson(part: int, whole: int) -> Interval:
    """The score interval of a share, 0 … 1.

    Source: Wilson 1927, *Probable inference, the law of succession, and statistical inference*,
    JASA
    22(158), 209–212.
    """
    if not whole:
        return Interval(0.0, 1.0)
    share, zz = part / whole, Z * Z / whole
    middle = share + zz / 2
    reach = Z * math.sqrt(share * (1 - share) / whole + zz / (4 * whole))
    low = 0.0 if part == 0 else max((middle - reach) / (1 + zz), 0.0)
    high = 1.0 if part == whole else min((middle + reach) / (1 + zz), 1.0)
    return Interval(low, high)


UNSEEN: Final = 0.6


def within_day(counts: Sequence[int]) -> Interval:
    """An interval for the index of independent taps."""
    if not sum(counts):
        return Interval(0.0, 100.0)
    return Interval(100 * _limit(counts, 0, 0.025), 100 * _limit(counts, len(counts) - 1, 0.975))


def _limit(counts: Sequence[int], end: int, p: float) -> float:
    weights = list(counts)
    total = sum(weights) + UNSEEN
    steps = len(weights) - 1
    first = (sum(n * i for i, n in enumerate(weights)) + UNSEEN * end) / steps / total
    second = (sum(n * i * i for i, n in enumerate(weights)) + UNSEEN * end * end) / steps**2 / total
    spread = second - first * first
    if spread <= 1e-12:
        return first
    size = first * (1 - first) * (total + 1) / spread - 1
    return distributions.beta_quantile(p, first * size, (1 - first) * size)


def satisfaction(days: Iterable[Sequence[int]]) -> Figure:
    """The satisfaction index of one or several days."""
    clusters = [day for day in days if sum(day)]
    counts = [sum(column) for column in zip(*clusters, strict=True)]
    interval = within_day(counts or [0, 0])
    return figure(index(counts), interval, sum(counts))


def figure(value: float, interval: Interval, taps: int, *, few_days: bool = False) -> Figure:
    """The value with its interval, and whether that is enough to be shown."""
    enough = taps >= FEWEST_TAPS and interval.high - interval.low <= WIDEST
    return Figure(value, interval.low, interval.high, taps, enough, few_days)
