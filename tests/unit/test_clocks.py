"""Time without a clock, rule by rule."""

import datetime
import zoneinfo

import hypothesis
import pytest
from hypothesis import strategies as st

from sync.feedback import clocks, events


def clock(mono: int, trusted: int, source: str = "ntp", uncertainty: int = 50) -> events.Clock:
    """A clock event at ``mono``."""
    raw = f'{{"kind":"clock","mono":{mono},"at":0,"trusted":{trusted},"source":"{source}"'
    event = events.decode(f'{raw},"uncertainty":{uncertainty}}}'.encode())
    assert isinstance(event, events.Clock)
    return event


def clockwork(*told: events.Clock) -> clocks.Clockwork:
    """A boot's clocks."""
    found = clocks.Clockwork()
    for event in told:
        found.add(event)
    return found


@pytest.mark.parametrize(
    ("told", "mono", "when"),
    [
        ([], 5, None),
        ([clock(100, 1_000_100)], 50, 1_000_050),  # the first one after, carried back
        ([clock(100, 1_000_100)], 150, 1_000_150),
        ([clock(100, 1_000_100), clock(200, 9_000_200)], 150, 1_000_150),  # the last one before
        ([clock(100, 1_000_100), clock(200, 9_000_200)], 200, 9_000_200),
        ([clock(100, 1_000_100, "staff")], 150, 1_000_150),
        ([clock(100, 1_000_100, "staff"), clock(900, 7_000_900, "office")], 150, 7_000_150),
        ([clock(100, 50)], 20, 0),  # not before 1970
        ([clock(100, 5_000, "ntp", 9), clock(100, 8_000, "office", 70)], 150, 5_050),
        ([clock(100, 5_000, "ntp", 9), clock(100, 8_000, "office", 70)], 50, 4_950),
    ],
)
def test_when_follows_the_last_clock_of_the_boot(
    told: list[events.Clock], mono: int, when: int | None
) -> None:
    """The last clock before counts, else the first after; staff's only where there is no other."""
    assert clockwork(*told).when(mono) == when
    assert clockwork(*reversed(told)).when(mono) == when


def test_time_stays_within_what_a_calendar_can_say() -> None:
    """No clock, however wrong, gives a time that has no date."""
    far = clockwork(clock(0, events.MAX_INTEGER)).when(events.MAX_INTEGER)
    assert far == clocks.LATEST
    assert clocks.local(clocks.LATEST, "Pacific/Kiritimati").day == "9999-12-31"
    assert clocks.local(0, "America/Los_Angeles").day == "1969-12-31"


@pytest.mark.parametrize(
    ("believed", "lower", "upper", "when"),
    [
        (500, None, None, 500),
        (500, 600, None, 600),
        (500, None, 400, 400),
        (500, 400, 600, 500),
        (500, 700, 600, 600),  # the later boot knows better
        (None, 700, None, 700),
        (None, None, 800, 800),
        (None, None, None, 0),
        (-5, None, None, 0),
    ],
)
def test_a_boot_without_a_clock_lies_between_its_neighbours(
    believed: int | None, lower: int | None, upper: int | None, when: int
) -> None:
    """What the kiosk believed is clamped between the boot before and the boot after."""
    assert clocks.clamp(believed, lower, upper) == when


@pytest.mark.parametrize(
    ("told", "new", "latest", "moves"),
    [
        ([], clock(100, 1), 50, True),
        ([clock(10, 1)], clock(100, 1), 50, False),  # only what is to come
        ([clock(10, 1)], clock(40, 1), 50, True),
        ([clock(10, 1, "staff")], clock(100, 1), 50, True),  # a better source moves all
        ([clock(10, 1)], clock(20, 1, "staff"), 50, False),
        ([clock(60, 1)], clock(60, 1, "ntp", 1), 50, True),  # a better one at the same moment
    ],
)
def test_finished_hours_do_not_move(
    told: list[events.Clock], new: events.Clock, latest: int, moves: bool
) -> None:
    """A clock moves what was before it only where no clock of its kind was known."""
    assert clockwork(*told).moves(new, latest) is moves


