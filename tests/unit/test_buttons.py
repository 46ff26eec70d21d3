"""Physical buttons: one press is one tap, however much the contact bounces."""

from collections.abc import Callable

import pytest

from kiosk import buttons, signals


@pytest.mark.parametrize(
    ("edges", "presses"),
    [
        ([(0, True), (29, False)], 0),
        ([(0, True), (100, False)], 1),
        ([(0, True), (5, False), (8, True), (100, False)], 1),
        ([(0, True), (100, False), (110, True), (200, False)], 1),
        ([(0, True), (100, False), (170, True), (270, False)], 2),
        ([(0, True), (0, True), (100, False), (100, False)], 1),
    ],
)
def test_a_press_is_one_press(edges: list[tuple[int, bool]], presses: int) -> None:
    """Noise is none, a bounce is none, a second press after a rest is one more."""
    judge, given, left = buttons.Debounce(), 0, list(edges)
    for now in range(400):
        given += judge.pressed(now)
        while left and left[0][0] == now:
            judge.edge(left.pop(0)[1], now)
    assert given == presses


class Pin:
    """A pin that is driven by hand."""

    when_pressed: Callable[[], None] | None = None
    when_released: Callable[[], None] | None = None
    closed = False

    def close(self) -> None:
        """Give it up."""
        self.closed = True


def test_a_pressed_button_is_a_tap_on_its_face() -> None:
    """By way of the screen's thread, and told apart from a touch."""
    pins = {number: Pin() for number in (17, 27)}
    told: list[signals.Signal] = []
    posted: list[Callable[[], None]] = []
    now = [0]
    made = buttons.Buttons(
        {1: 17, 4: 27},
        lambda number: pins[number],
        now_ms=lambda: now[0],
        post=posted.append,
        tell=told.append,
    )
    pressed = pins[27].when_pressed
    assert pressed is not None
    pressed()
    made.tick()
    now[0] = 40
    made.tick()
    made.tick()
    assert told == []
    posted.pop()()
    assert posted == []
    assert told == [signals.Tapped(4, via="button")]
    made.close()
    made.close()
    assert all(pin.closed for pin in pins.values())
