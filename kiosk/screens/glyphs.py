"""Words as textures: each text is rendered once and shared, and what was long unused is let go.
What a customer typed or was given (a code) is `changing`: it is shared with nobody and not kept.

A label of Kivy's renders again, one frame late, whenever it changes; on a kiosk the same few
hundred texts come back for years. Here they are ready in the frame that asks for them, and memory
stays bounded (kivy#2215).
"""

import functools
from collections import OrderedDict
from typing import Any

from kivy.core.text import Label as CoreLabel
from kivy.graphics.texture import Texture

from kiosk.screens import theme, typesetting

KEPT_BYTES = 6 * 1024 * 1024
"""What is kept of rendered words: three screens of the largest panel, or one of each on a small
one.
"""
FONT_LINE = 1.21
"""Height of a line of Inter over its size (its hhea table: 1984 + 494 of 2048 units)."""


@functools.lru_cache(maxsize=1024)
def setting(text: str, weight: str, size: float, width: float, **room: Any) -> typesetting.Setting:
    """Set text with the theme's fonts by `typesetting`; the same question is answered once.

    room: `height`, `most`, `least` and `leading`, as `typesetting.set_text` has them.
    """
    return typesetting.set_text(text, theme.measure, weight, size, width=width, **room)


def changing(text: str, weight: str, size: float, width: float, **room: Any) -> typesetting.Setting:
    """Set text that will not come again, as `setting` does; nothing of it is kept."""
    return typesetting.set_text(text, theme.measure_once, weight, size, width=width, **room)


_kept: OrderedDict[tuple[object, ...], Texture] = OrderedDict()
_bytes = [0]


def texture(setting: typesetting.Setting, halign: str) -> Texture | None:
    """White words to be tinted; None when there is nothing to be seen."""
    if not setting.text.strip():
        return None
    key = (setting.text, setting.weight, setting.size, setting.leading, halign)
    found = _kept.get(key)
    if found is not None:
        _kept.move_to_end(key)
        return found
    label = _label(setting, halign)
    label.text = setting.text
    label.refresh()
    made = label.texture
    if made is not None:
        _kept[key] = made
        _bytes[0] += _size(made)
        while _bytes[0] > KEPT_BYTES and len(_kept) > 1:
            _bytes[0] -= _size(_kept.popitem(last=False)[1])
    return made


class Changing:
    """Words that change with every key: one texture of one size, written over again and again."""

    def __init__(self) -> None:
        self._label: CoreLabel | None = None
        self._kind: tuple[object, ...] = ()

    def texture(self, setting: typesetting.Setting, halign: str, width: float) -> Texture:
        """The words in a texture as wide as asked, whatever they are."""
        size = (int(width) + 1, int(setting.height * FONT_LINE) + 1)
        kind = (setting.weight, setting.size, setting.leading, halign, size)
        if self._label is None or kind != self._kind:
            self._kind = kind
            self._label = _label(setting, halign, text_size=size, valign="middle")
        self._label.text = setting.text
        self._label.refresh()
        return self._label.texture

    def forget(self) -> None:
        """Hold no word any more, in letters or in pixels."""
        if self._label is not None:
            self._label.text = ""
            self._label.refresh()


def _label(setting: typesetting.Setting, halign: str, **options: object) -> CoreLabel:
    return CoreLabel(
        font_name=theme.font(setting.weight),
        font_size=setting.size,
        line_height=setting.leading / FONT_LINE,
        halign=halign,
        color=(1, 1, 1, 1),
        **options,
    )


def _size(made: Texture) -> int:
    return int(made.width * made.height * 4)
