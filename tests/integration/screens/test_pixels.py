"""What is really on the glass, pixel by pixel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from kiosk import settings as settings_
from kiosk import signals
from kiosk.screens import palette, screenshots, tour

if TYPE_CHECKING:
    from tests.integration.screens.conftest import Stand

Pixels = Any


def seen(stand: Stand) -> Pixels:
    """The picture at rest."""
    stand.settle()
    return now(stand)


def now(stand: Stand) -> Pixels:
    """The picture of this moment."""
    return np.asarray(screenshots.picture(stand.glass)).astype(int)


def flips(window: Any, frames: int, stand: Stand) -> int:
    """How often the window drew anything new in so many frames."""
    count = [0]

    def drawn(*_args: object) -> None:
        count[0] += 1

    window.bind(on_flip=drawn)
    for _ in range(frames):
        stand.frame()
    window.unbind(on_flip=drawn)
    return count[0]


def test_the_thank_you_after_every_face_is_the_same_to_the_pixel(stand: Stand) -> None:
    """Nobody at the till can read from it what was pressed."""
    pictures = []
    for face in (1, 2, 3, 4):
        stand.frames(60_000)
        stand.tap(f"face:{face}")
        assert stand.view.screen == "thanks"
        began = stand.view.countdown
        assert began is not None
        stand.now = began.began_ms + 1_000
        pictures.append(seen(stand))
        stand.tell(signals.Tick())
    for other in pictures[1:]:
        assert np.array_equal(pictures[0], other)


def test_a_press_shows_on_the_very_next_frame(window: Any, stand: Stand) -> None:
    """One frame after touch-down the face is squashed, and only that face moved."""
    from tests.integration.screens.conftest import SIZE

    stand.settle()
    before = seen(stand)
    box = stand.glass.targets["face:4"].box
    finger = stand.finger().down(*box.centre)
    stand.frame()
    after = now(stand)
    changed = np.argwhere(np.abs(before - after).sum(axis=2) > 30)
    rows, columns = changed[:, 0], changed[:, 1]
    assert len(changed) > 500
    assert columns.min() >= box.x - box.width * 0.1
    assert columns.max() <= box.right + box.width * 0.1
    assert SIZE[1] - rows.max() >= box.y - box.height * 0.1
    finger.slide(5, 400)
    finger.lift()


def test_nothing_is_drawn_while_nobody_is_there(window: Any, stand: Stand) -> None:
    """A still screen is not drawn again: no frame in a hundred."""
    stand.settle()
    stand.frames(5_000)
    assert flips(window, 100, stand) == 0


def test_no_clock_runs_while_nobody_is_there(stand: Stand) -> None:
    """The glass waits for one thing only, once an hour."""
    from kivy.clock import Clock

    stand.settle()
    running = [e for e in Clock.get_events() if "Glass" in repr(e.get_callback())]
    assert all(event.timeout >= 3600 and not event.loop for event in running)


def test_thanks_show_within_two_frames_of_the_cards_answer(window: Any, stand: Stand) -> None:
    """The picture changes in the first."""
    stand.card = False
    stand.tap("face:3")
    assert stand.risen() == 1  # the face is held until the card has answered
    pressed = now(stand)
    stand.answer()
    stand.frame()
    after = now(stand)
    assert stand.view.screen == "thanks"
    assert np.abs(pressed - after).mean() > 1


def test_the_picture_moves_by_a_few_pixels_each_hour(stand: Stand) -> None:
    """The same picture, elsewhere; back where it was after a while."""
    first = seen(stand)
    stand.glass.shift(1)
    second = seen(stand)
    assert not np.array_equal(first, second)
    # two to the right and one up; edges between two pixels may be rounded the other way
    assert np.abs(first[20:-20, 20:-20] - second[19:-21, 22:-18]).mean() < 0.2
    stand.glass.shift(0)
    assert np.array_equal(first, seen(stand))


def test_more_time_has_no_fade(stand: Stand) -> None:
    """Screens change at once for who asked for more time, in 160 ms for the others."""
    stand.tap("about")
    assert stand.glass.veil > 0
    stand.settle()
    stand.frames(700)
    stand.tap("back")
    stand.frames(700)
    stand.tell(signals.ChoseEasier("slow"))
    stand.settle()
    stand.frames(1_200)
    stand.tap("about")
    assert stand.view.screen == "about"
    assert stand.glass.veil == 0


# ------------------------------------------------------------------------------------- contrast


def shots(theme: str) -> Iterator[tuple[str, Any, Any]]:
    """Every screen in English in a theme: its name, the glass that shows it, its picture."""
    from kiosk.screens.glass import Glass

    mm = (217, 136)
    glass = Glass(lambda _signal: False, lambda: 0, settings_.Settings())
    glass.size = (1280, 800)
    _, _, stops = next(tour.tours()(mm))
    glass.dress(settings_.Settings(shop="Your shop", screen_mm=mm, theme=theme))  # type: ignore[arg-type]
    for name, shown in stops:
        if shown.warning or name in ("sleep", "pressed"):
            continue
        screenshots.drawn(glass, shown)
        yield name, glass, np.asarray(screenshots.picture(glass))


def ratio(one: Any, other: Any) -> float:
    """Contrast of two pixels."""
    a, b = (f"#{int(p[0]):02X}{int(p[1]):02X}{int(p[2]):02X}" for p in (one, other))
    return palette.contrast(a, b)


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_words_and_targets_stand_out_measured_from_the_pixels(window: Any, theme: str) -> None:
    """Letters read 4.5:1 (large ones 3:1) on what lies behind them; what marks a target 3:1."""
    from kiosk.screens import parts

    faults = []
    for name, glass, picture in shots(theme):
        height = picture.shape[0]
        for part in glass.screen.walk():
            if not isinstance(part, parts.Words) or part.setting is None or not part.text.strip():
                continue
            box = part.shown
            rows = slice(max(0, int(height - box.top)), int(height - box.y))
            crop = picture[rows, max(0, int(box.x)) : int(box.right)].reshape(-1, 3)
            light = crop.sum(axis=1)
            found = ratio(crop[light.argmax()], crop[light.argmin()])
            if found < (3 if part.setting.size >= 32 else 4.5):
                faults.append(f"{name}: {part.text!r} reads {found:.1f}:1")
        for target in glass.screen.targets:
            if target.name in ("about", "easier-about") or target.name.startswith("variant"):
                continue
            faults += marked(name, target, picture)
    assert not faults, "\n".join(faults)


def marked(name: str, target: Any, picture: Any) -> Iterator[str]:
    """Whether the edge or the fill of a target can be told from the ground above it."""
    height = picture.shape[0]
    x = int(target.box.centre[0])
    top = int(height - target.box.top)
    ground = picture[max(0, top - 6), x]
    band = picture[max(0, top - 2) : top + 8, x]
    best = max(ratio(ground, pixel) for pixel in band)
    if best < 3:
        yield f"{name}: {target.name} is marked {best:.1f}:1"


# ------------------------------------------------------------------------------- what may be lost


def test_lost_fonts_change_nothing_for_who_taps(stand: Stand, tmp_path: Path) -> None:
    """Kivy's own font speaks instead, and the tap counts."""
    from kiosk import resources
    from kiosk.screens import theme

    (tmp_path / "Inter-Medium.otf").write_bytes(b"no font at all")
    theme.fonts_from(tmp_path)
    try:
        stand.tap("language:sv")
        stand.frames(700)
        stand.tap("face:4")
        assert stand.ratings() == [4]
        assert stand.view.screen == "thanks"
        assert seen(stand).std() > 10
    finally:
        theme.fonts_from(resources.FONTS)


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (None, "cannot be read (No such file or directory)"),
        (b"no picture at all", "is no whole picture"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10", "is no whole picture"),
    ],
    ids=["lost", "text", "cut"],
)
def test_a_lost_or_broken_logo_shows_the_shops_name(
    stand: Stand,
    tmp_path: Path,
    content: bytes | None,
    wrong: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The tap counts, and the log names the file and what to do."""
    logo = tmp_path / "logo.png"
    if content is not None:
        logo.write_bytes(content)
    stand.glass.dress(settings_.Settings(shop="Your shop", screen_mm=(217, 136), logo=str(logo)))
    assert stand.glass.screen is not None
    assert stand.glass.screen.shows("shop")
    stand.tap("face:2")
    assert stand.ratings() == [2]
    said = f"Screens: logo = {logo}: {wrong}; name a PNG. Until then the shop's name is shown."
    assert [line for line in caplog.messages if line.startswith("Screens: ")] == [said]


def test_a_logo_is_shown_in_its_proportions(stand: Stand, tmp_path: Path) -> None:
    """In place of the shop's name, no higher than the bar."""
    from PIL import Image

    Image.new("RGB", (400, 100), "#C02060").save(tmp_path / "logo.png")
    stand.glass.dress(
        settings_.Settings(shop="Your shop", screen_mm=(217, 136), logo=str(tmp_path / "logo.png"))
    )
    assert stand.glass.screen is not None
    assert not stand.glass.screen.shows("shop")
    picture = seen(stand)
    where = np.argwhere((np.abs(picture - np.array([0xC0, 0x20, 0x60])) < 12).all(axis=2))
    rows, columns = np.ptp(where[:, 0]) + 1, np.ptp(where[:, 1]) + 1
    assert columns / rows == pytest.approx(4, rel=0.05)


def test_an_accent_that_cannot_be_seen_gives_way_to_ink(stand: Stand) -> None:
    """White on near-white marks nothing: the chosen language still stands out."""
    stand.glass.dress(settings_.Settings(shop="Your shop", screen_mm=(217, 136), accent="#FFFDF0"))
    box = stand.glass.targets["language:en"].box
    pixel = seen(stand)[int(800 - box.y - box.height * 0.2), int(box.centre[0])]
    assert ratio(pixel, (0xFA, 0xF6, 0xEE)) > 3


def test_the_window_really_draws(stand: Stand) -> None:
    """Kivy's mock backend would make every test here pass on nothing: the five colours are
    there.
    """
    from kivy.graphics.cgl import cgl_get_backend_name

    assert cgl_get_backend_name() != "mock"
    colours = {tuple(pixel) for pixel in seen(stand)[::4, ::4].reshape(-1, 3)}
    for colour in (palette.FACES[i] for i in palette.USED[4]):
        assert tuple(round(c * 255) for c in palette.rgb(colour)) in colours
