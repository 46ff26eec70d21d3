"""The settings of one kiosk: what may be set, its defaults, and which source wins. PURE.

Three layers, key by key: the office over the staff over the file. `kiosk.config` reads the file;
the office's arrive with the uplink; the staff's are kept on the card.
"""

import re
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from kiosk.screens import palette
from sync.feedback import clocks, complaints, events

Hours = dict[str, list[tuple[str, str]]]
"""Weekday (mon … sun) → opening and closing times as HH:MM; a day without an entry is closed."""

WEEKDAYS = events.WEEKDAYS
MOST_SPANS = 8
"""Opening times in a day: a week of them fits the `settings` event, which figures depend on."""
LANGUAGES = ("en", "sv", "nb", "da", "ceb", "fi", "de", "fr", "es")
LOCAL = frozenset({"survey", "logo", "input", "screen_mm", "authority", "proxy"})
"""Keys that name something of this machine: no office may set them."""

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


class Invalid(ValueError):
    """A setting is wrong; the message is one sentence with source, key and remedy."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that can be set at a kiosk. The commented default names each key's meaning."""

    shop: str = ""
    time_zone: str = "Europe/Stockholm"
    languages: list[str] = msgspec.field(default_factory=lambda: list(LANGUAGES))
    hours: Hours | None = None
    survey: str = ""
    order: Literal["best_first", "worst_first"] = "best_first"
    layout: Literal["auto", "row", "column"] = "auto"
    theme: Literal["light", "dark", "contrast"] = "light"
    accent: str = "#23262B"
    palette: list[str] = []
    logo: str = ""
    screen_mm: tuple[int, int] | None = None
    input: str = "auto"
    sound: int = 50
    brightness: int = 100
    pause: int = 5000
    run: int = 5
    renew_after: int = 5
    authority: str = ""
    proxy: str = "environment"


def from_values(values: Mapping[str, Any], source: str) -> Settings:
    """Make settings of plain values. Raises `Invalid` with a sentence that names source and key."""
    try:
        found = msgspec.convert(dict(values), Settings)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$")
        key = where.rstrip("`").lstrip(".") or "the settings"
        said = complaints.plainly(what)
        raise Invalid(f"{source}: {key}: {said}; `smiley-kiosk config` shows every key") from None
    complaint = _complaint(found)
    if complaint:
        raise Invalid(f"{source}: {complaint}")
    return found


def layered(
    file: Mapping[str, Any], staff: Mapping[str, Any], office: Mapping[str, Any]
) -> Settings:
    """Return the settings in force: the office's over the staff's over the file's.

    Unknown keys of office and staff are ignored (a newer office must not stop an older kiosk); a
    wrong value of a known key refuses the whole: the caller keeps the last good settings.
    """
    known = set(Settings.__struct_fields__)
    above = {k: v for k, v in staff.items() if k in known}
    above |= {k: v for k, v in office.items() if k in known - LOCAL}
    source = "settings of the office" if office else "settings"
    return from_values({**file, **above}, source)


def _complaint(settings: Settings) -> str | None:
    return (
        _language_complaint(settings)
        or _zone_complaint(settings)
        or _hours_complaint(settings.hours)
        or _colour_complaint(settings)
        or _number_complaint(settings)
        or _proxy_complaint(settings.proxy)
    )


def _language_complaint(settings: Settings) -> str | None:
    if not settings.languages:
        return "languages: is empty; name at least one, the shop's own first"
    odd = [tag for tag in settings.languages if tag not in LANGUAGES]
    if odd:
        return f"languages: {odd[0]!r} is not shipped; choose of {', '.join(LANGUAGES)}"
    if len(set(settings.languages)) < len(settings.languages):
        return "languages: one is named twice; name each once"
    return None


def _zone_complaint(settings: Settings) -> str | None:
    if clocks.is_zone(settings.time_zone):
        return None
    return f"time_zone: {settings.time_zone!r} is no time zone; write one like Europe/Stockholm"


def _hours_complaint(hours: Hours | None) -> str | None:
    for day, spans in (hours or {}).items():
        if day not in WEEKDAYS:
            return f"hours.{day}: days are written {', '.join(WEEKDAYS)}"
        if len(spans) > MOST_SPANS:
            return f"hours.{day}: {len(spans)} spans; give at most {MOST_SPANS}"
        for span in spans:
            wrong = next((time for time in span if not _TIME.fullmatch(time)), None)
            if wrong is not None:
                return f"hours.{day}: {wrong!r} is no time; write it like 09:00"
    return None


def _colour_complaint(settings: Settings) -> str | None:
    for key, colour in [("accent", settings.accent), *(("palette", c) for c in settings.palette)]:
        if not _COLOUR.fullmatch(colour):
            return f"{key}: {colour!r} is no colour; write it like #2A6F97"
    return palette.complaint(settings.palette) if settings.palette else None


def _proxy_complaint(proxy: str) -> str | None:
    if proxy in ("", "environment") or proxy.startswith(("http://", "https://")):
        return None
    return f'proxy: {proxy!r} is no proxy; give http://host:port, "environment", or "" for none'


def _number_complaint(settings: Settings) -> str | None:
    for key, least, most in (
        ("sound", 0, 100),
        ("brightness", 5, 100),
        ("pause", 0, 60_000),
        ("run", 2, 1000),
        ("renew_after", 1, 1000),
    ):
        value = getattr(settings, key)
        if not least <= value <= most:
            return f"{key} = {value}: give a whole number from {least} to {most}"
    if settings.screen_mm and not all(40 <= side <= 3000 for side in settings.screen_mm):
        return f"screen_mm = {list(settings.screen_mm)}: give width and height in millimetres"
    return None
