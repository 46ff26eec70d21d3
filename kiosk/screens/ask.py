"""The question: faces, a scale or yes and no, each with its word; languages, easier use, the
notice.
"""

from kiosk import i18n, signals
from kiosk.screens import answers, geometry, theme, typesetting, warning
from kiosk.screens.geometry import Box, Row
from kiosk.screens.logo import Logo  # ask.kv makes one
from kiosk.screens.pills import Pill
from kiosk.screens.screen import Scene, Screen

theme.load("parts")
theme.load("ask")

PROGRESS = "{n} of {count}"
SPARING = 0.84
"""How much smaller a question may be for a line less, as a part of its size."""


class Ask(Screen):
    """One question, large faces, nothing else that competes."""

    def arrange(self, scene: Scene) -> None:
        """Bar, question, answers, languages: from the top down."""
        shown, frame = scene.view, scene.frame
        inner = frame.inner()
        kind = answers.kind(scene)
        question = self._question(scene, inner)
        hint = self.set("hint", inner.width, self._hint(scene), most=2)
        hinted = bool(hint.text) and not (frame.low or frame.larger)
        room = answers.room(scene, kind, inner)
        low = frame.lower
        # in half a screen the notice's place is the lowest row, and the shop's name can be missed
        plain = not (shown.can_correct or shown.can_next)
        merged = low and frame.low and plain and not (frame.upright or frame.larger)
        edge = frame.margin * (0.3 if frame.low else 0.5)
        # the bar's words bring air of their own, a button does not
        top = frame.gap * 0.6 if shown.can_correct else 0.0
        about = self.pill(
            "about", signals.OpenAbout(), inner.width * (0.3 if merged else answers.NOTICE_PART)
        )
        bands = [
            Row(top if frame.low else edge, min(top, edge), 6 if low else 0),
            Row(0 if merged else about.height),
            Row(frame.gap, 0, 0 if low else 2 if kind == "row" else 1),
            Row(question.height),
            Row(hint.height + frame.gap * 0.9 if hinted else 0, 0),
            Row(frame.gap * 1.6, frame.gap * 0.4, 0 if low else 1.4),
            Row(room.want, room.least, 0 if kind == "row" else 3),
            Row(
                frame.gap * (1.6 if low else 1),
                frame.gap * 0.4,
                0 if low else 2 if kind == "row" else 0.4,
            ),
            Row(self._lowest(scene, inner.width, about if merged else None)),
            Row(edge, frame.gap * 0.4),
        ]
        if kind == "column" and frame.mm[1] >= frame.sizes.high_panel_mm and not low:
            bands = self._reachable(bands, frame)
        _, bar, _, upper, below, _, middle, _, bottom, _ = geometry.stack(inner, bands)
        if not merged:
            self._bar(scene, bar, about)
        self.words("question", question, upper)
        if hinted and below.height >= hint.height:
            self.words("hint", hint, below, upright=0)
        answers.put(self, scene, kind, middle)
        self._bottom(scene, bottom, about if merged else None)
        warning.put(self, scene)

    def _question(self, scene: Scene, inner: Box) -> typesetting.Setting:
        """The question, a little smaller where that makes two lines of three."""
        frame, text = scene.frame, scene.view.question
        height = inner.height * (0.24 if frame.lower and frame.low else 0.3)
        question = self.set("question", inner.width, text, most=3, height=height)
        lines = len(question.lines) - 1
        if lines < 2:
            return question
        least = max(frame.promised, frame.size("large") * SPARING)
        fewer = self.set("question", inner.width, text, most=lines, height=height, least=least)
        fits = fewer.width <= inner.width and len(fewer.lines) == lines
        return fewer if fits and fewer.size >= least else question

    @staticmethod
    def _progress(scene: Scene) -> str:
        shown = scene.view
        return scene.say(PROGRESS).format(n=shown.question_number, count=shown.question_count)

    def _hint(self, scene: Scene) -> str:
        """What helps with the question; the first of several says how many there are."""
        shown = scene.view
        first = shown.question_count > 1 and not shown.can_correct
        return "\u00a0· ".join(filter(None, (self._progress(scene) if first else "", shown.hint)))

    @staticmethod
    def _reachable(bands: list[Row], frame: geometry.Frame) -> list[Row]:
        """Begin the column at 40 % of the height, so that a seated person reaches all of it."""
        before = sum(band.want for band in bands[:6])
        spare = max(0.0, frame.height * 0.4 - before)
        opened = list(bands)
        opened[2] = Row(bands[2].want + spare * 0.55)
        opened[5] = Row(bands[5].want + spare * 0.45)
        return opened

    def _bar(self, scene: Scene, bar: Box, about: Pill) -> None:
        frame = scene.frame
        text = about.setting.width
        # the words end at the margin; what can be tapped reaches around them
        pad = min((about.width - text) / 2, frame.margin)
        place = Box(bar.right - text - pad, bar.y, text + 2 * pad, bar.height)
        about.put(place, align=1)
        left = Box(bar.x, bar.y, max(1.0, bar.width - text - frame.gap * 3), bar.height)
        if scene.view.can_correct:
            self._way_back(scene, left)
            return
        logo = self.part(Logo, "logo")
        if logo.load(scene.settings.logo):
            logo.put(left.inset(0, left.height * 0.14))
            return
        logo.hide()
        shop = self.set("shop", left.width, scene.settings.shop, most=2, height=bar.height)
        # who needs larger words can do without the shop's name, but not with a smaller one
        if not frame.larger or (shop.width <= left.width and shop.height <= left.height + 1):
            self.words("shop", shop, left, align=0)

    def _way_back(self, scene: Scene, box: Box) -> None:
        """To the question before, in the place of the shop's name: how far one has come, or, where
        large words leave no room for that, an arrow.
        """
        frame = scene.frame
        icon = frame.size("small") * 1.1
        rest = icon * 1.42 + 2 * min(frame.button * 0.42, frame.size("small"))
        setting = self.setting(self._progress(scene), "small", "word", float("inf"), most=1)
        width = rest + setting.width
        fits = width <= box.width
        width = width if fits else frame.button * 1.15
        self.button(
            "wrong",
            Box(box.x, box.centre[1] - frame.button / 2, width, frame.button),
            signals.WrongFace(),
            icon="back",
            icon_size=icon,
            radius=frame.button / 2,
            least=(frame.sizes.button_mm, frame.sizes.button_mm),
            setting=setting if fits else None,
        )

    def _lowest(self, scene: Scene, width: float, about: Pill | None) -> float:
        """How high the lowest row is: a button, and more where large words take more lines."""
        after = self._next(scene, width)
        return max([scene.frame.button, *(pill.height for pill in (about, after[0]) if pill)])

    def _next(self, scene: Scene, width: float) -> tuple[Pill | None, bool]:
        """*Next customer*, once this one gave an answer: it stands where languages did, which are
        behind the globe then, where large words leave room for that.
        """
        if not scene.view.can_next:
            return None, False
        frame = scene.frame
        aa = self.pill("easier", signals.OpenEasier(), width * 0.3)
        globe = len(scene.view.all_languages) > 1
        most = width - aa.width - frame.gap * 2.5
        less = most - frame.button * 1.25
        found = self.pill("next", signals.NextCustomer(), less if globe else most)
        if globe and found.width > less:
            return self.pill("next", signals.NextCustomer(), most), False
        return found, globe

    def _bottom(self, scene: Scene, bar: Box, about: Pill | None) -> None:
        frame, shown = scene.frame, scene.view
        aa = self.pill("easier", signals.OpenEasier(), bar.width * 0.3)
        aa.put(Box(bar.x, bar.y, aa.width, bar.height))
        if about is not None:
            about.put(Box(bar.x + aa.width, bar.y, about.width, bar.height))
            taken = aa.width + about.width
        else:
            taken = aa.width
        gap = frame.gap * 0.9
        after, globe = self._next(scene, bar.width)
        if after is not None:
            pills = [after]
        elif len(shown.all_languages) > 1:
            pills, globe = self._languages(scene, bar.width - taken - gap * 2.5, gap)
        else:
            return
        widths = [pill.width for pill in pills] + ([frame.button * 1.25] if globe else [])
        places = geometry.line(bar, widths, gap, align=1)
        for pill, place in zip(pills, places, strict=False):
            pill.put(place)
        if globe:
            self._globe(scene, places[-1])

    def _globe(self, scene: Scene, place: Box) -> None:
        """The way to all languages."""
        frame = scene.frame
        box = Box(place.x, place.centre[1] - frame.button / 2, place.width, frame.button)
        self.button(
            "globe",
            box,
            signals.OpenLanguages(),
            icon="globe",
            icon_size=frame.size("small") * 1.3,
            radius=frame.button / 2,
            least=(frame.sizes.button_mm, frame.sizes.button_mm),
        )

    def _languages(self, scene: Scene, width: float, gap: float) -> tuple[list[Pill], bool]:
        """As many languages as fit, the visit's own among them; the globe leads to the rest."""
        shown = scene.view
        tags = list(shown.languages)
        if shown.language not in tags:
            tags = [*tags[:3], shown.language]
        globe = shown.more_languages
        while True:
            pills = [self._language(scene, tag) for tag in tags]
            count = len(pills) + globe
            total = sum(pill.width for pill in pills) + globe * scene.frame.button * 1.25
            if total + gap * (count - 1) <= width or not tags:
                return pills, globe
            globe = True
            other = [tag for tag in tags if tag != shown.language]
            tags = [tag for tag in tags if tag != other[-1]] if other else []

    def _language(self, scene: Scene, tag: str) -> Pill:
        look = "chosen" if tag == scene.view.language else "plain"
        name = f"language:{tag}"
        return self.pill(name, signals.ChoseLanguage(tag), float("inf"), i18n.name(tag), look=look)
