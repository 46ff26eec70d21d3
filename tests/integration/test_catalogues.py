"""The catalogues are complete, and the check notices when one is not."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest

from kiosk import catalogues, i18n

TRANSLATED = [language for language in i18n.NAMES if language != catalogues.SOURCE_LANGUAGE]
WANTED = [
    catalogues.Message("Back", "", "a.kv"),
    catalogues.Message("{left} characters left.", "", "b.py"),
    catalogues.Message("{n} tap", "{n} taps", "c.py"),
]


@pytest.fixture
def locale(tmp_path: Path) -> Path:
    """A folder with a Swedish catalogue that is complete."""
    catalogues.update("sv", WANTED, tmp_path)
    book = polib.pofile(str(catalogues.path_of("sv", tmp_path)))
    book[0].msgstr = "Tillbaka"
    book[1].msgstr = "{left} tecken kvar."
    book[2].msgstr_plural = {0: "ett tryck", 1: "{n} tryck"}
    book.save()
    return tmp_path


def change(locale: Path, entry: int, text: str) -> None:
    """Put another translation in the Swedish catalogue."""
    book = polib.pofile(str(catalogues.path_of("sv", locale)))
    book[entry].msgstr = text
    book.save()


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_language_says_everything(language: str) -> None:
    """Each message of the code is translated, in each language, with the same fields."""
    assert catalogues.problems(language, catalogues.messages()) == []


def test_messages_of_code_and_kv_are_found() -> None:
    """The extraction sees .kv files, calls, constants, marks and plurals."""
    found = {(message.text, message.plural) for message in catalogues.messages()}
    assert ("Next customer", "") in found  # a .kv file
    assert ("Are you still there?", "") in found  # a constant
    assert ("High contrast", "") in found  # marked
    assert ("{n} person tapped.", "{n} people tapped.") in found


def test_a_complete_catalogue_has_no_problems(locale: Path) -> None:
    """A catalogue that says all, and no more, passes."""
    assert catalogues.problems("sv", WANTED, locale) == []


def test_a_missing_catalogue_is_named(tmp_path: Path) -> None:
    """No file at all is a problem, with the remedy."""
    (said,) = catalogues.problems("da", WANTED, tmp_path)
    assert said.startswith("da/LC_MESSAGES/kiosk.po: is missing; python -m kiosk.catalogues")


@pytest.mark.parametrize(
    ("entry", "text", "said"),
    [
        (0, "", "'Back' is not translated"),
        (0, "Tillbaka ", "'Back' begins or ends with a space"),
        (1, "{kvar} tecken.", "'{left} characters left.' differs in {kvar}, {left}"),
        (1, "{left} tecken kvar", "'{left} characters left.' ends otherwise than the English"),
    ],
)
def test_an_inconsistent_message_is_named(locale: Path, entry: int, text: str, said: str) -> None:
    """An empty, misspelt or otherwise ending translation is a problem that names the message."""
    change(locale, entry, text)
    assert said in "\n".join(catalogues.problems("sv", WANTED, locale))


def test_messages_come_and_go_with_the_code(locale: Path) -> None:
    """A new message is missing until it is translated, one that no code says is to be dropped."""
    newer = [*WANTED[1:], catalogues.Message("Cancel", "", "d.kv")]
    said = catalogues.problems("sv", newer, locale)
    assert said == [
        "sv/LC_MESSAGES/kiosk.po: 'Cancel' (d.kv) is missing",
        "sv/LC_MESSAGES/kiosk.po: 'Back' stands nowhere in the code; drop it",
    ]
    assert catalogues.update("sv", newer, locale) == 1
    book = polib.pofile(str(catalogues.path_of("sv", locale)))
    assert [entry.msgid for entry in book] == ["{left} characters left.", "{n} tap", "Cancel"]
    assert book[0].msgstr == "{left} tecken kvar."
