"""The answers of a question as they are drawn and tapped: faces, eleven numbers, yes and no."""

from collections.abc import Callable

from kiosk import signals, view
from kiosk.screens import arrangement, geometry, palette, parts, spots, theme, typesetting
from kiosk.screens.arrangement import Slot
from kiosk.screens.geometry import Box, Row
from kiosk.screens.screen import Scene, Screen

WORD_LINES = 2
COLUMN_WORDS = 1.25
"""Words beside a face in a full-width row are this much larger than below one."""


def kind(scene: Scene) -> arrangement.Kind:
    """How the answers stand on this panel."""
    shown, frame = scene.view, scene.frame
    if shown.kind == "scale":
        return "row"
    size = frame.size("medium")
    widest = [
        max((theme.measure(part, "strong", size) for part in face.word.split(" ")), default=0.0)
        for face in shown.faces
    ]
    return arrangement.kind(frame, len(shown.faces), scene.settings.layout, widest)


def room(scene: Scene, how: arrangement.Kind, inner: Box) -> Row:
    """The height the answers want, and the least they can do with."""
    shown, frame = scene.view, scene.frame
    sizes, count = frame.sizes, len(shown.faces)
    line = frame.size("medium") * typesetting.LEADING["medium"]
    if shown.kind == "scale":
        lines = 2 if frame.upright else 1
        cell = (inner.width - frame.gap * 10) / 11 * lines
        tall = max(frame.px(sizes.button_mm), min(cell * 1.25, frame.px(26)))
        words = line * 1.2 + frame.gap
        return Row(lines * tall + (lines - 1) * frame.gap + words)
    if how == "row":
        words = line * (WORD_LINES if _two_lines(scene, inner) else 1) + frame.gap * 1.2
        cell = inner.width / count
        want = min(cell * 0.82, cell - frame.gap, inner.height * 0.36)
        return Row(want + words, frame.px(sizes.face_mm) + words)
    columns = 2 if how == "tiles" else 1
    rows = -(-min(count, per_page(scene, inner, how)) // columns)
    least = max(frame.px(sizes.row_mm), line * (1.9 if frame.larger else 1))
    want = max(least, min(inner.height * 0.125, frame.px(26)))
    if frame.low or frame.lower:
        want = least
    gaps = frame.gap * (rows - 1)
    return Row(rows * want + gaps, rows * least + gaps)


def per_page(scene: Scene, inner: Box, how: arrangement.Kind) -> int:
    """How many answers stand on one page: all, unless large words leave no room for them."""
    frame, count = scene.frame, len(scene.view.faces)
    if not frame.larger or how == "row":
        return count
    columns = 2 if how == "tiles" else 1
    line = frame.size("medium") * typesetting.LEADING["medium"]
    least = max(frame.px(frame.sizes.row_mm), line * 1.9) + frame.gap
    fixed = 2 * frame.button + frame.size("large") * 1.3 * 2 + frame.gap * 3
    rows = max(1, int((inner.height - fixed) / least))
    return min(count, rows * columns)


def put(screen: Screen, scene: Scene, how: arrangement.Kind, box: Box) -> None:
    """Draw the answers in the box and make them targets."""
    shown = scene.view
    if shown.kind == "scale":
        _scale(screen, scene, box)
        return
    count = len(shown.faces)
    most = per_page(scene, scene.frame.inner(), how)
    pages = -(-count // most)
    faces = shown.faces
    if pages > 1:
        box = screen.turning(box, pages)
        faces = faces[screen.page * most : (screen.page + 1) * most]
    slots = _slots(scene, how, box, len(faces))
    scale = _scale_of_words(screen, scene, how, slots[0].word)
    for face, slot in zip(faces, slots, strict=True):
        _answer(screen, scene, how, face, slot, scale=scale)


def skin(scene: Scene, face: view.Face) -> str:
    """The colour of a face: its place in the scale chooses of the five."""
    used = palette.USED[max(2, min(5, len(scene.view.faces)))]
    return scene.colours.faces[used[face.number - 1]]


def _two_lines(scene: Scene, inner: Box) -> bool:
    frame, count = scene.frame, len(scene.view.faces)
    width = inner.width / count - frame.gap / 2
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


def _scale(screen: Screen, scene: Scene, box: Box) -> None:
    """Eleven numbers, the words of both ends below the first and the last."""
    frame, shown = scene.frame, scene.view
    line = frame.size("medium") * typesetting.LEADING["medium"]
    words = line * 1.2
    numbers = Box(box.x, box.y + words + frame.gap, box.width, box.height - words - frame.gap)
    if frame.upright:
        first, second = geometry.stack(
            numbers,
            [Row((numbers.height - frame.gap) / 2), Row((numbers.height + frame.gap) / 2)],
        )
        second = Box(second.x, second.y, second.width, first.height)
        cells = [*geometry.grid(first, 6, 6, frame.gap), *geometry.grid(second, 6, 6, frame.gap)]
        cells = cells[: len(shown.faces)]
    else:
        cells = geometry.grid(numbers, len(shown.faces), len(shown.faces), frame.gap * 0.8)
    for face, cell in zip(shown.faces, cells, strict=True):
        setting = screen.setting(
            str(face.number - 1), "medium", "strong", cell.width, most=1, scale=1.15
        )
        button = screen.button(
            f"face:{face.number}",
            cell,
            signals.Tapped(face.number),
            setting=setting,
            least=(frame.sizes.button_mm * 0.85, frame.sizes.button_mm),
        )
        button.feel(shown.pressed == face.number)
    ends = [face.word for face in shown.faces if face.word]
    below = Box(box.x, box.y, box.width, words)
    for i, (word, align) in enumerate(zip((ends[0], ends[-1]), (0.0, 1.0), strict=True)):
        setting = screen.setting(
            word, "medium", "strong", box.width / 2 - frame.gap, most=1, height=words
        )
        screen.part(parts.Words, f"end:{i}").put(setting, below, scene.colours.ink, align, 0.3)
