"""Every kind of event, as values (events.md §1). Used through ``events``, which adds the verbs.

A field with a default is left out of the JSON while it has it, but for ``settings``: what figures
depend on is always written out.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal, TypeAlias

import msgspec

MAX_INTEGER: Final = 2**53 - 1
MAX_EVENT: Final = 4096
MAX_SURVEY: Final = 65536
# No scale of the field has more points than 0–100; a bound keeps a column per face possible.
MAX_FACES: Final = 101

Whole = Annotated[int, msgspec.Meta(ge=0, le=MAX_INTEGER)]
Positive = Annotated[int, msgspec.Meta(ge=1, le=MAX_INTEGER)]
Id = Annotated[str, msgspec.Meta(pattern=r"\A[a-z0-9_]{1,16}\Z")]
StreamId = Annotated[str, msgspec.Meta(pattern=r"\A[0-9A-Za-z_-]{0,64}\Z")]
Short = Annotated[str, msgspec.Meta(max_length=64)]
# RFC 5646 §4.4.1: a tag of 35 characters is the longest that a reader must take.
Language = Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9-]{1,35}\Z")]
Zone = Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9_+/-]{1,64}\Z")]
TimeOfDay = Annotated[str, msgspec.Meta(pattern=r"\A(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)\Z")]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Hours: TypeAlias = dict[Weekday, list[tuple[TimeOfDay, TimeOfDay]]]

Ended = Literal["sent", "skipped", "timed_out", "restarted"]

WEEKDAYS: Final[tuple[Weekday, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Event(
    msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True, tag_field="kind", tag=str.lower
):
    """What all events have. ``mono``: ms of CLOCK_BOOTTIME, shared by all streams of one boot."""

    seq: Whole = 0
    mono: Whole = 0


class After(msgspec.Struct, kw_only=True, frozen=True):
    """The last event on this card of a stream bound for the same office."""

    stream: StreamId
    seq: Positive


class Start(Event, kw_only=True, frozen=True):
    """First of every stream. ``at``: believed wall time, ms since 1970 in UTC."""

    at: Whole
    boot_id: Short
    serial: Short = ""
    app: Short = ""
    after: After | None = None
    stopped: Literal["clean", "killed", "power", "unknown"] = "unknown"


class Settings(Event, kw_only=True, frozen=True, omit_defaults=False):
    """What figures depend on, from here on in this stream. Always written in full.

    ``hours`` null: no opening hours are known, so nothing is out of hours. A weekday that is not
    named is closed; a span whose end is not after its begin goes on past midnight.
    """

    time_zone: Zone = "UTC"
    hours: Hours | None = None
    pause: Whole = 5000
    run: Positive = 5
    rules: Positive = 1
    order: Literal["best_first", "worst_first"] = "best_first"
    layout: Literal["row", "column"] = "row"
    etag: Annotated[str, msgspec.Meta(max_length=256)] = ""


class Survey(Event, kw_only=True, frozen=True):
    """A survey's version with its whole document, which is passed on and not judged."""

    survey: Id
    version: Whole
    document: Any


class SurveyAsRead(Survey, kw_only=True, frozen=True, tag="survey"):
    """What ``decode`` gives: the document's JSON as it came, for nobody judges it on the way."""

    document: msgspec.Raw


class Clock(Event, kw_only=True, frozen=True):
    """At ``mono`` the time was ``trusted`` ± ``uncertainty`` ms; the system believed ``at``."""

    at: Whole
    trusted: Whole
    uncertainty: Whole = 0
    source: Literal["staff", "office", "ntp"]


class Rating(Event, kw_only=True, frozen=True):
    """One tap on a face. ``face`` 1 is worst. ``visit`` 0: this is the visit's first rating."""

    survey: Id
    survey_version: Whole
    question: Id
    face: Positive
    faces: Annotated[int, msgspec.Meta(ge=2, le=MAX_FACES)]
    language: Language
    via: Literal["touch", "button"]
    visit: Whole = 0
    stream: StreamId = ""
    began: Literal["next"] | None = None
    mode: Sequence[Id] = ()

    @property
    def is_sound(self) -> bool:
        """Whether it can be counted: a face of its scale, of a visit that has begun."""
        return self.face <= self.faces and (self.visit <= self.seq or bool(self.stream))


class Answer(Event, kw_only=True, frozen=True):
    """What the visitor touched after a rating; ``shown`` is the order on the screen."""

    rating: Positive
    stream: StreamId = ""
    reasons: Sequence[Id] = ()
    shown: Sequence[Id] = ()
    ended: Ended = "sent"


class Comment(Event, kw_only=True, frozen=True):
    """Words after a rating; by ``code`` they can be removed. ``erased``: they are gone."""

    rating: Positive
    stream: StreamId = ""
    text: str = ""
    code: Short = ""
    erased: bool = False


class Correction(Event, kw_only=True, frozen=True):
    """*Wrong face?* A rating's last one wins; one beyond the scale changes nothing."""

    rating: Positive
    stream: StreamId = ""
    face: Annotated[int, msgspec.Meta(ge=1, le=MAX_FACES)]


class Mark(Event, kw_only=True, frozen=True):
    """Staff's word on ratings. The last one wins; ``customer`` frees from every rule."""

    ratings: Sequence[Positive]
    stream: StreamId = ""
    as_: Literal["test", "cleaning", "customer"] = msgspec.field(name="as")
    why: str = ""


class Count(Event, kw_only=True, frozen=True):
    """``passers`` seen by a sensor between ``from`` and ``to`` (ms, the clock of ``mono``)."""

    passers: Whole
    from_: Whole = msgspec.field(name="from")
    to: Whole
    source: Short = ""


class Lost(Event, kw_only=True, frozen=True):
    """Stands for ``seq`` … ``through``, both included: made when reading a damaged file."""

    through: Positive
    why: Short = ""


class Wrapped(Event, kw_only=True, frozen=True):
    """What the office could not read, as base64 of its first bytes. Always booked as refused."""

    bytes: str


class Unknown(Event, kw_only=True, frozen=True, tag=False):
    """An event of a kind that this version does not know. Its bytes are passed on as they came."""

    kind: str = ""


Known: TypeAlias = (
    Start
    | Settings
    | SurveyAsRead
    | Clock
    | Rating
    | Answer
    | Comment
    | Correction
    | Mark
    | Count
    | Lost
    | Wrapped
)
KINDS: Final = frozenset(
    {"start", "settings", "survey", "clock", "rating", "answer", "comment", "correction", "mark"}
    | {"count", "lost", "wrapped"}
)
