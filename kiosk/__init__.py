"""The touchscreen: what the customer and the staff see, touch and hear."""

VERSION = "0.1.0"
"""The program's, as in pyproject.toml. Every start stands in the stream with it, and to look it up
in the package's metadata took longer than to open the card.
"""
