"""The touchscreen: what the customer and the staff see, touch and hear."""


def version() -> str:
    """Return the program's version."""
    from importlib import metadata  # noqa: PLC0415 - 40 ms that the first frame need not wait for

    return metadata.version("smiley-kiosk")
