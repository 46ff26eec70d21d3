"""A page that lies over another: a title, what it says, and the way back."""

from kiosk import signals
from kiosk.screens import geometry, theme
from kiosk.screens.geometry import Box, Row
from kiosk.screens.pills import Pill
from kiosk.screens.screen import Scene
from kiosk.screens.strip import Strip

theme.load("page")


class Page(Strip):
    """The base of about, answer, languages and easier use."""

    TITLE = ""
    BACK = ""
    _foot: tuple[Pill, Box]

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
        self._foot = back, bottom
        left = bottom.x if not frame.upright else bottom.centre[0] - back.width / 2
        back.put(Box(left, bottom.y, back.width, bottom.height))
        return middle

    def turning(self, box: Box, pages: int) -> Box:
        """In *larger* the arrows stand below, as they do on thanks: large words need the width."""
        frame = self.scene.frame
        if not frame.larger or pages < 2:
            return super().turning(box, pages)
        self.page = max(0, min(self.page, pages - 1))
        back, foot = self._foot
        self.targets = [target for target in self.targets if target.name != back.name]
        back.put(Box(foot.right - back.width, foot.y, back.width, foot.height))
        least = frame.px(frame.sizes.button_mm)
        wide = max(least, min(frame.button * 1.15, (foot.width - back.width) / 2 - frame.gap))
        first = Box(foot.x, foot.centre[1] - frame.button / 2, wide, frame.button)
        self.arrows(pages, first, first.moved(wide + frame.gap, 0), radius=frame.button / 2)
        return box
