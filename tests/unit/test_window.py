"""Where touches come from."""

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
