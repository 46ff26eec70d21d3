"""After a comment: thanks, and the code by which it can be removed later."""

from kiosk import signals
from kiosk.screens import geometry, parts, theme, warning
from kiosk.screens.geometry import Box, Row
from kiosk.screens.pills import Pill
from kiosk.screens.screen import Scene
from kiosk.screens.strip import Strip

theme.load("sent")


class Sent(Strip):
    """Thanks, the code on a card of its own, *done*."""

    def arrange(self, scene: Scene) -> None:
        """From the top down, in the middle."""
        frame, shown, gap = scene.frame, scene.view, scene.frame.gap
        inner = self.strip(scene).inset(frame.margin, 0)
        thanks = self.set("thanks", inner.width, most=1)
        wide = min(inner.width, frame.size("small") * 30)
        later = self.set("later", wide - gap * 4, most=3)
        code = self.set("code", inner.width, shown.code, most=1, changing=True)
        card = later.height + code.height + gap * 4.5
        spare = 0 if frame.lower else 1
        pills = self._pills(scene, inner.width)
        foot = max(pill.height for pill in pills)
        if sum(pill.width for pill in pills) + gap * (len(pills) - 1) > inner.width:
            foot = sum(pill.height + gap for pill in pills) - gap
        bands = [
            Row(gap, gap * 0.5, 1),
            Row(thanks.height),
            Row(gap * 2, gap * 0.5, 0.3),
            Row(card if shown.code else 0),
            Row(gap * 2, gap * 0.5, 0.3),
            Row(foot),
            Row(gap, gap * 0.5, spare),
        ]
        _, top, _, middle, _, bottom, _ = geometry.stack(inner, bands)
        self.time_bar(scene)
        self.words("thanks", thanks, top)
        if shown.code:
            box = Box(middle.centre[0] - wide / 2, middle.y, wide, middle.height)
            plate = self.part(parts.Plate, "card")
            plate.draw(box, scene.colours.panel, scene.colours.track, frame.radius, frame.border)
            upper, lower = geometry.stack(
                box.inset(gap * 2, gap * 1.5), [Row(later.height + gap), Row(code.height)]
            )
            self.words("later", later, upper, upright=1)
            self.part(parts.Words, "code").put(code, lower, scene.colours.ink, changing=True)
        for pill, place in zip(pills, self._places(bottom, pills, gap), strict=True):
            pill.put(place)
        warning.put(self, scene)

    def _pills(self, scene: Scene, width: float) -> list[Pill]:
        """*I want an answer*, *done*: in *larger* as wide as they need."""
        most = width if scene.frame.larger else width / 2 - scene.frame.gap
        answer = [self.pill("answer", signals.OpenAnswer(), most)] if scene.view.can_answer else []
        return [*answer, self.pill("done", signals.Send(), most)]

    @staticmethod
    def _places(box: Box, pills: list[Pill], gap: float) -> list[Box]:
        widths = [pill.width for pill in pills]
        if sum(widths) + gap * (len(pills) - 1) <= box.width:
            return geometry.line(box, widths, gap)
        bands = geometry.stack(box, [Row(pill.height + gap) for pill in pills])
        return [
            Box(band.centre[0] - pill.width / 2, band.top - pill.height, pill.width, pill.height)
            for band, pill in zip(bands, pills, strict=True)
        ]
