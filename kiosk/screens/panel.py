"""How many millimetres the glass measures: from the settings, else the panel's own word, else 7
inches.
"""

from pathlib import Path

from kiosk.screens import geometry

CONNECTORS = Path("/sys/class/drm")


def millimetres(
    width: float, height: float, said: tuple[int, int] | None, edid: bytes = b""
) -> tuple[float, float]:
    """The size of a window of so many pixels. A size said lengthwise also holds for a standing
    panel.
    """
    if said is None:
        panel = parsed(edid)
        if panel is not None:
            pixels, sides = panel
            if (pixels[0] > pixels[1]) != (width > height):
                pixels, sides = pixels[::-1], sides[::-1]
            return width * sides[0] / pixels[0], height * sides[1] / pixels[1]
        said = geometry.SEVEN_INCH
    across, up = said
    return (up, across) if (across > up) != (width > height) else (across, up)


def parsed(edid: bytes) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Pixels and millimetres of the preferred mode (VESA E-EDID 1.4, 3.10.2), or None."""
    if len(edid) < 128 or edid[:8] != b"\0\xff\xff\xff\xff\xff\xff\0":
        return None
    mode = edid[54:72]
    pixels = (mode[2] | (mode[4] & 0xF0) << 4, mode[5] | (mode[7] & 0xF0) << 4)
    sides = (mode[12] | (mode[14] & 0xF0) << 4, mode[13] | (mode[14] & 0x0F) << 8)
    # projectors and some boards say nought or the proportions alone
    return (pixels, sides) if min(pixels) >= 100 and min(sides) >= 40 else None


def connected(connectors: Path = CONNECTORS) -> bytes:
    """What the first connected panel says of itself; nothing when there is none."""
    try:
        for folder in sorted(connectors.glob("card*-*")):
            if (folder / "status").read_text().strip() == "connected":
                return (folder / "edid").read_bytes()
    except OSError:
        return b""
    return b""
