"""Intervals at 95 % for shares and indices, and for differences of them (numbers.md).

The interval of an index within a day covers, over the distributions and numbers of taps that
``tests/unit/test_intervals_coverage.py`` lists, the true index in 94–97.5 % of days on average,
in no case less than 92 % from 10 taps on and 90 % from 3 taps on. An index whose truth is *all
best* is always covered.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Final, Literal, NamedTuple

from sync.feedback import distributions

FEWEST_TAPS: Final = 5
WIDEST: Final = 40
"""Points of an index (per cent of a share): a wider interval says too little."""
FEWEST_DAYS: Final = 8
"""With fewer days the spread between days is mostly assumed, and the figure says so."""

Z: Final = distributions.Z

UNSEEN: Final = 0.7
"""How many taps on the worst face (for the lower end) or the best face (for the upper) are
reckoned with beyond those seen. 1 is Clopper and Pearson's, which is never below 95 % and mostly
far above; 0.5 is Jeffreys', which falls below 90 %. Chosen, with ``TAIL``, for the coverage
promised above."""
TAIL: Final = 0.03
"""Of the distribution at each end. Discrete counts make the true error smaller than twice this."""

ASSUMED_EFFECT: Final = 1.5
"""How many times larger than chance the spread between days is taken to be before any is seen."""
ASSUMED_DAYS: Final = 4
"""As how many days' evidence that counts."""


class Interval(NamedTuple):
    """Both ends included; in the unit of its figure."""

    low: float
    high: float


# -- shares


def wilson(part: int, whole: int) -> Interval:
    """The score interval of a share, 0 … 1.

    Source: Wilson 1927, *Probable inference, the law of succession, and statistical inference*,
    JASA 22(158), 209–212.
    """
    if not whole:
        return Interval(0.0, 1.0)
    share, zz = part / whole, Z * Z / whole
    middle = share + zz / 2
    reach = Z * math.sqrt(share * (1 - share) / whole + zz / (4 * whole))
    low = 0.0 if part == 0 else max((middle - reach) / (1 + zz), 0.0)
    high = 1.0 if part == whole else min((middle + reach) / (1 + zz), 1.0)
    return Interval(low, high)


def newcombe(part: int, whole: int, other_part: int, other_whole: int) -> Interval:
    """An interval for the first share less the second, −1 … 1, of different taps.

    Source: Newcombe 1998, *Interval estimation for the difference between independent
    proportions*, Statistics in Medicine 17(8), 873–890, method 10: Wilson's limits squared and
    added.
    """
    if not whole or not other_whole:
        return Interval(-1.0, 1.0)
    a, b = part / whole, other_part / other_whole
    return apart(a, wilson(part, whole), b, wilson(other_part, other_whole))


def apart(a: float, around_a: Interval, b: float, around_b: Interval) -> Interval:
    """An interval for ``a`` − ``b`` from the interval around each: squared and added (Newcombe)."""
    if math.isnan(a) or math.isnan(b):
        return Interval(-math.inf, math.inf)
    low = math.hypot(a - around_a.low, around_b.high - b)
    high = math.hypot(around_a.high - a, b - around_b.low)
    return Interval(a - b - low, a - b + high)


def verdict(difference: Interval) -> Literal["higher", "lower", "no clear difference"]:
    """How a difference is told: by whether its interval holds 0."""
    if difference.low > 0:
        return "higher"
    return "lower" if difference.high < 0 else "no clear difference"


# -- the index


def within_day(counts: Sequence[float]) -> Interval:
    """An interval for the index (0 … 100) of independent taps, ``counts`` by face, worst first.

    For each end ``UNSEEN`` taps on the outermost face are added; the mean of the faces then has
    the mean and spread of a Dirichlet distribution with these weights, and the limit is the
    quantile of the Beta distribution with the same mean and spread. Of two faces, and with
    ``UNSEEN`` 1, that is Clopper and Pearson's interval exactly.

    Source: the idea of Fay and Feuer 1997, *Confidence intervals for directly standardized rates:
    a method based on the gamma distribution*, Statistics in Medicine 16(7), 791–801 (there
    weighted counts, gamma and the largest weight; here bounded scores, beta and the outermost
    face).
    """
    if sum(counts) <= 0:
        return Interval(0.0, 100.0)
    low = _limit(counts, 0, TAIL)
    high = _limit(counts, len(counts) - 1, 1 - TAIL)
    return Interval(100 * low, 100 * high)


def _limit(counts: Sequence[float], outermost: int, p: float) -> float:
    if not any(n for i, n in enumerate(counts) if i != outermost):
        return float(outermost > 0)  # all taps on that face: nothing lies beyond it
    weight = sum(counts) + UNSEEN
    steps = len(counts) - 1
    middle = (sum(n * i for i, n in enumerate(counts)) + UNSEEN * outermost) / steps / weight
    square = sum(n * i * i for i, n in enumerate(counts)) + UNSEEN * outermost * outermost
    spread = square / steps**2 / weight - middle * middle
    size = middle * (1 - middle) * (weight + 1) / spread - 1
    return distributions.beta_quantile(p, middle * size, (1 - middle) * size)


def over_days(days: Iterable[Sequence[int]]) -> Interval:
    """An interval for the index of all taps, when taps of one day of one kiosk are alike.

    ``days`` has the counts of each day of each kiosk (a *cluster*). As many independent taps as
    tell no more than these take the place of the taps: fewer by the design effect, how many times
    larger the spread between days is than chance alone makes it, and by the quantile of Student's
    t, since that spread is itself only estimated. From fewer than ``FEWEST_DAYS`` the estimate is
    drawn towards ``ASSUMED_EFFECT``: whoever shows the figure says that the days are few.

    Source: effective number, Korn and Graubard 1998, *Confidence intervals for proportions with
    small expected number of positive counts estimated from survey data*, Survey Methodology
    24(2), 193–201; spread of a ratio between clusters, Cochran 1977, *Sampling Techniques*, ch.
    6; drawing the estimate of few, Smyth 2004, *Linear models and empirical Bayes methods*, Stat.
    Appl. Genet. Mol. Biol. 3(1), 3.
    """
    clusters = [day for day in days if sum(day)]
    if not clusters:
        return Interval(0.0, 100.0)
    counts = [sum(column) for column in zip(*clusters, strict=True)]
    if len(clusters) == 1:
        return within_day(counts)
    # from enough days nothing is assumed: it cost up to 6 points of coverage in shops with moods
    assumed = ASSUMED_DAYS if len(clusters) < FEWEST_DAYS else 0
    freedom = len(clusters) - 1 + assumed
    effect = _design_effect(clusters, counts)
    effect = ((len(clusters) - 1) * effect + assumed * ASSUMED_EFFECT) / freedom
    wider = distributions.t_quantile(0.975, freedom) / Z
    scale = 1 / (max(effect, 1.0) * wider * wider)
    return within_day([number * scale for number in counts])


def _design_effect(clusters: list[Sequence[int]], counts: list[int]) -> float:
    """The spread between clusters over what independent taps would have; 1 where there is none."""
    taps = sum(counts)
    mean = sum(i * n for i, n in enumerate(counts)) / taps
    chance = sum(n * (i - mean) ** 2 for i, n in enumerate(counts))
    if not chance:
        return 1.0
    surplus = (sum(n * (i - mean) for i, n in enumerate(day)) for day in clusters)
    return sum(x * x for x in surplus) * len(clusters) / (len(clusters) - 1) / chance
