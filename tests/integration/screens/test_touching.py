"""Real touches in a real window drive a visit: taps, fingers, reasons, comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kiosk import signals

if TYPE_CHECKING:
    from tests.integration.screens.conftest import Stand


def test_a_tap_gives_one_rating_and_thanks(stand: Stand) -> None:
    """Pressed at touch-down, given on lifting, thanked for, back to the question by itself."""
    finger = stand.finger().down(*stand.spot("face:4"))
    stand.frame()
    assert stand.ratings() == []
    finger.lift()
    stand.frame()
    assert stand.ratings() == [4]
    assert stand.view.screen == "thanks"
    stand.frames(4_200)
    assert stand.view.screen == "ask"
    assert stand.thanked == 1


@pytest.mark.parametrize("face", [1, 2, 3, 4])
def test_every_face_gives_its_own_number(stand: Stand, face: int) -> None:
    """What is tapped is what is recorded."""
    stand.tap(f"face:{face}")
    assert stand.ratings() == [face]


def test_a_double_tap_is_one_rating_and_chooses_nothing(stand: Stand) -> None:
    """The second touch within half a second means nothing, whatever lies under it by then."""
    x, y = stand.spot("face:2")
    for _ in range(2):
        finger = stand.finger().down(x, y)
        stand.frame(60)
        finger.lift()
        stand.frame(60)
    assert stand.ratings() == [2]
    assert stand.view.screen == "thanks"
    assert not any(chip.chosen for chip in stand.view.chips)


def test_dragged_off_and_released_gives_nothing(stand: Stand) -> None:
    """Sliding to another face and lifting there gives neither; the face stands up again."""
    finger = stand.finger().down(*stand.spot("face:4"))
    stand.frame()
    finger.slide(*stand.spot("face:3"))
    stand.frame()
    finger.lift()
    stand.settle()
    assert stand.ratings() == []
    assert stand.view.screen == "ask"
    assert stand.risen() == 0


def test_lifted_within_a_quarter_of_the_radius_is_given(stand: Stand) -> None:
    """A finger that rolls off the rim a little still meant the face."""
    x, y = stand.spot("face:3")
    radius = stand.glass.targets["face:3"].box.width / 2
    finger = stand.finger().down(x, y)
    stand.frame()
    finger.slide(x + radius * 1.24, y)
    finger.lift()
    stand.frame()
    assert stand.ratings() == [3]


def test_two_fingers_on_two_faces_give_one_rating(stand: Stand) -> None:
    """The first to lift counts; the other belongs to a picture that is gone."""
    first = stand.finger().down(*stand.spot("face:1"))
    second = stand.finger().down(*stand.spot("face:4"))
    stand.frame()
    second.lift()
    stand.frame()
    first.lift()
    stand.frame()
    assert stand.ratings() == [4]
    assert not any(chip.chosen for chip in stand.view.chips)


@pytest.mark.parametrize("rests", ["face:1", "beside", "easier"])
def test_a_resting_palm_does_not_block_a_clear_tap(stand: Stand, rests: str) -> None:
    """On a face, beside all, on a button: the clear tap elsewhere is the rating, and the only
    one.
    """
    spot = stand.spot(rests) if rests != "beside" else (640.0, 20.0)
    palm = stand.finger().down(*spot)
    stand.frames(3_500)
    stand.tap("face:4")
    assert stand.ratings() == [4]
    palm.lift()
    stand.frame()
    assert stand.ratings() == [4]
    assert stand.view.screen in ("thanks", "reasons")


def test_a_palm_that_rests_while_the_language_changes_gives_nothing(stand: Stand) -> None:
    """What it rests on says something else now; lifted it is no rating."""
    palm = stand.finger().down(*stand.spot("face:1"))
    stand.tap("language:da")
    stand.frames(700)
    palm.lift()
    stand.frame()
    assert (stand.view.screen, stand.view.language, stand.ratings()) == ("ask", "da", [])
    stand.tap("face:4")
    assert stand.ratings() == [4]


def test_a_touch_during_thanks_keeps_the_picture_and_its_reasons(stand: Stand) -> None:
    """The first touch turns thanks into reasons: it stays longer than four seconds."""
    stand.tap("face:1")
    stand.frames(800)
    stand.finger().down(640, 760).lift()
    stand.frame()
    assert stand.view.screen == "reasons"
    stand.frames(5_000)
    assert stand.view.screen == "reasons"


def test_reasons_are_chosen_and_sent(stand: Stand) -> None:
    """Several chips, one taken back, then done: one answer with what stands."""
    stand.tap("face:2")
    stand.frames(600)
    names = [f"reason:{chip.reason}" for chip in stand.view.chips]
    for name in (names[0], names[1], names[0]):
        stand.tap(name)
    stand.tap("done")
    answer = next(e for e in stand.recorded if type(e).__name__ == "Answer")
    assert list(answer.reasons) == [names[1].removeprefix("reason:")]
    assert answer.ended == "sent"
    assert stand.view.screen == "ask"


def test_next_customer_begins_a_new_visit_at_once(stand: Stand) -> None:
    """One tap on the full-width button, and the next rating says how it began."""
    stand.tap("face:4")
    stand.frames(700)
    stand.tap("next")
    assert stand.view.screen == "ask"
    stand.frames(700)
    stand.tap("face:1")
    assert stand.ratings() == [4, 1]
    assert stand.recorded[-1].began == "next"


def test_wrong_face_corrects(stand: Stand) -> None:
    """The faces come back, and the next tap is a correction, not a second rating."""
    stand.tap("face:1")
    stand.frames(700)
    stand.tap("wrong")
    assert stand.view.correcting
    stand.frames(700)
    stand.tap("face:4")
    assert stand.ratings() == [1]
    assert [type(e).__name__ for e in stand.recorded][-1] == "Correction"
    assert stand.recorded[-1].face == 4


def test_a_tap_in_the_same_frame_as_a_time_out_counts(stand: Stand) -> None:
    """A finger lifted in the very frame in which the reasons would end: the tap counts, they
    stay.
    """
    stand.tap("face:2")
    stand.frames(600)
    stand.tap("reason:other")
    finger = stand.finger().down(*stand.spot("reason:staff"))
    stand.now += 60_000
    finger.lift()
    stand.frame()
    assert [chip.reason for chip in stand.view.chips if chip.chosen] == ["staff", "other"]
    stand.frames(41_000)
    answer = next(e for e in stand.recorded if type(e).__name__ == "Answer")
    assert (sorted(answer.reasons), answer.ended) == (["other", "staff"], "timed_out")


def test_ten_taps_a_second_for_a_minute(stand: Stand) -> None:
    """A child hammers one face: every rating is thanked for, none is lost or doubled."""
    x, y = stand.spot("face:4")
    for _ in range(600):
        finger = stand.finger().down(x, y)
        stand.frame(50, drawn=False)
        finger.lift()
        stand.frame(50, drawn=False)
    stand.frames(70_000)
    assert stand.view.screen == "ask"
    assert stand.ratings()
    assert set(stand.ratings()) == {4}
    assert len(stand.ratings()) == stand.thanked


def test_a_comment_is_typed_and_sent(stand: Stand) -> None:
    """Our own keyboard: a capital to begin with, the accents' page, a code at the end."""
    stand.tap("face:1")
    stand.frames(700)
    stand.tap("comment")
    stand.frames(700)
    for name in ("key:h", "key:e", "key:j", "key:space", "key:accents", "key:å", "key:letters"):
        stand.tap(name)
    stand.tap("key:backspace")
    stand.tap("key:b")
    assert stand.view.comment == "Hej b"
    stand.tap("send")
    assert stand.view.screen == "sent"
    assert stand.view.code == "K7-42Q"
    assert next(e for e in stand.recorded if type(e).__name__ == "Comment").text == "Hej b"


