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
    assert window.touch_device(LISTING) == "/dev/input/event4"
    assert window.touch_device(LISTING.split("\n\n", maxsplit=1)[0]) is None


@pytest.mark.parametrize(
    ("setting", "size", "provider"),
    [
        ("auto", (1280, 800), "mouse,disable_multitouch"),
        ("sdl", None, "mouse,disable_multitouch"),
        ("/dev/input/event7", None, "hidinput,/dev/input/event7"),
    ],
)
def test_there_is_one_provider(setting: str, size: window.Size | None, provider: str) -> None:
    """A window has the mouse, a named device is read itself."""
    assert window.provider(setting, size) == provider


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
