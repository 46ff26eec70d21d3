"""Every screen × panel × language: nothing clipped, nothing over another, every target large
enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from kiosk import settings as settings_
from kiosk import signals, view
from kiosk.screens import buttons, screenshots, tour
from kiosk.screens.geometry import Box

if TYPE_CHECKING:
    from kiosk.screens.glass import Glass

PANELS = list(screenshots.SIZES.items())
OTHERS = [
    ((1024, 600), (154, 86)),
    ((600, 1024), (86, 154)),
    ((1366, 768), (344, 194)),
    ((1024, 768), (203, 152)),
]
# where only some are walked by default: the longest words, the longest question, most letters
LONGEST = ("de", "fi", "ceb", "fr")
KEYBOARDS = ("de", "da", "en", "fr", "es")
# the least that a text may shrink to, as a part of its size: below, it counts as clipped
SMALLEST = 0.6
# W and Æ on a key of the narrowest panel are as high as promised, and so much of their width
NARROWED = 0.85


@pytest.mark.parametrize(("pixels", "mm"), PANELS, ids=[f"{w}x{h}" for (w, h), _ in PANELS])
def test_every_screen_in_every_language_fits(
    window: Any, full: bool, pixels: tuple[int, int], mm: tuple[int, int]
) -> None:
    """Words within the glass and their button, apart from one another, not left alone; targets by
    mm.
    """
    from kiosk.screens.glass import Glass

    faults: list[str] = []
    seen = 0
    glass = Glass(lambda _signal: False, lambda: 0, settings_.Settings())
    glass.size = pixels
    for language, settings, stops in tour.tours()(mm):
        if not full and max(pixels) > 1280 and language not in LONGEST:
            continue
        glass.dress(settings)
        for name, shown in stops:
            glass.show(shown)
            seen += 1
            where = f"{name}-{pixels[0]}x{pixels[1]}-{language}"
            faults += [f"{where}: {fault}" for fault in judge(glass, shown)]
    assert seen == 38 * (9 if full or max(pixels) <= 1280 else len(LONGEST))
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults[:60])


@pytest.mark.parametrize(("pixels", "mm"), OTHERS, ids=[f"{w}x{h}" for (w, h), _ in OTHERS])
def test_other_panels_fit_too(window: Any, pixels: tuple[int, int], mm: tuple[int, int]) -> None:
    """What people screw on instead: in the longest languages, plain and in *larger*."""
    from kiosk.screens.glass import Glass

    faults: list[str] = []
    glass = Glass(lambda _signal: False, lambda: 0, settings_.Settings())
    glass.size = pixels
    for language, settings, stops in tour.tours()(mm):
        if language not in ("de", "fi"):
            continue
        glass.dress(settings)
        for name, shown in stops:
            for shape in (shown, msgspec.structs.replace(shown, modes=frozenset({"larger"}))):
                if shape is not shown and shown.screen in ("sleep", "pin", "glimpse"):
                    continue
                glass.show(shape)
                faults += [f"{name}-{language}: {fault}" for fault in judge(glass, shape)]
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults[:60])


@pytest.mark.parametrize(("pixels", "mm"), PANELS, ids=[f"{w}x{h}" for (w, h), _ in PANELS])
def test_staffs_figures_of_any_scale_fit(
    window: Any, pixels: tuple[int, int], mm: tuple[int, int]
) -> None:
    """Two faces or eleven numbers, four digits each, with nothing wrong or everything."""
    from kiosk.screens.glass import Glass

    faults: list[str] = []
    glass = Glass(lambda _signal: False, lambda: 0, settings_.Settings())
    glass.size = pixels
    language, settings, stops = next(tour.tours()(mm))
    glass.dress(settings)
    for name, shown in stops:
        for faces in (2, 5, 11) if shown.glimpse else ():
            assert shown.glimpse is not None
            counts = tuple(signals.FaceCount(face, 900 + 50 * face) for face in range(1, faces + 1))
            figures = msgspec.structs.replace(
                shown.glimpse, faces=faces, counts=counts, taps=sum(one.count for one in counts)
            )
            glass.show(msgspec.structs.replace(shown, glimpse=figures))
            faults += [f"{name}-{faces}-{language}: {fault}" for fault in judge(glass, shown)]
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults[:60])


@pytest.mark.parametrize("modes", [{"larger"}, {"larger", "lower"}], ids=["larger", "and lower"])
@pytest.mark.parametrize(("pixels", "mm"), PANELS, ids=[f"{w}x{h}" for (w, h), _ in PANELS])
def test_larger_keeps_its_promise_on_every_page(
    window: Any, full: bool, pixels: tuple[int, int], mm: tuple[int, int], modes: set[signals.Mode]
) -> None:
    """No word is smaller than *larger* promises, whatever screen, language and page; and all
    fits.
    """
    from kiosk.screens.glass import Glass

    faults: list[str] = []
    glass = Glass(lambda _signal: False, lambda: 0, settings_.Settings())
    glass.size = pixels
    for language, settings, stops in tour.tours()(mm):
        if not full and language not in LONGEST:
            continue
        glass.dress(settings)
        for name, shown in stops:
            if shown.screen in ("sleep", "pin", "glimpse"):
                continue
            large = msgspec.structs.replace(shown, modes=frozenset(modes))
            glass.show(large)
            for page in range(10):
                where = f"{name}-{pixels[0]}x{pixels[1]}-{language}, page {page}"
                faults += [f"{where}: {fault}" for fault in judge(glass, large)]
                faults += [f"{where}: {fault}" for fault in judge_promise(glass)]
                if "page:forward" not in glass.targets:
                    break
                glass.targets["page:forward"].give()
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults[:60])


@pytest.mark.parametrize(("pixels", "mm"), PANELS, ids=[f"{w}x{h}" for (w, h), _ in PANELS])
def test_every_page_of_every_keyboard_is_one_block_with_the_field(
    window: Any, pixels: tuple[int, int], mm: tuple[int, int]
) -> None:
    """Letters, digits, accents: as wide as the field above them, no key clipped or small."""
    from kiosk.screens.glass import Glass

    faults: list[str] = []
    glass = Glass(lambda _signal: False, lambda: 0, settings_.Settings())
    glass.size = pixels
    for language, settings, stops in tour.tours()(mm):
        if language not in KEYBOARDS:
            continue
        glass.dress(settings)
        for name, shown in stops:
            if shown.screen != "comment":
                continue
            glass.show(shown)
            for page in ("letters", "digits", "accents"):
                if page != "letters":
                    glass.targets[f"key:{page}"].give()
                where = f"{name}-{page}-{pixels[0]}x{pixels[1]}-{language}"
                for fault in (
                    *judge(glass, shown),
                    *judge_promise(glass),
                    *judge_block(glass, page),
                ):
                    faults.append(f"{where}: {fault}")
            glass.targets["key:letters"].give()
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults[:60])


def judge_block(glass: Glass, page: str) -> Iterator[str]:
    """What of keys, field and *cancel* does not end where the rest does."""
    from kiosk.screens import parts

    targets = glass.targets
    board = [t.box for name, t in targets.items() if name.startswith("key:") or name == "send"]
    left, right = min(box.x for box in board), max(box.right for box in board)
    assert glass.screen is not None
    field = glass.screen.part(parts.Plate, "field").place
    for what, mine, keys in (
        ("cancel begins", targets["cancel"].box.x, left),
        ("the field ends", field.right, right),
    ):
        if abs(mine - keys) > 1:
            yield f"{what} at {mine:.0f}, the keys at {keys:.0f}"
    for y in {box.y for box in board}:
        row = [box for box in board if abs(box.y - y) < 1]
        begins, ends = min(box.x for box in row), max(box.right for box in row)
        # ten letters and nine below them are shifted, as people know them
        if page != "letters" and max(begins - left, right - ends) > 1:
            yield f"a row of keys stands from {begins:.0f} to {ends:.0f}"


def judge_promise(glass: Glass) -> Iterator[str]:
    """Which words are smaller than *larger* promises."""
    from kiosk.screens import parts

    screen = glass.screen
    assert screen is not None
    promised = screen.scene.frame.promised
    for part in screen.walk():
        if not isinstance(part, parts.Words) or part.setting is None or not part.text.strip():
            continue
        if part.setting.size < promised - 1:
            yield f"{part.text!r} is {part.setting.size:.0f} px, promised are {promised:.0f}"
        if part.setting.narrowed < NARROWED:
            yield f"{part.text!r} is drawn at {part.setting.narrowed:.2f} of its width"


def judge(glass: Glass, shown: view.View) -> Iterator[str]:
    """Everything that is wrong with what is shown."""
    from kiosk.screens import parts

    screen = glass.screen
    assert screen is not None
    whole = Box(0, 0, glass.width, glass.height)
    words = [part for part in screen.walk() if isinstance(part, parts.Words) and part.text.strip()]
    for part in words:
        yield from judge_words(part, whole, screen.scene.frame.size(part.role))
    over = "warning:" if shown.warning else None
    below = [part for part in words if not (over and part.name.startswith(over))]
    for i, one in enumerate(below):
        for another in below[:i]:
            if ink(one).overlaps(ink(another), 1.5):
                yield f"{one.text!r} lies over {another.text!r}"
    frame = screen.scene.frame
    for i, target in enumerate(screen.targets):
        wide, tall = target.least
        if not target.box.within(whole, 1):
            yield f"{target.name} reaches over the edge: {target.box}"
        if target.box.width / frame.per_mm < wide - 0.05 or target.box.height / frame.per_mm < (
            tall - 0.05
        ):
            yield (
                f"{target.name} is {target.box.width / frame.per_mm:.1f} × "
                f"{target.box.height / frame.per_mm:.1f} mm, least {target.least}"
            )
        for other in screen.targets[:i]:
            if target.box.overlaps(other.box, 1):
                yield f"{target.name} lies over {other.name}"
        if isinstance(target.least, tuple) and target.least == (0.0, 0.0):
            yield f"{target.name} promises no millimetres"


def judge_words(part: Any, whole: Box, size: float) -> Iterator[str]:
    """What is wrong with one text."""

    setting = part.setting
    if not ink(part).within(whole, 1):
        yield f"{part.text!r} is cut by the edge: {part.shown}"
    room = part.room
    if setting.width > room.width + 2:
        yield f"{part.text!r} is wider than its room: {setting.width:.0f} > {room.width:.0f}"
    if ink(part).height > room.height + 3:
        yield f"{part.text!r} is higher than its room: {setting.height:.0f} > {room.height:.0f}"
    if isinstance(part.parent, buttons.TapButton):
        plate = part.parent.place
        if not ink(part).within(plate, 1):
            yield f"{part.text!r} is cut by its button"
    if setting.size < size * SMALLEST:
        yield f"{part.text!r} shrank from {size:.0f} to {setting.size:.0f} px"
    lines = setting.lines
    if len(lines) > 1 and len(lines[-1]) < 5 and len(lines[0]) > 3 * len(lines[-1]):
        yield f"{lines[-1]!r} is left alone under {lines[0]!r}"


def ink(part: Any) -> Box:
    """Where letters really are: the texture without the air above capitals and below descenders."""
    box: Box = part.shown
    air = part.setting.size * 0.2
    return Box(box.x, box.y + air * 0.5, box.width, max(1.0, box.height - air * 1.5))
