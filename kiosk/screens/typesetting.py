"""Where lines break and how large words may be. PURE: widths come from the measure handed in.

1. As few lines as fit, then as even as they can be: no line holds a lone short word while others
   are full. Two lines rather break where a sentence ends, when the halves are not too unlike.
2. Lines break at plain spaces only: a no-break space (before a French question mark) never breaks.
3. Words are made smaller only when they would not fit otherwise, in steps, never below the least
   size.
"""

import re
from collections.abc import Callable, Sequence

import msgspec

Measure = Callable[[str, str, float], float]
"""Text, weight and size (px) → width in px."""

# the height of a line over the size of its letters: headings sit closer than notes
LEADING = {"large": 1.14, "medium": 1.24, "small": 1.32}
STEP = 0.96
_ALONE = re.compile(r" (?:([?!;])|([:»]))")
_JOINTS = re.compile(r"(?<=[@/])|(?=[.])")
_ENDS = tuple(".?!:…")
ALIKE = 0.35
"""The shorter of two lines that break at a sentence's end, at the least, as a part of the other."""


class Setting(msgspec.Struct, frozen=True):
    """Text as it will stand: its lines, their size (px), the block's width and height, its
    weight.

    narrowed: how wide letters are drawn, as a part of what the font has; `width` says it already.
    """

    lines: tuple[str, ...]
    size: float
    width: float
    height: float
    weight: str
    leading: float
    narrowed: float = 1.0

    @property
    def text(self) -> str:
        """The lines, one below the other."""
        return "\n".join(self.lines)

    def within(self, width: float) -> "Setting":
        """The same text, as high as it was and drawn no wider than `width` px."""
        if self.width <= width:
            return self
        part = self.narrowed * width / self.width
        return msgspec.structs.replace(self, width=width, narrowed=part)


def broken(
    text: str, measure: Callable[[str], float], width: float, most: int = 99
) -> tuple[str, ...] | None:
    """The text in at most `most` even lines no wider than `width`, or None when that cannot be."""
    words = [word for word in text.split(" ") if word]
    if not words:
        return ("",)
    if max(measure(word) for word in words) > width:
        return None
    least = len(_filled(words, measure, width))
    if least > most:
        return None
    halves = _sentences(words, measure, width) if least == 2 else None
    return halves or tuple(_even(words, measure, width, least))


def set_text(
    text: str,
    measure: Measure,
    weight: str,
    size: float,
    *,
    width: float,
    height: float = float("inf"),
    most: int = 99,
    least: float = 0.0,
    leading: float = 1.24,
) -> Setting:
    """Set the text as large as it fits, from `size` down to `least` (default: half of it).

    What does not fit at the least size is set at it all the same, in as many lines as it takes
    (or in the one line that was asked for), whatever the height.
    """
    least = least or size / 2
    # a sign that stands alone in French stays with its word, at a narrow space but for the colon
    text = _ALONE.sub(lambda sign: f"\u202f{sign[1]}" if sign[1] else f"\u00a0{sign[2]}", text)
    size = float(int(size))
    while True:
        most_here = int(max(1, min(most, (height + 0.5) // (size * leading))))
        lines = _paragraphs(text, _at(measure, weight, size), width, most_here)
        if lines is not None or size * STEP < least:
            break
        size = float(int(size * STEP))
    if lines is None:
        at = _at(measure, weight, size)
        lines = (text,) if most == 1 else _paragraphs(_chopped(text, at, width), at, width, 99)
    if lines is None:  # a word is wider than the column, and no address
        lines = tuple(_filled(text.split(" "), at, width))
    widest = max(measure(line, weight, size) for line in lines)
    return Setting(lines, size, widest, len(lines) * size * leading, weight, leading)


def _at(measure: Measure, weight: str, size: float) -> Callable[[str], float]:
    return lambda part: measure(part, weight, size)


def _paragraphs(
    text: str, measure: Callable[[str], float], width: float, most: int
) -> tuple[str, ...] | None:
    lines: list[str] = []
    for paragraph in text.split("\n"):
        part = broken(paragraph, measure, width, most - len(lines))
        if part is None:
            return None
        lines.extend(part)
    return tuple(lines)


def _chopped(text: str, measure: Callable[[str], float], width: float) -> str:
    """The text with addresses that are wider than the column in pieces: after @ and /, before a
    full stop.
    """

    def chop(word: str, width: float) -> list[str]:
        pieces = [""]
        for part in _JOINTS.split(word):
            if pieces[-1] and measure(pieces[-1] + part) > width:
                pieces.append("")
            pieces[-1] += part
        return pieces

    def even(word: str) -> str:
        best = chop(word, width)
        parts = (chop(word, width * tenths / 10) for tenths in range(4, 10))
        fine = (p for p in parts if len(p) == len(best) and max(map(measure, p)) <= width)
        return " ".join(next(fine, best))

    words = re.split(r"([ \n])", text)
    return "".join(even(word) if measure(word) > width else word for word in words)


def _filled(words: Sequence[str], measure: Callable[[str], float], width: float) -> list[str]:
    """Each line as full as it can be: the fewest lines there are."""
    lines: list[str] = []
    for word in words:
        if lines and measure(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _sentences(
    words: Sequence[str], measure: Callable[[str], float], width: float
) -> tuple[str, ...] | None:
    """Two lines, the first of whole sentences, where both fit and neither is a scrap."""
    for at in range(1, len(words)):
        halves = " ".join(words[:at]), " ".join(words[at:])
        short, long = sorted(map(measure, halves))
        if words[at - 1].endswith(_ENDS) and long <= width and short >= long * ALIKE:
            return halves
    return None


def _even(
    words: Sequence[str], measure: Callable[[str], float], width: float, count: int
) -> list[str]:
    """The narrowest column that still takes only `count` lines, by halving."""
    best = _filled(words, measure, width)
    low, high = width / max(1, count) / 2, width
    for _ in range(12):
        middle = (low + high) / 2
        lines = _filled(words, measure, middle)
        if len(lines) <= count and max(map(measure, lines)) <= middle:
            best, high = lines, middle
        else:
            low = middle
    return best
