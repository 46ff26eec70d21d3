"""Time without a clock: when a tap was, and which local hour that is (events.md §2).

Rules:

1. A boot that has any ``office`` or ``ntp`` clock uses those alone; else its ``staff`` ones.
2. An event's time is that of the last such clock at or before it (by ``mono``), carried forward
   by ``mono``; where none is before it, of the first one after, carried back. Of two clocks at
   one ``mono`` the more certain counts.
3. An event of a boot without any is at its believed time (the stream's ``start``, carried forward
   by ``mono``), clamped between the last time of the boot before and the first known time of a
   boot after. It is *uncertain*.
4. Days and hours are the shop's own, from the time zone in the settings; an unknown zone is UTC.

All times are milliseconds since 1970 in UTC; ``mono`` is milliseconds since the boot.
"""

import bisect
import datetime
import functools
import zoneinfo
from typing import Final, NamedTuple

from sync.feedback import kinds

# year 1 … 9999 is what a calendar can say; a day off each end leaves room for any zone
LATEST: Final = 253_402_214_400_000
QUARTER: Final = 900_000  # zones change at whole quarters of an hour since 1972


class Anchor(NamedTuple):
    """One ``clock`` event, ordered so that of two at one ``mono`` the better stands last."""

    mono: int
    certainty: int
    """Minus the uncertainty in ms."""
    trusted: int


class Clockwork:
    """The clocks of one boot."""

    __slots__ = ("real", "staff")

    def __init__(self, real: list[Anchor] | None = None, staff: list[Anchor] | None = None) -> None:
        self.real = real or []
        self.staff = staff or []

    def __repr__(self) -> str:
        return f"<Clockwork: {len(self.real)} from office or ntp, {len(self.staff)} from staff>"

    @property
    def known(self) -> bool:
        """Whether this boot knows any time."""
        return bool(self.real or self.staff)

    def add(self, event: kinds.Clock) -> None:
        """Take a clock event, in any order."""
        anchors = self.staff if event.source == "staff" else self.real
        bisect.insort(anchors, Anchor(event.mono, -event.uncertainty, event.trusted))

    def joined(self, other: "Clockwork") -> "Clockwork":
        """The clocks of both, each once."""
        return Clockwork(sorted({*self.real, *other.real}), sorted({*self.staff, *other.staff}))

    def moves(self, event: kinds.Clock, latest: int) -> bool:
        """Whether ``event`` would change the time of anything up to ``mono`` = ``latest``."""
        if event.source == "staff" and self.real:
            return False
        anchors = self.staff if event.source == "staff" else self.real
        return not anchors or event.mono <= max(latest, anchors[0].mono)

    def when(self, mono: int) -> int | None:
        """The time at ``mono``; None when this boot knows none."""
        anchors = self.real or self.staff
        if not anchors:
            return None
        begin, _, trusted = anchors[-1]
        if begin > mono:
            at = bisect.bisect_right(anchors, mono, key=_mono)
            begin, _, trusted = anchors[at - 1] if at else self._first(anchors)
        when = trusted + mono - begin
        return when if 0 <= when <= LATEST else min(max(when, 0), LATEST)

    def after(self, mono: int) -> int | None:
        """The time at ``mono`` as ``when`` gives it, if that is after the last clock; else None."""
        anchors = self.real or self.staff
        if not anchors:
            return None
        begin, _, trusted = anchors[-1]
        when = trusted + mono - begin
        return when if begin <= mono and 0 <= when <= LATEST else None

    @staticmethod
    def _first(anchors: list[Anchor]) -> Anchor:
        """The first one, and of several at its ``mono`` the most certain."""
        at = bisect.bisect_right(anchors, anchors[0].mono, key=_mono)
        return anchors[at - 1]

    def forget_before(self, mono: int) -> None:
        """Drop the clocks that no event from ``mono`` on needs, but for the first ones."""
        for anchors in (self.real, self.staff):
            at = bisect.bisect_right(anchors, mono, key=_mono)
            first = bisect.bisect_right(anchors, anchors[0].mono, key=_mono) if anchors else 0
            del anchors[first : max(at - 1, first)]


def _mono(anchor: Anchor) -> int:
    return anchor.mono


def clamp(believed: int | None, lower: int | None, upper: int | None) -> int:
    """``believed`` between its bounds; None does not bind; the upper one is stronger.

    Nothing known at all is 1970.
    """
    if believed is None:
        believed = lower if lower is not None else upper if upper is not None else 0
    if lower is not None and believed < lower:
        believed = lower
    if upper is not None and believed > upper:
        believed = upper
    return min(max(believed, 0), LATEST)


class Local(NamedTuple):
    """A time on the shop's own clock."""

    day: str
    weekday: int
    """0 is Monday."""
    minute: int
    """0 … 1439, since midnight on the wall."""


def local(when: int, zone: str) -> Local:
    """Which day and minute ``when`` is in ``zone``; summer time right both ways."""
    quarter, rest = divmod(when, QUARTER)
    day, weekday, minute = _local_quarter(quarter, zone)
    return Local(day, weekday, minute + rest // 60_000)


def day_and_hour(when: int, zone: str) -> tuple[str, int]:
    """The local day and its hour, 0 … 23."""
    return _hour_of_quarter(when // QUARTER, zone)


@functools.lru_cache(maxsize=4096)
def _hour_of_quarter(quarter: int, zone: str) -> tuple[str, int]:
    day, _, minute = _local_quarter(quarter, zone)
    return day, minute // 60


@functools.lru_cache(maxsize=4096)
def _local_quarter(quarter: int, zone: str) -> Local:
    moment = datetime.datetime.fromtimestamp(quarter * (QUARTER // 1000), _zone(zone))
    return Local(moment.date().isoformat(), moment.weekday(), moment.hour * 60 + moment.minute)


# what these name differs from machine to machine, and both ends must mean the same
_LOCAL: Final = ("localtime", "posixrules", "Factory")
_TREES: Final = ("posix/", "right/")


@functools.lru_cache(maxsize=64)
def _zone(name: str) -> datetime.tzinfo:
    if name in _LOCAL or name.startswith(_TREES):
        return datetime.UTC
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return datetime.UTC


def is_zone(name: str) -> bool:
    """Whether ``name`` is a time zone that this machine knows."""
    return name == "UTC" or _zone(name) is not datetime.UTC


class Opening:
    """Opening hours, as minutes of each weekday.

    A span whose end is not after its begin goes on past midnight, into the next day.
    """

    def __init__(self, hours: kinds.Hours) -> None:
        self._spans: list[list[tuple[int, int]]] = [[] for _ in kinds.WEEKDAYS]
        for weekday, name in enumerate(kinds.WEEKDAYS):
            for begin, end in hours.get(name, ()):
                opens, closes = _minutes(begin), _minutes(end)
                if opens < closes:
                    self._spans[weekday].append((opens, closes))
                else:
                    self._spans[weekday].append((opens, 24 * 60))
                    self._spans[(weekday + 1) % 7].append((0, closes))

    def __repr__(self) -> str:
        return f"<Opening {self._spans}>"

    def at(self, moment: Local) -> bool:
        """Whether it is open then."""
        minute = moment.minute
        return any(opens <= minute < closes for opens, closes in self._spans[moment.weekday])


def opening(hours: kinds.Hours | None) -> Opening | None:
    """Opening hours ready to be asked; None when none are known."""
    return None if hours is None else Opening(hours)


def _minutes(time_of_day: str) -> int:
    return int(time_of_day[:2]) * 60 + int(time_of_day[3:])
