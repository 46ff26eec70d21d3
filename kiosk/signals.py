"""What the session is told, and what it asks for in return. PURE.

The screens report what a finger *meant*, never where it was: that is theirs to know. Every signal
is handed in with the time (ms of a clock that only goes forward). Every effect is something the app
does.
"""

from typing import Literal

import msgspec

from kiosk import settings as settings_
from sync.feedback import events, surveys

Mode = Literal["larger", "contrast", "lower", "slow"]
"""Easier use, one by one: the names that a rating carries in its `mode`."""
MODES: tuple[Mode, ...] = ("larger", "contrast", "lower", "slow")


class Value(msgspec.Struct, frozen=True):
    """A signal or an effect: equal when its fields are."""


# ------------------------------------------------------------------------------ from the screens


class AnyTouch(Value, frozen=True):
    """A finger went down, wherever it is. Comes before what that finger turns out to mean."""


class Tapped(Value, frozen=True):
    """The tap on a face is complete (lifted in it). `face` counts from the worst, 1."""

    face: int
    via: Literal["touch", "button"] = "touch"


class Chose(Value, frozen=True):
    """A reason's chip: chosen, or, when it was, not any more."""

    reason: str


class OpenComment(Value, frozen=True):
    """*Write a comment*."""


class Typed(Value, frozen=True):
    """A key of the on-screen keyboard: put `text` at the end of the comment."""

    text: str


class Erased(Value, frozen=True):
    """The backspace key: take the comment's last character."""


class Send(Value, frozen=True):
    """*Done* on thanks and reasons, *Send* under a comment."""


class WrongFace(Value, frozen=True):
    """*Wrong face?*: show the faces again; the next tap corrects."""


class NextCustomer(Value, frozen=True):
    """The full-width button along the bottom: a new visit at once."""


class ChoseLanguage(Value, frozen=True):
    """A language, for this visit."""

    language: str


class ChoseEasier(Value, frozen=True):
    """A way of easier use: on, or, when it was, off. For this visit."""

    mode: Mode


class OpenLanguages(Value, frozen=True):
    """The globe."""


class OpenEasier(Value, frozen=True):
    """*Aa*."""


class OpenAbout(Value, frozen=True):
    """*What happens with this?*."""


class OpenAnswer(Value, frozen=True):
    """*I want an answer*."""


class Close(Value, frozen=True):
    """Back from languages, easier use, about, answer, comment or the staff's pages."""


class CornerDown(Value, frozen=True):
    """A finger rests in the top left or bottom left corner."""


class CornerUp(Value, frozen=True):
    """It left the corner, or was lifted."""


class Digit(Value, frozen=True):
    """A key of the PIN pad, "0" … "9"."""

    digit: str


class DigitErased(Value, frozen=True):
    """The PIN pad's backspace."""


class PinEntered(Value, frozen=True):
    """The PIN pad's OK."""


# ---------------------------------------------------------------------------------- from the app


class Tick(Value, frozen=True):
    """Time passed, and every touch of before was handed in. Only a tick lets a time run out."""


class Recorded(Value, frozen=True):
    """The recorder is done with `ticket`; `durable` is false when it is in memory only."""

    ticket: int
    durable: bool = True


class Started(Value, frozen=True):
    """A stream began: what figures depend on must stand in it before the first rating."""


class Around(Value, frozen=True):
    """What surrounds the screen: shop open?, local day (ordinal), does the card take comments?"""

    open: bool = True
    day: int = 0
    comments: bool = True


class Configured(Value, frozen=True):
    """New survey or settings; they wait until nobody is in front of the screen.

    `layout` is how the faces really stand, row or column.
    """

    survey: surveys.Survey
    settings: settings_.Settings
    layout: Literal["row", "column"] = "row"
    etag: str = ""


class PinChecked(Value, frozen=True):
    """The answer to `CheckPin`: right or wrong, and for how long (ms) the pad is now locked.

    reset: the office had the PIN reset, and no new one was made yet: none is right.
    """

    right: bool
    locked_ms: int = 0
    reset: bool = False


class Figures(Value, frozen=True):
    """The answer to `ReadFigures`: what staff see at a glimpse."""

    glimpse: "Glimpse"


class FaceCount(Value, frozen=True):
    """How many tapped this face today."""

    face: int
    count: int


class Glimpse(Value, frozen=True, kw_only=True):
    """Today's figures for staff, and how the kiosk is; times are local clock times, ready to show.

    `index` and `interval` are None when there are too few taps to say. `contact_error` and
    `notices` are told in plain words (`kiosk.troubles`), `messages` in the office's own.
    """

    day: str = ""
    faces: int = 4
    counts: tuple[FaceCount, ...] = ()
    taps: int = 0
    index: float | None = None
    interval: tuple[float, float] | None = None
    waiting: int = 0
    in_memory: int = 0
    damaged: int = 0
    last_contact: str = ""
    contact_error: str = ""
    enrolled: bool = False
    place: str = ""
    clock: str = ""
    clock_source: str = ""
    notices: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()


Signal = Value

# --------------------------------------------------------------------------------------- effects


class Record(Value, frozen=True):
    """Put `event` on the card, then tell `Recorded(ticket)`.

    `about` and `visit` are tickets of earlier ratings: the recorder, which alone knows their `seq`,
    puts it into the event's field (`rating` or `visit`) before recording.
    """

    ticket: int
    event: events.Event
    about: int | None = None
    visit: int | None = None


class Thanked(Value, frozen=True):
    """The words of thanks are up for this rating (`durable` false: it is in memory only)."""

    ticket: int
    durable: bool


class SlowCard(Value, frozen=True):
    """The card has not answered for 2 s: staff are to be told."""

    ticket: int


class Sound(Value, frozen=True):
    """A short sound; the same ones whichever face."""

    name: Literal["tap", "thanks", "key"]


class Swallow(Value, frozen=True):
    """The finger that just went down means nothing (second, waking tap): no widget gets it."""


class Back(Value, frozen=True):
    """A visit is over; nothing of it is kept."""


class CheckPin(Value, frozen=True):
    """Is this the kiosk's PIN? Answer with `PinChecked`."""

    digits: str


class ReadFigures(Value, frozen=True):
    """Staff look: answer with `Figures`."""


class Applied(Value, frozen=True):
    """New settings and survey are in force from here on: dress the screen in them."""

    config: Configured


Effect = Applied | Record | Thanked | SlowCard | Sound | Swallow | Back | CheckPin | ReadFigures
