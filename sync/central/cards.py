"""The cards of simulated kiosks: streams of events in memory, numbered as on a real one.

It is no buffer: nothing survives, nothing is salvaged. It is what `simulate` needs of one.
"""

import dataclasses
import random
import uuid
from typing import Any, NamedTuple

import msgspec

from sync.central import rhythms

APP = "simulated"


class Report(NamedTuple):
    """What a simulation did. `waiting`: events still on the cards; `took`: each call's seconds."""

    kiosks: int
    days: int
    taps: int
    events: int
    batches: int
    beats: int
    failed: int
    waiting: int
    seconds: float
    took: list[float]

    def percentile(self, share: float) -> float:
        """Give the seconds that this share of the calls took at most."""
        return self.took[min(len(self.took) - 1, int(share * len(self.took)))] if self.took else 0.0


@dataclasses.dataclass(frozen=True)
class Place:
    """Where a simulated kiosk's events go."""

    url: str
    office: str
    token: str = dataclasses.field(repr=False)


@dataclasses.dataclass
class Stream:
    """One stream, with what the uplink's protocol asks of it."""

    stream: str
    office: str
    kiosk: str
    events: list[bytes] = dataclasses.field(default_factory=list)
    acknowledged: int = 0
    current: bool = True

    @property
    def last_seq(self) -> int:
        """The highest recorded."""
        return len(self.events)

    @property
    def sent(self) -> int:
        """The highest that may have been sent."""
        return len(self.events)


class Card:
    """All streams of one kiosk, oldest first. `taps` counts the ratings on it."""

    def __init__(self, chance: random.Random, at: rhythms.Shop, office: str, kiosk: str) -> None:
        self._chance = chance
        self._at = at
        self._office = office
        self._kiosk = kiosk
        self.streams: list[Stream] = []
        self.taps = 0
        self._boot = ""
        self._booted = 0.0
        self._mono = 0

    def waiting(self) -> list[Stream]:
        """Give the streams with events that are not acknowledged; forgets those that are done."""
        self.streams = [
            one for one in self.streams if one.current or one.acknowledged < one.last_seq
        ]
        return [one for one in self.streams if one.acknowledged < one.last_seq]

    def find(self, stream: str) -> Stream:
        """Give a stream by its name."""
        return next(one for one in self.streams if one.stream == stream)

    def boot(self, now: float, believed: float, stopped: str) -> None:
        """Switch on at `now` (seconds since 1970), with a clock that says `believed`."""
        before = self.streams[-1] if self.streams else None
        if before is not None:
            before.current = False
        self._boot = self._id()
        self._booted = now - 30
        self._mono = 0
        self.streams.append(Stream(self._id(), self._office, self._kiosk))
        after = {"after": {"stream": before.stream, "seq": before.last_seq}} if before else {}
        self._record(
            "start",
            now,
            at=round(believed * 1000),
            boot_id=self._boot,
            serial=self._kiosk,
            app=APP,
            stopped=stopped,
            **after,
        )
        self._record(
            "settings",
            now,
            time_zone=self._at.time_zone,
            hours=None,
            pause=5000,
            run=5,
            rules=1,
            order="best_first",
            layout="row",
            etag="",
        )
        self._record("survey", now, survey="exit", version=1, document={"survey": "exit"})

    def learn(self, now: float, believed: float) -> None:
        """Learn the right time."""
        source = "office" if self._at.clock == "office" else "ntp"
        right = round(now * 1000)
        self._record(
            "clock",
            now,
            at=round(believed * 1000),
            trusted=right,
            uncertainty=50,
            source=source,
        )

    def press(self, now: float, press: rhythms.Press) -> None:
        """Record one visit."""
        self.taps += 1
        rating = self._record(
            "rating",
            now,
            survey="exit",
            survey_version=1,
            question="visit",
            face=press.face,
            faces=4,
            language="sv",
            via="touch" if press.touch else "button",
        )
        if press.change:
            self._record("correction", now + 2, rating=rating, face=press.change)
        if press.reasons:
            chosen, shown = list(press.reasons), list(rhythms.REASONS)
            self._record(
                "answer", now + 4, rating=rating, reasons=chosen, shown=shown, ended="sent"
            )
        if press.comment:
            code = "-".join(self._letters(number) for number in (2, 3))
            self._record("comment", now + 12, rating=rating, text=press.comment, code=code)
        if press.tested:
            self._record(
                "mark", now + 5, ratings=[rating], **{"as": "test"}, why="showed a colleague"
            )

    def _record(self, kind: str, now: float, **fields: Any) -> int:
        events = self.streams[-1].events
        seq = len(events) + 1
        # a visit's later words may come after the next visit began: never before what lies there
        self._mono = mono = max(self._mono, round((now - self._booted) * 1000))
        events.append(msgspec.json.encode({"seq": seq, "kind": kind, "mono": mono, **fields}))
        return seq

    def _id(self) -> str:
        return str(uuid.UUID(int=self._chance.getrandbits(128), version=4))

    def _letters(self, number: int) -> str:
        return "".join(
            self._chance.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(number)
        )
