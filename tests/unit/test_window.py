"""Where touches come from."""

from pathlib import Path

import pytest

from kiosk import window

# two devices as Linux lists them: a keyboard, and the 7-inch panel
LISTING = """\
I: Bus=0003 Vendor=04d9 Product=1603 Version=0110
N: Name="USB Keyboard"
H: Handlers=sysrq kbd event0
B: EV=120013

I: Bus=0018 Vendor=0000 Product=0000 Version=0000
N: Name="generic ft5x06 (79)"
H: Handlers=mouse0 event4
B: PROP=2
B: EV=b
B: KEY=400 0 0 0 0 0
B: ABS=260800000000003
"""


def test_the_multi_touch_panel_is_found() -> None:
    """By what it can do, not by its name."""
    assert window.touch_device(LISTING) == "event4"
    assert window.touch_device(LISTING.split("\n\n", maxsplit=1)[0]) is None


def test_a_pad_beside_a_keyboard_is_no_panel() -> None:
    """Whatever comes first in the list: a finger on a pad points at nothing that lies under it."""
    pad = LISTING.split("\n\n", maxsplit=1)[1].replace("event4", "event1")
    listing = pad.replace("PROP=2", "PROP=5") + "\n" + LISTING
    assert window.touch_device(listing) == "event4"
    assert window.touch_device(pad.replace("PROP=2", "PROP=0")) == "event1"


@pytest.mark.parametrize("setting", ["auto", "sdl"])
def test_a_window_has_the_mouse(setting: str) -> None:
    """Whatever panel there is: it shows something else beside the window."""
    assert window.provider(setting, (1280, 800)) == "mouse,disable_multitouch"
    assert window.provider("sdl", None) == "mouse,disable_multitouch"


@pytest.fixture
def system(tmp_path: Path) -> window.System:
    """A machine with the panel; a file that can be read stands for it."""
    (tmp_path / "devices").write_text(LISTING, encoding="ascii")
    (tmp_path / "event4").touch()
    return window.System(tmp_path / "devices", tmp_path, "libc.so.6")


def test_a_panel_of_several_fingers_is_read_by_slots(system: window.System) -> None:
    """hidinput makes no touch of what such a panel sends: the kiosk would be deaf."""
    panel = str(system.folder / "event4")
    for setting in ("auto", panel):
        assert window.provider(setting, None, system) == f"mtdev,{panel}"
    assert window.provider(panel, (800, 480), system) == f"mtdev,{panel}"
    assert window.touches("auto", system) == f"Touches: {panel}, every finger."


def test_a_panel_that_was_unplugged_comes_back_by_its_place(system: window.System) -> None:
    """Its number may be another's by then, its place in the machine is not."""
    places = system.folder / "by-path"
    places.mkdir()
    (places / "a-mouse").symlink_to(system.folder / "event0")
    (places / "usb-0:1.2:1.0-event").symlink_to(system.folder / "event4")
    assert window.provider("auto", None, system) == f"mtdev,{places}/usb-0:1.2:1.0-event"


def test_a_panel_of_one_finger_is_not_upside_down(system: window.System) -> None:
    """One that the settings name, by a link too; by itself none with one finger is taken."""
    told = LISTING.replace("260800000000003", "1000003")
    system.listing.write_text(told, encoding="ascii")
    panel = str(system.folder / "by-id")
    Path(panel).symlink_to(system.folder / "event4")
    assert window.provider(panel, None, system) == f"hidinput,{panel},invert_y=0"
    assert window.provider("auto", None, system) == "mouse,disable_multitouch"
    assert window.touches(panel, system) == f"Touches: {panel}, one finger."


def test_what_cannot_be_read_leaves_the_mouse(system: window.System) -> None:
    """No such device, no listing, no library: one finger at a time is better than none."""
    gone = str(system.folder / "event9")
    assert window.provider(gone, None, system) == "mouse,disable_multitouch"
    lost = system._replace(listing=system.folder / "none")
    assert window.provider("auto", None, lost) == "mouse,disable_multitouch"
    closed = system._replace(readable=lambda _device: False)
    assert window.provider("auto", None, closed) == "mouse,disable_multitouch"
    told = window.touches("auto", closed)
    assert told.endswith("event4, every finger, to be read by its group `input` alone.")
    assert window.touches("sdl", system).startswith("Touches: by SDL, one finger")
    bare = system._replace(library="libnothing.so.1")
    assert window.provider("auto", None, bare) == "mouse,disable_multitouch"
    assert window.touches("auto", bare).endswith(
        "libnothing.so.1 is missing: `sudo apt install libmtdev1` brings it."
    )


def test_kivys_data_without_its_style_sheet(tmp_path: Path) -> None:
    """Shaders, fonts and pictures are Kivy's own; twice is fine; no folder, no change."""
    found = window.plain_data(tmp_path)
    assert window.plain_data(tmp_path) == found
    data = Path(found["KIVY_DATA_DIR"])
    assert (data / "glsl" / "default.fs").read_text(encoding="utf-8")
    assert (data / "fonts" / "Roboto-Regular.ttf").is_file()
    assert len((data / "style.kv").read_text(encoding="utf-8").splitlines()) == 1
    (tmp_path / "file").write_text("no folder")
    assert window.plain_data(tmp_path / "file") == {}
