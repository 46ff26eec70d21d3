"""What a finger means."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.screens import targets
from kiosk.screens.geometry import Box


class Hand:
    """A few targets that note what happens to them."""

    def __init__(self) -> None:
        self.pressed: dict[str, bool] = {}
        self.touches = targets.Touches()
        self.face = self._made("face", Box(0, 0, 100, 100), slack=12.5, disc=True)
        self.next = self._made("next", Box(200, 0, 100, 100))
        self.all = [self.face, self.next]

    def _made(
        self, name: str, box: Box, *, slack: float = 0.0, disc: bool = False
    ) -> targets.Target:
        def feel(pressed: bool) -> None:
            self.pressed[name] = pressed

        return targets.Target(name, box, lambda: None, feel, slack, disc)

    def presses(self, name: str) -> bool:
        """Whether a target looks pressed."""
        return self.pressed[name]

    def down(self, finger: int, x: float, y: float) -> targets.Target | None:
        """A finger goes down."""
        return self.touches.down(finger, x, y, self.all)


def test_a_tap_is_given_on_lifting() -> None:
    """Pressed from touch-down, given when lifted, not before."""
    hand = Hand()
    assert hand.down(1, 50, 50) is hand.face
    assert hand.presses("face")
    assert hand.touches.up(1, 55, 50) is hand.face
    assert not hand.presses("face")


def test_lifting_within_a_quarter_of_the_radius_counts() -> None:
    """12.5 px beside a face of radius 50 is on it, 14 are not."""
    hand = Hand()
    hand.down(1, 50, 50)
    assert hand.touches.up(1, 112, 50) is hand.face
    hand.down(1, 50, 50)
    assert hand.touches.up(1, 114, 50) is None


def test_a_face_is_round() -> None:
    """The corner of its box is not on it."""
    assert Hand().down(1, 3, 3) is None


def test_dragged_off_it_stands_up_and_brought_back_it_is_pressed() -> None:
    """What is seen is what would be given."""
    hand = Hand()
    hand.down(1, 50, 50)
    hand.touches.move(1, 150, 50)
    assert not hand.presses("face")
    hand.touches.move(1, 50, 50)
    assert hand.presses("face")
    assert hand.touches.up(1, 50, 50) is hand.face


def test_a_finger_belongs_to_the_target_it_went_down_on() -> None:
    """Sliding from the face to *next* and lifting gives neither."""
    hand = Hand()
    hand.down(1, 50, 50)
    assert hand.touches.up(1, 250, 50) is None


def test_a_resting_palm_blocks_nothing() -> None:
    """A palm on *next*, another beside everything: a clear tap on the face is given."""
    hand = Hand()
    hand.down(1, 250, 50)
    hand.down(2, 150, 50)
    hand.down(3, 50, 50)
    assert hand.touches.up(3, 50, 50) is hand.face


def test_a_changed_picture_lets_go() -> None:
    """A finger that was down when the picture changed gives nothing when it lifts."""
    hand = Hand()
    hand.down(1, 50, 50)
    hand.touches.forget()
    assert not hand.presses("face")
    assert hand.touches.up(1, 50, 50) is None


def test_two_fingers_on_one_face_press_it_until_the_last_lifts() -> None:
    """The face rises with the last of them."""
    hand = Hand()
    hand.down(1, 40, 50)
    hand.down(2, 60, 50)
    assert hand.touches.up(1, 40, 50) is hand.face
    assert hand.presses("face")
    hand.touches.up(2, 60, 50)
    assert not hand.presses("face")


PLACE = st.tuples(st.integers(1, 4), st.integers(-20, 320), st.integers(-20, 120))
STEP = st.tuples(st.sampled_from(["down", "move", "up", "forget"]), PLACE)


@given(st.lists(STEP, max_size=40))
def test_nothing_stays_pressed_once_all_fingers_are_gone(
    steps: list[tuple[str, tuple[int, int, int]]],
) -> None:
    """Whatever order fingers come, slide and go in."""
    hand = Hand()
    down: set[int] = set()
    for step, (finger, x, y) in steps:
        if step == "down" and finger not in down:
            hand.down(finger, x, y)
            down.add(finger)
        elif step == "move" and finger in down:
            hand.touches.move(finger, x, y)
        elif step == "up" and finger in down:
            hand.touches.up(finger, x, y)
            down.discard(finger)
        elif step == "forget":
            hand.touches.forget()
    for finger in down:
        hand.touches.up(finger, 0, 0)
    assert not any(hand.pressed.values())
