"""What moves on the glass, and that it stops."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from kiosk import signals
from kiosk.screens import screenshots, spots

if TYPE_CHECKING:
    from tests.integration.screens.conftest import Stand


def picture(stand: Stand) -> Any:
    """The glass at this moment."""
    return np.asarray(screenshots.picture(stand.glass)).astype(int)


def test_a_change_of_screen_fades_from_the_old_picture(stand: Stand) -> None:
    """Part old, part new, as much of each as the veil says; nothing else, nothing flashes."""
    stand.settle()
    old = picture(stand)
    stand.tell(signals.OpenAbout())
    stand.frame()
    first, veil = picture(stand), stand.glass.veil
    assert 0 < veil < 1
    stand.settle()
    new = picture(stand)
    assert np.abs(new - old).mean() > 1
    assert np.abs(first - (old * veil + new * (1 - veil))).mean() < 1


def bar(stand: Stand) -> float:
    """How much of the time is left by the bar along the upper edge, as a part of its length."""
    row = picture(stand)[1]
    return float((row.sum(axis=1) < row.sum(axis=1).max() - 150).mean())


def test_the_time_bar_follows_the_time(stand: Stand) -> None:
    """A quarter gone, three quarters gone: without a touch and without another view."""
    stand.tap("face:4")
    stand.settle()
    began = stand.view.countdown.began_ms
    for gone_ms in (1_000, 3_000):
        stand.now = began + gone_ms
        for _ in range(200):
            stand.frame(0)
            if abs(bar(stand) - (1 - gone_ms / 4_000)) < 0.02:
                break
        else:
            raise AssertionError(f"after {gone_ms} ms the bar shows {bar(stand):.2f}")


def test_nothing_runs_on_after_a_visit(stand: Stand) -> None:
    """Once the faces are back nothing is left by the clock but the hourly shift."""
    from kivy.clock import Clock

    stand.tap("face:4")
    stand.settle()
    mine = {stand.glass, stand.glass.screen}
    stand.frames(5_000)
    assert stand.view.screen == "ask"
    for _ in range(200):
        stand.frame(0)
        calls = [(e, e.get_callback()) for e in Clock.get_events()]
        running = [(e, call) for e, call in calls if getattr(call, "__self__", None) in mine]
        if all(event.timeout >= 3_600 and not event.loop for event, _ in running):
            break
    else:
        raise AssertionError(f"still running: {running}")


def test_a_face_pressed_again_while_it_rises_stays_pressed(stand: Stand) -> None:
    """A finger that slides off and back: what is seen is what would be given."""
    x, y = stand.spot("face:3")
    finger = stand.finger().down(x, y)
    finger.slide(x, 790)
    finger.slide(x, y)
    until = time.monotonic() + 3 * spots.RISE
    while time.monotonic() < until:
        stand.frame(0)
        assert stand.risen() == 1
    finger.slide(x, 790)
    finger.lift()
    stand.settle()
    assert stand.ratings() == []
