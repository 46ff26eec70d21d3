"""The warning before a screen goes back: a card over what is there; one tap anywhere gives the
time again, and nothing else: who touches a card to go on has not chosen what lies behind it.

Only *next customer* stays as it was: whoever comes next need not ask for the last one's time.
"""

from collections.abc import Iterator

from kiosk.screens import geometry, parts
from kiosk.screens.geometry import Box
from kiosk.screens.screen import Scene, Screen

MESSAGE = "Are you still there?"
REMEDY = "Touch the screen to go on."
EDGE = 2
"""Pixels around a target that its outline may still colour."""
VEIL = 0.78
"""How much of what lies behind is taken away."""


def put(screen: Screen, scene: Scene) -> None:
    """Lay the card over the screen while the session warns."""
    if not scene.view.warning:
        return
    frame, area = scene.frame, scene.frame.area
    width = min(area.width - 2 * frame.margin, frame.size("medium") * 22)
    asks = screen.setting(scene.say(MESSAGE), "medium", "strong", width - 4 * frame.gap, most=2)
    tells = screen.setting(scene.say(REMEDY), "small", "note", width - 4 * frame.gap, most=2)
    height = asks.height + tells.height + frame.gap * 4
    box = Box(area.x + (area.width - width) / 2, area.centre[1] - height / 2, width, height)
    clear = [target for target in screen.targets if target.name == "next"]
    low = clear[0].box.top if clear else area.y
    ground = scene.colours.ground
    whole = _wide(screen, frame)
    for i, over in enumerate(_around(whole, area, clear[0].box) if clear else [whole]):
        screen.part(parts.Card, f"warning:veil:{i}").draw(over, ground, ground, 0, 0, alpha=VEIL)
    screen.targets[:] = clear
    box = box.moved(0, (low - area.y) / 2)
    card = screen.part(parts.Card, "warning:card")
    card.draw(box, scene.colours.panel, scene.colours.ink, frame.radius, frame.border * 1.5)
    top, below = geometry.stack(
        box.inset(frame.gap * 2, frame.gap * 1.5),
        [geometry.Row(asks.height + frame.gap), geometry.Row(tells.height)],
    )
    screen.part(parts.Words, "warning:asks").put(asks, top, scene.colours.ink, 0.5, 0.5)
    screen.part(parts.Words, "warning:tells").put(tells, below, scene.colours.soft, 0.5, 0.5)


def _wide(screen: Screen, frame: geometry.Frame) -> Box:
    """The area as far as it can be seen, up to the time that runs."""
    from kiosk.screens import strip  # noqa: PLC0415 - the first frame warns nobody

    wide = frame.area.inset(-strip.BLEED)
    timed = screen.shows("bar:left") and wide.top > frame.height
    top = frame.height - strip.bar_height(frame) if timed else wide.top
    return Box(wide.x, wide.y, wide.width, top - wide.y)


def _around(whole: Box, area: Box, clear: Box) -> Iterator[Box]:
    """All of the area but what stays clear: above it, left and right of it, below it.

    In whole pixels, as plates are drawn: two that shared one would veil it twice.
    """
    left, right = round(clear.x) - EDGE, round(clear.right) + EDGE
    low, top = round(clear.y) - EDGE, round(clear.top) + EDGE
    yield Box(whole.x, top, whole.width, whole.top - top)
    if left > area.x:
        yield Box(whole.x, low, left - whole.x, top - low)
    if right < area.right:
        yield Box(right, low, whole.right - right, top - low)
    if low > area.y:
        yield Box(whole.x, whole.y, whole.width, low - whole.y)
