"""What the words before a number in a comment say of it (see `privacy`)."""

from __future__ import annotations

import re

from sync.feedback import privacy_words as words

REACH = 60
"""How many characters before a number are looked at."""

_PERSONAL, _REFERENCE = re.compile("|".join(words.PERSONAL)), re.compile("|".join(words.REFERENCE))
_LAST_WORD = re.compile(
    rf"([^\W\d_]+)[\s:.#]{{1,3}}(?:(?:n[or]s?|num(?:mer)?)\b[\s:.]{{0,2}})?"
    rf"(?:\d+[\s,./-]{{1,3}}(?:(?:{'|'.join(words.AND)})\s)?)*$"
)
_BEFORE = re.compile(r"\w+", re.UNICODE)


def before(text: str, start: int) -> str:
    """What the words just before a number say of it; the nearest one that says anything counts."""
    # A full stop after a short word ends an abbreviation ("tlf."), not a sentence.
    sentence = re.split(r"[!?;\n\x00\]]|\w{5,}\.\s", text[max(0, start - REACH) : start])[-1]
    if text[start] not in "+(0" and _of_an_item(sentence.lower()):
        return "reference"
    said = (_says(word) for word in reversed(_BEFORE.findall(sentence.lower())[-5:]))
    return next((what for what in said if what), "")


def _of_an_item(sentence: str) -> bool:
    """Whether an item's word stands just before the number, or before other numbers before it."""
    match = _LAST_WORD.search(sentence)
    return match is not None and match[1] in words.ITEMS


def _says(word: str) -> str:
    """What a lower-case word says of the number after it: a context, or nothing."""
    if word.isdigit():
        return ""
    if _PERSONAL.search(word):
        return "personal"
    if word in words.MINE or word.startswith(words.CONTACT):
        return "contact"
    if word in words.REFERENCE_WORDS or _REFERENCE.search(word):
        return "reference"
    return ""


def spent(text: str, start: int) -> bool:
    """Whether a reference's word was about something else than this number, with 0 or + in front.

    *Order 4711 is late, 070-…*: another number and a word lie between. *I ordered a sofa, 070-…*:
    two words and a comma do.
    """
    if text[start] not in "+(0":
        return False
    sentence = re.split(r"[!?;\n\x00\]]", text[max(0, start - REACH) : start])[-1]
    ago = list(re.finditer(r"[^\W\d]+", sentence))
    kept: list[str] = []
    for word in reversed(ago):
        if _says(word.group().lower()) == "reference":
            between = sentence[word.end() :]
            numbered = re.search(r"\d{3}", between) and not words.AND.issuperset(kept)
            return bool(numbered) or ("," in between and len(kept) > 1)
        kept.append(word.group().lower())
    return False
