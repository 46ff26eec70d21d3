"""When a time learnt is worth an event."""

import pytest

from kiosk import timekeeper


def learn(
    keeper: timekeeper.Timekeeper, source: timekeeper.Source, trusted: int, mono: int
) -> bool:
    """Learn a time with 50 ms of uncertainty; was it worth an event?"""
    return keeper.learn(source, trusted, 50, mono=mono, wall=trusted + 7) is not None


@pytest.mark.parametrize(
    ("first", "second", "off", "due"),
    [
        ("ntp", "ntp", 2_050, False),
        ("ntp", "ntp", 2_051, True),
        ("ntp", "ntp", -2_051, True),
        ("ntp", "office", 900_000, False),
        ("staff", "office", 0, True),
        ("office", "ntp", 0, True),
        ("office", "staff", 900_000, False),
        ("office", "office", 100, False),
    ],
)
def test_a_second_time(
    first: timekeeper.Source, second: timekeeper.Source, off: int, due: bool
) -> None:
    """Due when the source improves, or the time is off by more than 2 s and the uncertainty."""
    keeper = timekeeper.Timekeeper()
    assert learn(keeper, first, 1_000_000, mono=5_000)
    assert learn(keeper, second, 1_060_000 + off, mono=65_000) is due


def test_the_time_is_believed_until_it_is_known() -> None:
    """Without a clock the system's word counts, afterwards the derived one."""
    keeper = timekeeper.Timekeeper()
    assert keeper.now(mono=5, wall=77) == 77
    learn(keeper, "office", 1_000_000, mono=5_000)
    assert keeper.now(mono=6_000, wall=77) == 1_001_000
    assert keeper.source == "office"
