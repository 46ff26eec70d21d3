"""What staff see at a glimpse, read from the card and the line."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from kiosk import config, scenes, signals, staff, timekeeper
from kiosk import settings as settings_
from sync.buffer import buffer as buffers
from sync.feedback import clocks, surveys

if TYPE_CHECKING:
    from sync.uplink import line


class Clock(Protocol):
    """The machine's two clocks, in ms."""

    def mono(self) -> int:
        """Since the boot, never back."""

    def wall(self) -> int:
        """What the system believes."""


class Reader:
    """Reads figures and state; called in the desk's thread.

    config: the settings and survey in force now. status: the line's, None before any enrolment.
    notices: sentences for staff (a wrong file, a slow card, the office's words).
    """

    def __init__(
        self,
        buffer: buffers.Buffer,
        clock: Clock,
        keeper: timekeeper.Timekeeper,
        *,
        config: Callable[[], tuple[settings_.Settings, surveys.Survey]],
        status: Callable[[], "line.Status | None"],
        notices: Callable[[], tuple[str, ...]],
    ) -> None:
        self._buffer, self._clock, self._keeper = buffer, clock, keeper
        self._config, self._status, self._notices = config, status, notices

    def figures(self) -> staff.Figures:
        """Return today's figures of the survey's first question."""
        settings, survey = self._config()
        question = survey.questions[0]
        day = clocks.local(self._now(), settings.time_zone).day
        empty = staff.Figures(day, survey.survey, (0,) * question.faces)
        for row in self._buffer.totals(day, day):
            if (row.survey, row.question, row.faces) == (
                survey.survey,
                question.id,
                question.faces,
            ):
                counts = tuple(row.counts.get(str(n), 0) for n in range(1, question.faces + 1))
                return staff.Figures(day, survey.survey, counts, row.index, row.interval)
        return empty

    def state(self) -> signals.Glimpse:
        """Return how the kiosk is; figures are left out."""
        buffer, status = self._buffer, self._status()
        enrolment = buffer.identity.current
        messages = config.office_notices(buffer)
        wrong = [one for one in self._notices() if one not in messages]
        if status:
            wrong += [status.config_error, *status.aside.values()]
        problem = self._plainly(status.problem) if status else ""
        notices = dict.fromkeys(map(self._plainly, [*wrong, buffer.trouble]))
        return signals.Glimpse(
            waiting=buffer.pending(),
            damaged=len(buffer.damaged),
            last_contact=self._time(status.last_contact) if status else "",
            contact_error=problem,
            enrolled=enrolment is not None,
            place=" · ".join(filter(None, (enrolment.site, enrolment.touchpoint)))
            if enrolment
            else "",
            clock=self._time(self._now()),
            clock_source=self._keeper.source or "",
            notices=tuple(one for one in notices if one and one != problem),
            messages=messages,
        )

    def _plainly(self, sentence: str) -> str:
        """Tell a sentence as staff are told it, in the language of their pages."""
        from kiosk import troubles  # noqa: PLC0415 - its patterns are needed when staff look

        settings, survey = self._config()
        return troubles.plainly(scenes.offered(survey, settings)[0], sentence)

    def _now(self) -> int:
        return self._keeper.now(mono=self._clock.mono(), wall=self._clock.wall())

    def _time(self, when: int | None) -> str:
        """Return a time as the shop's own clock shows it, with its day unless that is today."""
        if when is None:
            return ""
        zone = self._config()[0].time_zone
        local = clocks.local(when, zone)
        told = f"{local.minute // 60:02}:{local.minute % 60:02}"
        return told if local.day == clocks.local(self._now(), zone).day else f"{local.day} {told}"
