"""A boot without its visits: its streams, its clocks, the settings its events are judged by."""

from typing import Final

import msgspec

from sync.feedback import clocks, kinds, visits

DEFAULT: Final = kinds.Settings()
"""Until a stream says its settings."""


class Stream(msgspec.Struct, array_like=True):
    """One stream of the boot. ``low`` and ``high``: the least and greatest ``mono`` in it."""

    id: str
    through: int = 0
    started: int = -1
    """``mono`` of its start; −1 when that was lost."""
    at: int = 0
    after: str = ""
    settings: int = 0
    low: int = -1
    high: int = -1

    def begin(self, event: kinds.Start) -> None:
        """Take the stream's first event."""
        self.started, self.at = event.mono, event.at
        self.after = event.after.stream if event.after else ""

    def believed(self, mono: int) -> int | None:
        """What the kiosk believed the time to be."""
        return None if self.started < 0 else self.at + mono - self.started

    def advance(self, event: kinds.Event) -> None:
        """Note that ``event`` has come."""
        if isinstance(event, kinds.Lost):
            self.through = event.through
            return
        if isinstance(event, kinds.Wrapped):
            self.through = event.seq
        else:
            self.reach(event.seq, event.mono)

    def reach(self, seq: int, mono: int) -> None:
        """Note that an event has come that was at ``mono``."""
        self.through = seq
        if self.low < 0 or mono < self.low:
            self.low = mono
        if mono > self.high:  # noqa: PLR1730 -- for every event, and a call costs more
            self.high = mono


class Timeline:
    """When the events of one boot were, and by which settings they are judged."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.before = ""  # the boot before this one
        self.streams: dict[str, Stream] = {}
        self.clocks = clocks.Clockwork()
        self.lower: int | None = None
        self.upper: int | None = None
        self.settings: list[kinds.Settings] = [DEFAULT]
        self.openings: list[clocks.Opening | None] = [None]
        self.labels: list[visits.Label] = []
        self._label_at: dict[tuple[str | int, ...], int] = {}
        self._met: tuple[tuple[tuple[str | int, ...], ...], int] = (
            (),
            0,
        )  # the last rating's, and its label

    def open(self, stream: str) -> Stream:
        """Have another stream."""
        opened = self.streams[stream] = Stream(stream)
        return opened

    # -- time

    def when(self, stream: str, mono: int) -> int:
        """The time of an event of this boot (clocks, rules 1 to 3)."""
        known = self.clocks.when(mono)
        if known is not None:
            return known
        return clocks.clamp(self.streams[stream].believed(mono), self.lower, self.upper)

    @property
    def first_when(self) -> int | None:
        """The time of its first event; None as long as it knows none."""
        lows = [stream.low for stream in self.streams.values() if stream.low >= 0]
        return self.clocks.when(min(lows)) if lows else None

    @property
    def last_when(self) -> int | None:
        """The time of its last event, believed or known."""
        last = max(self.streams.values(), key=lambda s: (s.high, s.id), default=None)
        return None if last is None or last.high < 0 else self.when(last.id, last.high)

    def bound_matters(self, bounds: tuple[int | None, int | None]) -> bool:
        """Whether ``bounds`` cut off anything that this boot believed."""
        lower, upper = bounds
        for stream in self.streams.values():
            low, high = stream.believed(stream.low), stream.believed(stream.high)
            if low is None or high is None:
                return True
            if (lower is not None and low < lower) or (upper is not None and high > upper):
                return True
        return False

    # -- settings and labels, numbered

    def set(self, stream: Stream, event: kinds.Settings) -> None:
        """Judge what follows in this stream by ``event``."""
        plain = msgspec.structs.replace(event, seq=0, mono=0, etag="")
        if plain not in self.settings:
            self.settings.append(plain)
            self.openings.append(clocks.opening(plain.hours))
        stream.settings = self.settings.index(plain)

    def number_settings(self, settings: list[kinds.Settings]) -> None:
        """Have these instead of the old ones."""
        self.settings = settings
        self._met = (), 0
        self.openings = [clocks.opening(one.hours) for one in settings]

    def label(self, stream: Stream, event: kinds.Rating) -> int:
        """The number of what a rating is counted under."""
        asked = (event.survey, event.survey_version, event.question, event.faces)
        told = (event.language, event.via, stream.settings)
        if (asked, told) != self._met[0]:  # which is quicker than a look into a dict
            settings = self.settings[stream.settings]
            label = (*asked, settings.order, settings.layout, event.language, event.via)
            number = self._label_at.get(label)
            if number is None:
                number = self._label_at[label] = len(self.labels)
                self.labels.append(visits.Label(*label))
            self._met = (asked, told), number
        return self._met[1]

    def number_labels(self, labels: list[visits.Label]) -> None:
        """Have these instead of the old ones."""
        self.labels = labels
        self._met = (), 0
        self._label_at = {label: number for number, label in enumerate(labels)}
