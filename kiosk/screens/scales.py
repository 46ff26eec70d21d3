"""Eleven numbers to tap, and the words of both ends.

Lengthwise one row, the words below the first number and the last; upright two rows, the words above
the first number and below the last, in the corners where the scale begins and ends.
"""

from kiosk import signals
from kiosk.screens import geometry, glyphs, parts, theme, typesetting
from kiosk.screens.geometry import Box, Row
from kiosk.screens.screen import Scene, Screen

NUMBERS = 1.15
"""How much larger a number is than a word."""
AIR = 1.1
"""The height of a line of words with what is between it and the numbers, in its own height."""


def room(scene: Scene, inner: Box) -> Row:
    """The height that numbers and words want."""
    frame = scene.frame
    lines = 2 if frame.upright else 1
    cell = (inner.width - frame.gap * 10) / 11 * lines
    least = frame.px(frame.sizes.button_mm)
    tall = max(least, min(cell * 1.25, frame.px(26)))
    words = _height(_ends(scene, inner.width))
    rest = lines * (words + frame.gap) + (lines - 1) * frame.gap
    return Row(lines * tall + rest, lines * least + rest)


def put(screen: Screen, scene: Scene, box: Box) -> None:
    """Draw them in the box and make the numbers targets."""
    frame, shown = scene.frame, scene.view
    ends = _ends(scene, box.width)
    words = _height(ends)
    above = words + frame.gap if frame.upright else 0.0
    numbers = Box(
        box.x, box.y + words + frame.gap, box.width, box.height - words - frame.gap - above
    )
    for face, cell in zip(shown.faces, _cells(frame, numbers, len(shown.faces)), strict=True):
        setting = screen.setting(
            str(face.number - 1), "medium", "strong", cell.width, most=1, scale=NUMBERS
        )
        button = screen.button(
            f"face:{face.number}",
            cell,
            signals.Tapped(face.number),
            setting=setting,
            least=(frame.sizes.button_mm * 0.85, frame.sizes.button_mm),
        )
        button.feel(shown.pressed == face.number)
    below = Box(box.x, box.y, box.width, words)
    first = Box(box.x, numbers.top + frame.gap, box.width, words) if above else below
    for i, (end, place) in enumerate(zip(ends, (first, below), strict=True)):
        word = screen.part(parts.Words, f"end:{i}")
        word.put(end, place, scene.colours.ink, float(i), 0.0 if place is first and above else 1.0)


def _ends(scene: Scene, width: float) -> list[typesetting.Setting]:
    """The words of both ends: upright each above or below its row, else side by side and as wide
    as they need. In *larger* they take lines rather than shrink.
    """
    frame = scene.frame
    words = [face.word for face in scene.view.faces if face.word]
    words = [words[0], words[-1]] if words else ["", ""]
    size, room = frame.size("medium"), width - frame.gap * 2
    wants = [theme.measure(word, "strong", size) for word in words]
    fits = sum(wants) <= room
    found = []
    for word, want in zip(words, wants, strict=True):
        most = width if frame.upright else want if fits else room / 2
        if not (frame.larger or frame.upright or fits):
            most = room * want / sum(wants)
        found.append(
            glyphs.setting(
                word,
                "strong",
                size,
                most,
                most=2 if frame.larger else 1,
                least=frame.promised,
                leading=typesetting.LEADING["medium"],
            )
        )
    return found


def _height(ends: list[typesetting.Setting]) -> float:
    """The height that the words of an end take."""
    return max(end.height for end in ends) * AIR


def _cells(frame: geometry.Frame, box: Box, count: int) -> list[Box]:
    """One row lengthwise; upright two, the second ending at the right as the scale does."""
    if not frame.upright:
        return geometry.grid(box, count, count, frame.gap * 0.8)
    columns = -(-count // 2)
    cells = geometry.grid(box, 2 * columns, columns, frame.gap)
    return [*cells[:columns], *cells[2 * columns - (count - columns) :]]
