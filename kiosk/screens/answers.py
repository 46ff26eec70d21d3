"""The answers of a question as they are drawn and tapped: faces, yes and no, a scale."""

from collections.abc import Callable

from kiosk import signals, view
from kiosk.screens import (
    arrangement,
    glyphs,
    palette,
    parts,
    scales,
    spots,
    theme,
    typesetting,
)
from kiosk.screens.arrangement import Slot
from kiosk.screens.geometry import Box, Row
from kiosk.screens.screen import Scene, Screen

WORD_LINES = 2
NOTICE, NOTICE_PART = "What happens with this?", 0.72
"""What stands in the bar beside the shop's name, and the part of it that it may take."""
COLUMN_WORDS = 1.25
"""Words beside a face in a full-width row are this much larger than below one."""


def kind(scene: Scene) -> arrangement.Kind:
    """How the answers stand on this panel."""
    shown, frame = scene.view, scene.frame
    if shown.kind == "scale":
        return "row"
    size = frame.size("medium")
    widest = [_narrowest(face.word, size) for face in shown.faces]
    found = arrangement.kind(frame, len(shown.faces), scene.settings.layout, widest)
    if found == "tiles" and frame.larger:
        # words do not shrink in *larger*: where half the width is too little, they have all of it
        inner = frame.inner()
        turned = per_page(scene, inner, "tiles") < len(shown.faces)
        width = inner.width - (2 * frame.chip + 2 * frame.gap if turned else 0)
        tile = Box(0, 0, (width - frame.gap) / 2, frame.px(frame.sizes.row_mm))
        if max(widest) > arrangement.rows(frame, tile, 1, 1)[0].word.width:
            return "column"
    return found


def _narrowest(text: str, size: float) -> float:
    """The width that a face's words need in two lines."""
    words = text.split(" ")
    return min(
        max(theme.measure(" ".join(half), "strong", size) for half in (words[:at], words[at:]))
        for at in range(len(words))
    )


