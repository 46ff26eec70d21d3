"""The on-screen keyboard's letters, by language. PURE data.

1. A layout is three rows of plain letters as people of that language know them, at most eleven a
   row; the widget adds shift, backspace, space, the digits' key, the accents' key and *send*.
2. Holding a key offers its variants beside the plain letter, which stays what a lifted finger
   gives: a long press never replaces it.
3. Digits and signs, and accents, are pages of their own, the same in every language.
"""

from collections.abc import Mapping

import msgspec

VARIANTS: Mapping[str, str] = {
    "a": "áàâäãåæ",
    "c": "çč",
    "d": "ðđ",
    "e": "éèêë",
    "i": "íìîï",
    "l": "ł",
    "n": "ñń",
    "o": "óòôöõøœ",
    "s": "ßšś",
    "u": "úùûü",
    "y": "ýÿ",
    "z": "žźż",
    "ä": "æ",
    "æ": "ä",
    "ö": "ø",
    "ø": "ö",
    ".": "!:;…",
    "?": "¿!",
    ",": ";'-",
    "'": '’"',
}
"""What holding a key offers; letters of the layout itself are left out."""

DIGITS = ("1234567890", '-/:;()€&@"', "+=%#*_<>")
ACCENTS = ("åäöæøéèêëß", "áàâãíìîïñç", "óòôõúùûü")
SIGNS = ",.?"
"""The signs beside the space bar."""


class Layout(msgspec.Struct, frozen=True):
    """One language's letters: three rows, and what its keys offer when held."""

    rows: tuple[str, str, str]
    variants: Mapping[str, str] | None = None

    def offered(self, letter: str) -> str:
        """The variants of a letter (small ones), without what has a key of its own."""
        own = "".join(self.rows)
        return "".join(v for v in (self.variants or VARIANTS).get(letter, "") if v not in own)


QWERTY = Layout(("qwertyuiop", "asdfghjkl", "zxcvbnm"))

LAYOUTS: Mapping[str, Layout] = {
    "en": QWERTY,
    "ceb": QWERTY,
    "sv": Layout(("qwertyuiopå", "asdfghjklöä", "zxcvbnm")),
    "fi": Layout(("qwertyuiopå", "asdfghjklöä", "zxcvbnm")),
    "nb": Layout(("qwertyuiopå", "asdfghjkløæ", "zxcvbnm")),
    "da": Layout(("qwertyuiopå", "asdfghjklæø", "zxcvbnm")),
    "de": Layout(("qwertzuiopü", "asdfghjklöä", "yxcvbnm")),
    "fr": Layout(("azertyuiop", "qsdfghjklm", "wxcvbn'")),
    "es": Layout(("qwertyuiop", "asdfghjklñ", "zxcvbnm")),
}


def of(language: str) -> Layout:
    """The layout of a language (BCP 47), or the plain one."""
    return LAYOUTS.get(language) or LAYOUTS.get(language.split("-", maxsplit=1)[0], QWERTY)
