"""Thanks in *larger*: the same things one by one in a list, on as many pages as large words need.

The thanks and *wrong face?* stay above, the arrows that turn pages and *done* below; what else can
be done (a comment, an answer) comes after the reasons, with an icon as they have one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from kiosk import signals
from kiosk.screens import geometry, typesetting
from kiosk.screens.geometry import Box, Row
from kiosk.screens.pills import Pill
from kiosk.screens.screen import Scene

if TYPE_CHECKING:
    from kiosk.screens.strip import Strip

WORD_LINES = 2
BREATH = 1.2
"""How much higher than they must be rows are where there is height to spare."""


class Item(msgspec.Struct, frozen=True):
    """One thing to tap: a reason, or what else can be done."""

    name: str
    icon: str
    word: str
    give: signals.Signal
    chosen: bool = False


class Plan(msgspec.Struct, frozen=True):
    """How the items stand: columns, rows on a page, a row's height, the size of its icon (px)."""

    columns: int
    rows: int
    tall: float
    icon: float

    def pages(self, items: Sequence[Item]) -> int:
        """How many pages they take."""
        return max(1, -(-len(items) // (self.columns * self.rows)))

    def height(self, items: int, gap: float) -> float:
        """The height of a page's rows, of no more than so many items."""
        rows = min(self.rows, -(-items // self.columns))
        return max(0.0, rows * (self.tall + gap) - gap)


WRONG_ANSWER = "Wrong answer? Change"


def mend_words(screen: Strip, scene: Scene) -> str:
    """*Wrong face?*; after a number, or yes or no, there was no face to be wrong."""
    return screen.message("wrong") if scene.view.kind == "faces" else scene.say(WRONG_ANSWER)


def put(screen: Strip, scene: Scene, above: Box) -> None:
    """Arrange thanks in the box above *next customer*."""
    frame, gap = scene.frame, scene.frame.gap
    inner = above.inset(frame.margin, 0)
    thanks = screen.set("thanks", inner.width, most=1)
    about = screen.set("about", inner.width, most=2)
    done = screen.pill("done", signals.Send(), inner.width)
    wrong = screen.pill("wrong", signals.WrongFace(), inner.width, mend_words(screen, scene))
    mends = scene.view.can_correct
    items = _items(screen, scene)
    beside = thanks.width + gap * 3 + wrong.width <= inner.width
    head = _head(thanks, wrong, gap, beside=beside) if mends else thanks.height
    spare = inner.height - head - done.height - gap * 2
    plan = _plan(screen, scene, items, inner.width, spare)
    if mends and spare < plan.tall:
        # half a low screen: *wrong face?* joins the list
        items.insert(0, Item("wrong", "return", mend_words(screen, scene), signals.WrongFace()))
        mends, head = False, thanks.height
        spare = inner.height - head - done.height - gap * 2
        plan = _plan(screen, scene, items, inner.width, spare)
    asks = about.height + gap
    roomy = _plan(screen, scene, items, inner.width, spare - asks)
    if items and roomy.pages(items) == plan.pages(items) and roomy.height(99, gap) <= spare - asks:
        plan = roomy
    else:
        asks = 0.0
    high = plan.height(len(items), gap)
    bands = geometry.stack(
        inner,
        [
            Row(gap, gap * 0.3, 20 if frame.lower else 1),
            Row(head),
            Row(gap, gap * 0.3, 1),
            Row(asks),
            Row(max(high, min(high * BREATH, spare - asks - gap * 2)), high),
            Row(gap, gap * 0.3, 1),
            Row(done.height),
            Row(gap, gap * 0.3, 0 if frame.lower else 1),
        ],
    )
    screen.time_bar(scene)
    _put_head(screen, bands[1], thanks, wrong if mends else None, beside=beside)
    if asks:
        screen.words("about", about, bands[3], align=0 if beside else 0.5, upright=1)
    pages = plan.pages(items)
    screen.page = max(0, min(screen.page, pages - 1))
    _put_items(screen, scene, bands[4], items, plan)
    _put_foot(screen, scene, bands[6], pages, done)


def _items(screen: Strip, scene: Scene) -> list[Item]:
    found = [
        Item(f"reason:{chip.reason}", chip.icon, chip.word, signals.Chose(chip.reason), chip.chosen)
        for chip in scene.view.chips
    ]
    if scene.view.can_comment:
        word = screen.message("comment")
        found.append(Item("comment", "pencil", word, signals.OpenComment()))
    if scene.view.can_answer:
        found.append(Item("answer", "phone", screen.message("answer"), signals.OpenAnswer()))
    return found


def _head(thanks: typesetting.Setting, wrong: Pill, gap: float, *, beside: bool) -> float:
    return max(thanks.height, wrong.height) if beside else thanks.height + gap + wrong.height


def _plan(screen: Strip, scene: Scene, items: Sequence[Item], width: float, spare: float) -> Plan:
    """Two columns where every word fits beside its icon, else one; without icons if need be."""
    frame = scene.frame
    gap, size = frame.gap, frame.size("small")
    for columns, icon in ((2, size * 1.2), (1, size * 1.2), (1, 0.0)):
        cell = (width - gap * (columns - 1)) / columns
        room = _room(cell, icon, gap)
        settings = [_setting(screen, item.word, room) for item in items]
        tall = max([frame.chip, *(setting.height + gap * 0.8 for setting in settings)])
        if all(s.width <= room and len(s.lines) <= WORD_LINES for s in settings):
            break
    return Plan(columns, max(1, int((spare + gap) / (tall + gap))), tall, icon)


def _room(cell: float, icon: float, gap: float) -> float:
    return cell - gap * 3 - (icon + gap * 1.5 if icon else 0.0)


def _setting(screen: Strip, word: str, room: float) -> typesetting.Setting:
    tight = typesetting.LEADING["large"] / typesetting.LEADING["small"]
    found = screen.setting(word, "small", "word", room, most=WORD_LINES)
    return msgspec.structs.replace(
        found, height=found.height * tight, leading=found.leading * tight
    )


def _put_head(
    screen: Strip, box: Box, thanks: typesetting.Setting, wrong: Pill | None, *, beside: bool
) -> None:
    if wrong is None:
        screen.words("thanks", thanks, box)
    elif beside:
        screen.words("thanks", thanks, box, align=0)
        wrong.put(Box(box.right - wrong.width, box.y, wrong.width, box.height))
    else:
        top = Box(box.x, box.top - thanks.height, box.width, thanks.height)
        screen.words("thanks", thanks, top)
        wrong.put(Box(box.centre[0] - wrong.width / 2, box.y, wrong.width, wrong.height))


def _put_items(screen: Strip, scene: Scene, box: Box, items: Sequence[Item], plan: Plan) -> None:
    """The items of this page, each with its icon at the left: icons and words stand in lines."""
    frame, gap = scene.frame, scene.frame.gap
    per_page = plan.columns * plan.rows
    shown = items[screen.page * per_page : (screen.page + 1) * per_page]
    places = max(plan.columns, min(per_page, -(-len(items) // plan.columns) * plan.columns))
    cells = geometry.grid(box, places, plan.columns, gap)
    for item, cell in zip(shown, cells, strict=False):
        room = _room(cell.width, plan.icon, gap)
        screen.button(
            item.name,
            cell,
            item.give,
            setting=_setting(screen, item.word, room),
            icon=item.icon if plan.icon else "",
            icon_size=plan.icon,
            look="chosen" if item.chosen else "plain",
            inset=gap * 1.5,
            least=(0, frame.sizes.button_larger_mm),
        )


def _put_foot(screen: Strip, scene: Scene, box: Box, pages: int, done: Pill) -> None:
    """Arrows at the left, *done* at the right; alone it stands in the middle."""
    frame = scene.frame
    if pages < 2:
        done.put(Box(box.centre[0] - done.width / 2, box.y, done.width, box.height))
        return
    least = frame.px(frame.sizes.button_mm)
    wide = max(least, min(frame.button * 1.15, (box.width - done.width) / 2 - frame.gap))
    first = Box(box.x, box.centre[1] - frame.button / 2, wide, frame.button)
    screen.arrows(pages, first, first.moved(wide + frame.gap, 0), radius=frame.button / 2)
    done.put(Box(box.right - done.width, box.y, done.width, box.height))
