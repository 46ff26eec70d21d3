"""Every formula and worked example of numbers.md."""

import math

import hypothesis
import pytest
from hypothesis import strategies as st

from sync.feedback import distributions, indices

counts_of_taps = st.lists(st.integers(0, 60), min_size=2, max_size=11)


@pytest.mark.parametrize(
    ("counts", "index"),
    [
        ([17, 16, 60, 126], 78.2),  # numbers.md: best to worst 126/60/16/17
        ([4, 2, 12, 23, 51], 81.2),  # numbers.md: 51/23/12/2/4 → 81.25
        ([0, 5], 100),
        ([5, 0], 0),
        ([1, 1], 50),
        ([1] * 11, 50),
    ],
)
def test_satisfaction_index(counts: list[int], index: float) -> None:
    """100 · mean((face − 1)/(faces − 1)), faces equally far apart."""
    assert round(indices.index(counts), 1) == index


def test_the_index_of_five_faces_is_exactly_the_worked_example() -> None:
    """51/23/12/2/4 is 81.25."""
    assert indices.index([4, 2, 12, 23, 51]) == 81.25


@pytest.mark.parametrize(
    ("counts", "share"),
    [
        ([17, 16, 60, 126], 0.151),  # numbers.md: 33/219
        ([4, 2, 12, 23, 51], 0.065),  # the middle of five counts to neither half: 6/92
        ([3, 4, 3], 0.3),
    ],
)
def test_share_of_low_faces(counts: list[int], share: float) -> None:
    """Taps in the lower half / taps; the middle of an odd scale counts to neither."""
    assert round(indices.low_share(counts), 3) == share


@pytest.mark.parametrize(
    ("counts", "share"),
    [([4, 2, 12, 23, 51], 74 / 92), ([2, 3, 5], 0.5), ([4, 6], 0.6), ([1, 1, 1, 1], 0.5)],
)
def test_csat(counts: list[int], share: float) -> None:
    """The share of the two best faces; of two or three faces, of the best."""
    assert indices.csat(counts) == pytest.approx(share)


def test_csat_worked_example() -> None:
    """74/92 is 80.4 %."""
    assert round(100 * indices.csat([4, 2, 12, 23, 51]), 1) == 80.4


def test_nps() -> None:
    """50 of 9–10, 30 of 7–8, 20 of 0–6 in 100 is 30; only a 0–10 question has one."""
    counts = [2, 3, 3, 3, 3, 3, 3, 15, 15, 25, 25]
    assert sum(counts) == 100
    assert indices.nps(counts) == 30
    assert indices.net_promoters([counts]).value == pytest.approx(30)
    with pytest.raises(ValueError, match="11 faces"):
        indices.nps([1, 2, 3])


def test_ces() -> None:
    """The mean of 1–7."""
    assert indices.ces([1, 0, 0, 0, 0, 0, 1]) == 4
    with pytest.raises(ValueError, match="7 faces"):
        indices.ces([1, 2, 3])


def test_acsi_style_index() -> None:
    """Means of 8, 7 and 9 with equal weights are 77.8; only the ratio of weights matters."""
    assert round(indices.acsi([8, 7, 9]), 1) == 77.8
    assert indices.acsi([8, 7, 9], [2, 2, 2]) == pytest.approx(indices.acsi([8, 7, 9]))
    assert indices.acsi([10, 1, 1], [1, 0, 0]) == 100


def test_take_up_and_covered() -> None:
    """Taps of those who passed; the part of the opening hours in which one could tap."""
    assert indices.take_up(30, 120) == 0.25
    assert math.isnan(indices.take_up(30, 0))
    assert indices.covered(30, 40) == 0.75
    assert indices.covered(50, 40) == 1


def test_no_taps_is_no_value_and_never_enough() -> None:
    """Without taps no figure has a value, and none is shown."""
    for figure in (indices.satisfaction([]), indices.share(0, 0), indices.net_promoters([])):
        assert math.isnan(figure.value)
        assert not figure.enough
    assert math.isnan(indices.low_share([0, 0]))
    assert math.isnan(indices.mean([0, 0]))


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, Statistics in Medicine 17, 857–872, table I
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson(part: int, whole: int, low: float, high: float) -> None:
    """The score interval of a share is what the literature prints."""
    interval = indices.wilson(part, whole)
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),  # Newcombe 1998, Stat. Med. 17, 873–890, table II
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((10, 10, 0, 10), 0.6075, 1.0000),
        ((0, 10, 0, 10), -0.2775, 0.2775),
    ],
)
def test_newcombe(counts: tuple[int, int, int, int], low: float, high: float) -> None:
    """The interval of a difference of shares is what the literature prints."""
    interval = indices.newcombe(*counts)
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


