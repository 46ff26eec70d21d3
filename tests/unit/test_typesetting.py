"""Where lines break, where keys stand, how a comment is written."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk import layouts
from kiosk.screens import typesetting, written

WORDS = st.lists(st.text("abcdefgh", min_size=1, max_size=12), min_size=1, max_size=14).map(
    " ".join
)


def measure(text: str, _weight: str = "", size: float = 1.0) -> float:
    """Every letter as wide as half its size; at size 1, one."""
    return len(text) * (size / 2 if size != 1.0 else 1.0)


@given(WORDS, st.integers(12, 60))
def test_lines_keep_every_word_and_the_width(text: str, width: int) -> None:
    """Nothing is lost, nothing is wider than the column, no more lines than the fullest take."""
    lines = typesetting.broken(text, measure, width)
    assert lines is not None
    assert " ".join(lines) == text
    assert max(map(len, lines)) <= width
    assert len(lines) <= len(typesetting._filled(text.split(" "), measure, width))


def test_no_word_is_left_alone() -> None:
    """A question in two lines is broken in the middle, not before its last word."""
    lines = typesetting.broken("how satisfied are you with your visit today", measure, 40)
    assert lines == ("how satisfied are you", "with your visit today")


def test_two_lines_break_where_a_sentence_ends() -> None:
    """Unless that leaves a scrap on a line of its own."""
    assert typesetting.broken("Falsches Gesicht? Aendern", measure, 20) == (
        "Falsches Gesicht?",
        "Aendern",
    )
    assert typesetting.broken("Forkert ansigt? Ret", measure, 16) == ("Forkert", "ansigt? Ret")


def test_what_cannot_shrink_takes_the_lines_it_needs() -> None:
    """Evenly, whatever the height; one line stays one."""
    found = typesetting.set_text(
        "how satisfied are you with your visit", measure, "", 20, width=240, height=20, least=20
    )
    assert found.lines == ("how satisfied are", "you with your visit")
    one = typesetting.set_text("how satisfied", measure, "", 20, width=60, most=1, least=20)
    assert (one.lines, one.size) == (("how satisfied",), 20)


def test_an_address_too_wide_for_its_column_breaks_at_its_joints() -> None:
    """After @ and /, before a full stop; one that fits stays whole."""
    found = typesetting.set_text(
        "Ask privacy@shop.example.com now", measure, "", 20, width=150, least=20
    )
    assert found.lines == ("Ask", "privacy@shop", ".example.com", "now")
    whole = typesetting.set_text("Ask a@b.example now", measure, "", 20, width=150, least=20)
    assert "a@b.example" in " ".join(whole.lines)


def test_a_no_break_space_does_not_break() -> None:
    """French question marks stay with their word."""
    lines = typesetting.broken("votre visite aujourd’hui\u00a0?", measure, 20)
    assert lines == ("votre visite", "aujourd’hui\u00a0?")


def test_french_signs_stand_at_their_spaces() -> None:
    """A narrow no-break space before ? ! and ;, a wide one before a colon; no other space."""
    said = "Merci ! Encore ? Oui ; là : ici."
    found = typesetting.set_text(said, measure, "", 20, width=9999)
    assert found.text == "Merci\u202f! Encore\u202f? Oui\u202f; là\u00a0: ici."


def test_words_shrink_only_when_they_must() -> None:
    """As large as asked when there is room; smaller, but not below the least, when there is
    none.
    """
    assert typesetting.set_text("abcd", measure, "", 20, width=100).size == 20
    small = typesetting.set_text("abcdefghij", measure, "", 20, width=60, most=1)
    assert small.width <= 60
    assert typesetting.set_text("a" * 90, measure, "", 20, width=60, most=1, least=15).size >= 14


@given(st.text("abc [].", max_size=120), st.integers(6, 40))
def test_a_comments_lines_are_the_comment(text: str, width: int) -> None:
    """Put together again they are what was typed, space for space."""
    lines = written.lines(text, lambda t: float(len(t)), width, struck=True)
    assert "".join(line.text for line in lines) == text


def test_what_was_struck_out_is_marked_across_lines() -> None:
    """Each line marks its own part."""
    lines = written.lines("call [number removed] now", lambda t: float(len(t)), 14, struck=True)
    assert [line.text for line in lines] == ["call [number ", "removed] now"]
    assert [line.marks for line in lines] == [((5.0, 13.0),), ((0.0, 8.0),)]


def test_what_stands_for_personal_data_keeps_to_one_line_where_it_fits() -> None:
    """With what is typed around it; where the field is too narrow it breaks like other words."""

    def rows(text: str, width: float, *, struck: bool = True) -> list[str]:
        found = written.lines(text, lambda t: float(len(t)), width, struck=struck)
        return [line.text for line in found]

    text = "call me at:[number removed]. Now"
    assert rows(text, 24) == ["call me ", "at:[number removed]. Now"]
    assert rows(text, 20, struck=False) == ["call me at:[number ", "removed]. Now"]
    assert rows(text, 14) == ["call me ", "at:[number ", "removed]. Now"]


def test_every_language_has_its_letters_and_long_press_keeps_the_plain_one() -> None:
    """At most eleven keys a row, none twice, no variant that is the letter itself."""
    for layout in layouts.LAYOUTS.values():
        letters = "".join(layout.rows)
        assert len(set(letters)) == len(letters)
        assert max(map(len, layout.rows)) <= 11
        assert all(letter not in layout.offered(letter) for letter in letters)
    assert layouts.of("sv").rows[0].endswith("å")
    assert "ñ" in layouts.of("es").rows[1]
    assert layouts.of("sv-FI") is layouts.LAYOUTS["sv"]
    assert layouts.of("xx") is layouts.QWERTY
