"""Thanks with the reasons on it: the same picture whichever face was tapped.

In *larger* it is a list (`kiosk.screens.listed`).
"""

from kiosk import signals, view
from kiosk.screens import arrangement, geometry, listed, theme, warning
from kiosk.screens.geometry import Box, Row
from kiosk.screens.pills import Pill
from kiosk.screens.screen import Scene
from kiosk.screens.strip import Strip

theme.load("thanks")

WIDEST = 0.34
"""How much of the width a chip takes at the most, lengthwise."""


class Thanks(Strip):
    """The words of thanks, the way back to the faces, the chips, and *next customer*."""

    def arrange(self, scene: Scene) -> None:
        """Thanks, what can be mended, chips, what can be done: from the top down."""
        frame = scene.frame
        above = self.strip(scene)
        if frame.larger:
            listed.put(self, scene, above)
            warning.put(self, scene)
            return
        inner = above.inset(frame.margin, 0)
        gap = frame.gap
        thanks = self.set("thanks", inner.width, most=1)
        about = self.set("about", inner.width, most=2)
        mend, mend_rows = self._mend(scene, inner.width)
        done, done_rows = self._done(scene, inner.width)
        low = frame.low
        # lengthwise on a low panel the chips need the room: what can be mended stands beside thanks
        left = max(thanks.width, about.width)
        beside = low and left + sum(p.width for p in mend) + gap * 3 <= inner.width
        first = thanks.height
        if beside:
            first = max(frame.button, thanks.height + about.height)
        mend_rows = 0 if beside else mend_rows
        asked = not (beside or mend_rows > 1)
        under_height = mend_rows * frame.button + max(0, mend_rows - 1) * gap
        done_height = done_rows * frame.button + max(0, done_rows - 1) * gap
        fixed = first + under_height + done_height + gap * (2.1 if beside else 2.4)
        fixed += about.height if asked else 0.0
        chips, per_page, columns = self._chips(scene, inner, fixed)
        rows = -(-min(len(chips), per_page) // columns) if chips else 0
        tall = min(max(frame.chip, frame.button), frame.chip * 1.9) if low else self._tall(scene)
        bands = [
            Row(gap * (0.8 if low else 2.2), gap * 0.4, 20 if frame.lower else 1),
            Row(first),
            Row(0 if beside else gap * 0.8, 0 if beside else gap * 0.4, 0.2),
            Row(under_height),
            Row(gap * 1.4, gap * 0.3, 0.8),
            Row(about.height if chips and asked else 0),
            Row(gap * 0.8, gap * 0.3),
            Row(
                rows * tall + max(0, rows - 1) * gap, rows * frame.chip + max(0, rows - 1) * gap, 2
            ),
            Row(gap * 1.8, gap * 0.5, 0.8),
            Row(done_height),
            Row(gap * 1.6, gap * 0.4, 0 if frame.lower else 1),
        ]
        _, top, _, under, _, note, _, middle, _, bottom, _ = geometry.stack(inner, bands)
        self.time_bar(scene)
        if beside:
            upper, note = geometry.stack(top, [Row(thanks.height), Row(about.height)])
            self.words("thanks", thanks, upper, align=0)
            self._line(mend, top, gap, 1)
        else:
            self.words("thanks", thanks, top)
            self._line(mend, under, gap, 0.5)
        if chips:
            if beside or asked:
                self.words("about", about, note, align=0 if beside else 0.5)
            self._put_chips(scene, middle, per_page, columns, tall)
        self._line(done, bottom, gap, 0.5)
        warning.put(self, scene)

    def _mend(self, scene: Scene, width: float) -> tuple[list[Pill], int]:
        asked: list[tuple[str, signals.Signal]] = []
        if scene.view.can_correct:
            asked.append(("wrong", signals.WrongFace()))
        if scene.view.can_answer:
            asked.append(("answer", signals.OpenAnswer()))
        return self._pills(scene, asked, width)

    def _done(self, scene: Scene, width: float) -> tuple[list[Pill], int]:
        asked: list[tuple[str, signals.Signal]] = []
        if scene.view.can_comment:
            asked.append(("comment", signals.OpenComment()))
        return self._pills(scene, [*asked, ("done", signals.Send())], width)

    def _pills(
        self, scene: Scene, asked: list[tuple[str, signals.Signal]], width: float
    ) -> tuple[list[Pill], int]:
        """Buttons side by side, or one below the other where large words would grow small again."""
        frame = scene.frame
        said = {"wrong": listed.mend_words(self, scene)}
        whole = [self.pill(name, give, width, said.get(name)) for name, give in asked]
        if sum(pill.width for pill in whole) + frame.gap * (len(whole) - 1) <= width:
            return whole, 1 if whole else 0
        narrow = width / 2 - frame.gap / 2
        half = [self.pill(name, give, narrow, said.get(name)) for name, give in asked]
        small = min(pill.setting.size for pill in half) < frame.size("small") * 0.75
        return (whole, len(whole)) if small else (half, 1)

    @staticmethod
    def _line(pills: list[Pill], box: Box, gap: float, align: float) -> None:
        widths = [pill.width for pill in pills]
        if pills and sum(widths) + gap * (len(widths) - 1) > box.width + 1:
            places = geometry.grid(box, len(pills), 1, gap)
            places = [
                Box(place.centre[0] - pill.width / 2, place.y, pill.width, place.height)
                for pill, place in zip(pills, places, strict=True)
            ]
        else:
            places = geometry.line(box, widths, gap, align)
        for pill, place in zip(pills, places, strict=True):
            pill.put(place)

    @staticmethod
    def _tall(scene: Scene) -> float:
        frame = scene.frame
        return max(frame.chip, frame.size("small") * 5.4)

    @staticmethod
    def _chips(scene: Scene, inner: Box, fixed: float) -> tuple[tuple[view.Chip, ...], int, int]:
        """The chips, how many stand on a page, and in how many columns.

        fixed: the height that everything else takes at the least.
        """
        frame, chips = scene.frame, scene.view.chips
        columns = arrangement.columns(len(chips), upright=frame.upright)
        rows = int((inner.height - fixed + frame.gap) / (frame.chip + frame.gap))
        per_page = max(columns, min(len(chips), rows * columns))
        return chips, max(1, per_page), columns

    def _put_chips(self, scene: Scene, box: Box, per_page: int, columns: int, tall: float) -> None:
        frame, gap = scene.frame, scene.frame.gap
        chips = scene.view.chips
        box = self.turning(box, -(-len(chips) // per_page))
        shown = chips[self.page * per_page : (self.page + 1) * per_page]
        height = min(box.height, -(-per_page // columns) * (tall + gap) * 1.15)
        width = box.width if frame.upright else min(box.width, columns * box.width * WIDEST)
        box = Box(box.centre[0] - width / 2, box.centre[1] - height / 2, width, height)
        cells = geometry.grid(box, max(per_page, columns), columns, gap)
        size = frame.size("small")
        above = cells[0].height >= size * 2.9 + frame.gap
        icon = size * (1.6 if above else 1.2)
        room = cells[0].width - frame.gap * 1.6 - (0 if above else icon * 1.5)
        height = cells[0].height - frame.gap - (icon * 1.3 if above else 0)
        # all in the size of the one that needs the smallest
        size = min(
            self.setting(chip.word, "small", "word", room, most=2, height=height).size
            for chip in chips
        )
        scale = size / frame.size("small")
        for chip, cell in zip(shown, cells, strict=False):
            setting = self.setting(
                chip.word, "small", "word", room, most=2, height=height, scale=scale
            )
            self.button(
                f"reason:{chip.reason}",
                cell,
                signals.Chose(chip.reason),
                setting=setting,
                icon=chip.icon,
                icon_size=icon,
                look="chosen" if chip.chosen else "plain",
                above=above,
                least=(0, frame.sizes.button_mm),
            )
