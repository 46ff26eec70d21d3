"""The settings of one kiosk: what may be set, its defaults, and which source wins. PURE.

Three layers, key by key: the office over the staff over the file. `kiosk.config` reads the file;
the office's arrive with the uplink; the staff's are kept on the card.
"""

import re
import urllib.parse
from collections.abc import Mapping
from typing import Any

from kiosk.screens import palette
from sync.feedback import events
from sync.feedback import settings as shared

Hours = shared.Hours
Invalid = shared.Invalid
WEEKDAYS = events.WEEKDAYS
LANGUAGES = shared.LANGUAGES

_SECRET = re.compile(r"(//|^)[^/]*@")


class Settings(shared.Shared, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that can be set at a kiosk: what an office may set, and what is this machine's.

    The commented default names each key's meaning.
    """

    survey: str = ""
    logo: str = ""
    screen_mm: tuple[int, int] | None = None
    input: str = "auto"
    authority: str = ""
    proxy: str = "environment"


def from_values(values: Mapping[str, Any], source: str) -> Settings:
    """Make settings of plain values. Raises `Invalid` with a sentence that names source and key."""
    found = shared.from_values(values, source, Settings)
    complaint = (
        _name_complaint(found)
        or _palette_complaint(found)
        or _screen_complaint(found)
        or _proxy_complaint(found.proxy)
    )
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
    above |= {k: v for k, v in office.items() if k in known - shared.LOCAL}
    source = "settings of the office" if office else "settings"
    return from_values({**file, **above}, source)


def _name_complaint(settings: Settings) -> str | None:
    names = ("logo", "survey", "input", "authority", "proxy")
    return next(filter(None, (shared.unseen(key, getattr(settings, key)) for key in names)), None)


def _palette_complaint(settings: Settings) -> str | None:
    return palette.complaint(settings.palette) if settings.palette else None


def _screen_complaint(settings: Settings) -> str | None:
    if settings.screen_mm and not all(40 <= side <= 3000 for side in settings.screen_mm):
        given = list(settings.screen_mm)
        return f"screen_mm = {given}: give width and height in millimetres, from 40 to 3000"
    return None


def _proxy_complaint(proxy: str) -> str | None:
    if proxy in ("", "environment") or _is_proxy(proxy):
        return None
    shown = _SECRET.sub(r"\1…@", proxy)
    return f'proxy: {shown!r} is no proxy; give http://host:port, "environment", or "" for none'


def _is_proxy(proxy: str) -> bool:
    try:
        parts = urllib.parse.urlsplit(proxy)
        port = parts.port
    except ValueError:
        return False
    called = parts.scheme in ("http", "https") and bool(parts.hostname) and port != 0
    return called and not any(letter.isspace() for letter in proxy)