@pytest.mark.parametrize(
    ("difference", "told"),
    [
        ((0.1, 3), "higher"),
        ((-3, -0.1), "lower"),
        ((-0.1, 3), "no clear difference"),
        ((0, 3), "no clear difference"),
        ((-math.inf, math.inf), "no clear difference"),
    ],
)
def test_a_difference_is_told_in_words(difference: tuple[float, float], told: str) -> None:
    """Higher or lower only where the interval does not hold 0."""
    assert indices.verdict(indices.Interval(*difference)) == told


def test_a_difference_of_shares_as_figures_is_newcombes() -> None:
    """The difference of any two figures is Newcombe's where they are shares."""
    a = indices.difference(indices.share(56, 70), indices.share(48, 80))
    b = indices.newcombe(56, 70, 48, 80)
    assert a == pytest.approx((100 * b.low, 100 * b.high))


def test_a_difference_with_nothing_is_never_clear() -> None:
    """A period without taps is neither higher nor lower than another."""
    some, none = indices.satisfaction([[1, 2, 30, 90]]), indices.satisfaction([])
    assert indices.verdict(indices.difference(some, none)) == "no clear difference"


@pytest.mark.parametrize(
    ("counts", "enough"),
    [
        ([0, 0, 0, 4], False),  # fewer than five taps
        ([0, 0, 0, 20], True),
        ([3, 0, 0, 3], False),  # wider than 40 points
        ([10, 10, 20, 60], True),
    ],
)
def test_too_few_to_say(counts: list[int], enough: bool) -> None:
    """Fewer than 5 taps, or an interval wider than 40 points, is not shown."""
    assert indices.satisfaction([counts]).enough is enough


def test_few_days_say_so() -> None:
    """Several days, but fewer than eight, are marked; one day is not: nothing is assumed."""
    day = [1, 2, 10, 20]
    assert [indices.satisfaction([day] * n).few_days for n in (1, 2, 7, 8)] == [
        *(False, True, True, False)
    ]


@hypothesis.given(counts_of_taps)
def test_the_interval_holds_the_index_and_stays_on_the_scale(counts: list[int]) -> None:
    """An interval lies within 0 … 100 and holds the figure it is about."""
    hypothesis.assume(sum(counts))
    low, high = indices.within_day(counts)
    assert 0 <= low <= indices.index(counts) + 1e-6
    assert indices.index(counts) - 1e-6 <= high <= 100


@hypothesis.given(counts_of_taps)
def test_a_mirrored_scale_gives_the_mirrored_interval(counts: list[int]) -> None:
    """Best and worst are treated alike."""
    low, high = indices.within_day(counts)
    mirrored = indices.within_day(counts[::-1])
    assert mirrored == pytest.approx((100 - high, 100 - low), abs=1e-5)


@hypothesis.given(st.lists(st.integers(1, 30), min_size=2, max_size=5), st.integers(2, 5))
def test_more_taps_alike_make_it_narrower(counts: list[int], times: int) -> None:
    """The same shares from more taps are known better."""
    narrow, wide = indices.within_day([n * times for n in counts]), indices.within_day(counts)
    assert narrow.high - narrow.low < wide.high - wide.low


def test_of_two_faces_it_lies_between_jeffreys_and_clopper_and_pearson() -> None:
    """3 of 10: 11.3 to 60.3 by Jeffreys at this tail, 6.7 to 65.2 by Clopper and Pearson."""
    low, high = indices.within_day([7, 3])
    assert 6.7 < low < 11.3
    assert 60.3 < high < 65.2


@pytest.mark.parametrize("p", [0.025, 0.03, 0.4, 0.97, 0.975])
@pytest.mark.parametrize("a", [0.3, 0.7, 1, 3, 24.4, 200, 1998.7, 1e5])
@pytest.mark.parametrize("b", [0.3, 0.7, 1, 4.0, 50, 2000])
def test_beta_quantiles_undo_the_distribution(a: float, b: float, p: float) -> None:
    """The quantile is where the distribution has reached p."""
    assert distributions.beta_cdf(distributions.beta_quantile(p, a, b), a, b) == pytest.approx(
        p, abs=1e-5
    )


@pytest.mark.parametrize(
    ("x", "a", "b", "value"),
    [(0.3, 1, 1, 0.3), (0.5, 4, 4, 0.5), (0.2, 1, 5, 1 - 0.8**5), (0.9, 2, 1, 0.81)],
)
def test_the_beta_distribution_where_it_is_known(
    x: float, a: float, b: float, value: float
) -> None:
    """Closed forms: uniform, symmetric, one shape 1."""
    assert distributions.beta_cdf(x, a, b) == pytest.approx(value, abs=1e-10)


@pytest.mark.parametrize(
    ("df", "t"), [(1, 12.7062), (4, 2.7764), (10, 2.2281), (30, 2.0423), (100000, 1.95999)]
)
def test_students_t(df: int, t: float) -> None:
    """The 97.5 % quantiles are those of any table."""
    assert distributions.t_quantile(0.975, df) == pytest.approx(t, abs=5e-4)
