"""Draws the session's state as a `View`. PURE."""

import msgspec

from kiosk import settings as settings_
from kiosk import signals, timing, view, visit
from sync.feedback import surveys

LANGUAGES_ON_ASK = 4


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What a view is made of. `visit` is live: read, never changed."""

    screen: view.Screen
    config: signals.Configured
    visit: visit.Visit
    comments: bool
    countdown: timing.Countdown
    pressed: int | None = None
    pad: view.Pad | None = None
    glimpse: signals.Glimpse | None = None


def offered(survey: surveys.Survey, settings: settings_.Settings) -> tuple[str, ...]:
    """Return the languages of the shop that the survey has, in the shop's order; never none."""
    had = survey.languages  # gathered anew at each look, and this is asked at every tick
    return tuple(tag for tag in settings.languages if tag in had) or had


def can_comment(state: State) -> bool:
    """Whether the survey may take comments, the card does, and none was sent in this visit."""
    return (
        surveys.comments_open(state.config.survey) and state.comments and not state.visit.answered
    )


def drawn(state: State) -> view.View:
    """Return everything that is to be seen."""
    survey, visit_ = state.config.survey, state.visit
    question = survey.questions[visit_.asking]
    languages = offered(survey, state.config.settings)
    after = state.screen in ("thanks", "reasons")
    return view.View(
        screen=state.screen,
        visit=visit_.number,
        language=visit_.language,
        modes=frozenset(visit_.modes),
        kind=question.kind,
        question=question.text[visit_.language],
        hint=question.hint.get(visit_.language, ""),
        question_number=visit_.asking + 1,
        question_count=len(survey.questions),
        faces=_faces(question, visit_.language, state.config.settings.order),
        pressed=state.pressed,
        correcting=visit_.correcting,
        languages=languages[:LANGUAGES_ON_ASK],
        all_languages=languages,
        more_languages=len(languages) > LANGUAGES_ON_ASK,
        chips=_chips(survey, visit_),
        can_correct=after or (state.screen == "ask" and visit_.has_earlier()),
        can_comment=after and can_comment(state),
        can_answer=(after or state.screen == "sent") and bool(survey.service),
        # a question left open, or the one whose face was wrong, is somebody's leftover too
        can_next=after
        or state.screen in ("comment", "sent", "answer")
        or (state.screen == "ask" and (visit_.correcting or visit_.has_earlier())),
        comment=visit_.comment,
        comment_most=visit.COMMENT_MOST,
        struck=visit_.struck,
        code=visit_.code,
        warning=state.countdown.warning,
        countdown=state.countdown.bar,
        service=survey.service,
        service_hours=survey.service.hours_in(visit_.language),
        notice=survey.notice,
        comments_kept=surveys.comments_open(survey),
        pad=state.pad,
        glimpse=state.glimpse,
    )


def _faces(question: surveys.Question, language: str, order: str) -> tuple[view.Face, ...]:
    """Return the faces in the order they stand."""
    numbers = range(1, question.faces + 1)
    return tuple(
        view.Face(
            number=number,
            mood=2 * (number - 1) / (question.faces - 1) - 1,
            word=question.word(number, language),
        )
        for number in (reversed(numbers) if order == "best_first" else numbers)
    )


def _chips(survey: surveys.Survey, visit_: visit.Visit) -> tuple[view.Chip, ...]:
    """Return the reasons in the order shown; none before the thanks."""
    by_id = {reason.id: reason for reason in survey.reasons}
    return tuple(
        view.Chip(
            reason=name,
            icon=by_id[name].icon,
            word=by_id[name].text[visit_.language],
            chosen=name in visit_.chosen,
        )
        for name in visit_.shown
    )
