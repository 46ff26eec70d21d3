"""Paths as triangles with a soft edge one pixel wide, so that shapes are smooth on any graphics
chip.

PURE. Neither multisampling nor shaders are needed: every vertex carries a cover, 1 inside and 0
half a pixel outside, and the chip blends between them. A path is a list of (x, y); y points up. A
mesh is (vertices, indices): vertices x, y, u, v with u read from a texture of two pixels (clear,
solid), as `kivy.graphics.Mesh` takes them.

Technique: the feathered strokes and fills of vector libraries for games ("fringe"
anti-aliasing).
"""

import functools
import math
from array import array
from collections.abc import Iterable, Sequence

Point = tuple[float, float]
Path = Sequence[Point]
Shape = tuple["array[float]", "array[int]"]

# the centres of the two texels: clear and solid
CLEAR, SOLID = 0.25, 0.75
# half the width of the soft edge, in pixels
FEATHER = 0.55
# a stroke is broken, and its ends rounded, where it turns by more than this (radians)
CORNER = 0.6


def circle(cx: float, cy: float, rx: float, ry: float | None = None, steps: int = 0) -> list[Point]:
    """An ellipse, counter-clockwise, with steps enough to look round at its size."""
    ry = rx if ry is None else ry
    steps = steps or round_steps(max(rx, ry))
    turn = 2 * math.pi / steps
    return [(cx + rx * math.cos(i * turn), cy + ry * math.sin(i * turn)) for i in range(steps)]


def round_steps(radius: float) -> int:
    """How many corners make a circle of this radius (px) look round: the error stays below 0.08
    px.
    """
    if radius <= 0.5:
        return 8
    step = 2 * math.acos(max(-1.0, 1 - 0.08 / radius))
    return max(12, min(160, math.ceil(2 * math.pi / step)))


def arc(cx: float, cy: float, radius: float, start: float, end: float) -> list[Point]:
    """Part of a circle between two angles in degrees, the ends included."""
    steps = max(3, math.ceil(round_steps(radius) * abs(end - start) / 360))
    angles = (math.radians(start + (end - start) * i / steps) for i in range(steps + 1))
    return [(cx + radius * math.cos(a), cy + radius * math.sin(a)) for a in angles]


def box(x: float, y: float, width: float, height: float, radius: float = 0) -> list[Point]:
    """A rectangle with round corners, counter-clockwise; the radius is cut to half the shorter
    side.
    """
    radius = max(0.0, min(radius, width / 2, height / 2))
    if radius < 0.5:
        return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    right, top = x + width - radius, y + height - radius
    left, low = x + radius, y + radius
    return [
        *arc(right, low, radius, -90, 0),
        *arc(right, top, radius, 0, 90),
        *arc(left, top, radius, 90, 180),
        *arc(left, low, radius, 180, 270),
    ]


def bezier(a: Point, b: Point, c: Point, d: Point, steps: int = 20) -> list[Point]:
    """A cubic curve from a to d, the ends included."""
    points = []
    for i in range(steps + 1):
        t = i / steps
        s = 1 - t
        k, m, n, p = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
        points.append(
            (
                k * a[0] + m * b[0] + n * c[0] + p * d[0],
                k * a[1] + m * b[1] + n * c[1] + p * d[1],
            )
        )
    return points


def fill(path: Path, centre: Point | None = None) -> Shape:
    """A closed path filled; every point of its edge must be seen from `centre` (default: the
    mean).
    """
    points = _without_repeats(path, closed=True)
    count = len(points)
    if count < 3:
        return array("f"), array("H")
    if _area(points) < 0:
        points.reverse()
    cx, cy = centre or (
        sum(x for x, _ in points) / count,
        sum(y for _, y in points) / count,
    )
    vertices = array("f", (cx, cy, SOLID, 0.5))
    for i, (x, y) in enumerate(points):
        nx, ny = _outward(points[i - 1], (x, y), points[(i + 1) % count])
        nx, ny = nx * FEATHER, ny * FEATHER
        vertices.extend((x - nx, y - ny, SOLID, 0.5, x + nx, y + ny, CLEAR, 0.5))
    return vertices, _fan(count)