@hypothesis.given(
    st.lists(st.tuples(st.integers(0, 99), st.integers(0, 10**6)), min_size=1, max_size=8),
    st.integers(0, 60),
)
def test_forgetting_old_clocks_changes_nothing_later(
    told: list[tuple[int, int]], begin: int
) -> None:
    """What is let go is needed by nothing from there on, nor for the boot's first time."""
    whole = clockwork(*(clock(mono, 10**9 + at) for mono, at in told))
    cut = clockwork(*(clock(mono, 10**9 + at) for mono, at in told))
    cut.forget_before(begin)
    for mono in [0, *range(begin, 120)]:
        if mono >= begin or mono <= min(mono for mono, _ in told):
            assert cut.when(mono) == whole.when(mono)


@hypothesis.given(
    st.integers(94_694_400_000, 4_102_444_800_000),  # zones kept odd seconds until 1972
    st.sampled_from(["Europe/Stockholm", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"]),
)
def test_local_hours_are_the_zones_own(when: int, zone: str) -> None:
    """Day, weekday and minute are what a calendar of the zone says, summer time included."""
    moment = datetime.datetime.fromtimestamp(when // 1000, zoneinfo.ZoneInfo(zone))
    local = clocks.local(when, zone)
    assert local == (
        moment.date().isoformat(),
        moment.weekday(),
        moment.hour * 60 + moment.minute,
    )
    assert clocks.day_and_hour(when, zone) == (local.day, moment.hour)


def test_the_night_summer_time_ends_has_hour_2_twice_and_the_other_has_none() -> None:
    """The hour from 2 to 3 comes twice on the last Sunday in October, and not at all in March."""

    def hours(begin: str) -> list[int]:
        start = datetime.datetime.fromisoformat(begin).replace(tzinfo=datetime.UTC)
        at = int(start.timestamp() * 1000)
        return [clocks.day_and_hour(at + n * 3_600_000, "Europe/Stockholm")[1] for n in range(4)]

    assert hours("2025-10-25T23:00") == [1, 2, 2, 3]
    assert hours("2025-03-29T23:00") == [0, 1, 3, 4]


def test_an_unknown_zone_is_utc() -> None:
    """A zone that this machine lacks must not hold up a tap."""
    assert clocks.local(3_600_000, "Mars/Olympus") == ("1970-01-01", 3, 60)
    assert not clocks.is_zone("Mars/Olympus")
    assert not clocks.is_zone("../etc/passwd")
    assert not clocks.is_zone("localtime")  # each machine's own
    assert not clocks.is_zone("right/Europe/Stockholm")
    assert clocks.is_zone("UTC")
    assert clocks.is_zone("Europe/Stockholm")


@pytest.mark.parametrize(
    ("hours", "weekday", "time", "is_open"),
    [
        ({"mon": [("09:00", "20:00")]}, 0, "09:00", True),
        ({"mon": [("09:00", "20:00")]}, 0, "20:00", False),
        ({"mon": [("09:00", "20:00")]}, 0, "08:59", False),
        ({"mon": [("09:00", "20:00")]}, 1, "12:00", False),  # a day not named is closed
        ({}, 1, "12:00", False),
        ({"sun": [("22:00", "02:00")]}, 6, "23:30", True),  # past midnight, into Monday
        ({"sun": [("22:00", "02:00")]}, 0, "01:59", True),
        ({"sun": [("22:00", "02:00")]}, 0, "02:00", False),
        ({"sun": [("22:00", "02:00")]}, 6, "01:00", False),
        ({"mon": [("00:00", "24:00")]}, 0, "23:59", True),
        ({"mon": [("08:00", "11:00"), ("12:00", "18:00")]}, 0, "11:30", False),
    ],
)
def test_opening_hours(hours: events.Hours, weekday: int, time: str, is_open: bool) -> None:
    """A span holds its begin and not its end; one that ends before it begins ends the next day."""
    minute = int(time[:2]) * 60 + int(time[3:])
    opening = clocks.opening(hours)
    assert opening is not None
    assert opening.at(clocks.Local("2025-01-01", weekday, minute)) is is_open
    assert clocks.opening(None) is None
