"""Where lines break and how large words may be. PURE: widths come from the measure handed in.

1. As few lines as fit, then as even as they can be: no line holds a lone short word while others
   are full.
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
_ALONE = re.compile(r" ([?!:;»])")


class Setting(msgspec.Struct, frozen=True):
    """Text as it will stand: its lines, their size (px), the block's width and height, its
    weight.
    """

    lines: tuple[str, ...]
    size: float
    width: float
    height: float
    weight: str
    leading: float

    @property
    def text(self) -> str:
        """The lines, one below the other."""
        return "\n".join(self.lines)


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
    return tuple(_even(words, measure, width, least))


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
    (or in the one line that was asked for).
    """
    least = least or size / 2
    # a sign that stands alone in French stays with its word
    text = _ALONE.sub("\u00a0\\1", text)
    size = float(int(size))
    while True:
        most_here = int(max(1, min(most, (height + 0.5) // (size * leading))))
        lines = _paragraphs(text, _at(measure, weight, size), width, most_here)
        if lines is not None or size * STEP < least:
            break
        size = float(int(size * STEP))
    if lines is None:
        whole = [text] if most == 1 else text.split(" ")
        lines = tuple(_filled(whole, _at(measure, weight, size), width))
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


def _filled(words: Sequence[str], measure: Callable[[str], float], width: float) -> list[str]:
    """Each line as full as it can be: the fewest lines there are."""
    lines: list[str] = []
    for word in words:
        if lines and measure(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


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
