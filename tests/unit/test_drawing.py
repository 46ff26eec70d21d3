"""Faces from numbers, smooth triangles, icons."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.screens import expression, icons, outline
from sync.feedback import surveys


def area(shape: outline.Shape) -> float:
    """The area of a mesh, each triangle weighed by its mean cover."""
    vertices, indices = shape
    total = 0.0
    for i in range(0, len(indices), 3):
        (ax, ay, au), (bx, by, bu), (cx, cy, cu) = (
            (vertices[4 * k], vertices[4 * k + 1], vertices[4 * k + 2]) for k in indices[i : i + 3]
        )
        cover = ((au + bu + cu) / 3 - outline.CLEAR) / (outline.SOLID - outline.CLEAR)
        total += abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2 * cover
    return total


@given(st.floats(5, 200))
def test_a_filled_circle_has_a_circles_area(radius: float) -> None:
    """The soft edge neither adds nor takes: within two parts of a hundred."""
    for shape in (outline.fill(outline.circle(0, 0, radius)), outline.disc(0, 0, radius)):
        assert area(shape) == pytest.approx(math.pi * radius**2, rel=0.02 + 0.2 / radius)


@given(st.floats(20, 300), st.floats(20, 300), st.floats(0, 40))
def test_a_plate_is_a_filled_box(width: float, height: float, radius: float) -> None:
    """The quick way and the general one cover the same area."""
    plain = area(outline.fill(outline.box(0, 0, width, height, radius)))
    assert area(outline.plate(0, 0, width, height, radius)) == pytest.approx(plain, rel=0.02)


@given(st.floats(10, 300), st.floats(3, 20))
def test_a_stroke_is_as_long_and_wide_as_asked(length: float, width: float) -> None:
    """Length times width and two half discs; the discs lie over the strip's ends."""
    found = area(outline.stroke([(0, 0), (length / 2, 0), (length, 0)], width))
    whole = length * width + 2 * math.pi * (width / 2) ** 2
    assert whole * 0.9 <= found <= whole * 1.12


@given(st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500)), max_size=12))
def test_any_path_makes_a_mesh_that_names_only_its_own_corners(path: list[outline.Point]) -> None:
    """No path, however odd, makes a mesh that a chip cannot draw."""
    for shape in (
        outline.fill(path),
        outline.stroke(path, 3),
        outline.stroke(path, 3, closed=True),
    ):
        vertices, indices = shape
        assert all(i < len(vertices) // 4 for i in indices)
        assert all(math.isfinite(v) for v in vertices)


@pytest.mark.parametrize("faces", [2, 3, 4, 5])
def test_moods_are_told_apart_by_shape_alone(faces: int) -> None:
    """Neighbours' mouths bend differently: their middles lie at least a twentieth of the radius
    apart.
    """
    marks = [expression.features(mood) for mood in expression.moods(faces)]
    for worse, better in itertools.pairwise(marks):
        assert bend(better) - bend(worse) >= 0.1


def bend(marks: expression.Features) -> float:
    """How far the mouth's ends lie above its middle."""
    mouth = marks.lines[-1][0]
    ys = [y for _, y in mouth]
    ends = (mouth[0][1] + max(mouth, key=lambda p: p[0])[1]) / 2
    return ends - min(ys) if ends - min(ys) > max(ys) - ends else ends - max(ys)


@given(st.floats(-1, 0))
def test_a_sad_face_is_never_angry(mood: float) -> None:
    """Brows do not fall towards the nose."""
    for line, _ in expression.features(mood).lines[:2]:
        inner = min(line, key=lambda p: abs(p[0]))
        outer = max(line, key=lambda p: abs(p[0]))
        assert inner[1] >= outer[1] - 1e-6


@given(st.floats(-1, 1), st.floats(0, 1))
def test_every_feature_lies_on_the_face(mood: float, blink: float) -> None:
    """Whatever the numbers, nothing reaches over the rim."""
    marks = expression.features(mood, blink)
    paths = [*(line for line, _ in marks.lines), *marks.areas, *marks.glints]
    paths += [marks.teeth] if marks.teeth else []
    assert all(math.hypot(x, y) < 0.93 for path in paths for x, y in path)


def test_only_the_best_shows_teeth() -> None:
    """A light band in the best, none in the others."""
    assert expression.features(1.0).teeth
    assert not any(expression.features(m).teeth for m in (0.5, 1 / 3, 0.0, -1.0))


def test_every_icon_that_a_survey_may_name_is_drawn() -> None:
    """And each on its grid of 24."""
    assert set(surveys.ICONS) <= set(icons.ICONS)
    for paths in icons.ICONS.values():
        assert all(0 <= x <= 24 and 0 <= y <= 24 for path in paths for x, y in path)
