"""The warning before a screen goes back: a card over what is there; one tap anywhere gives the
time again.
"""

from kiosk.screens import geometry, parts
from kiosk.screens.geometry import Box
from kiosk.screens.screen import Scene, Screen

MESSAGE = "Are you still there?"
REMEDY = "Touch the screen to go on."


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
    veil = screen.part(parts.Card, "warning:veil")
    low = next((t.box.top for t in screen.targets if t.name == "next"), area.y)
    over = Box(area.x - 12, low, area.width + 24, area.top - low + 12)
    veil.draw(over, scene.colours.ground, scene.colours.ground, 0, 0, alpha=0.78)
    box = box.moved(0, (low - area.y) / 2)
    card = screen.part(parts.Card, "warning:card")
    card.draw(box, scene.colours.panel, scene.colours.ink, frame.radius, frame.border * 1.5)
    top, below = geometry.stack(
        box.inset(frame.gap * 2, frame.gap * 1.5),
        [geometry.Row(asks.height + frame.gap), geometry.Row(tells.height)],
    )
    screen.part(parts.Words, "warning:asks").put(asks, top, scene.colours.ink, 0.5, 0.5)
    screen.part(parts.Words, "warning:tells").put(tells, below, scene.colours.soft, 0.5, 0.5)
