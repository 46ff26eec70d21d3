"""The shop's logo: checked, and as the office sends it kept as a file beside the events."""

import base64
import binascii
import os
from pathlib import Path

MOST_BYTES = 64 * 1024  # wire.md
MOST_PIXELS = 4_000_000
"""Sharp on any panel. A few KiB of PNG can unpack to gigabytes, which end the kiosk at each start.
"""
_PNG = b"\x89PNG\r\n\x1a\n"
_SIDES = (16, 20)  # where width and height lie: IHDR is always the first chunk


class Invalid(ValueError):
    """What the office sent is no logo; the message is one sentence."""


def decoded(text: str) -> bytes:
    """Return a logo's bytes. Raises `Invalid` for what is no PNG or too large."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid(
            "logo of the office: png is no base64; send a PNG of at most 64 KiB"
        ) from None
    if wrong := complaint(data):
        raise Invalid(f"logo of the office: {wrong}")
    return data


def complaint(data: bytes) -> str | None:
    """What is wrong with a logo's bytes, None when nothing is."""
    if not data.startswith(_PNG) or len(data) > MOST_BYTES:
        return f"{len(data)} bytes, no small PNG; send one of at most 64 KiB"
    width, height = (int.from_bytes(data[at : at + 4]) for at in _SIDES)
    if not 0 < width * height <= MOST_PIXELS:
        return f"{width} × {height} pixels; send one of at most {MOST_PIXELS:,}"
    return None


def unread(error: OSError) -> str:
    """What is wrong with a logo's file that cannot be read, and what to do."""
    return f"cannot be read ({error.strerror}); name a PNG. Until then the shop's name is shown."


def keep(folder: Path, data: bytes) -> Path | None:
    """Write the logo where the glass can load it; None when the card does not take it.

    Its name tells its content, so that a new logo is never mistaken for the one that was loaded.
    """
    path = folder / f"logo-{binascii.crc32(data):08x}.png"
    try:
        if path.exists() and path.read_bytes() == data:
            return path
        part = path.with_suffix(".part")
        part.write_bytes(data)
        os.replace(part, path)  # noqa: PTH105 - whole or not at all
        for old in folder.glob("logo-*.png"):
            if old != path:
                old.unlink(missing_ok=True)
    except OSError:
        return None  # a shop without its logo still asks its question
    return path