def disc(cx: float, cy: float, rx: float, ry: float | None = None) -> Shape:
    """A filled ellipse: what `fill` makes of a `circle`, without looking for its normals."""
    ry = rx if ry is None else ry
    vertices = array("f", (cx, cy, SOLID, 0.5))
    outer_x, outer_y = rx + FEATHER, ry + FEATHER
    inner_x, inner_y = max(0.0, rx - FEATHER), max(0.0, ry - FEATHER)
    flat: list[float] = []
    for c, s in _turns(round_steps(max(rx, ry))):
        flat += (cx + inner_x * c, cy + inner_y * s, SOLID, 0.5)
        flat += (cx + outer_x * c, cy + outer_y * s, CLEAR, 0.5)
    vertices.fromlist(flat)
    return vertices, _fan(len(flat) // 8)


def plate(x: float, y: float, width: float, height: float, radius: float) -> Shape:
    """A filled rectangle with round corners: what `fill` makes of a `box`, quicker."""
    radius = max(0.0, min(radius, width / 2, height / 2))
    if radius < 0.5:
        return fill(box(x, y, width, height))
    vertices = array("f", (x + width / 2, y + height / 2, SOLID, 0.5))
    turns = _turns(4 * max(3, -(-round_steps(radius) // 4)))
    quarter = len(turns) // 4
    right, top, left, low = x + width - radius, y + height - radius, x + radius, y + radius
    inner, outer = radius - FEATHER, radius + FEATHER
    flat: list[float] = []
    for corner, (cx, cy) in enumerate(((right, top), (left, top), (left, low), (right, low))):
        for i in range(quarter + 1):
            c, s = turns[(corner * quarter + i) % len(turns)]
            flat += (cx + inner * c, cy + inner * s, SOLID, 0.5)
            flat += (cx + outer * c, cy + outer * s, CLEAR, 0.5)
    vertices.fromlist(flat)
    return vertices, _fan(len(flat) // 8)


@functools.lru_cache(maxsize=64)
def _turns(steps: int) -> list[Point]:
    """The unit circle in so many steps."""
    turn = 2 * math.pi / steps
    return [(math.cos(i * turn), math.sin(i * turn)) for i in range(steps)]


@functools.lru_cache(maxsize=64)
def _fan(count: int) -> "array[int]":
    """The triangles of an edge of so many corners around vertex 0: inside, and the soft edge."""
    indices = array("H")
    for i in range(count):
        inner, after = 1 + 2 * i, 1 + 2 * ((i + 1) % count)
        indices.extend((0, inner, after))
        indices.extend((inner, inner + 1, after, inner + 1, after + 1, after))
    return indices


def stroke(path: Path, width: float, *, closed: bool = False) -> Shape:
    """A line of this width (px) along the path, with round ends and round corners."""
    points = _without_repeats(path, closed=closed)
    if len(points) < 2:
        return disc(*points[0], width / 2) if points else (array("f"), array("H"))
    if closed:
        points.append(points[0])
    return join(_ribbon(part, width) for part in _smooth_parts(points))


def join(shapes: Iterable[Shape]) -> Shape:
    """Several meshes as one."""
    vertices, indices = array("f"), array("H")
    for more, order in shapes:
        base = len(vertices) // 4
        vertices.extend(more)
        indices.fromlist([base + i for i in order])
    return vertices, indices


def placed(path: Path, scale: float, x: float, y: float) -> list[Point]:
    """The path made larger from its origin, then moved."""
    return [(x + px * scale, y + py * scale) for px, py in path]


def tapered(points: Path, widths: Sequence[float]) -> Shape:
    """A ribbon along a smooth path, as wide at each point as the number beside it (px)."""
    vertices, indices = array("f"), array("H")
    last = len(points) - 1
    for i, ((x, y), width) in enumerate(zip(points, widths, strict=True)):
        core, edge, cover = _across(width)
        tx, ty = _direction(points[max(0, i - 1)], points[min(last, i + 1)])
        nx, ny = -ty, tx
        for reach, u in ((edge, CLEAR), (core, cover), (-core, cover), (-edge, CLEAR)):
            vertices.extend((x + nx * reach, y + ny * reach, u, 0.5))
        if i:
            a, b = 4 * (i - 1), 4 * i
            for k in range(3):
                indices.extend((a + k, a + k + 1, b + k, a + k + 1, b + k + 1, b + k))
    return vertices, indices


def _across(width: float) -> tuple[float, float, float]:
    """Half a line's solid and whole width, and its cover: a line thinner than its edge fades."""
    half = width / 2
    thin = half < FEATHER
    cover = CLEAR + (SOLID - CLEAR) * half / FEATHER if thin else SOLID
    return max(0.0, half - FEATHER), half + FEATHER, cover


def _ribbon(points: list[Point], width: float) -> Shape:
    """A smooth open path as a strip four vertices across, with a disc at both ends.

    Whole discs, not halves: where two meshes only touch, a pixel between them may stay empty.
    """
    ends = (disc(*points[0], width / 2), disc(*points[-1], width / 2))
    return join([tapered(points, [width] * len(points)), *ends])


def _smooth_parts(points: list[Point]) -> list[list[Point]]:
    """The path cut where it turns sharply; each part's round ends make the round corner."""
    parts = [[points[0]]]
    for i in range(1, len(points)):
        parts[-1].append(points[i])
        if i < len(points) - 1:
            a = _direction(points[i - 1], points[i])
            b = _direction(points[i], points[i + 1])
            if abs(math.atan2(a[0] * b[1] - a[1] * b[0], a[0] * b[0] + a[1] * b[1])) > CORNER:
                parts.append([points[i]])
    return parts


def _direction(a: Point, b: Point) -> Point:
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = math.hypot(dx, dy) or 1.0
    return dx / length, dy / length


def _outward(before: Point, at: Point, after: Point) -> Point:
    """The outward normal at a corner of a counter-clockwise path, long enough to keep the edge's
    width.
    """
    ax, ay = _direction(before, at)
    bx, by = _direction(at, after)
    nx, ny = ay + by, -ax - bx
    length = math.hypot(nx, ny)
    if length < 1e-6:
        return ay, -ax
    nx, ny = nx / length, ny / length
    reach = 1 / max(0.35, nx * ay - ny * ax)
    return nx * reach, ny * reach


def _area(points: Path) -> float:
    return sum(
        a[0] * b[1] - b[0] * a[1] for a, b in zip(points, [*points[1:], points[0]], strict=True)
    )


def _without_repeats(path: Path, *, closed: bool) -> list[Point]:
    points: list[Point] = []
    for x, y in path:
        if not points or abs(x - points[-1][0]) + abs(y - points[-1][1]) > 1e-4:
            points.append((x, y))
    while closed and len(points) > 1 and math.dist(points[0], points[-1]) < 1e-4:
        points.pop()
    return points
