"""Finds mail addresses in a comment, in the many ways people write them (see `privacy`)."""

from __future__ import annotations

import re

from sync.feedback import privacy_words as words

# "(a)" and "[@]" stand for @ only without blanks: "choice (a) is better" is no address
_AT = rf"(?:\s?[@＠]\s?|[(\[{{][a@][)\]}}]|\s?[(\[{{]\s?(?:{words.AT})\s?[)\]}}]\s?)"
# a comma is a slip of the finger, in front of an ending that is common
_DOT = (
    rf"(?:\.|\s\.\s|,(?=(?:com|net|org|{words.ENDINGS})(?!\w))"
    rf"|\s?[(\[{{]\s?(?:{words.DOT})\s?[)\]}}]\s?|\s(?:{words.DOT})\s)"
)
_NAME = r"[^\W_][\w.+'-]*"
_MAIL = re.compile(
    rf"{_NAME}{_AT}[\w-]+(?:{_DOT}[\w-]+)*{_DOT}[^\W\d_]{{2,}}(?![\w@])"
    # "anna at example dot com": the word for @ counts only with the word for the dot
    rf"|{_NAME}(?:\s(?:{words.DOT})\s[\w-]+)*\s(?:{words.AT})\s[\w-]+"
    rf"(?:\s(?:{words.DOT})\s[\w-]+)*\s(?:{words.DOT})\s[^\W\d_]{{2,}}(?!\w)"
    # "anna@gmail": everybody knows how that one ends
    rf"|{_NAME}(?:{_AT}|\s(?:{words.AT_ALONE})\s)(?:{words.PROVIDERS})(?![\w@])",
    re.IGNORECASE,
)


def spans(text: str) -> list[tuple[int, int]]:
    """Where mail addresses stand in the text, in order of place."""
    return [match.span() for match in _MAIL.finditer(text)]
