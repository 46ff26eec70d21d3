"""The visit's comment: its code, what is struck out of it, when it is open."""

import msgspec
import pytest

from kiosk import signals
from sync.feedback import events, surveys
from tests.unit.session_kiosk import Kiosk, open_survey, survey


def write(kiosk: Kiosk, text: str) -> None:
    """Open the comment and type."""
    kiosk.touch(signals.OpenComment())
    kiosk.wait(0.6)
    for letter in text:
        kiosk.tell(signals.AnyTouch(), signals.Typed(letter))


def test_a_comment_is_recorded_with_its_code_after_the_answer() -> None:
    """Sending records the answer, then the comment; then the code is shown."""
    kiosk = Kiosk(open_survey())
    kiosk.touch(signals.Tapped(1))
    kiosk.touch(signals.Chose("staff"))
    write(kiosk, "Too slow!!")
    kiosk.tell(signals.Erased())
    kiosk.touch(signals.Send())
    _, answer, comment = kiosk.recorded()
    assert isinstance(answer, events.Answer)
    assert (answer.ended, answer.reasons) == ("sent", ("staff",))
    assert isinstance(comment, events.Comment)
    assert (comment.text, comment.code) == ("Too slow!", "K7-42Q")
    assert (kiosk.view().screen, kiosk.view().code, kiosk.view().comment) == ("sent", "K7-42Q", "")
    kiosk.wait(40)
    assert kiosk.view().screen == "ask"
    assert len(kiosk.recorded()) == 3


def test_the_code_waits_for_the_card() -> None:
    """The words of thanks for a comment wait for the card as those for a tap do."""
    kiosk = Kiosk(open_survey())
    kiosk.touch(signals.Tapped(1))
    write(kiosk, "Slow")
    kiosk.answers = False
    kiosk.touch(signals.Send())
    assert kiosk.view().screen == "comment"
    records = [e for e in kiosk.effects if isinstance(e, signals.Record)]
    kiosk.tell(signals.Recorded(records[-2].ticket))
    assert kiosk.view().screen == "comment"
    kiosk.tell(signals.Recorded(records[-1].ticket))
    assert kiosk.view().screen == "sent"


def test_personal_data_is_struck_out_and_shown_before_anything_is_recorded() -> None:
    """What is struck out is shown first; a second *send* records what is left."""
    kiosk = Kiosk(open_survey())
    kiosk.touch(signals.Tapped(1))
    write(kiosk, "Call 070-123")
    kiosk.touch(signals.Send())
    assert kiosk.view().screen == "comment"
    assert kiosk.view().struck == ("phone",)
    assert kiosk.view().comment == "Call [number removed]"
    assert len(kiosk.recorded()) == 1
    kiosk.touch(signals.Send())
    comment = kiosk.recorded()[-1]
    assert isinstance(comment, events.Comment)
    assert comment.text == "Call [number removed]"


def test_a_double_tap_on_send_sends_nothing_that_nobody_has_read() -> None:
    """What was struck out is told first; the second touch of a double tap comes too soon."""
    kiosk = Kiosk(open_survey())
    kiosk.touch(signals.Tapped(1))
    write(kiosk, "Call 070-123")
    kiosk.touch(signals.Send())
    kiosk.now += 300
    kiosk.tell(signals.AnyTouch(), signals.Send())
    assert (kiosk.view().screen, kiosk.view().struck) == ("comment", ("phone",))
    assert len(kiosk.recorded()) == 1


def test_a_half_written_comment_is_thrown_away() -> None:
    """Warned after 40 s, thrown away after 60; the rating and the answer stay."""
    kiosk = Kiosk(open_survey())
    kiosk.touch(signals.Tapped(1))
    write(kiosk, "My secret")
    kiosk.wait(40)
    assert kiosk.view().warning
    kiosk.wait(20)
    assert kiosk.view().screen == "ask"
    assert [type(e) for e in kiosk.recorded()] == [events.Rating, events.Answer]
    assert b"secret" not in msgspec.json.encode(msgspec.to_builtins(kiosk.view()))


def test_cancelling_a_comment_goes_back_to_reasons() -> None:
    """Cancel keeps the chosen reasons and throws the words away."""
    kiosk = Kiosk(open_survey())
    kiosk.touch(signals.Tapped(1))
    kiosk.touch(signals.Chose("staff"))
    write(kiosk, "No")
    kiosk.touch(signals.Close())
    assert (kiosk.view().screen, kiosk.view().comment) == ("reasons", "")
    assert [chip.reason for chip in kiosk.view().chips if chip.chosen] == ["staff"]


def test_a_comment_begun_anew_says_nothing_of_what_was_struck_out_before() -> None:
    """Cancelling throws the note away with the words it was about."""
    kiosk = Kiosk(open_survey())
    kiosk.touch(signals.Tapped(1))
    write(kiosk, "Call 070-123")
    kiosk.touch(signals.Send())
    kiosk.touch(signals.Close())
    kiosk.touch(signals.OpenComment())
    assert (kiosk.view().comment, kiosk.view().struck) == ("", ())


def test_a_comment_has_five_hundred_characters() -> None:
    """More is not taken."""
    kiosk = Kiosk(open_survey())
    kiosk.touch(signals.Tapped(1))
    write(kiosk, "x")
    kiosk.tell(signals.Typed("å" * 600), signals.Typed("\0\ud800"))
    assert kiosk.view().comment == "x" + "å" * 499


def test_an_empty_comment_is_not_sent() -> None:
    """Sending nothing goes back to reasons."""
    kiosk = Kiosk(open_survey())
    kiosk.touch(signals.Tapped(1))
    write(kiosk, "  ")
    kiosk.touch(signals.Send())
    assert kiosk.view().screen == "reasons"
    assert len(kiosk.recorded()) == 1


@pytest.mark.parametrize(
    ("shown", "around"),
    [
        (survey(), signals.Around()),
        (survey(comments=True), signals.Around()),
        (open_survey(), signals.Around(comments=False)),
    ],
)
def test_comments_open_only_when_all_that_is_needed_is_there(
    shown: surveys.Survey, around: signals.Around
) -> None:
    """Not wanted, nobody responsible, or no room on the card: no comments."""
    kiosk = Kiosk(shown)
    kiosk.tell(around)
    kiosk.touch(signals.Tapped(1))
    assert not kiosk.view().can_comment
    kiosk.touch(signals.OpenComment())
    assert kiosk.view().screen == "reasons"
