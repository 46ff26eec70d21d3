"""Personal data is struck out of comments, and nothing else is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.feedback import privacy

COMMENTS = Path(__file__).parent / "privacy" / "comments.txt"
LABELS = {kind: f"[{kind} removed]" for kind in privacy.KINDS}
MARK = re.compile(r"\[\[(\w+)\|(.+?)\]\](?!\])")


def labelled() -> list[tuple[str, str, set[tuple[str, int, int]]]]:
    """Each comment as (language, text, what must be struck as (kind, start, end))."""
    result, language = [], ""
    for line in COMMENTS.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            language = line[3:]
        elif line and not line.startswith("#"):
            text, wanted, at = "", set(), 0
            for match in MARK.finditer(line):
                text += line[at : match.start()]
                wanted.add((match[1], len(text), len(text) + len(match[2])))
                text, at = text + match[2], match.end()
            result.append((language, text + line[at:], wanted))
    return result


def shares() -> tuple[float, float, list[str]]:
    """Precision and recall over all comments, and each mistake in words."""
    right = extra = missed = 0
    mistakes = []
    for language, text, wanted in labelled():
        found = {(piece.kind, piece.start, piece.end) for piece in privacy.find(text)}
        right += len(found & wanted)
        extra += len(found - wanted)
        missed += len(wanted - found)
        mistakes += [
            f"{language} extra {k}: {text[a:b]!r} in {text!r}" for k, a, b in found - wanted
        ]
        mistakes += [
            f"{language} missed {k}: {text[a:b]!r} in {text!r}" for k, a, b in wanted - found
        ]
    return right / (right + extra), right / (right + missed), mistakes


def test_the_labelled_set_is_large_enough() -> None:
    """At least 300 comments in all nine languages are labelled, each language with at least 30."""
    languages = [language for language, _, _ in labelled()]
    assert len(languages) >= 300
    assert {language: languages.count(language) >= 30 for language in languages} == dict.fromkeys(
        ["en", "sv", "nb", "da", "fi", "de", "fr", "es", "ceb"], True
    )


def test_precision_and_recall_are_kept() -> None:
    """Of what is struck at least 95 % is personal data, and at least 95 % of it is struck."""
    precision, recall, mistakes = shares()
    assert precision >= 0.95, "\n".join(mistakes)
    assert recall >= 0.95, "\n".join(mistakes)


@pytest.mark.parametrize(
    ("language", "text"), [(a, b) for a, b, wanted in labelled() if not wanted]
)
def test_references_prices_dates_and_hours_stay(language: str, text: str) -> None:
    """No order number, price, date, barcode or opening hour is struck out."""
    assert privacy.strike(text, LABELS) == privacy.Struck(text, ())


def test_what_is_struck_is_named_in_its_place() -> None:
    """The text keeps its words, and each piece gives way to its kind's label."""
    struck = privacy.strike("Ring 070-123 45 67 eller a@example.se!", LABELS)
    assert struck.text == "Ring [phone removed] eller [mail removed]!"
    assert [piece.kind for piece in struck.found] == ["phone", "mail"]


def test_a_number_read_in_two_ways_is_struck_once() -> None:
    """Digits apart are a number, and digits one by one: that reading gave back a tail of it."""
    struck = privacy.strike("ring 0 7 0 1 7 4 0/658, tack", LABELS)
    assert struck.text == "ring [phone removed], tack"
    assert len(struck.found) == 1


@given(
    st.text(max_size=200)
    | st.text(st.sampled_from("0123456789 -/.,+(@)aeo"), max_size=60)
    | st.lists(st.sampled_from([*"0123456789", "zero", "one", "six", "/", "-"])).map(" ".join)
)
def test_striking_twice_changes_nothing_more(text: str) -> None:
    """Any text can be struck, pieces never overlap, and a struck text holds nothing to strike."""
    struck = privacy.strike(text, LABELS)
    ends = [0, *(place for piece in struck.found for place in (piece.start, piece.end))]
    assert ends == sorted(ends)
    assert privacy.strike(struck.text, LABELS).text == struck.text
