"""The kiosk's own fixed words in each language.

The English text is the msgid; catalogues are ``locale/LANG/LC_MESSAGES/kiosk.po``, read when first
needed. A catalogue that is missing or cannot be read speaks English: a customer who taps never
waits for a translation.
"""

import functools
import gettext
import io
from typing import Any

import polib

from kiosk import resources

DOMAIN = "kiosk"

NAMES = {
    "en": "English",
    "sv": "Svenska",
    "nb": "Norsk",
    "da": "Dansk",
    "ceb": "Cebuano",
    "fi": "Suomi",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
}
"""Each language's name in itself, as it stands on its button."""


def name(language: str) -> str:
    """Return a language's own name, or its tag."""
    return NAMES.get(language, language)


def mark(message: str) -> str:
    """Return `message` as it is: says to `kiosk.catalogues` that it is one, said elsewhere."""
    return message


def mark_plural(one: str, many: str) -> tuple[str, str]:
    """Return both forms as they are: says to `kiosk.catalogues` that they are a message's."""
    return one, many


def text(language: str, message: str, **values: Any) -> str:
    """Return `message` (English) in `language`, with ``{name}`` filled in from `values`."""
    found = catalogue(language).gettext(message)
    return found.format(**values) if values else found


def plural(language: str, one: str, many: str, number: int, **values: Any) -> str:
    """Return the form for `number`, which is there as ``{n}``."""
    found = catalogue(language).ngettext(one, many, number)
    return found.format(n=number, **values)


@functools.cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Return a language's catalogue; English (every message as it is) when it cannot be read."""
    path = resources.LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    try:
        return gettext.GNUTranslations(io.BytesIO(polib.pofile(str(path)).to_binary()))
    except (OSError, ValueError):  # polib raises OSError for missing and for broken files
        return gettext.NullTranslations()


def preload(languages: tuple[str, ...]) -> None:
    """Read these catalogues now (from a thread), so that switching is instant."""
    for language in languages:
        catalogue(language)
