"""The staff's glimpse: today's taps per face, the index with its interval, what waits to be
sent.
"""

from kiosk import i18n, signals
from kiosk.screens import expression, geometry, palette, parts, spots, state, theme, typesetting
from kiosk.screens.arrangement import Slot
from kiosk.screens.geometry import Box, Row
from kiosk.screens.screen import Scene, Screen

theme.load("glimpse")

TAPPED = i18n.mark_plural("{n} person tapped.", "{n} people tapped.")
CHANCE = "Chance alone makes it {low}–{high}."
PLACES = " · "
"""Between the parts of a place, as it comes."""
CARD = 1.8, 1.2
"""What is free inside a card, at the sides and above and below, in gaps."""
LINE = 1.25
"""The least height of a face's line, in sizes of its figures."""
TRACKED = 5
"""So many bars at the most lie in tracks that stand for all taps; those of more numbers would each
be too short for that, and are drawn against the longest.
"""
TOO_FEW = "Too few taps to say."


class Glimpse(Screen):
    """Index and taps on one card, a bar for each face on another, the state along the bottom."""

    def arrange(self, scene: Scene) -> None:
        """Bar, cards, state."""
        frame, gap = scene.frame, scene.frame.gap
        shown = scene.view.glimpse or signals.Glimpse()
        inner = frame.inner()
        told = state.items(scene, shown)
        where = self._where(scene, shown)
        # figures and state share the height: a list that is longer than its part is paged
        fixed = frame.button + (where.height if frame.upright else 0) + gap * 2
        room = inner.height - fixed - self._cards_height(scene, shown, inner.width)
        room = max(frame.button, min(room, inner.height * (0.42 if frame.upright else 0.38)))
        wants = min(room, state.told(self, scene, told, inner.width).height(gap))
        bands = geometry.stack(
            inner,
            [
                Row(gap * 1.6, gap * 0.5),
                Row(frame.button),
                Row(where.height if frame.upright else 0),
                Row(gap * 1.2, gap * 0.5),
                Row(gap * 10, gap * 6, 1),
                Row(gap * 1.2, gap * 0.5),
                Row(wants),
                Row(gap * 1.6, gap * 0.5),
            ],
        )
        _, bar, under, _, cards, _, below, _ = bands
        self._bar(scene, bar, where)
        if frame.upright:
            self.words("place", where, under, align=0)
        state.put(self, scene, below, told)
        if frame.upright:
            high = max(cards.height * 0.36, self._figure_height(scene, shown, inner.width))
            figure, faces = geometry.stack(cards, [Row(high), Row(cards.height - high)])
            faces = Box(faces.x, faces.y, faces.width, faces.height - gap)
        else:
            figure = Box(cards.x, cards.y, cards.width * 0.42, cards.height)
            left = figure.right + gap
            faces = Box(left, cards.y, cards.right - left, cards.height)
        self._figure(scene, figure, shown)
        self._bars(scene, faces, shown)

    def _where(self, scene: Scene, shown: signals.Glimpse) -> typesetting.Setting:
        """Place and time: beside the title, or upright on a line of their own."""
        frame = scene.frame
        when = f"{shown.day} {shown.clock}".strip()
        told = [part for part in (*shown.place.split(PLACES), when) if part]
        width, height = frame.inner().width, float("inf")
        if not frame.upright:
            width, height = width * 0.44, frame.button
        return self.set("place", width, state.joined(scene, told, width), most=3, height=height)

    def _bar(self, scene: Scene, bar: Box, where: typesetting.Setting) -> None:
        upright = scene.frame.upright
        back = self.pill("back", signals.Close(), bar.width * (0.5 if upright else 0.28))
        back.put(Box(bar.right - back.width, bar.y, back.width, bar.height))
        title = self.set("title", bar.width * (0.45 if upright else 0.24), most=1)
        self.words("title", title, bar, align=0)
        if not upright:
            left = bar.x + title.width + scene.frame.gap * 1.5
            self.words("place", where, Box(left, bar.y, where.width, bar.height), align=0)

    def _figure(self, scene: Scene, box: Box, shown: signals.Glimpse) -> None:
        inner = self._card(scene, "card:figure", box)
        label, index, taps, chance = self._told(scene, shown, inner.width)
        rows = [
            Row(0, 0, 1),
            Row(label.height),
            Row(index.height),
            Row(scene.frame.gap * 0.6, 0),
            Row(taps.height),
            Row(chance.height),
            Row(0, 0, 1),
        ]
        _, first, second, _, third, fourth, _ = geometry.stack(inner, rows)
        self.words("label", label, first, align=0)
        self.words("index", index, second, align=0)
        self.words("taps", taps, third, align=0)
        self.words("chance", chance, fourth, align=0)

    def _told(
        self, scene: Scene, shown: signals.Glimpse, width: float
    ) -> tuple[typesetting.Setting, ...]:
        """What the figure's card says: label, index, taps, what chance alone makes of it."""
        enough = shown.index is not None and shown.interval is not None
        figure = f"{shown.index:.0f}" if shown.index is not None and enough else "–"
        said = scene.say(TOO_FEW)
        if shown.interval is not None and enough:
            low, high = shown.interval
            said = scene.say(CHANCE).format(low=f"{low:.0f}", high=f"{high:.0f}")
        tapped = i18n.plural(scene.view.language, *TAPPED, shown.taps)
        return (
            self.set("label", width, most=2),
            self.set("index", width, figure, most=1, scale=1.7),
            self.set("taps", width, tapped, most=1),
            self.set("chance", width, said, most=3),
        )

    def _cards_height(self, scene: Scene, shown: signals.Glimpse, width: float) -> float:
        """The least height of the cards: a line for each face, and the figure's words."""
        upright, gap = scene.frame.upright, scene.frame.gap
        line = scene.frame.size("small") * LINE
        faces = max(2, shown.faces) * line + 2 * CARD[1] * gap
        figure = self._figure_height(scene, shown, width * (1 if upright else 0.42))
        return figure + faces + gap if upright else max(figure, faces)

    def _figure_height(self, scene: Scene, shown: signals.Glimpse, width: float) -> float:
        gap = scene.frame.gap
        told = self._told(scene, shown, width - 2 * CARD[0] * gap)
        return sum(one.height for one in told) + gap * (0.6 + 2 * CARD[1])

    def _bars(self, scene: Scene, box: Box, shown: signals.Glimpse) -> None:
        frame, colours = scene.frame, scene.colours
        inner = self._card(scene, "card:faces", box)
        count = max(2, shown.faces)
        counts = {one.face: one.count for one in shown.counts}
        # in a track, of all taps: a full one would say that everybody chose that face
        whole = max(1, shown.taps if count <= TRACKED else max([0, *counts.values()]))
        size = frame.size("small")
        column = size * 3.2
        moods = expression.moods(count)
        used = palette.USED.get(count)
        apart = max(0.0, min(frame.gap * 0.5, inner.height / count - size * LINE))
        for row, cell in enumerate(geometry.grid(inner, count, 1, apart)):
            face = count - row
            diameter = min(cell.height * 0.84, size * 2.2)
            x = inner.x
            if used is not None:
                spot = self.part(spots.FaceSpot, f"face:{face}")
                centre = (x + diameter / 2, cell.centre[1])
                slot = Slot(cell, centre, diameter / 2, cell)
                spot.show(
                    moods[face - 1], slot, skin=colours.faces[used[face - 1]], colours=colours
                )
                colour = colours.faces[used[face - 1]]
            else:
                self._number(scene, f"number:{face}", str(face - 1), cell, colours.soft, align=0)
                diameter, colour = size * 1.6, colours.edge
            x += diameter + frame.gap
            thick = min(size * 0.9, cell.height * 0.7)
            track = Box(x, cell.centre[1] - thick / 2, inner.right - 2 * column - x, thick)
            if count <= TRACKED:
                self.part(parts.Mark, f"track:{face}").draw(
                    track, colours.track, colours.track, track.height / 2, 0
                )
            number = counts.get(face, 0)
            if number:
                width = max(track.height, track.width * number / whole)
                bar = Box(track.x, track.y, width, track.height)
                self.part(parts.Mark, f"bar:{face}").draw(bar, colour, colour, bar.height / 2, 0)
            share = f"{round(100 * number / shown.taps)} %" if shown.taps else "–"
            middle = Box(track.right, cell.y, column, cell.height)
            self._number(
                scene, f"count:{face}", str(number), middle, colours.ink, align=1, weight="strong"
            )
            last = Box(middle.right, cell.y, column, cell.height)
            self._number(scene, f"share:{face}", share, last, colours.soft, align=1)

    def _number(
        self,
        scene: Scene,
        name: str,
        text: str,
        box: Box,
        colour: str,
        *,
        align: float,
        weight: str = "note",
    ) -> None:
        setting = self.setting(text, "small", weight, box.width, most=1)
        self.part(parts.Words, name).put(setting, box, colour, align)

    def _card(self, scene: Scene, name: str, box: Box) -> Box:
        colours, frame = scene.colours, scene.frame
        self.part(parts.Plate, name).draw(
            box, colours.panel, colours.track, frame.radius, frame.border
        )
        return box.inset(frame.gap * CARD[0], frame.gap * CARD[1])
