"""Finds mail addresses in a comment, in the many ways people write them (see `privacy`)."""

from __future__ import annotations

import re

from sync.feedback import privacy_words as words

# "(a)" and "[@]" stand for @ only without blanks: "choice (a) is better" is no address
# With a blank before @ only, it is a handle (`privacy_handles`) unless the ending is common.
_AT = rf"(?:[@＠]\s?|\s[@＠]\s|[(\[{{][a@][)\]}}]|\s?[(\[{{]\s?(?:{words.AT})\s?[)\]}}]\s?)"
_COMMON = rf"(?:com|net|org|{words.ENDINGS})"
# a comma, colon or semicolon is a slip of the finger, in front of an ending that is common
_DOT = (
    rf"(?:\.|\s\.\s|[,;:](?={_COMMON}(?!\w))"
    rf"|\s?[(\[{{]\s?(?:{words.DOT})\s?[)\]}}]\s?|\s(?:{words.DOT})\s)"
)
_NAME = r"[^\W_][\w.+'-]*"
_MAIL = re.compile(
    rf"{_NAME}{_AT}[\w-]+(?:{_DOT}[\w-]+)*{_DOT}[^\W\d_]{{2,}}(?![\w@])"
    # "anna @example.se", "anna@example com"
    rf"|{_NAME}\s[@＠][\w-]+(?:{_DOT}[\w-]+)*{_DOT}{_COMMON}(?![\w@])"
    rf"|{_NAME}[@＠][\w-]{{2,}}\scom(?![\w@])"
    # "mail anna at example.se": other at's stand before shops ("saw it at example.se")
    rf"|(?<!\w)(?:{words.MAIL})[\w-]*\W{{1,3}}(?:(?:\w+\W{{1,2}}){{0,3}}?)(?P<named>{_NAME}"
    rf"\s(?:{words.AT})\s[\w-]+(?:\.[\w-]+)*\.{_COMMON})(?!\w)"
    # "anna at example dot com": the word for @ counts only with the word for the dot
    rf"|{_NAME}(?:\s(?:{words.DOT})\s[\w-]+)*\s(?:{words.AT})\s[\w-]+"
    rf"(?:\s(?:{words.DOT})\s[\w-]+)*\s(?:{words.DOT})\s[^\W\d_]{{2,}}(?!\w)"
    # "anna@gmail": everybody knows how that one ends
    rf"|{_NAME}(?:{_AT}|\s(?:{words.AT_ALONE})\s)(?:{words.PROVIDERS})(?:\s(?:com|net))?(?![\w@])"
    rf"|{_NAME}\s(?:{words.AT})\s(?:{words.PROVIDERS}){_DOT}[^\W\d_]{{2,}}(?![\w@])",
    re.IGNORECASE,
)


def spans(text: str) -> list[tuple[int, int]]:
    """Where mail addresses stand in the text, in order of place."""
    return [match.span("named" if match["named"] else 0) for match in _MAIL.finditer(text)]
