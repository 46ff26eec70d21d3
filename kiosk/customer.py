"""What each touch of a customer does. PURE. The rules stand at the head of `kiosk.session`."""

from collections.abc import Callable
from typing import Any

from kiosk import scenes, signals, stage, timing, view, visit
from sync.feedback import events

Handler = Callable[[Any], list[signals.Effect]]
"""What a signal does."""
Strike = Callable[[str, str], tuple[str, tuple[str, ...]]]
"""(text, language) → the text without personal data, and the kinds that were struck out."""

_PAGES: dict[type[signals.Signal], tuple[view.Screen, frozenset[view.Screen]]] = {
    signals.OpenLanguages: ("languages", frozenset({"ask"})),
    signals.OpenEasier: ("easier", frozenset({"ask"})),
    signals.OpenAbout: ("about", frozenset({"ask"})),
    signals.OpenAnswer: ("answer", frozenset({"thanks", "reasons", "sent"})),
}
_AFTER: tuple[view.Screen, ...] = ("thanks", "reasons")


class Customer:
    """Answers the touches of whoever stands in front of the screen.

    strike: takes personal data out of a comment, before anything of it is recorded.
    codes: gives a new removal code for each comment.
    """

    def __init__(self, on: stage.Stage, strike: Strike, codes: Callable[[], str]) -> None:
        self._on, self._strike, self._codes = on, strike, codes
        self.touches: dict[type[signals.Signal], Handler] = {
            signals.Tapped: self._tapped,
            signals.WrongFace: self._wrong_face,
            signals.Chose: self._chose,
            signals.OpenComment: self._open_comment,
            signals.Typed: self._typed,
            signals.Erased: self._typed,
            signals.Send: self._send,
            signals.NextCustomer: self._next_customer,
            signals.ChoseLanguage: self._chose_language,
            signals.ChoseEasier: self._chose_easier,
            signals.Close: self._close,
            **dict.fromkeys(_PAGES, self._open),
        }

    # -------------------------------------------------------------------------------- the rating

    def _tapped(self, tap: signals.Tapped) -> list[signals.Effect]:
        on = self._on
        if on.screen != "ask" or not 1 <= tap.face <= on.survey.questions[on.visit.asking].faces:
            return []
        given = on.visit.now_asked()
        if given is not None and given.face == tap.face:  # it was right after all
            on.deafen_second_touch()
            return self.go_on()
        ticket = on.ticket()
        on.hold(ticket, tap.face)
        on.deafen_second_touch()
        if given is None:
            record = on.visit.rating(ticket, on.survey, tap, on.now)
        else:
            record = on.visit.correction(ticket, given, tap.face, on.now)
        return [signals.Sound("tap"), record]

    def release(self, durable: bool) -> list[signals.Effect]:
        """Go on after the card's word, or after 2 s without it."""
        on = self._on
        assert on.held is not None
        held, on.held = on.held, None
        on.touched_ms = on.now
        on.deafen(timing.SETTLE_MS)  # the card may have taken longer than a second touch does
        if held.face is None:
            on.screen = "sent"
            return [signals.Sound("thanks")]
        return [signals.Thanked(held.ticket, durable), *self.go_on()]

    def go_on(self) -> list[signals.Effect]:
        """Ask the first question that has no answer yet, or thank."""
        on = self._on
        on.visit.correcting = False
        answered = {one.question for one in on.visit.given}
        left = [i for i in range(len(on.survey.questions)) if i not in answered]
        if left:
            on.visit.asking = left[0]
            return []
        if not on.visit.shown:
            on.visit.shown = visit.turned(on.survey.reasons, on.around.day)
        on.screen = "thanks"
        return [signals.Sound("thanks")]

    def _wrong_face(self, _signal: signals.WrongFace) -> list[signals.Effect]:
        on = self._on
        if on.screen in (*_AFTER, "ask") and on.visit.step_back(after_last=on.screen != "ask"):
            on.screen = "ask"
            on.deafen_second_touch()
        return []

    # ----------------------------------------------------------------------- reasons and comment

    def _chose(self, signal: signals.Chose) -> list[signals.Effect]:
        if self._on.screen in _AFTER:
            self._on.screen = "reasons"
            if not self._on.trembles(signal.reason):
                self._on.visit.choose(signal.reason)
        return []

    def _open_comment(self, _signal: signals.OpenComment) -> list[signals.Effect]:
        on = self._on
        if on.screen in _AFTER and scenes.can_comment(on.state()):
            on.screen = "comment"
            on.visit.touched = True
        return []

    def _typed(self, signal: signals.Typed | signals.Erased) -> list[signals.Effect]:
        if self._on.screen != "comment":
            return []
        if isinstance(signal, signals.Erased):
            self._on.visit.comment = self._on.visit.comment[:-1]
        else:
            text = self._on.visit.comment + events.clean_text(signal.text)
            self._on.visit.comment = text[: visit.COMMENT_MOST]
        return [signals.Sound("key")]

    def _send(self, _signal: signals.Send) -> list[signals.Effect]:
        on = self._on
        if on.screen in _AFTER:
            on.visit.touched = True
            return on.finish("sent" if on.visit.chosen else "skipped")
        if on.screen == "sent":
            return on.finish("sent")
        if on.screen != "comment":
            return []
        return self._send_comment() if on.visit.comment.strip() else self._close(signals.Close())

    def _send_comment(self) -> list[signals.Effect]:
        """Strike personal data out and show that; with none left, put the comment on the card."""
        on = self._on
        text, kinds = self._strike(on.visit.comment, on.visit.language)
        if kinds:
            on.visit.comment, on.visit.struck = text[: visit.COMMENT_MOST], kinds
            on.deafen_second_touch()  # a double tap on *send* must not send what nobody has read
            return []
        answer = on.visit.answer(on.ticket(), "sent", on.now)
        ticket = on.ticket()
        on.hold(ticket, None)
        return [answer, on.visit.remark(ticket, self._codes(), on.now)]

    def _next_customer(self, _signal: signals.NextCustomer) -> list[signals.Effect]:
        on = self._on
        if not scenes.drawn(on.state()).can_next:
            return []
        effects = on.finish("restarted")
        on.visit.began_next = True
        return effects

    # ------------------------------------------------------------------------------------- pages

    def _open(self, signal: signals.Signal) -> list[signals.Effect]:
        on = self._on
        page, from_screens = _PAGES[type(signal)]
        if on.screen in from_screens:
            on.under = "reasons" if on.screen == "thanks" else on.screen
            on.screen = page
            on.visit.touched = bool(on.visit.given)
        return []

    def _close(self, _signal: signals.Close) -> list[signals.Effect]:
        on = self._on
        if on.screen == "comment":
            on.visit.forget_comment()
            on.screen = "reasons"
        elif on.screen in [page for page, _ in _PAGES.values()]:
            on.screen = on.under
        return []

    def _chose_language(self, signal: signals.ChoseLanguage) -> list[signals.Effect]:
        on = self._on
        if signal.language in scenes.offered(on.survey, on.config.settings):
            on.visit.language = signal.language
            if on.screen == "languages":
                on.screen = on.under
        return []

    def _chose_easier(self, signal: signals.ChoseEasier) -> list[signals.Effect]:
        if signal.mode in signals.MODES and not self._on.trembles(signal.mode):
            self._on.visit.modes ^= {signal.mode}
        return []
