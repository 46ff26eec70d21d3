"""Views of every screen, made by a real session: what is looked at, and what tests walk through."""

from collections.abc import Callable, Iterator

import msgspec

from kiosk import i18n, session, signals, troubles, view
from kiosk import settings as settings_
from kiosk.screens import examples
from sync.feedback import surveys

COMMENT = {
    "en": "The queue at the till was long, but whoever helped me with shoes was wonderful.",
    "sv": "Kassan tog lång tid, men hon som hjälpte till på skor var fantastisk.",
    "nb": "Køen i kassen var lang, men hun som hjalp meg med sko, var fantastisk.",
    "da": "Køen ved kassen var lang, men hende, der hjalp mig med sko, var fantastisk.",
    "ceb": "Taas ang linya sa kahera, apan maayo kaayo ang mitabang nako sa sapatos.",
    "fi": "Kassajono oli pitkä, mutta kenkäosaston myyjä oli mahtava.",
    "de": "An der Kasse dauerte es lange, aber die Beratung bei den Schuhen war großartig.",
    "fr": "La caisse était lente, mais la vendeuse du rayon chaussures a été formidable.",
    "es": "La cola en la caja era larga, pero quien me ayudó con los zapatos fue fantástica.",
}
NUMBER = " 070-174 06 05"
STRUCK = "[number removed]"
Stop = tuple[str, view.View]

EXAMPLE = signals.Glimpse(
    day="2026-11-21",
    faces=4,
    counts=tuple(
        signals.FaceCount(face, count) for face, count in ((1, 9), (2, 11), (3, 32), (4, 65))
    ),
    taps=117,
    index=77.0,
    interval=(71.0, 82.0),
    waiting=0,
    last_contact="15:01",
    enrolled=True,
    place="Exit A",
    clock="15:01",
    clock_source="ntp",
)

TROUBLED = msgspec.structs.replace(
    EXAMPLE,
    counts=(),
    taps=0,
    index=None,
    interval=None,
    waiting=1204,
    in_memory=3,
    damaged=1,
    last_contact="2026-11-19 15:01",
    clock_source="",
    place="Nordstan Göteborg · Exit towards the station",
    messages=(
        "The shop closes at noon on Friday. Please leave the kiosk on: it sleeps by itself.",
    ),
)
WRONG = (
    "https://feedback.example.com cannot be reached.",
    "/etc/smiley-kiosk/kiosk.toml: sound = 900: give a whole number from 0 to 100."
    " Until then the defaults are used.",
    "The office says it is another kiosk's: enrolled twice.",
    "/var/lib/smiley-kiosk/events/1.jsonl: could not append: Input/output error",
)
"""As much as can go wrong at a time."""


def troubled(language: str) -> signals.Glimpse:
    """The glimpse of a kiosk in trouble, as its staff read it."""
    contact, *wrong = (troubles.plainly(language, one) for one in WRONG)
    return msgspec.structs.replace(TROUBLED, contact_error=contact, notices=tuple(wrong))


def opened(survey: surveys.Survey) -> surveys.Survey:
    """The survey with comments, customer service and notice filled in, so that all can be seen."""
    return msgspec.structs.replace(
        survey,
        comments=True,
        service=surveys.Service(
            telephone="010-000 00 00",
            address="Storgatan 1, 411 38 Göteborg",
            web="https://example.com/service",
            hours="09–18",
        ),
        notice=surveys.Notice(
            responsible="Your shop AB",
            retention_days=90,
            contact="privacy@example.com",
            web="https://example.com/feedback",
        ),
    )


class Walk:
    """A session that is led from screen to screen, with a card that takes everything."""

    def __init__(
        self,
        survey: surveys.Survey,
        settings: settings_.Settings,
        strike: Callable[[str, str], tuple[str, tuple[str, ...]]],
    ) -> None:
        self.session = session.Session(survey, settings, strike=strike, codes=lambda: "K7-42Q")
        self.now = 10_000
        self.waiting = 0
        self.pin = signals.PinChecked(right=True)
        self.figures = EXAMPLE
        self.tell(signals.Around(open=True, day=1))

    def tell(
        self, signal: signals.Signal, after_ms: int = 2_000, *, card: bool = True
    ) -> view.View:
        """Hand in a signal some time later; the card's answers follow unless `card` is False."""
        self.now += after_ms
        for effect in self.session.handle(signal, self.now):
            if isinstance(effect, signals.Record):
                self.waiting = effect.ticket
                if card:
                    self.tell(signals.Recorded(effect.ticket), 5)
            elif isinstance(effect, signals.CheckPin):
                self.tell(self.pin, 5)
            elif isinstance(effect, signals.ReadFigures):
                self.tell(signals.Figures(self.figures), 5)
        return self.session.view()

    def wait(self, ms: int) -> view.View:
        """Let time pass."""
        return self.tell(signals.Tick(), ms)

    def home(self, language: str) -> view.View:
        """Begin a new visit in a language."""
        for _ in range(4):
            self.wait(200_000)
        return self.tell(signals.ChoseLanguage(language))


