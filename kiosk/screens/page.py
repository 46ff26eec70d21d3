"""A page that lies over another: a title, what it says, and the way back."""

from kiosk import signals
from kiosk.screens import geometry, theme
from kiosk.screens.geometry import Box, Row
from kiosk.screens.screen import Scene
from kiosk.screens.strip import Strip

theme.load("page")


class Page(Strip):
    """The base of about, answer, languages and easier use."""

    TITLE = ""
    BACK = ""

    def frame_page(self, scene: Scene, wants: float = 0.0) -> Box:
        """Put title and way back; returns the box between them.

        wants: the height that the content would like; the rest is shared above and below.
        """
        frame, gap = scene.frame, scene.frame.gap
        inner = self.strip(scene).inset(frame.margin, 0)
        title = self.set("title", inner.width, scene.say(self.TITLE), most=2)
        bands = [
            Row(gap * 2.4, gap * 0.6, 0.0 if frame.lower else 0.6),
            Row(title.height),
            Row(gap * 1.8, gap * 0.5, 0.2),
            Row(wants, min(wants, gap * 4), 0.0) if wants else Row(gap * 4, gap * 4, 10),
            Row(gap * 1.8, gap * 0.5, 0.4),
            Row(frame.button),
            Row(gap * 1.8, gap * 0.6, 0.0 if frame.lower else 0.4),
        ]
        if frame.lower:
            bands[0] = Row(gap * 0.6, gap * 0.6, 1)
        _, top, _, middle, _, bottom, _ = geometry.stack(inner, bands)
        self.time_bar(scene)
        self.words("title", title, top, align=0 if not frame.upright else 0.5)
        text = scene.say(self.BACK) if self.BACK else None
        back = self.pill("back", signals.Close(), inner.width, text)
        left = bottom.x if not frame.upright else bottom.centre[0] - back.width / 2
        back.put(Box(left, bottom.y, back.width, bottom.height))
        return middle
