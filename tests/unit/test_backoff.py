"""Backoff: full jitter under a ceiling that doubles up to five minutes, for ever."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.uplink import backoff


@pytest.mark.parametrize(
    ("failures", "ceiling"),
    [(0, 0), (1, 1), (2, 2), (3, 4), (9, 256), (10, 300), (64, 300), (65, 300), (10**9, 300)],
)
def test_the_ceiling_doubles_up_to_the_cap(failures: int, ceiling: float) -> None:
    """After n failures the longest wait is base times two to the n - 1, and never above the cap."""
    assert backoff.Backoff().ceiling(failures) == ceiling


@given(failures=st.integers(1, 10**12), chance=st.floats(0, 1, exclude_max=True))
def test_jitter_is_full_and_has_no_limit_on_tries(failures: int, chance: float) -> None:
    """A wait lies anywhere between nothing and the ceiling, however often it failed."""
    policy = backoff.Backoff()
    assert 0 <= policy.delay(failures, chance) <= 300
    assert policy.delay(failures, 0.0) == 0
    assert policy.delay(failures, 0.5) == policy.ceiling(failures) / 2


@pytest.mark.parametrize(("base", "cap"), [(0, 300), (-1, 300), (301, 300)])
def test_a_policy_that_makes_no_sense_is_refused(base: float, cap: float) -> None:
    """A base of nothing or above the cap is a mistake in the program, said at once."""
    with pytest.raises(ValueError, match="0 < base <= cap"):
        backoff.Backoff(base=base, cap=cap)


def test_slow_tries_are_minutes_apart() -> None:
    """What only people can put right is tried every five to ten minutes."""
    assert backoff.slow(0.0) == 300
    assert backoff.slow(1.0) == 600