def stops(walk: Walk, language: str) -> Iterator[Stop]:
    """Every screen of one language, by name."""
    best = walk.home(language).faces[0].number
    yield "ask", walk.session.view()
    yield "pressed", walk.tell(signals.Tapped(best), card=False)
    yield "thanks", walk.tell(signals.Recorded(walk.waiting), 5)
    chips = walk.session.view().chips
    walk.tell(signals.Chose(chips[0].reason))
    yield "reasons", walk.tell(signals.Chose(chips[2].reason))
    yield "answer", walk.tell(signals.OpenAnswer())
    walk.tell(signals.Close())
    yield "warning", walk.wait(25_000)
    walk.tell(signals.AnyTouch())
    walk.tell(signals.OpenComment())
    walk.wait(2_000)
    for letter in COMMENT[language] + NUMBER:
        walk.tell(signals.Typed(letter), 100)
    yield "comment", walk.session.view()
    yield "struck", walk.tell(signals.Send())
    yield "sent", walk.tell(signals.Send())
    walk.home(language)
    yield "about", walk.tell(signals.OpenAbout())
    walk.tell(signals.Close())
    yield "languages", walk.tell(signals.OpenLanguages())
    walk.tell(signals.Close())
    yield "easier", walk.tell(signals.OpenEasier())
    walk.tell(signals.Close())
    yield from _easier(walk, language)
    yield from _staff(walk, language)


def _easier(walk: Walk, language: str) -> Iterator[Stop]:
    for mode in signals.MODES[:3]:
        walk.home(language)
        yield mode, walk.tell(signals.ChoseEasier(mode))
        walk.tell(signals.Tapped(1))
        walk.wait(10)
        yield f"{mode}-thanks", walk.tell(signals.Chose(walk.session.view().chips[0].reason))
        yield f"{mode}-comment", walk.tell(signals.OpenComment())


def _knock(walk: Walk, language: str, after_ms: int = 0) -> None:
    """Hold the corner."""
    walk.wait(after_ms)
    walk.home(language)
    walk.tell(signals.CornerDown())
    walk.wait(3_100)
    walk.tell(signals.CornerUp())


def _staff(walk: Walk, language: str) -> Iterator[Stop]:
    """The staff's pages, which are shown in the shop's own language."""
    _knock(walk, language)
    walk.tell(signals.Digit("4"))
    yield "pin", walk.tell(signals.Digit("2"))
    wrong = signals.PinChecked(right=False)
    for name, answer in (
        ("pin-wrong", wrong),
        ("pin-locked", msgspec.structs.replace(wrong, locked_ms=3_600_000)),
        ("pin-reset", msgspec.structs.replace(wrong, reset=True)),
        ("glimpse", signals.PinChecked(right=True)),
    ):
        if name == "pin-reset":
            _knock(walk, language, after_ms=4_000_000)
        for digit in "4242":
            walk.tell(signals.Digit(digit))
        walk.pin = answer
        yield name, walk.tell(signals.PinEntered())
    walk.figures = troubled(language)
    yield "glimpse-troubled", walk.wait(3_000)
    walk.figures = EXAMPLE
    walk.home(language)
    walk.tell(signals.Around(open=False, day=1))
    walk.wait(200_000)
    yield "sleep", walk.wait(200_000)
    walk.tell(signals.Around(open=True, day=1))


def _all(walk: Walk, others: dict[str, Walk], language: str) -> Iterator[Stop]:
    yield from stops(walk, language)
    for name, other in others.items():
        yield name, other.home(language)
        if other.session.view().question_count > 1:
            other.tell(signals.Tapped(1))
            yield f"{name}-second", other.wait(1_000)
            yield f"{name}-warning", other.wait(20_000)
            other.tell(signals.AnyTouch())
            yield f"{name}-thanks", other.tell(signals.Tapped(1))
            other.home(language)
            other.tell(signals.ChoseEasier("lower"))
            other.tell(signals.Tapped(1))
            yield f"lower-{name}-second", other.wait(1_000)


def _strike(text: str, language: str) -> tuple[str, tuple[str, ...]]:
    """What the privacy rules make of `COMMENT` with `NUMBER`, without their tables of numbers."""
    kept = text.replace(NUMBER, f" {i18n.text(language, STRUCK)}")
    return kept, (() if kept == text else ("phone",))


def tours() -> Callable[
    [tuple[int, int]], Iterator[tuple[str, settings_.Settings, Iterator[Stop]]]
]:
    """For a panel's millimetres: each language with its settings and its stops."""
    from kiosk import resources  # noqa: PLC0415  # the one file that this needs

    survey = opened(surveys.from_toml(resources.DEFAULT_SURVEY.read_bytes(), "default.toml"))

    def tour(
        mm: tuple[int, int],
    ) -> Iterator[tuple[str, settings_.Settings, Iterator[Stop]]]:
        for language in settings_.LANGUAGES:
            others = [tag for tag in settings_.LANGUAGES if tag != language]
            settings = settings_.Settings(
                shop="Your shop", screen_mm=mm, languages=[language, *others]
            )
            walk = Walk(survey, settings, _strike)
            variants = {
                name: Walk(other, settings, _strike)
                for name, other in examples.variants(survey).items()
            }
            yield language, settings, _all(walk, variants, language)

    return tour
