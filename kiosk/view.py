"""Everything a screen shows, as one frozen value. PURE.

The screens draw a `View` and decide nothing. Texts of the survey come in the visit's language; the
kiosk's own fixed words are looked up by the screens with `kiosk.i18n` in `View.language`.
"""

from typing import Literal

import msgspec

from kiosk import signals
from sync.feedback import surveys

Screen = Literal[
    "ask",  # the question and its faces; `correcting` when a tap changes the last one
    "thanks",  # the words of thanks with the reasons on it, ends by itself
    "reasons",  # the same picture after a touch: it stays
    "comment",  # text and keyboard; `struck` when something was struck out of it
    "sent",  # the comment is on the card: thanks and the removal code
    "about",  # what happens with this?
    "answer",  # I want an answer
    "languages",  # every language
    "easier",  # easier use
    "sleep",  # out of hours: dark, still
    "pin",  # staff: the PIN pad
    "glimpse",  # staff: today
]


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Parts of a view: equal when their fields are."""


class Face(Shown, frozen=True, kw_only=True):
    """A face in its place: `mood` −1 (worst) … 1 (best); `word` may be empty in a scale."""

    number: int
    mood: float
    word: str


class Chip(Shown, frozen=True, kw_only=True):
    """A reason: `icon` is one of `surveys.ICONS`."""

    reason: str
    icon: str
    word: str
    chosen: bool


class Countdown(Shown, frozen=True, kw_only=True):
    """A time that runs out: began, and ends, in the ms the session is told; drawn as a bar."""

    began_ms: int
    ends_ms: int


class Pad(Shown, frozen=True, kw_only=True):
    """The PIN pad: how many digits, was the last PIN wrong, for how long is it locked?

    reset: no PIN opens it, until a new one is made.
    locked_s: seconds, as they are told: the view changes when other words are due (`staff`).
    """

    digits: int
    wrong: bool = False
    checking: bool = False
    reset: bool = False
    locked_s: int = 0


class View(Shown, frozen=True, kw_only=True):
    """What is to be seen now.

    visit: changes with every visitor; whatever a widget keeps for itself (keyboard, page of chips)
        starts afresh when it does.
    pressed: the face that is pressed while its rating goes to the card; every touch is deaf then.
    faces: in the order they stand, first left or on top.
    question_number, question_count: more than one question shows as "2 of 3".
    languages: those shown on ask, `more_languages` says whether a globe leads to the rest.
    countdown: set on thanks (4 s), and elsewhere once `warning` is up.
    code: to be shown after a comment: "to have this removed later".
    struck: kinds of personal data struck out of `comment`; see `sync.feedback.privacy`.
    """

    screen: Screen
    visit: int = 0
    language: str = "en"
    modes: frozenset[signals.Mode] = frozenset()
    kind: Literal["faces", "scale", "yes_no"] = "faces"
    question: str = ""
    hint: str = ""
    question_number: int = 1
    question_count: int = 1
    faces: tuple[Face, ...] = ()
    pressed: int | None = None
    correcting: bool = False
    languages: tuple[str, ...] = ()
    all_languages: tuple[str, ...] = ()
    more_languages: bool = False
    chips: tuple[Chip, ...] = ()
    can_correct: bool = False
    can_comment: bool = False
    can_answer: bool = False
    can_next: bool = False
    comment: str = ""
    comment_most: int = 500
    struck: tuple[str, ...] = ()
    code: str = ""
    warning: bool = False
    countdown: Countdown | None = None
    service: surveys.Service = surveys.Service()
    service_hours: str = ""
    notice: surveys.Notice = surveys.Notice()
    comments_kept: bool = False
    pad: Pad | None = None
    glimpse: signals.Glimpse | None = None
