"""What happens to a comment before it is recorded."""

from kiosk import comments


def test_a_comment_is_struck_out_in_the_visitors_language() -> None:
    """Numbers go, and it says which kinds went."""
    text, kinds = comments.strike("Ring mig på 070-174 06 05, tack", "sv")
    assert "070" not in text
    assert kinds == ("phone",)


def test_a_removal_code_is_short_and_easily_read() -> None:
    """Such as K7-42Q; no 0, O, 1 or I."""
    codes = {comments.removal_code() for _ in range(500)}
    assert len(codes) > 450
    for code in codes:
        assert len(code) == 6
        assert code[2] == "-"
        assert not set(code) & set("01IO")
