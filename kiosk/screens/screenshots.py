"""Draws every screen × size × language to pictures, so that someone looks at them.

    python -m kiosk.screens.screenshots --to DIR [--only WORD …]

Writes DIR/SCREEN-WxH-LANG.png; `--only` keeps those whose name holds one of the words. The views
come from a real session with the default survey, so nothing is shown here that the kiosk would not
show.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kiosk import settings as settings_
from kiosk import window

SIZES: dict[tuple[int, int], tuple[int, int]] = {
    (800, 480): (154, 86),
    (1280, 800): (217, 136),
    (1920, 1080): (344, 194),
    (720, 1280): (88, 155),
    (1080, 1920): (194, 344),
}
"""Pixels → millimetres: the 7-inch, 10-inch and 15.6-inch panels, lengthwise and upright."""


def settle(width: int = 1280, height: int = 800) -> None:
    """Prepare Kivy to draw off-screen; call it before the first import of kivy."""
    os.environ.update(window.environment(Path(tempfile.mkdtemp(prefix="smiley-kivy-"))))
    os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")
    from kivy.config import Config  # noqa: PLC0415  # only after the environment is set

    for (section, key), value in window.options((width, height)).items():
        Config.set(section, key, value)
    Config.set("graphics", "maxfps", "0")


def picture(glass: Any) -> Any:
    """What the glass shows, as a Pillow image, drawn into a buffer of its own size."""
    from kivy.graphics import ClearBuffers, ClearColor, Fbo  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    width, height = int(glass.width), int(glass.height)
    fbo = Fbo(size=(width, height))
    with fbo:
        ClearColor(0, 0, 0, 1)
        ClearBuffers()
    fbo.add(glass.canvas)
    fbo.draw()
    pixels = bytes(fbo.pixels)
    fbo.remove(glass.canvas)
    image = Image.frombytes("RGBA", (width, height), pixels)
    return image.transpose(Image.Transpose.FLIP_TOP_BOTTOM).convert("RGB")


def drawn(glass: Any, shown: Any) -> None:
    """Show a view at rest: no fade, every label rendered."""
    from kivy.clock import Clock  # noqa: PLC0415
    from kivy.lang import Builder  # noqa: PLC0415

    glass.show(shown)
    glass._fade.cancel(glass)
    glass.veil = 0.0
    # as the event loop does it: labels are rendered just before a frame is drawn
    Clock.tick()
    Builder.sync()
    Clock.tick_draw()
    Builder.sync()


def main(words: list[str]) -> int:
    """Draw the pictures that the words ask for; returns the exit code."""
    parser = argparse.ArgumentParser(prog="screenshots", description=__doc__.split("\n\n")[0])
    parser.add_argument("--to", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--only", nargs="*", default=[], help="keep names with one of these words")
    asked = parser.parse_args(words)
    settle()
    from kiosk.screens import tour  # noqa: PLC0415

    asked.to.mkdir(parents=True, exist_ok=True)
    for name, image in pictures(tour.tours(), asked.only):
        image.save(asked.to / f"{name}.png")
        print(asked.to / f"{name}.png")
    return 0


def pictures(tours: Callable[..., Any], only: list[str]) -> Iterator[tuple[str, Any]]:
    """Yield (name, image) of every screen × size × language whose name is wanted."""
    from kivy.core.window import Window  # noqa: F401, PLC0415  # makes the graphics context

    from kiosk.screens.glass import Glass  # noqa: PLC0415

    for (width, height), mm in SIZES.items():
        glass = Glass(lambda _signal: False, lambda: 0, settings_.Settings())
        glass.size = (width, height)
        for language, settings, stops in tours(mm):
            glass.dress(settings)
            for screen, shown in stops:
                name = f"{screen}-{width}x{height}-{language}"
                if only and not any(word in name for word in only):
                    continue
                drawn(glass, shown)
                yield name, picture(glass)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
