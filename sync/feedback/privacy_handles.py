"""Finds the names that people go by on the social networks: *@anna_s* (see `privacy`).

A handle tells who somebody is and how to reach them. But @ also means *at*: *5 @ 1.20*, *@home*.
So what stands behind an @ is a handle

1. by its shape: an underscore, a dot or digits inside (*@anna.s*, *@anna92*);
2. by what stands around: a network, or a word that addresses somebody, up to four words before or
   after it (*follow @annasvensson*, *thanks @annasvensson*);
3. by its place: where a sentence begins (*@annasvensson wrote to you*) or behind a stop
   (*Great staff! @annasvensson*), since *at* stands inside a sentence.

Places (*home*, *checkout*) are none. Without an @ only the name of a network and a shape make it
one (*insta: anna_s*).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sync.feedback import privacy_words as words

NEAR = 40
"""How many characters before and after a handle are looked at."""

_NAME = r"[^\W\d](?:[\w.]{1,28}\w)"
_AT = re.compile(rf"(?<![\w.@+/\]-])[@＠]({_NAME})")
_APART = re.compile(rf"(?<![\w.@+/\]-])[@＠]\s((?=\w*_){_NAME})")  # *@ anna_s*
_NAMED = re.compile(
    rf"(?<!\w)(?:{words.NETWORKS})(?:\w{{0,3}})"
    rf"(?:\s?[:=]\s?|\s(?:(?:{words.IS})\s)?)({_NAME})(?![\w@])",
    re.IGNORECASE,
)
_SHAPE = re.compile(r"_|\w\.\w|[^\W\d_]{3}\w*\d")
_UNSTOPPED = re.compile(r"_|[^\W_]{3}[\w.]*\d")  # a dot alone may be a stop without its blank
_BEGINS = re.compile(r"(?:^|[.!?:,;)\x00-])\s*$")
_WORD = re.compile(r"[^\W\d_]+")
_NETWORK = re.compile(rf"(?:{words.NETWORKS})\w{{0,3}}")


def spans(text: str) -> list[tuple[int, int]]:
    """Where handles stand in the text, their @ included, in order of place."""
    found = [match.span() for match in _APART.finditer(text)]
    found += [match.span() for match in _AT.finditer(text) if _is_handle(text, match)]
    found += list(_named(text))
    kept: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def _is_handle(text: str, match: re.Match[str]) -> bool:
    name = match[1].lower()
    if _is_place(name):
        return False
    before = text[max(0, match.start() - NEAR) : match.start()]
    after = text[match.end() : match.end() + NEAR]
    said = _WORD.findall(before.lower())[-4:]
    then = _WORD.findall(after.lower())[:4]
    return bool(
        _SHAPE.search(name)
        or any(_addresses(word) for word in said)
        or any(_NETWORK.fullmatch(word) for word in then)
        or _BEGINS.search(before)
    )


def _is_place(name: str) -> bool:
    """*home*, *kassa3* and *home.the* (a stop without its blank) say where, not who."""
    return re.split(r"[\d_.]", name, maxsplit=1)[0] in words.PLACES


def _addresses(word: str) -> bool:
    return bool(_NETWORK.fullmatch(word)) or word.startswith(words.ADDRESSING)


def _named(text: str) -> Iterator[tuple[int, int]]:
    """Names without an @ behind the name of a network."""
    for match in _NAMED.finditer(text):
        if _UNSTOPPED.search(match[1]):
            yield match.span(1)
