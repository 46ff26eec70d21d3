"""The touchscreen: what the customer and the staff see, touch and hear."""

from importlib import metadata


def version() -> str:
    """Return the program's version."""
    return metadata.version("smiley-kiosk")
