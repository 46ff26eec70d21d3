"""A face's features from numbers: mood −1 (worst) … 1 (best) and blink 0 (open) … 1 (closed).

PURE. Everything is drawn in a circle of radius 1 around (0, 0), y upward, so that 2, 3, 4 or 5
faces of any size are the same family. Moods are told apart by shape alone:

1. The mouth bends with the mood; near the middle it still bends clearly, at 0 it is level.
2. From mood 0.6 on the mouth opens, and a light band of teeth shows.
3. Brows are raised when glad, level in the middle, and their inner ends rise when sad. They never
   fall towards the nose: sad is not angry.
"""

import math
from itertools import pairwise

import msgspec

from kiosk.screens import outline

# the line that draws mouth and brows, as a part of the radius
LINE = 0.082
BROW_LINE = 0.076
RIM = 0.032

Path = list[outline.Point]


class Features(msgspec.Struct, frozen=True):
    """What lies on the disc: lines to stroke, areas to fill in ink, glints in the eyes and teeth
    in light.
    """

    lines: tuple[tuple[Path, float], ...]
    areas: tuple[Path, ...]
    glints: tuple[Path, ...]
    teeth: Path | None


PLAIN = Features((), (), (), None)
"""A disc without a face."""


def features(mood: float, blink: float = 0.0) -> Features:
    """The brows, eyes and mouth of a mood; numbers outside their range are cut to it."""
    mood = max(-1.0, min(1.0, mood))
    blink = max(0.0, min(1.0, blink))
    lines = [(brow, BROW_LINE) for brow in (_brow(mood, -1), _brow(mood, 1))]
    areas: list[Path] = []
    glints: list[Path] = []
    for side in (-1, 1):
        height = 0.142 * (1 - blink)
        if height > LINE / 3:
            areas.append(outline.circle(side * 0.325, _eye_height(mood), 0.1, height, 40))
            if not blink:
                glints.append(
                    outline.circle(side * 0.325 + 0.032, _eye_height(mood) + 0.052, 0.026)
                )
        else:
            lines.append((_closed_eye(mood, side), LINE))
    opened = max(0.0, (mood - 0.6) / 0.4)
    if opened <= 0:
        lines.append((_lips(mood), LINE * (1 + 0.12 * abs(mood))))
        return Features(tuple(lines), tuple(areas), tuple(glints), None)
    upper, lower = _open_mouth(opened)
    mouth = [*upper, *reversed(lower)]
    lines.append(([*mouth, mouth[0]], LINE * 0.9))
    areas.append(mouth)
    return Features(tuple(lines), tuple(areas), tuple(glints), _teeth(upper, lower, opened))


def moods(faces: int) -> tuple[float, ...]:
    """The moods of a scale of this many faces, worst first, equal steps."""
    if faces < 2:
        raise ValueError(f"a scale has at least 2 faces, not {faces}")
    return tuple(-1 + 2 * i / (faces - 1) for i in range(faces))


def squash(press: float) -> tuple[float, float, float]:
    """How a press of 0 … 1 deforms the face: width, height (both ×), and sinking (in radii)."""
    press = max(0.0, min(1.0, press))
    return 1 + 0.05 * press, 1 - 0.085 * press, -0.035 * press


def _eye_height(mood: float) -> float:
    return 0.13 - 0.02 * max(0.0, -mood)


def _bend(mood: float) -> float:
    """How far the mouth bends: steep around 0, so that neighbours never look alike."""
    return math.copysign(abs(mood) ** 0.62, mood) if mood else 0.0


def _lips(mood: float) -> Path:
    bend = _bend(mood)
    half = 0.39 + 0.06 * abs(bend)
    depth = (0.44 if bend > 0 else 0.38) * bend
    end = -0.345 + (0.5 if bend > 0 else 0.36) * depth
    reach = depth * 4 / 3
    # fuller than an arc: a face's mouth turns at its corners
    pull = half * (0.50 if bend >= 0 else 0.55)
    return outline.bezier(
        (-half, end), (-half + pull, end - reach), (half - pull, end - reach), (half, end), 28
    )


def _open_mouth(opened: float) -> tuple[Path, Path]:
    half = 0.40 + 0.07 * opened
    top = -0.155
    sag = 0.13
    deep = 0.30 + 0.20 * opened
    upper = outline.bezier(
        (-half, top), (-half * 0.45, top - sag), (half * 0.45, top - sag), (half, top), 28
    )
    lower = outline.bezier(
        (-half, top),
        (-half * 0.72, top - deep * 4 / 3),
        (half * 0.72, top - deep * 4 / 3),
        (half, top),
        28,
    )
    return upper, lower


def _teeth(upper: Path, lower: Path, opened: float) -> Path:
    """The band under the upper lip, ending where the lips come too close."""
    band_top: Path = []
    band_low: Path = []
    lip = LINE * 0.35
    for x, high in upper:
        room = high - _height_at(lower, x) - lip - 0.06
        if room > 0.02:
            band_top.append((x, high - lip))
            band_low.append((x, high - lip - min(0.13 * opened, room) * _rounded(x, upper)))
    return [*band_top, *reversed(band_low)]


def _rounded(x: float, upper: Path) -> float:
    """The band grows thin towards the corners of the mouth."""
    return math.sqrt(max(0.0, 1 - (x / upper[-1][0] / 0.95) ** 4))


def _height_at(path: Path, x: float) -> float:
    """The height of a path that runs from left to right, between its points too."""
    for (ax, ay), (bx, by) in pairwise(path):
        if ax <= x <= bx:
            return ay + (by - ay) * (x - ax) / (bx - ax) if bx > ax else ay
    return path[-1][1]


def _brow(mood: float, side: int) -> Path:
    glad, sad = max(0.0, mood), max(0.0, -mood)
    centre_x, half = 0.33, 0.155 + 0.015 * glad
    height = 0.43 + 0.10 * glad**1.2 + 0.03 * sad
    arch = 0.02 + 0.075 * glad + 0.02 * sad if mood else 0.0
    tilt = math.radians(5 * (sad > 0) + 21 * sad)
    points: Path = []
    steps = 14
    for i in range(steps + 1):
        t = 2 * i / steps - 1
        # t runs from the nose outward; the inner end rises with sadness
        along, up = t * half, arch * (1 - t * t) - arch / 2
        points.append(
            (
                side * (centre_x + along * math.cos(tilt) + up * math.sin(tilt)),
                height - along * math.sin(tilt) + up * math.cos(tilt),
            )
        )
    return points


def _closed_eye(mood: float, side: int) -> Path:
    """A shut eye: the lid hangs down."""
    centre = side * 0.325
    y = _eye_height(mood) + 0.01
    return outline.bezier(
        (centre - 0.12, y),
        (centre - 0.07, y - 0.085),
        (centre + 0.07, y - 0.085),
        (centre + 0.12, y),
        12,
    )
