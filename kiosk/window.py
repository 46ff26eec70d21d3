"""What Kivy must be told before it is imported, and where touches come from.

Exactly one provider of touches: one finger that arrives through two would count twice. In a window
that is the mouse; on a panel of its own the touch device is read directly, because SDL passes only
the first finger on, and a resting palm would block every tap beside it.

Which reader fits a device (Kivy 2.3.1, with what a Raspberry Pi's panel sends): `mtdev` reads every
multi-touch device, by the system's libmtdev. `hidinput` reads those that have one finger only, with
the picture's top at the bottom unless told otherwise (kivy#6015); of the slots that multi-touch
panels have sent for years (protocol B) it makes no touch at all.
"""

import ctypes
import importlib.util
import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

Size = tuple[int, int]

_SOUND = Path("/dev/snd")
_MULTI_TOUCH = 1 << 0x35  # ABS_MT_POSITION_X of input-event-codes.h
_DIRECT = 1 << 0x01  # INPUT_PROP_DIRECT
_MOUSE = "mouse,disable_multitouch"


def _readable(device: Path) -> bool:
    return os.access(device, os.R_OK)


class System(NamedTuple):
    """Where the machine tells of its touch devices, and what reads those of several fingers."""

    listing: Path = Path("/proc/bus/input/devices")
    folder: Path = Path("/dev/input")
    library: str = "libmtdev.so.1"
    readable: Callable[[Path], bool] = _readable


SYSTEM = System()


def touch_device(listing: str) -> str | None:
    """Return the first multi-touch device in the kernel's `listing`, such as event0.

    A pad beside a keyboard is one too: a device under which the picture lies goes first.
    """
    blocks = listing.split("\n\n")
    blocks.sort(key=lambda block: not _direct(block))
    return next((device for device, fingers in _devices(blocks) if fingers), None)


def _direct(block: str) -> bool:
    """Whether what a finger points at lies under it."""
    properties = re.search(r"^B: PROP=([0-9a-f ]+)$", block, re.MULTILINE)
    return bool(properties and _bits(properties.group(1)) & _DIRECT)


def _devices(blocks: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Return the devices with axes, and whether each tells several fingers apart."""
    for block in blocks:
        axes = re.search(r"^B: ABS=([0-9a-f ]+)$", block, re.MULTILINE)
        handler = re.search(r"^H: Handlers=.*\b(event\d+)", block, re.MULTILINE)
        if axes and handler:
            yield handler.group(1), bool(_bits(axes.group(1)) & _MULTI_TOUCH)


def _bits(words: str) -> int:
    """Return a bitmap that the kernel prints as 64-bit words, the highest first."""
    bits = 0
    for word in words.split():
        bits = bits << 64 | int(word, 16)
    return bits


def provider(setting: str, window: Size | None, system: System = SYSTEM) -> str:
    """Return Kivy's one input provider for the setting `input`.

    Whatever is missing (the device, the right to read it, the library), SDL's mouse is left: one
    finger at a time is better than none.
    """
    if setting == "sdl" or (setting == "auto" and window is not None):
        return _MOUSE
    device, slots = _panel(setting, system)
    if not system.readable(device) or (slots and not _loads(system.library)):
        return _MOUSE
    return f"mtdev,{device}" if slots else f"hidinput,{device},invert_y=0"


def _panel(setting: str, system: System) -> tuple[Path, bool]:
    """Return the panel's device, there or not, and whether it tells several fingers apart."""
    try:
        listing = system.listing.read_text(encoding="ascii", errors="replace")
    except OSError:
        listing = ""
    found = touch_device(listing) if setting == "auto" else setting
    device = system.folder / (found or "none")  # a path of its own stays what it is
    slots = dict(_devices(listing.split("\n\n"))).get(device.resolve().name, True)
    return _lasting(device, system) if slots else device, slots


def _lasting(device: Path, system: System) -> Path:
    """Return a device's name by its place, if it has one: a panel that was unplugged comes back
    under it, and is read again, where its number may be another's by then.
    """
    named = sorted((system.folder / "by-path").glob("*"))
    return next((link for link in named if link.resolve() == device.resolve()), device)


def touches(setting: str, system: System = SYSTEM) -> str:
    """Say where touches will come from, and what would be better."""
    device, slots = _panel(setting, system)
    missing = slots and not _loads(system.library)
    if setting == "sdl" or missing or not device.exists():
        said = "Touches: by SDL, one finger at a time: a resting palm blocks a tap beside it."
        remedy = f" {system.library} is missing: `sudo apt install libmtdev1` brings it."
        return said + (remedy if missing and setting != "sdl" else "")
    right = "" if system.readable(device) else ", to be read by its group `input` alone"
    return f"Touches: {device}, {'every finger' if slots else 'one finger'}{right}."


def _loads(library: str) -> bool:
    """Whether the system has a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def environment(home: Path) -> dict[str, str]:
    """Return what Kivy reads from the environment at its first import; `home` keeps its files."""
    return plain_data(home) | {
        "KIVY_NO_ARGS": "1",
        "KIVY_NO_CONFIG": "1",
        "KIVY_NO_FILELOG": "1",
        "KIVY_LOG_MODE": "PYTHON",
        "KIVY_HOME": str(home),
        # the one of each that Kivy's wheel brings: no time is lost in looking for others
        "KIVY_WINDOW": "sdl2",
        "KIVY_IMAGE": "sdl2",
        "KIVY_TEXT": "sdl2",
        # Kivy's clock sleeps 4/15 of a frame less than it says, to be in time: 44 is a panel's 60
        # frames a second, and 60 would be 82, a warmer Pi for nothing. Read at Kivy's import.
        "KCFG_GRAPHICS_MAXFPS": "44",
        **({} if any(_SOUND.glob("pcm*p")) else {"SDL_AUDIODRIVER": "dummy"}),
    }


def plain_data(home: Path) -> dict[str, str]:
    """Make Kivy's data folder without its style sheet, for a first frame a fifth sooner.

    Kivy parses and compiles 1,300 lines of styles for its own buttons, sliders and settings at its
    import, on every start; the screens here draw themselves and use none of these. Where the folder
    cannot be made, Kivy's own is taken.
    """
    found = importlib.util.find_spec("kivy")
    if found is None or not found.submodule_search_locations:
        return {}
    source, target = Path(found.submodule_search_locations[0]) / "data", home / "data"
    try:
        target.mkdir(parents=True, exist_ok=True)
        for entry in source.iterdir():
            link = target / entry.name
            if entry.name != "style.kv" and not link.is_symlink():
                link.symlink_to(entry)
        (target / "style.kv").write_text("# no widget of Kivy's own is shown\n", encoding="utf-8")
    except OSError:
        return {}
    return {"KIVY_DATA_DIR": str(target)}


def options(window: Size | None) -> dict[tuple[str, str], str]:
    """Return what Kivy's `Config` must say before `Window` is imported."""
    width, height = window or (800, 480)
    return {
        ("kivy", "log_level"): "warning",
        ("kivy", "exit_on_escape"): "0",
        ("kivy", "desktop"): "0",
        ("kivy", "keyboard_mode"): "",
        ("kivy", "pause_on_minimize"): "0",
        ("graphics", "fullscreen"): "0" if window else "auto",
        ("graphics", "borderless"): "0" if window else "1",
        ("graphics", "resizable"): "0",
        ("graphics", "show_cursor"): "1" if window else "0",
        ("graphics", "width"): str(width),
        ("graphics", "height"): str(height),
        ("graphics", "multisamples"): "0",  # edges are smoothed where they are drawn
    }
