"""A comment as it stands in its field: lines, the caret's place, and what was struck out. PURE."""

import re
from collections.abc import Callable, Iterable, Iterator

import msgspec

STRUCK = re.compile(r"\[[^\[\]]{3,60}\]")
"""What stands in the place of personal data: `[number removed]`, in the visitor's language."""

_PLAIN = re.compile(r" *[^ ]+| +$")
_WHOLE = re.compile(r" *[^ \[]*" + STRUCK.pattern + r"[^ ]*|" + _PLAIN.pattern)


class Line(msgspec.Struct, frozen=True):
    """One line and the spans of it to highlight, as (start, end) in px from its left."""

    text: str
    marks: tuple[tuple[float, float], ...] = ()


def lines(text: str, measure: Callable[[str], float], width: float, *, struck: bool) -> list[Line]:
    """The text in lines no wider than `width`; a word wider than that is cut where it must be."""
    marked = [match.span() for match in STRUCK.finditer(text)] if struck else []
    found, at = [], 0
    for piece in _wrapped(_words(text, measure, width, struck=struck), measure, width):
        end = at + len(piece)
        spans = tuple(
            (measure(piece[: max(0, a - at)]), measure(piece[: min(end, b) - at]))
            for a, b in marked
            if a < end and b > at
        )
        found.append(Line(piece, spans))
        at = end
    return found


def _words(
    text: str, measure: Callable[[str], float], width: float, *, struck: bool
) -> Iterator[str]:
    """The words with the spaces before them; what stands for personal data is one, if it fits."""
    for word in (_WHOLE if struck else _PLAIN).findall(text):
        yield from [word] if measure(word.strip(" ")) <= width else _PLAIN.findall(word)


def _wrapped(words: Iterable[str], measure: Callable[[str], float], width: float) -> list[str]:
    """Pieces that make up the whole text again; the space that ends a line stays with it."""
    pieces = [""]
    for word in words:
        if measure(pieces[-1] + word) <= width or not pieces[-1]:
            pieces[-1] += word
        else:
            pieces[-1] += word[: len(word) - len(word.lstrip(" "))]
            pieces.append(word.lstrip(" "))
        while measure(pieces[-1]) > width and len(pieces[-1]) > 1:
            cut = len(pieces[-1]) - 1
            while cut > 1 and measure(pieces[-1][:cut]) > width:
                cut -= 1
            pieces[-1:] = [pieces[-1][:cut], pieces[-1][cut:]]
    return pieces
