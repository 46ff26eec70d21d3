"""What happens to a comment before it is recorded."""

import re

import pytest

from kiosk import comments, i18n
from sync.feedback import privacy


def test_a_comment_is_struck_out_in_the_visitors_language() -> None:
    """Numbers go, and it says which kinds went."""
    text, kinds = comments.strike("Ring mig på 070-174 06 05, tack", "sv")
    assert "070" not in text
    assert kinds == ("phone",)


@pytest.mark.parametrize("language", i18n.NAMES)
def test_every_kind_of_personal_data_has_its_words(language: str) -> None:
    """What is struck is named in brackets, which the screen marks, and is not struck again."""
    pieces = {
        "mail": "anna@example.se",
        "handle": "@anna_s",
        "phone": "070-174 06 58",
        "card": "4111 1111 1111 1111",
        "account": "SE45 5000 0000 0583 9825 7466",
        "personal": "640823-3234",
    }
    assert set(pieces) == set(privacy.KINDS)
    for kind, piece in pieces.items():
        text, kinds = comments.strike(f"A: {piece}", language)
        assert kinds == (kind,)
        assert re.fullmatch(r"A: \[[^\[\]]{3,60}\]", text)
        assert comments.strike(text, language) == (text, ())


def test_a_removal_code_is_short_and_easily_read() -> None:
    """Such as K7-42Q; no 0, O, 1 or I."""
    codes = {comments.removal_code() for _ in range(500)}
    assert len(codes) > 450
    for code in codes:
        assert len(code) == 6
        assert code[2] == "-"
        assert not set(code) & set("01IO")
