"""How the kiosk is, on the staff's page: a line each with an icon, in one column or two, paged
where there is more to tell than room.
"""

from collections.abc import Sequence

import msgspec

from kiosk import i18n, signals
from kiosk.screens import geometry, parts, theme, typesetting
from kiosk.screens.geometry import Box
from kiosk.screens.screen import Scene, Screen

NOTHING = "Nothing waits to be sent"
WAITS = i18n.mark_plural("{n} event waits to be sent", "{n} events wait to be sent")
MEMORY = i18n.mark_plural("{n} tap in memory only", "{n} taps in memory only")
CONTACT = "last contact {time}"
ALONE = "not connected to an office"
NEVER = "no contact with the office yet"
UNCERTAIN = "the time is not certain"
DAMAGED = i18n.mark_plural("{n} damaged place on the card", "{n} damaged places on the card")
BETWEEN = "\u00a0· "
MOST_LINES = 6
AIR = 0.6
"""What is between two lines of the list, in gaps."""


class Item(msgspec.Struct, frozen=True):
    """One thing to tell: well, waiting, wrong, or from the office, as its icon says."""

    icon: str
    said: Sequence[str]


class Told(msgspec.Struct, frozen=True):
    """Items set in columns of a width (px)."""

    items: Sequence[Item]
    settings: Sequence[typesetting.Setting]
    columns: int
    width: float

    def height(self, gap: float) -> float:
        """The height that all of them take on one page."""
        return max(
            sum(self.settings[i].height + gap * AIR for i in column) - gap * AIR
            for column in _balanced(self.settings, self.columns, gap)
        )


def items(scene: Scene, shown: signals.Glimpse) -> list[Item]:
    """What is to be told, the way to the office first."""
    say = scene.say
    waits = _many(scene, WAITS, shown.waiting) if shown.waiting else say(NOTHING)
    if not shown.enrolled:
        contact = say(ALONE)
    elif shown.last_contact:
        contact = say(CONTACT).format(time=shown.last_contact)
    else:
        contact = say(NEVER)
    wrong = [shown.contact_error]
    if shown.in_memory:
        wrong.append(_many(scene, MEMORY, shown.in_memory))
    if shown.clock and not shown.clock_source:
        wrong.append(say(UNCERTAIN))
    if shown.damaged:
        wrong.append(_many(scene, DAMAGED, shown.damaged))
    wrong += shown.notices
    return [
        Item("clock" if shown.waiting else "check", (waits, contact)),
        *(Item("warn", (text[:1].upper() + text[1:],)) for text in wrong if text),
        *(Item("letter", (text,)) for text in shown.messages),
    ]


def told(screen: Screen, scene: Scene, found: Sequence[Item], width: float) -> Told:
    """Set the items in the width: upright in one column, else in two where there are two."""
    frame = scene.frame
    columns = 1 if frame.upright else min(2, len(found))
    width = (width - frame.gap * 2.5 * (columns - 1)) / columns
    room = width - _indent(frame)
    settings = [
        screen.setting(joined(scene, one.said, room), "small", "note", room, most=MOST_LINES)
        for one in found
    ]
    return Told(found, settings, columns, width)


def joined(scene: Scene, said: Sequence[str], width: float) -> str:
    """Things that belong together: as many on a line as fit, none broken while it need not be."""
    size = scene.frame.size("small")
    lines: list[str] = []
    for one in said:
        longer = f"{lines[-1]}{BETWEEN}{one}" if lines else one
        if lines and theme.measure(longer, "note", size) <= width:
            lines[-1] = longer
        else:
            lines.append(one)
    return "\n".join(lines)


def put(screen: Screen, scene: Scene, box: Box, found: Sequence[Item]) -> None:
    """Draw the items in the box; arrows turn pages where it is too small."""
    frame, gap = scene.frame, scene.frame.gap
    list_ = told(screen, scene, found, box.width)
    if list_.height(gap) > box.height + 1:
        room = Box(box.x, box.y, box.width - frame.button - gap, box.height)
        list_ = told(screen, scene, found, room.width)
        pages = _paged(list_, box.height, gap)
        screen.turning(box, len(pages))
    else:
        pages = [_balanced(list_.settings, list_.columns, gap)]
    for number, column in enumerate(pages[min(screen.page, len(pages) - 1)]):
        left, top = box.x + number * (list_.width + gap * 2.5), box.top
        for i in column:
            setting = list_.settings[i]
            size = frame.size("small") * 1.1
            middle = top - setting.size * setting.leading / 2
            icon = screen.part(parts.Icon, f"state-icon:{i}")
            ink = scene.colours.ink if found[i].icon == "warn" else scene.colours.soft
            icon.draw(found[i].icon, size, (left + size / 2, middle), ink)
            x = left + _indent(frame)
            words = Box(x, top - setting.height, list_.width - _indent(frame), setting.height)
            screen.part(parts.Words, f"state:{i}").put(setting, words, scene.colours.ink, 0)
            top -= setting.height + gap * AIR


def _indent(frame: geometry.Frame) -> float:
    return frame.size("small") * 1.7


def _balanced(settings: Sequence[typesetting.Setting], columns: int, gap: float) -> list[list[int]]:
    """All items in so many columns, the highest of them as low as can be."""
    every = list(range(len(settings)))
    if columns == 1:
        return [every]

    def high(part: list[int]) -> float:
        return sum(settings[i].height + gap * AIR for i in part)

    at = min(range(1, len(every) + 1), key=lambda i: max(high(every[:i]), high(every[i:])))
    return [every[:at], every[at:]]


def _paged(list_: Told, height: float, gap: float) -> list[list[list[int]]]:
    """Pages of columns, each filled to the height."""
    columns: list[list[int]] = [[]]
    used = 0.0
    for i, setting in enumerate(list_.settings):
        if columns[-1] and used + setting.height > height + 1:
            columns.append([])
            used = 0.0
        columns[-1].append(i)
        used += setting.height + gap * AIR
    return [columns[i : i + list_.columns] for i in range(0, len(columns), list_.columns)]


def _many(scene: Scene, forms: tuple[str, str], number: int) -> str:
    return i18n.plural(scene.view.language, forms[0], forms[1], number)
