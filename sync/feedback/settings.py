"""The settings that an office may give its kiosks: names, kinds, defaults, what is right. PURE.

One definition serves the kiosk, which obeys it (`kiosk.settings` adds what names something of its
own machine), and the office, which can so say what is wrong before a kiosk does.
"""

import re
import typing
from collections.abc import Mapping
from typing import Any, Literal, TypeVar

import msgspec

from sync.feedback import clocks, complaints, events

Hours = dict[str, list[tuple[str, str]]]
"""Weekday (mon … sun) → opening and closing times as HH:MM; a day without an entry is closed."""

MOST_SPANS = 8
"""Opening times in a day: a week of them fits the `settings` event, which figures depend on."""
LANGUAGES = ("en", "sv", "nb", "da", "ceb", "fi", "de", "fr", "es")
LOCAL = frozenset({"survey", "logo", "input", "screen_mm", "authority", "proxy"})
"""Keys that name something of the kiosk's machine: no office may set them."""
RANGES = {
    "sound": (0, 100),
    "brightness": (5, 100),
    "pause": (0, 60_000),
    "run": (2, 1000),
    "renew_after": (1, 1000),
}

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


class Invalid(ValueError):
    """A setting is wrong; the message is one sentence with source, key and remedy."""


class Shared(msgspec.Struct, frozen=True, kw_only=True):
    """What an office may set. The kiosk's commented default names each key's meaning."""

    shop: str = ""
    time_zone: str = "Europe/Stockholm"
    languages: list[str] = msgspec.field(default_factory=lambda: list(LANGUAGES))
    hours: Hours | None = None
    order: Literal["best_first", "worst_first"] = "best_first"
    layout: Literal["auto", "row", "column"] = "auto"
    theme: Literal["light", "dark", "contrast"] = "light"
    accent: str = "#23262B"
    palette: list[str] = []
    sound: int = 50
    brightness: int = 100
    pause: int = 5000
    run: int = 5
    renew_after: int = 5


Kind = TypeVar("Kind", bound=Shared)


def from_values(values: Mapping[str, Any], source: str, kind: type[Kind]) -> Kind:
    """Make settings of plain values. Raises `Invalid` with a sentence that names source and key.

    Whether people with any colour vision can tell a palette apart is for the kiosk to say.
    """
    try:
        found = msgspec.convert(dict(values), kind)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$")
        key = where.rstrip("`").lstrip(".") or "the settings"
        said = complaints.plainly(what)
        right = _remedy(key, kind)
        raise Invalid(f"{source}: {key.partition('[')[0]}: {said}; {right}") from None
    complaint = (
        unseen("shop", found.shop)
        or _language_complaint(found)
        or _zone_complaint(found)
        or _hours_complaint(found.hours)
        or _colour_complaint(found)
        or _number_complaint(found)
    )
    if complaint:
        raise Invalid(f"{source}: {complaint}")
    return found


def _remedy(key: str, kind: type[Shared]) -> str:
    """Say what would be right for a key whose value is of the wrong kind."""
    if key.startswith("hours"):  # what TOML has below a table's name belongs to it
        return 'write days like mon = [["09:00", "20:00"]], and all other keys above [hours]'
    choices = typing.get_args(typing.get_type_hints(kind).get(key))
    if choices and all(isinstance(choice, str) for choice in choices):
        return f"choose of {', '.join(choices)}"
    return "`smiley-kiosk config` shows every key"


def unseen(key: str, text: str) -> str | None:
    """Complain of characters that nobody sees and that no name of a file may have."""
    if _CONTROL.search(text):
        return f"{key}: {text!r} holds a character that cannot be seen; leave that out"
    return None


def _language_complaint(settings: Shared) -> str | None:
    if not settings.languages:
        return "languages: is empty; name at least one, the shop's own first"
    odd = [tag for tag in settings.languages if tag not in LANGUAGES]
    if odd:
        return f"languages: {odd[0]!r} is not shipped; choose of {', '.join(LANGUAGES)}"
    if len(set(settings.languages)) < len(settings.languages):
        return "languages: one is named twice; name each once"
    return None


def _zone_complaint(settings: Shared) -> str | None:
    if clocks.is_zone(settings.time_zone):
        return None
    return f"time_zone: {settings.time_zone!r} is no time zone; write one like Europe/Stockholm"


def _hours_complaint(hours: Hours | None) -> str | None:
    for day, spans in (hours or {}).items():
        if day not in events.WEEKDAYS:
            return f"hours.{day}: days are written {', '.join(events.WEEKDAYS)}"
        if len(spans) > MOST_SPANS:
            return f"hours.{day}: {len(spans)} spans; give at most {MOST_SPANS}"
        for span in spans:
            wrong = next((time for time in span if not _TIME.fullmatch(time)), None)
            if wrong is not None:
                return f"hours.{day}: {wrong!r} is no time; write it like 09:00"
    return None


def _colour_complaint(settings: Shared) -> str | None:
    for key, colour in [("accent", settings.accent), *(("palette", c) for c in settings.palette)]:
        if not _COLOUR.fullmatch(colour):
            return f"{key}: {colour!r} is no colour; write it like #2A6F97"
    return None


def _number_complaint(settings: Shared) -> str | None:
    for key, (least, most) in RANGES.items():
        value = getattr(settings, key)
        if not least <= value <= most:
            return f"{key} = {value}: give a whole number from {least} to {most}"
    return None
