"""The shop's logo: a picture from the settings, or nothing when it cannot be shown."""

from typing import Any

from kivy.core.image import Image as CoreImage
from kivy.graphics import Color, Rectangle
from kivy.logger import Logger
from kivy.properties import StringProperty
from kivy.uix.widget import Widget

from kiosk.screens import geometry


class Logo(Widget):
    """A picture kept in its proportions."""

    name = StringProperty("")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        with self.canvas:
            self._colour = Color(1, 1, 1, 0)
            self._rectangle = Rectangle(size=(0, 0))
        self._path = ""
        self._proportion = 0.0

    def load(self, path: str) -> bool:
        """Read the file, once; whether there is a picture. A lost or broken file is none."""
        if path != self._path:
            self._path, self._proportion = path, 0.0
            try:
                texture = CoreImage(path, mipmap=True).texture if path else None
            except Exception as error:  # each image provider raises its own kind
                Logger.warning(f"Screens: the logo {path} cannot be shown ({error})")
                texture = None
            if texture is not None and texture.height:
                self._rectangle.texture = texture
                self._proportion = texture.width / texture.height
        return self._proportion > 0

    def put(self, box: geometry.Box) -> None:
        """Show it at the left of the box, as large as fits."""
        width = min(box.width, box.height * self._proportion)
        height = width / self._proportion
        self._rectangle.pos = (box.x, box.centre[1] - height / 2)
        self._rectangle.size = (width, height)
        self._colour.a = 1

    def hide(self) -> None:
        """Show nothing."""
        self._colour.a = 0
