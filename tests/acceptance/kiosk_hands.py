"""Hands in front of a real kiosk: run as `python kiosk_hands.py DATA RESULTS`.

The kiosk is the real one, in a real window without a screen; every touch goes through the window as
an input provider's would. What happened is written to RESULTS as JSON, a list of findings for each
scene; the test beside it says what they must be.
"""

import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kiosk.commands import run
from tests.acceptance.kiosk_fingers import FORGOTTEN, LANDED, Hands, Scene


def single_tap(hands: Hands) -> Iterator[float]:
    """One tap on the best face."""
    before = len(hands.shown)
    yield from hands.tap("face:4")
    yield from hands.landed(before)
    hands.note(hands.screen, len(hands.shown) - before)


def double_tap(hands: Hands) -> Iterator[float]:
    """Two taps, a fifth of a second apart; again where a busy machine made it more than that."""
    for _ in range(10):
        before, downs = len(hands.shown), []
        place = hands.place("face:3")
        for _ in range(2):
            finger = hands.down(*place)
            downs.append(hands.app.kiosk.terminal.now_ms())
            yield 0.05
            hands.up(finger)
            yield 0.15
        yield from hands.landed(before)
        if downs[1] - downs[0] < 400:
            break
        yield from hands.until_ask()
    hands.note(hands.screen, len(hands.shown) - before)


def drag_off(hands: Hands) -> Iterator[float]:
    """Down on a face, lifted far from it."""
    before = len(hands.shown)
    x, y = hands.place("face:1")
    finger = hands.down(x, y)
    yield 0.05
    hands.move(finger, x, y + 200)
    yield 0.05
    hands.up(finger)
    yield LANDED
    hands.note(hands.screen, len(hands.shown) - before)


def two_fingers(hands: Hands) -> Iterator[float]:
    """Two fingers on two faces at once, lifted one after the other."""
    before = len(hands.shown)
    first = hands.down(*hands.place("face:4"))
    second = hands.down(*hands.place("face:1"))
    yield 0.05
    hands.up(first)
    yield 0.05
    hands.up(second)
    yield from hands.landed(before)
    hands.note(hands.screen, len(hands.shown) - before)


def palm_and_tap(hands: Hands) -> Iterator[float]:
    """A palm rests on one face for a second, a clear tap goes to another."""
    before = len(hands.shown)
    palm = hands.down(*hands.place("face:1"))
    yield 0.7
    yield from hands.tap("face:3")
    yield from hands.landed(before)
    hands.note(hands.screen, len(hands.shown) - before)
    hands.up(palm)
    yield LANDED
    hands.note(hands.screen, len(hands.shown) - before)


def tap_during_thanks(hands: Hands) -> Iterator[float]:
    """A chip chosen on the thank-you keeps the picture and is chosen."""
    before = len(hands.shown)
    yield from hands.tap("face:2")
    yield from hands.landed(before)
    yield FORGOTTEN
    yield from hands.tap("reason:staff")
    yield 0.1
    hands.note(hands.screen, [c.reason for c in hands.app.view.chips if c.chosen])


def next_customer(hands: Hands) -> Iterator[float]:
    """*Next customer*, then at once a tap."""
    before = len(hands.shown)
    yield from hands.tap("face:2")
    yield from hands.landed(before)
    yield FORGOTTEN
    yield from hands.tap("next")
    yield FORGOTTEN
    hands.note(hands.screen)
    yield from hands.tap("face:4")
    yield from hands.landed(before + 1)
    hands.note(len(hands.shown) - before)


def frame_of_the_time_out(hands: Hands) -> Iterator[float]:
    """A touch read in the very frame in which the thank-you runs out."""
    yield from hands.tap("face:4")
    while hands.app.view.countdown is None:
        yield 0.01
    terminal = hands.app.kiosk.terminal
    while terminal.now_ms() < hands.app.view.countdown.ends_ms - 30:
        yield 0.005
    place = hands.place("reason:waiting")
    while terminal.now_ms() < hands.app.view.countdown.ends_ms:
        pass  # no frame is drawn meanwhile: the time is over before the touch is read
    finger = hands.down(*place)
    hands.app.kiosk.terminal.tick()
    yield 0.05
    hands.up(finger)
    yield 0.1
    hands.note(hands.screen, [c.reason for c in hands.app.view.chips if c.chosen])


def hammering(hands: Hands) -> Iterator[float]:
    """Ten taps a second on one place of the best face, for as many seconds as told."""
    before = len(hands.shown)
    place = hands.place("face:4")
    rated, visits = 0, set()
    for _ in range(10 * SECONDS):
        visits.add(hands.app.view.visit)
        finger = hands.down(*place)
        yield 0.03
        hands.up(finger)
        yield 0.07
    yield LANDED
    rated = len(hands.shown) - before
    hands.note(rated >= 1, rated <= len(visits), len(set(hands.shown)) == len(hands.shown))


def staff_corner(hands: Hands) -> Iterator[float]:
    """The top left corner, held for three seconds."""
    finger = hands.down(4, hands.app.root_window.height - 4)
    yield 3.6
    hands.note(hands.screen)
    hands.up(finger)
    yield 0.1
    yield from hands.tap("close") if "close" in hands.app.glass.targets else iter(())
    yield FORGOTTEN
    hands.app.kiosk.terminal.tell(_close())


def mistake(hands: Hands) -> Iterator[float]:
    """Mistakes in the program (by the clock, in a touch, from a thread), and a tap after them."""
    from kivy.base import EventLoop
    from kivy.clock import Clock

    from kiosk.screens import finger

    def stumble(_dt: float) -> None:
        raise ValueError("a mistake made on purpose")

    def stumble_once(*_args: Any) -> None:
        hands.app.root_window.unbind(on_touch_down=stumble_once)
        stumble(0)

    before = len(hands.shown)
    Clock.schedule_once(stumble, 0)
    yield 0.2
    hands.app.root_window.bind(on_touch_down=stumble_once)
    # left to the loop to hand on, as a real touch is: its mistake must not come to these hands
    EventLoop._dispatch_input("begin", finger.Finger("hands", -1, 0.5, 0.9))
    yield 0.2
    threading.Thread(target=lambda: hands.app.post(lambda: stumble(0))).start()
    yield 0.2
    yield from hands.until_ask()
    before = len(hands.shown)
    yield from hands.tap("face:3")
    yield from hands.landed(before)
    hands.note(hands.screen, len(hands.shown) - before, hands.app.kiosk.notices()[-1])


def _close() -> Any:
    from kiosk import signals

    return signals.Close()


SCENES: list[Scene] = [
    single_tap,
    double_tap,
    drag_off,
    two_fingers,
    palm_and_tap,
    tap_during_thanks,
    next_customer,
    frame_of_the_time_out,
    hammering,
    staff_corner,
    mistake,
]
SECONDS = 3

if __name__ == "__main__":
    data, results, SECONDS = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    sys.exit(
        run.run(
            None,
            data,
            window_size=(800, 480),
            driver=lambda app: Hands(app, results).play(SCENES),
        )
    )
