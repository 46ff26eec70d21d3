"""A session at work for its tests: a small survey, and time and the card in the test's hands."""

from collections.abc import Iterable

import msgspec

from kiosk import session, settings, signals, view
from sync.feedback import events, surveys

WORDS = ["Very bad", "Bad", "Good", "Very good"]


def survey(**changes: object) -> surveys.Survey:
    """A small survey in two languages."""
    question = surveys.Question(
        id="visit",
        text={"en": "How good was it?", "sv": "Hur bra var det?"},
        words={"en": WORDS, "sv": ["Mycket dåligt", "Dåligt", "Bra", "Mycket bra"]},
    )
    reasons = [
        surveys.Reason(id=name, text={"en": name, "sv": name}, icon="dots")
        for name in ("waiting", "staff", "prices", "other")
    ]
    base = surveys.Survey(survey="exit", version=3, questions=[question], reasons=reasons)
    return msgspec.structs.replace(base, **changes)


def open_survey() -> surveys.Survey:
    """A survey that may take comments."""
    return survey(
        comments=True,
        notice=surveys.Notice(responsible="The shop", retention_days=90),
        service=surveys.Service(telephone="010-000 00 00"),
    )


def strike(text: str, _language: str) -> tuple[str, tuple[str, ...]]:
    """Strike out one word, as the real thing strikes out numbers."""
    return text.replace("070-123", "[number removed]"), ("phone",) if "070-123" in text else ()


class Kiosk:
    """A session with a hand on the clock and a card that answers at once, unless told not to."""

    def __init__(
        self, shown: surveys.Survey | None = None, set_: settings.Settings | None = None
    ) -> None:
        self.session = session.Session(
            shown or survey(), set_ or settings.Settings(), strike=strike, codes=lambda: "K7-42Q"
        )
        self.now = 100_000
        self.effects: list[signals.Effect] = []
        self.answers = True
        self.tell(signals.Started())
        self.recorded().clear()
        self.effects.clear()

    def tell(self, *told: signals.Signal) -> list[signals.Effect]:
        """Tell signals one after the other, now; answer what is recorded."""
        got: list[signals.Effect] = []
        for signal in told:
            found = self.session.handle(signal, self.now)
            got += found
            for effect in found:
                if isinstance(effect, signals.Record) and self.answers:
                    got += self.session.handle(signals.Recorded(effect.ticket), self.now)
        self.effects += got
        return got

    def touch(self, *meant: signals.Signal) -> list[signals.Effect]:
        """A finger: down, then what it meant."""
        self.wait(0.6)
        return self.tell(signals.AnyTouch(), *meant)

    def wait(self, seconds: float) -> list[signals.Effect]:
        """Let time pass, with a tick at its end."""
        self.now += round(seconds * 1000)
        return self.tell(signals.Tick())

    def view(self) -> view.View:
        """What is shown."""
        return self.session.view()

    def recorded(self) -> list[events.Event]:
        """All events that were to be recorded, without settings and survey."""
        return list(events_of(self.effects))


def events_of(effects: Iterable[signals.Effect]) -> Iterable[events.Event]:
    """The events of records."""
    return (e.event for e in effects if isinstance(e, signals.Record))
