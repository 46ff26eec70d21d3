"""Every language, each in its own words. One tap and the visit speaks it."""

from kiosk import i18n, signals
from kiosk.screens import geometry, warning
from kiosk.screens.geometry import Box
from kiosk.screens.page import Page
from kiosk.screens.screen import Scene


class Languages(Page):
    """A grid of all languages."""

    TITLE = "Language"

    def arrange(self, scene: Scene) -> None:
        """Title, grid, back."""
        frame, tags = scene.frame, scene.view.all_languages
        columns = 2 if frame.larger else 3
        rows = -(-len(tags) // columns)
        least = frame.chip
        tall = max(least, frame.size("medium") * 3, min(frame.area.height * 0.115, frame.px(20)))
        middle = self.frame_page(scene, rows * tall + (rows - 1) * frame.gap)
        fits = max(1, int((middle.height + frame.gap) / (least + frame.gap)))
        per_page = min(len(tags), fits * columns)
        middle = self.turning(middle, -(-len(tags) // per_page))
        shown = tags[self.page * per_page : (self.page + 1) * per_page]
        used = -(-per_page // columns)
        height = min(middle.height, used * tall + (used - 1) * frame.gap)
        box = Box(middle.x, middle.top - height, middle.width, height)
        for tag, cell in zip(shown, geometry.grid(box, per_page, columns, frame.gap), strict=False):
            setting = self.setting(
                i18n.name(tag), "medium", "word", cell.width - frame.gap * 2, most=1
            )
            self.button(
                f"choose:{tag}",
                cell,
                signals.ChoseLanguage(tag),
                setting=setting,
                look="chosen" if tag == scene.view.language else "plain",
                least=(0, frame.sizes.button_larger_mm if frame.larger else frame.sizes.button_mm),
            )
        warning.put(self, scene)
