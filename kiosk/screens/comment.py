"""The comment: a field, what was struck out of it, and our own keyboard."""

from kiosk import i18n, layouts, signals
from kiosk.screens import geometry, keys, parts, prose, theme, typesetting, warning, written
from kiosk.screens.geometry import Box, Row
from kiosk.screens.keyboard import Keyboard
from kiosk.screens.pills import Pill
from kiosk.screens.prose import Paragraph
from kiosk.screens.screen import Scene
from kiosk.screens.strip import Strip

theme.load("comment")

NEAR_END = 60
"""Characters left from which on they are counted."""
LEFT = "{left} characters left"
TAKEN = {
    "mail": i18n.mark("We took out a mail address."),
    "handle": i18n.mark("We took out a user name."),
    "phone": i18n.mark("We took out a telephone number."),
    "card": i18n.mark("We took out a card number."),
    "account": i18n.mark("We took out an account number."),
    "personal": i18n.mark("We took out a personal number."),
}
SEVERAL = i18n.mark("We took out personal details.")
NOBODY = "Nobody can call you from here."
SERVICE = "Customer service: {telephone}."


class Comment(Strip):
    """Cancel and *no names*; the field; a note below it; the keyboard; *next customer*."""

    def __init__(self, **kwargs: object) -> None:
        self._keyboard = Keyboard()
        self._read = 0
        super().__init__(**kwargs)

    def forget(self) -> None:
        """The keyboard's state goes with its visitor."""
        self._keyboard.forget()
        self._read = 0

    def vacate(self, scene: Scene) -> None:
        """The keyboard shows nobody's words any more."""
        super().vacate(scene)
        self._keyboard.vacate(scene)

    def arrange(self, scene: Scene) -> None:
        """From the bottom up: strip, keyboard, note, field, bar; where height is short the bar is
        the field's.
        """
        frame, shown = scene.frame, scene.view
        above = self.strip(scene)
        layout = layouts.of(shown.language)
        # where keys need more than the margins leave, all that stands above them goes as far
        wide = max(above.width - 2 * frame.margin, keys.width(frame, keys.columns(layout)))
        wide = min(wide, frame.width - 2 * frame.px(1))
        inner = above.inset((above.width - wide) / 2, 0)
        gap = frame.gap
        struck = len(written.STRUCK.findall(shown.comment)) if shown.struck else 0
        self._read = min(self._read, struck)
        if frame.larger and struck > self._read:
            self._told(scene, inner, struck)
            return
        least = keys.height(frame)
        note = frame.size("small") * typesetting.LEADING["small"]
        noted = (
            bool(shown.struck and not frame.larger)
            or len(shown.comment) > shown.comment_most - NEAR_END
        )
        part = 1.0 if frame.larger and frame.upright else 0.55 if frame.upright else 0.35
        cancel = self.pill("cancel", signals.Close(), inner.width * part)
        letters = frame.size("small" if frame.low else "medium") * (1.06 if frame.low else 0.94)
        letters = max(letters, frame.promised)
        line = letters * 1.36
        bare = least + gap * 2.2 + max(frame.button, line * 2 + gap)
        roomy = above.height >= bare + frame.button + note + gap * 1.6
        notice = self._notice(scene, inner.width)
        lines = notice.height if notice else note
        want = max(least, min(above.height * 0.44, frame.px(16 * 4)))
        bands = [
            Row(gap * 1.4, gap * 0.5, 0 if frame.low else 0.4),
            Row(frame.button if roomy else 0),
            Row(gap * 0.9 if roomy else 0, 0),
            Row(line * 3 + gap * 2, max(frame.button, line + gap), 1),
            Row(gap * 0.6, gap * 0.15),
            Row(lines if roomy or noted else 0, lines if noted else 0),
            Row(gap, gap * 0.15),
            Row(want, least),
            Row(gap * 1.4, gap * 0.4, 0.2),
        ]
        _, bar, _, field, _, below, _, board, _ = geometry.stack(inner, bands)
        self.time_bar(scene)
        field, crowded = self._head(scene, bar if roomy else None, field, cancel)
        self._field(scene, field, line, placeholder=crowded)
        self._below(scene, notice, below)
        self._keyboard.put(self, scene, board)
        warning.put(self, scene)

    def _head(self, scene: Scene, bar: Box | None, field: Box, cancel: Pill) -> tuple[Box, bool]:
        """Put *cancel* and *no names* in the bar, or *cancel* beside the field without one.

        Returns what is left to the field, and whether *no names* is to stand in it until something
        is written.
        """
        gap = scene.frame.gap
        if bar is None:
            cancel.put(Box(field.x, field.top - cancel.height, cancel.width, cancel.height))
            left = cancel.width + gap
            return Box(field.x + left, field.y, field.width - left, field.height), True
        cancel.put(Box(bar.x, bar.y, cancel.width, bar.height))
        room = bar.width - cancel.width - gap * 2
        names = self.set("names", room, most=2, height=bar.height)
        if names.height > bar.height or names.width > room:
            return field, True
        self.words("names", names, bar, align=1)
        return field, False

    def _field(self, scene: Scene, box: Box, line: float, *, placeholder: bool) -> None:
        """The last lines that fit, what was struck out highlighted, a caret that stands still."""
        frame, colours, shown = scene.frame, scene.colours, scene.view
        plate = self.part(parts.Plate, "field")
        plate.draw(box, colours.panel, colours.edge, frame.radius, frame.border)
        inner = box.inset(frame.gap * 1.6, frame.gap * 0.8)
        size = float(int(line / 1.36))

        def measure(part: str) -> float:
            return theme.measure_once(part, "note", size)

        rows = written.lines(shown.comment, measure, inner.width, struck=bool(shown.struck))
        most = max(1, int((inner.height + line * 0.2) / line))
        rows = rows[-most:]
        top = inner.top
        if most == 1 or len(rows) * line > inner.height - line * 0.4:
            top = inner.centre[1] + len(rows) * line / 2
        caret = inner.x
        for i, row in enumerate(rows):
            band = Box(inner.x, top - line * (i + 1), inner.width, line)
            for k, (start, end) in enumerate(row.marks):
                mark = self.part(parts.Mark, f"mark:{i}:{k}", over=plate)
                spot = Box(inner.x + start - 3, band.y + 1, end - start + 6, line - 2)
                mark.draw(spot, colours.mark, colours.mark, 6, 0)
            width = measure(row.text.rstrip() or " ")
            setting = typesetting.Setting((row.text,), size, width, line, "note", 1.21)
            part = self.part(parts.Words, f"row:{i}")
            part.put(setting, band, colours.ink, 0, 0.5, changing=True)
            caret = min(inner.x + measure(row.text), inner.right) + 2
        place = Box(caret, top - line * len(rows) + line * 0.12, max(2, line * 0.06), line * 0.76)
        self.part(parts.Mark, "caret").draw(place, colours.ink, colours.ink, 0, 0)
        if placeholder and not shown.comment:
            names = self.set("names", inner.width - 12, most=3, height=inner.height)
            first = Box(inner.x + 12, top - names.height, inner.width, names.height)
            self.words("names", names, first, align=0)

    def _told(self, scene: Scene, box: Box, struck: int) -> None:
        """In *larger* what was struck out is told on a page of its own, before the text."""

        def on() -> None:
            self._read = struck
            scene.again()

        frame, gap = scene.frame, scene.frame.gap
        pill = self.pill("read", on, box.width, "OK", look="primary")
        bands = [Row(gap * 3), Row(gap * 4, -1, 1), Row(gap), Row(pill.height), Row(gap)]
        _, middle, _, below, _ = geometry.stack(box, bands)
        prose.put(self, scene, middle, [Paragraph(one) for one in self._said(scene)], "")
        left = below.x if not frame.upright else below.centre[0] - pill.width / 2
        pill.put(Box(left, below.y, pill.width, below.height))
        self.time_bar(scene)
        warning.put(self, scene)

    def _notice(self, scene: Scene, width: float) -> typesetting.Setting | None:
        """What was struck out, and where to turn instead, in the one line or two below the text."""
        if not scene.view.struck or scene.frame.larger:
            return None
        return self.set("notice", width, " ".join(self._said(scene)), most=2)

    @staticmethod
    def _said(scene: Scene) -> list[str]:
        shown = scene.view
        taken = TAKEN.get(shown.struck[0], SEVERAL) if len(shown.struck) == 1 else SEVERAL
        said = [scene.say(taken), scene.say(NOBODY)]
        if shown.service.telephone:
            said.append(scene.say(SERVICE).format(telephone=shown.service.telephone))
        return said

    def _below(self, scene: Scene, notice: typesetting.Setting | None, box: Box) -> None:
        shown = scene.view
        left = shown.comment_most - len(shown.comment)
        if notice is not None:
            self.words("notice", notice, box, align=0, tone="ink")
        elif left < NEAR_END:
            counter = self.set("counter", box.width, scene.say(LEFT).format(left=left), most=1)
            self.words("counter", counter, box, align=1)
