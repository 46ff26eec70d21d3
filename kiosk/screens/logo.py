"""The shop's logo: a picture from the settings, or nothing when it cannot be shown."""

from pathlib import Path
from typing import Any

from kivy.core.image import Image as CoreImage
from kivy.graphics import Color, Rectangle
from kivy.logger import Logger
from kivy.properties import StringProperty
from kivy.uix.widget import Widget

from kiosk import logos
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
            texture = self._read(path) if path else None
            if texture is not None and texture.height:
                self._rectangle.texture = texture
                self._proportion = texture.width / texture.height
        return self._proportion > 0

    def _read(self, path: str) -> Any:
        """Return the picture, or None with a sentence in the log."""
        try:
            # Kivy itself says of a file that is not there only that None has no `encode`
            Path(path).open("rb").close()
            return CoreImage(path, mipmap=True).texture
        except OSError as error:
            wrong = logos.unread(error)
        except Exception:  # each image provider raises its own kind, with words of its own
            wrong = "is no whole picture; name a PNG. Until then the shop's name is shown."
        Logger.warning(f"Screens: logo = {path}: {wrong}")
        return None

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
