"""What theme.kv says, as values: sizes for the layouts, colours for the parts, fonts for the
words.
"""

import functools
from pathlib import Path
from typing import Any

import msgspec
from kivy.core.text import Label as CoreLabel
from kivy.factory import Factory
from kivy.lang import Builder
from kivy.logger import Logger

from kiosk import resources
from kiosk import settings as settings_
from kiosk.screens import geometry, palette

HERE = Path(__file__).parent
WEIGHTS = {
    "note": "Inter-Regular.otf",
    "word": "Inter-Medium.otf",
    "strong": "Inter-SemiBold.otf",
    "head": "InterDisplay-Bold.otf",
}
FALLBACK = "Roboto"
"""The font that Kivy ships: what is left when ours cannot be read."""
YELLOW = "#FFD21F"
"""The accent of high contrast: 14:1 on black."""


class Colours(msgspec.Struct, frozen=True):
    """One theme's colours, `#RRGGBB`; `faces` from the worst to the best."""

    ground: str
    panel: str
    ink: str
    soft: str
    edge: str
    track: str
    mark: str
    face_ink: str
    face_light: str
    night: str
    night_ink: str
    accent: str = ""
    on_accent: str = ""
    faces: tuple[str, ...] = palette.FACES


@functools.cache
def load(name: str) -> None:
    """Read a .kv of this folder, once."""
    Builder.load_file(str(HERE / f"{name}.kv"))


@functools.cache
def sizes() -> geometry.Sizes:
    """The theme's sizes."""
    load("theme")
    rule = Factory.Sizes()
    found: dict[str, Any] = {name: getattr(rule, name) for name in geometry.Sizes.__struct_fields__}
    plain: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in found.items()}
    return geometry.Sizes(**plain)


def colours(settings: settings_.Settings, *, contrast: bool = False) -> Colours:
    """The theme of the settings, or high contrast; a palette that fails its test is not worn."""
    load("theme")
    name = "contrast" if contrast else settings.theme
    rule = getattr(Factory, f"{name.capitalize()}Colours")()
    plain = {
        name: getattr(rule, name)
        for name in Colours.__struct_fields__
        if name not in ("accent", "on_accent", "faces")
    }
    wanted = YELLOW if name == "contrast" else settings.accent
    # an accent that cannot be told from its ground gives way to ink
    accent = wanted if palette.contrast(wanted, plain["ground"]) >= palette.MARKED else plain["ink"]
    worn = tuple(settings.palette) or palette.FACES
    if palette.complaint(worn):
        worn = palette.FACES
    return Colours(**plain, accent=accent, on_accent=palette.on(accent), faces=worn)


_fonts = [resources.FONTS]


def fonts_from(folder: Path) -> None:
    """Take the fonts from another folder; what is drawn already keeps its own."""
    _fonts[0] = folder
    font.cache_clear()
    _ruler.cache_clear()
    _width.cache_clear()


@functools.cache
def font(weight: str) -> str:
    """The file of a weight, or Kivy's own font when the file cannot be read: words still show."""
    path = str(_fonts[0] / WEIGHTS[weight])
    try:
        CoreLabel(text="x", font_name=path, font_size=12).refresh()
    except (OSError, ValueError) as error:
        Logger.warning(f"Screens: {path} cannot be read ({error}); {FALLBACK} is used instead")
        return FALLBACK
    return path


@functools.lru_cache(maxsize=64)
def _ruler(weight: str, size: int) -> CoreLabel:
    label = CoreLabel(text="x", font_name=font(weight), font_size=size)
    label.resolve_font_name()
    return label


@functools.lru_cache(maxsize=2048)
def _width(text: str, weight: str, size: int) -> float:
    return measure_once(text, weight, size)


def measure(text: str, weight: str, size: float) -> float:
    """How wide text is in a weight at a size (px); remembered, as a kiosk's texts come back."""
    return _width(text, weight, round(size))


def measure_once(text: str, weight: str, size: float) -> float:
    """How wide text is that will not come again; nothing of it is remembered."""
    return float(_ruler(weight, round(size)).get_extents(text)[0])
