"""Easier use: four ways, each on or off, for one visit."""

from kiosk import i18n, signals
from kiosk.screens import geometry, parts, typesetting, warning
from kiosk.screens.geometry import Box
from kiosk.screens.page import Page
from kiosk.screens.screen import Scene

WAYS: dict[signals.Mode, tuple[str, str, str]] = {
    "larger": ("larger", i18n.mark("Larger words"), i18n.mark("Fewer things at a time")),
    "contrast": ("contrast", i18n.mark("High contrast"), i18n.mark("Light words on black")),
    "lower": ("lower", i18n.mark("Everything lower"), i18n.mark("Within reach when seated")),
    "slow": ("slow", i18n.mark("More time"), i18n.mark("Nothing hurries, nothing fades")),
}


class Easier(Page):
    """A card for each way, with an icon, a name and what it does."""

    TITLE = "Easier to use"
    BACK = "Done"

    def arrange(self, scene: Scene) -> None:
        """Title, cards, done."""
        frame = scene.frame
        columns = 1 if frame.upright else 2
        rows = -(-len(WAYS) // columns)
        name, note = frame.size("medium"), frame.size("small")
        tall = max(frame.chip, name * 1.3 + (0 if frame.larger else note * 1.5) + frame.gap * 3)
        tall = max(tall, min(frame.area.height * 0.15, frame.px(30)))
        if frame.larger and columns > 1:  # names in two lines
            tall = max(tall, 2 * name * typesetting.LEADING["medium"] + frame.gap)
        box = self.frame_page(scene, rows * tall + (rows - 1) * frame.gap)
        height = min(box.height, rows * tall + (rows - 1) * frame.gap)
        box = Box(box.x, box.top - height, box.width, height)
        for (mode, words), cell in zip(
            WAYS.items(), geometry.grid(box, len(WAYS), columns, frame.gap), strict=True
        ):
            self._card(scene, mode, words, cell)
        warning.put(self, scene)

    def _card(
        self, scene: Scene, mode: signals.Mode, words: tuple[str, str, str], cell: Box
    ) -> None:
        frame, colours = scene.frame, scene.colours
        icon, name, note = words
        chosen = mode in scene.view.modes
        self.button(
            f"easier:{mode}",
            cell,
            signals.ChoseEasier(mode),
            look="chosen" if chosen else "plain",
            least=(0, frame.sizes.button_larger_mm if frame.larger else frame.sizes.button_mm),
        )
        size = min(cell.height * 0.5, frame.size("medium") * 1.6)
        pad = frame.gap * 1.8
        ink = colours.on_accent if chosen else colours.ink
        drawing = self.part(parts.Icon, f"easier-icon:{mode}")
        drawing.draw(icon, size, (cell.x + pad + size / 2, cell.centre[1]), ink)
        left = cell.x + pad * 2 + size
        room = Box(left, cell.y, cell.right - left - pad, cell.height)
        title = self.setting(
            scene.say(name), "medium", "strong", room.width, most=2, height=room.height
        )
        said = self.setting(scene.say(note), "small", "note", room.width, most=1)
        both = title.height + said.height
        heading = self.part(parts.Words, f"easier-name:{mode}")
        if frame.larger or both > cell.height - frame.gap:
            heading.put(title, room, ink, 0)
            return
        top = room.centre[1] + both / 2
        heading.put(title, Box(room.x, top - title.height, room.width, title.height), ink, 0)
        below = Box(room.x, top - both, room.width, said.height)
        soft = ink if chosen else colours.soft
        self.part(parts.Words, f"easier-note:{mode}").put(said, below, soft, 0)
