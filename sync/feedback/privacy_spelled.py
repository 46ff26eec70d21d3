"""Finds telephone numbers whose digits are written as words (see `privacy`).

From seven digits in a row they count, in words or mixed with digits; French ones from *zéro* and a
digit on, as they are read aloud in pairs (*zéro six douze trente-quatre …*). Counting (*one two
three …*) and bare digits (*4 5 3 5 5 4 5*, which the other rules read) do not.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from sync.feedback import privacy_words as words

_SPELLED = re.compile(
    rf"(?<!\w)(?:(?:{words.DIGITS})(?:[\s,.–-]+(?:{words.DOUBLE}\s)?|(?!\w))){{7,}}", re.IGNORECASE
)
_PAIRS = re.compile(
    rf"(?<!\w)z[ée]ro\s(?:{words.FRENCH_DIGITS})(?:[\s,.–-]+(?:et\s)?(?:{words.FRENCH_PAIRS})(?!\w))"
    r"{4,}",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")


def spans(text: str) -> list[tuple[int, int]]:
    """Where numbers in words stand in the text, none overlapping."""
    found = [match.span() for match in _PAIRS.finditer(text)]
    for match in _SPELLED.finditer(text):
        start, end = match.start(), match.start() + len(match.group().rstrip(" ,.–-"))
        spoken = _WORD.findall(match.group().lower())
        counting = even([words.VALUES.get(word, word) for word in spoken])
        overlapping = any(start < b and a < end for a, b in found)
        if not (counting or overlapping or all(word.isdigit() for word in spoken)):
            found.append((start, end))
    return found


def even(values: Sequence[int | str]) -> bool:
    """Whether numbers go up or down in equal steps up to ten, as sizes do: 38 39 40 41."""
    numbers = [int(value) for value in values if isinstance(value, int) or value.isdecimal()]
    steps = {b - a for a, b in itertools.pairwise(numbers)}
    return len(numbers) == len(values) > 2 and len(steps) == 1 and abs(steps.pop()) <= 10
