"""Boxes, rows, grids; pixels and millimetres."""

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk.screens import arrangement, geometry, panel
from kiosk.screens.geometry import Box, Frame, Row

SIZES = geometry.Sizes(
    large=55,
    medium=28,
    small=22,
    margin=52,
    gap=14,
    radius=18,
    border=2,
    large_mm=6.4,
    medium_mm=3.6,
    small_mm=3.0,
    larger_mm=7.0,
    larger_least_mm=4.6,
    face_mm=20,
    row_face_mm=13,
    row_mm=15,
    button_mm=12,
    button_larger_mm=15,
    button=66,
    key_mm=(9, 9, 1.5),
    key_upright_mm=(6.5, 10, 1),
    low_panel_mm=130,
    high_panel_mm=200,
    corner_mm=14,
)
PANELS = {
    (800, 480): (154.0, 86.0),
    (1280, 800): (217.0, 136.0),
    (720, 1280): (88.0, 155.0),
    (1080, 1920): (194.0, 344.0),
}
HEIGHT = st.floats(0, 400)


def frame(pixels: tuple[int, int], *modes: str) -> Frame:
    """A frame of one of the panels."""
    return Frame(*pixels, PANELS[pixels], SIZES, frozenset(modes))


@example(1.5, [(1.0, 1.0, 5e-324)])
@given(st.floats(0, 2000), st.lists(st.tuples(HEIGHT, HEIGHT, st.floats(0, 5)), min_size=1))
def test_shares_fill_the_height_or_keep_every_floor(
    total: float, parts: list[tuple[float, float, float]]
) -> None:
    """Spare height goes to what stretches; want gives way, never below its floor."""
    rows = [Row(max(a, b), min(a, b), stretch) for a, b, stretch in parts]
    found = geometry.shares(total, rows)
    assert all(h >= row.floor - 1e-6 for h, row in zip(found, rows, strict=True))
    if sum(row.floor for row in rows) <= total:
        assert sum(found) <= total + 1e-6
        if any(row.stretch for row in rows):
            assert sum(found) >= total - 1e-6 or sum(row.want for row in rows) > total


@given(st.integers(1, 12), st.integers(1, 5), st.floats(0, 20))
def test_cells_of_a_grid_lie_within_and_apart(count: int, columns: int, gap: float) -> None:
    """Every cell in the box, no two over each other."""
    box = Box(10, 20, 600, 400)
    cells = geometry.grid(box, count, columns, gap)
    assert len(cells) == count
    for i, cell in enumerate(cells):
        assert cell.within(box)
        assert not any(cell.overlaps(other) for other in cells[:i])


def test_buttons_keep_their_millimetres_on_every_panel() -> None:
    """12 mm, and 15 in *larger*, whatever the pixels."""
    for pixels in PANELS:
        assert frame(pixels).button >= 12 * frame(pixels).per_mm - 1e-6
        large = frame(pixels, "larger")
        assert large.button >= 15 * large.per_mm - 1e-6


def test_larger_has_capitals_of_seven_millimetres_on_the_ten_inch_panel() -> None:
    """Every size of letters, the smallest included."""
    ten = frame((1280, 800), "larger")
    for role in ("large", "medium", "small"):
        assert ten.size(role) * geometry.CAPITAL / ten.per_mm >= 7.0 - 1e-6


def test_lower_half_is_half_the_panel_where_that_is_high_enough() -> None:
    """Below 130 mm all of the panel is used, filled from below."""
    assert frame((1280, 800), "lower").area == Box(0, 0, 1280, 400)
    assert frame((800, 480), "lower").area == Box(0, 0, 800, 480)


def test_upright_screens_take_a_column_where_a_row_would_be_small() -> None:
    """Four faces: a row lengthwise, a column upright; a setting has the last word."""
    assert arrangement.kind(frame((1280, 800)), 4, "auto", ()) == "row"
    assert arrangement.kind(frame((720, 1280)), 4, "auto", ()) == "column"
    assert arrangement.kind(frame((1080, 1920)), 5, "auto", ()) == "column"
    assert arrangement.kind(frame((1080, 1920)), 2, "auto", ()) == "row"
    assert arrangement.kind(frame((1280, 800)), 4, "column", ()) == "column"


@given(st.integers(2, 5), st.sampled_from(sorted(PANELS)))
def test_faces_of_a_row_lie_apart_and_are_discs(count: int, pixels: tuple[int, int]) -> None:
    """No face touches its neighbour, no word reaches into the next one's."""
    shape = frame(pixels)
    inner = shape.inner()
    faces, words = Box(inner.x, 300, inner.width, 150), Box(inner.x, 250, inner.width, 40)
    slots = arrangement.row(shape, faces, words, count)
    for i, slot in enumerate(slots):
        assert abs(slot.box.width - slot.box.height) < 1e-6
        for other in slots[:i]:
            assert not slot.box.overlaps(other.box)
            assert not slot.word.overlaps(other.word)


def test_millimetres_come_from_settings_then_the_panel_then_seven_inches() -> None:
    """A size said lengthwise holds for a standing panel too."""
    assert panel.millimetres(1280, 800, (217, 136)) == (217, 136)
    assert panel.millimetres(720, 1280, (155, 88)) == (88, 155)
    assert panel.millimetres(800, 480, None) == (154, 86)
    edid = bytearray(128)
    edid[:8] = b"\0\xff\xff\xff\xff\xff\xff\0"
    edid[56], edid[58], edid[59], edid[61] = 0x80, 0x70, 0x38, 0x40  # 1920 × 1080
    edid[66], edid[67], edid[68] = 344 & 0xFF, 194, (344 >> 8) << 4
    assert panel.parsed(bytes(edid)) == ((1920, 1080), (344, 194))
    assert panel.millimetres(960, 540, None, bytes(edid)) == (172, 97)
    assert panel.parsed(b"nonsense" * 20) is None


def test_chips_stand_with_as_few_holes_as_can_be() -> None:
    """Lengthwise in at most four columns, upright in two, or one below the other."""
    assert [arrangement.columns(n, upright=False) for n in range(9)] == [1, 1, 2, 3, 4, 3, 3, 4, 4]
    assert [arrangement.columns(n, upright=True) for n in range(1, 9)] == [1, 2, 1, 2, 2, 2, 2, 2]


@pytest.mark.parametrize("modes", [(), ("larger",), ("lower",)])
def test_words_of_neighbours_are_further_apart_than_words_of_one(modes: tuple[str, ...]) -> None:
    """Below faces in a row *Poco satisfactoria* and *Nada satisfactoria* read as two."""
    for pixels in PANELS:
        on = frame(pixels, *modes)
        slots = arrangement.row(on, Box(0, 100, on.inner().width, 300), Box(0, 0, 0, 100), 5)
        between = [b.word.x - a.word.right for a, b in itertools.pairwise(slots)]
        assert min(between) >= on.size("medium") * 0.5