def test_in_larger_what_was_struck_out_is_read_on_a_page_of_its_own(stand: Stand) -> None:
    """Then the text stands there again, to be changed or sent; it is told once."""
    stand.struck = {"070": "[number removed]"}
    stand.tell(signals.ChoseEasier("larger"))
    stand.tap("face:1")
    stand.frames(700)
    stand.tap("page:forward")
    stand.tap("comment")
    stand.frames(700)
    stand.tap("key:digits")
    for name in ("key:0", "key:7", "key:0", "send"):
        stand.tap(name)
    assert "send" not in stand.glass.targets
    stand.frames(700)
    stand.tap("read")
    assert stand.view.comment == "[number removed]"
    stand.tap("key:letters")
    stand.tap("key:a")
    stand.tap("send")
    assert next(e for e in stand.recorded if type(e).__name__ == "Comment").text == (
        "[number removed]a"
    )


def test_a_long_press_never_replaces_the_plain_letter(stand: Stand) -> None:
    """Held and lifted it is the letter; slid to a variant it is that."""
    stand.tap("face:1")
    stand.frames(700)
    stand.tap("comment")
    stand.frames(700)
    stand.tap("key:h")
    stand.hold("key:e").lift()
    stand.frame()
    assert stand.view.comment == "He"
    finger = stand.hold("key:e")
    x, y = stand.spot("key:e")
    width = stand.glass.targets["key:e"].box.width
    finger.slide(x + width * 1.1, y + 100)
    finger.lift()
    stand.frame()
    assert stand.view.comment == "Heé"


def test_a_half_written_comment_goes_with_its_visitor(stand: Stand) -> None:
    """*Next customer* throws it away, and the keyboard begins afresh."""
    stand.tap("face:1")
    stand.frames(700)
    stand.tap("comment")
    stand.frames(700)
    for name in ("key:a", "key:digits", "key:7"):
        stand.tap(name)
    stand.tap("next")
    stand.frames(700)
    stand.tap("face:1")
    stand.frames(700)
    stand.tap("comment")
    stand.frames(700)
    assert stand.view.comment == ""
    assert "key:q" in stand.glass.targets
    assert not any(type(e).__name__ == "Comment" for e in stand.recorded)