def room(scene: Scene, how: arrangement.Kind, inner: Box) -> Row:
    """The height the answers want, and the least they can do with."""
    shown, frame = scene.view, scene.frame
    sizes, count = frame.sizes, len(shown.faces)
    line = frame.size("medium") * typesetting.LEADING["medium"]
    if shown.kind == "scale":
        return scales.room(scene, inner)
    if how == "row":
        words = line * (WORD_LINES if _two_lines(scene, inner) else 1) + frame.gap * 1.2
        cell = inner.width / count
        want = min(cell * 0.82, cell - frame.gap, inner.height * 0.36)
        return Row(want + words, frame.px(sizes.face_mm) + words)
    columns = 2 if how == "tiles" else 1
    rows = -(-min(count, per_page(scene, inner, how)) // columns)
    least = _row_least(scene, inner, how)
    want = max(least, min(inner.height * 0.125, frame.px(26)))
    if frame.low or frame.lower:
        want = least
    if how == "tiles" and not frame.larger:
        want = max(want, line * COLUMN_WORDS * WORD_LINES + frame.gap * 1.4)
    gaps = frame.gap * (rows - 1)
    return Row(rows * want + gaps, rows * least + gaps)


def per_page(scene: Scene, inner: Box, how: arrangement.Kind) -> int:
    """How many answers stand on one page: all, unless large words leave no room for them.

    Pages are as even as they can be.
    """
    frame, count = scene.frame, len(scene.view.faces)
    if not frame.larger or how == "row":
        return count
    columns = 2 if how == "tiles" else 1
    row = _row_least(scene, inner, how) + frame.gap
    rows = max(1, int((inner.height - _around(scene, inner) + frame.gap) / row))
    return -(-count // -(-count // (rows * columns)))


def _row_least(scene: Scene, inner: Box, how: arrangement.Kind) -> float:
    """The least height of a row: in *larger* of the lines that its words take."""
    frame = scene.frame
    least, size = frame.px(frame.sizes.row_mm), frame.size("medium")
    line = size * typesetting.LEADING["medium"]
    if not frame.larger:
        return max(least, line)
    width = inner.width - frame.button - frame.gap
    cell = Box(0, 0, (width - frame.gap) / 2 if how == "tiles" else width, least)
    room = arrangement.rows(frame, cell, 1, 1)[0].word.width
    lines = max(len(_lines(face.word, size, room)) for face in scene.view.faces)
    return max(least, line * lines + frame.gap / 2)


def _lines(text: str, size: float, width: float) -> tuple[str, ...]:
    """The lines that a word beside a face takes at a size."""
    leading = typesetting.LEADING["medium"]
    return glyphs.setting(
        text, "strong", size, width, height=float("inf"), most=9, least=size, leading=leading
    ).lines


def _around(scene: Scene, inner: Box) -> float:
    """The least height that bar, question and languages take in *larger*."""
    frame = scene.frame
    leading = typesetting.LEADING["large"]
    question = glyphs.setting(
        scene.view.question,
        "head",
        frame.size("large"),
        inner.width,
        height=inner.height * 0.3,
        most=3,
        least=frame.promised,
        leading=leading,
    )
    size = frame.size("small")
    notice = glyphs.setting(
        scene.say(NOTICE),
        "note",
        size,
        inner.width * NOTICE_PART,
        height=float("inf"),
        most=3,
        least=frame.promised,
        leading=leading,
    )
    bar = max(frame.button, notice.height + size * 0.3)
    return bar + question.height + frame.button + frame.gap * 3


def put(screen: Screen, scene: Scene, how: arrangement.Kind, box: Box) -> None:
    """Draw the answers in the box and make them targets."""
    shown = scene.view
    if shown.kind == "scale":
        scales.put(screen, scene, box)
        return
    count = len(shown.faces)
    most = per_page(scene, scene.frame.inner(), how)
    pages = -(-count // most)
    faces = shown.faces
    if pages > 1:
        box = screen.turning(box, pages)
        faces = faces[screen.page * most : (screen.page + 1) * most]
    slots = _slots(scene, how, box, most)
    scale = _scale_of_words(screen, scene, how, slots[0].word)
    for face, slot in zip(faces, slots, strict=False):
        _answer(screen, scene, how, face, slot, scale=scale)


def skin(scene: Scene, face: view.Face) -> str:
    """The colour of a face: its place in the scale chooses of the five."""
    used = palette.USED[max(2, min(5, len(scene.view.faces)))]
    return scene.colours.faces[used[face.number - 1]]


def _two_lines(scene: Scene, inner: Box) -> bool:
    frame, count = scene.frame, len(scene.view.faces)
    width = inner.width / count - arrangement.apart(frame)
    size = frame.size("medium")
    return any(theme.measure(face.word, "strong", size) > width for face in scene.view.faces)


def _slots(scene: Scene, how: arrangement.Kind, box: Box, count: int) -> list[Slot]:
    frame = scene.frame
    if how == "row":
        line = frame.size("medium") * typesetting.LEADING["medium"]
        words = line * (WORD_LINES if _two_lines(scene, box) else 1) + frame.gap * 1.2
        faces = Box(box.x, box.y + words, box.width, box.height - words)
        below = Box(box.x, box.y, box.width, words - frame.gap * 1.2)
        return arrangement.row(frame, faces, below, count)
    return arrangement.rows(frame, box, count, 2 if how == "tiles" else 1)


def _answer(
    screen: Screen,
    scene: Scene,
    how: arrangement.Kind,
    face: view.Face,
    slot: Slot,
    *,
    scale: float,
) -> None:
    frame, colours = scene.frame, scene.colours
    name = f"face:{face.number}"
    spot = screen.part(spots.FaceSpot, f"spot:{face.number}")
    plate = None
    if how != "row":
        plate = screen.part(parts.Plate, f"plate:{face.number}")
        plate.draw(slot.box, colours.panel, colours.edge, frame.radius, frame.border)
    spot.show(
        face.mood,
        slot,
        skin=skin(scene, face),
        colours=colours,
        mark=("cross", "check")[face.number - 1] if scene.view.kind == "yes_no" else "",
    )
    setting = screen.setting(
        face.word, "medium", "strong", slot.word.width, most=2, height=slot.word.height, scale=scale
    )
    # in *larger* one long word may have no room at its size, and no place to break
    setting = setting.within(slot.word.width)
    word = screen.part(parts.Words, f"word:{face.number}")
    beside = how != "row"
    word.put(setting, slot.word, colours.ink, 0 if beside else 0.5, 0.5 if beside else 1)
    feel = _feel(spot, plate, slot, scene)
    if scene.view.pressed == face.number:
        feel(True)
    sizes = frame.sizes
    least = (sizes.row_mm, sizes.row_mm) if beside else (sizes.face_mm, sizes.face_mm)
    screen.target(
        name,
        slot.box,
        signals.Tapped(face.number),
        feel=feel,
        slack=slot.radius / 4,
        disc=not beside,
        least=least,
    )


def _scale_of_words(screen: Screen, scene: Scene, how: arrangement.Kind, room: Box) -> float:
    """How large the words stand: all alike, as large as the one that needs the most room allows."""
    scale = 1.0 if how == "row" or scene.frame.larger else COLUMN_WORDS
    smallest = min(
        screen.setting(
            face.word, "medium", "strong", room.width, most=2, height=room.height, scale=scale
        ).size
        for face in scene.view.faces
    )
    return smallest / scene.frame.size("medium")


def _feel(
    spot: spots.FaceSpot, plate: parts.Plate | None, slot: Slot, scene: Scene
) -> Callable[[bool], None]:
    frame, colours = scene.frame, scene.colours

    def feel(pressed: bool) -> None:
        spot.feel(pressed)
        if plate is not None:
            fill, edge = (colours.track, colours.ink) if pressed else (colours.panel, colours.edge)
            plate.draw(slot.box, fill, edge, frame.radius, frame.border)

    return feel
