"""One visitor: what was given, chosen and written, and the events that tell of it. PURE.

A visit begins untouched and ends as a whole: nothing of it is in the next one.
"""

import dataclasses
from collections.abc import Sequence
from typing import Literal

from kiosk import signals
from sync.feedback import events, surveys

Ended = Literal["sent", "skipped", "timed_out", "restarted"]

COMMENT_MOST = 500
"""Characters of a comment; 500 of four bytes each stay far below an event's 4 KiB."""


@dataclasses.dataclass
class Given:
    """One rating of this visit: its ticket, which question, and the face that now counts."""

    ticket: int
    question: int
    face: int


@dataclasses.dataclass
class Visit:
    """What one visitor did so far.

    number: tells visits apart on the screen, never recorded.
    asking: index of the question that the faces now answer.
    touched: something was done after the rating, so an `answer` is due at the end.
    answered: that `answer` has been recorded already (with the comment).
    """

    number: int
    language: str
    began_next: bool = False
    modes: set[signals.Mode] = dataclasses.field(default_factory=set)
    given: list[Given] = dataclasses.field(default_factory=list)
    asking: int = 0
    correcting: bool = False
    shown: list[str] = dataclasses.field(default_factory=list)
    chosen: list[str] = dataclasses.field(default_factory=list)
    touched: bool = False
    answered: bool = False
    comment: str = ""
    struck: tuple[str, ...] = ()
    code: str = ""

    @property
    def slow(self) -> bool:
        """More time was asked for."""
        return "slow" in self.modes

    @property
    def first(self) -> Given:
        """The visit's first rating: reasons and comments are about it."""
        return self.given[0]

    def now_asked(self) -> Given | None:
        """Return what was given to the question now asked, if anything was."""
        return next((one for one in self.given if one.question == self.asking), None)

    def changed(self, language: str) -> bool:
        """Whether anything sets this visit apart from a fresh one in `language`."""
        return bool(
            self.given or self.modes or self.began_next or self.asking or self.language != language
        )

    def has_earlier(self) -> bool:
        """Whether there is a rating before the question now asked, to step back to."""
        return any(one.question < self.asking for one in self.given)

    def step_back(self, after_last: bool) -> bool:
        """Ask again: the last one answered (`after_last`), or the one before the present one."""
        before = [g.question for g in self.given if after_last or g.question < self.asking]
        if not before:
            return False
        self.asking, self.correcting = max(before), True
        return True

    def choose(self, reason: str) -> None:
        """Choose a reason that is shown, or take the choice back."""
        if reason not in self.shown:
            return
        self.touched = True
        if reason in self.chosen:
            self.chosen.remove(reason)
        else:
            self.chosen.append(reason)

    def rating(
        self, ticket: int, survey: surveys.Survey, tap: signals.Tapped, now_ms: int
    ) -> signals.Record:
        """Note a face for the question now asked and return the record of it."""
        question = survey.questions[self.asking]
        event = events.Rating(
            mono=now_ms,
            survey=survey.survey,
            survey_version=survey.version,
            question=question.id,
            face=tap.face,
            faces=question.faces,
            language=self.language,
            via=tap.via,
            began="next" if self.began_next and not self.given else None,
            mode=tuple(mode for mode in signals.MODES if mode in self.modes),
        )
        first = self.given[0].ticket if self.given else None
        self.given.append(Given(ticket, self.asking, tap.face))
        return signals.Record(ticket, event, visit=first)

    def correction(self, ticket: int, given: Given, face: int, now_ms: int) -> signals.Record:
        """Let `face` count instead and return the record of it."""
        given.face = face
        event = events.Correction(mono=now_ms, rating=0, face=face)
        return signals.Record(ticket, event, about=given.ticket)

    def answer(self, ticket: int, ended: Ended, now_ms: int) -> signals.Record:
        """Return the record of the reasons; called once, and only after a rating."""
        self.answered = True
        chosen = tuple(r for r in self.shown if r in self.chosen)
        event = events.Answer(
            mono=now_ms, rating=0, reasons=chosen, shown=tuple(self.shown), ended=ended
        )
        return signals.Record(ticket, event, about=self.first.ticket)

    def remark(self, ticket: int, code: str, now_ms: int) -> signals.Record:
        """Return the record of the comment and forget its words."""
        event = events.Comment(mono=now_ms, rating=0, text=self.comment.strip(), code=code)
        self.code = code
        self.forget_comment()
        return signals.Record(ticket, event, about=self.first.ticket)

    def forget_comment(self) -> None:
        """Throw away what was written."""
        self.comment = ""
        self.struck = ()


def turned(reasons: Sequence[surveys.Reason], day: int) -> list[str]:
    """Return the reasons' ids in the order of `day`: each day another stands first.

    A chip's place sways how often it is chosen; over the days each has had every place. The last,
    *something else*, stays last. The order never depends on the face.
    """
    ids = [reason.id for reason in reasons]
    if len(ids) < 2:
        return ids
    turning, last = ids[:-1], ids[-1]
    start = day % len(turning)
    return [*turning[start:], *turning[:start], last]
