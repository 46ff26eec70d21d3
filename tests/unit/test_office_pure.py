"""The office's pure parts: codes of words, guessing, faces, tags."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.central import configuration, guessing, metrics, words
from sync.central.pages import rendering


def test_the_words_are_many_and_unmistakable() -> None:
    """At least 2,000 words, each told from all others by four letters, none long."""
    listed = words.listed()
    assert len(listed) >= 2000
    assert len({word[: words.TELLING] for word in listed}) == len(listed)
    assert all(3 <= len(word) <= 8 and word.isascii() and word.islower() for word in listed)


@given(st.lists(st.sampled_from(words.listed()), min_size=3, max_size=3), st.integers(4, 8))
def test_a_code_has_one_spelling(chosen: list[str], letters: int) -> None:
    """However much of each word is typed, and with whatever between, it is the same code."""
    code = "-".join(chosen)
    assert words.normal(code) == code
    typed = "  ".join(word[:letters].title() for word in chosen)
    assert words.normal(typed) == code


@given(st.text(max_size=60))
def test_any_text_has_a_normal_form(typed: str) -> None:
    """Whatever is typed is no error, and its normal form is its own."""
    assert words.normal(words.normal(typed)) == words.normal(typed)


def test_a_longer_word_is_no_shorter_one() -> None:
    """A word that only begins like one of ours is left as it is."""
    assert words.normal("brav purp elep") == "brave-purpose-elephant"
    assert words.normal("bravery") == "bravery"


def test_a_code_is_drawn_from_all_words() -> None:
    """The three draws each choose among all words."""
    asked: list[int] = []

    def choose(below: int) -> int:
        asked.append(below)
        return len(asked)

    assert words.code(choose).count("-") == 2
    assert asked == [len(words.listed())] * 3


@pytest.mark.parametrize(
    ("mine", "everybody", "judged"),
    [(0, 0, True), (9, 99, True), (10, 10, False), (0, 100, False), (11, 0, False)],
)
def test_guessing(mine: int, everybody: int, judged: bool) -> None:
    """Ten tries of an address and a hundred of all are judged in each window."""
    now = 1_763_719_234_000
    seconds = guessing.wait(guessing.CODES, mine, everybody, now)
    assert (seconds is None) is judged
    if seconds is not None:
        after = now + seconds * 1000
        assert guessing.window(guessing.CODES, after) == guessing.window(guessing.CODES, now) + 1


@pytest.mark.parametrize(
    ("address", "whose"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
    ],
)
def test_an_ipv6_household_is_one_guesser(address: str, whose: str) -> None:
    """Who has 2⁶⁴ addresses has not 2⁶⁴ times ten tries."""
    assert guessing.origin(address) == whose


@pytest.mark.parametrize(
    ("header", "same"),
    [('"a"', True), ('W/"a"', True), ('"b", "a"', True), ("*", True), ("", False), ('"b"', False)],
)
def test_tags(header: str, same: bool) -> None:
    """If-None-Match is compared weakly, and may name several."""
    assert configuration.matches(header, '"a"') is same


@pytest.mark.parametrize("faces", [2, 3, 4, 5, 11])
def test_faces_are_told_apart_by_shape(faces: int) -> None:
    """Neighbours of every scale differ in mouth or brows, not in the colour alone."""
    drawn = [rendering.face(number, faces) for number in range(1, faces + 1)]
    for one, other in itertools.pairwise(drawn):
        assert one[:3] != other[:3]
    assert [face.colour for face in drawn] == sorted(face.colour for face in drawn)
    assert {face.colour for face in drawn} <= set(range(1, 6))


def test_figures_add_up() -> None:
    """Counters stand in the page as Prometheus wants them."""
    figures = metrics.Metrics()
    figures.booked("stored", events=5, refused=1, conflicts=1)
    page = figures.page().decode()
    assert 'smiley_events_total{verdict="taken"} 3.0' in page
    assert 'smiley_events_total{verdict="refused"} 1.0' in page
