"""Where the files that come with the program lie."""

import sys
from pathlib import Path

_BESIDE = Path(__file__).resolve().parent.parent / "assets"
_INSTALLED = Path(sys.prefix) / "share" / "smiley-kiosk" / "assets"

ASSETS = _BESIDE if _BESIDE.is_dir() else _INSTALLED
FONTS = ASSETS / "fonts"
SOUNDS = ASSETS / "sounds"
DEFAULT_SURVEY = ASSETS / "surveys" / "default.toml"
LOCALE = Path(__file__).resolve().parent / "locale"
DEFAULT_SETTINGS = Path(__file__).resolve().parent / "default.toml"
