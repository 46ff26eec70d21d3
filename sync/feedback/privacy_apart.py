"""Reads what is written sign by sign, or with signs between that no number has (see `privacy`).

1. Letters and signs with a blank between each (*a n n a @ e x a m p l e . s e*) are read joined.
2. Digits one by one count whatever stands between them: *0 - 7 - 0 - 1*, *0.7 0.1*.
3. Groups of digits count with one and the same sign between them (*070:174:06:58*), or two kinds of
   sign (*070-174:06:58*). Only a word that asks for it, +, or an area code with its 0 makes these a
   phone number: times, prices and lists look alike.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import msgspec

SINGLES = 7
"""From so many digits one by one they are read as one number."""

# "à" is a word before the address and no letter of it
_APART = re.compile(r"(?<!\S)(?!à )\S(?: {1,3}\S(?!\S)){3,}")
_GROUP = re.compile(r"(?<!\w)[\doO]+(?!\w)")
_GAP = re.compile(r"[^\w\x00\n]{1,3}")
# signs that stand in numbers anyway: `privacy` reads these with all their rules
_USUAL = frozenset("-–—/·_*.()+ \u00a0\u202f")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:[,'’]\d{3})+")

Span = tuple[int, int]


class Joined(msgspec.Struct, frozen=True):
    """A text without the blanks between signs that stand alone, and where each sign came from."""

    text: str
    places: tuple[int, ...]

    def back(self, start: int, end: int) -> Span:
        """Where a span of the joined text stands in the text as it was written."""
        return self.places[start], self.places[end - 1] + 1


def joined(text: str) -> Joined:
    """The text with letters that are written apart read as words."""
    blanks = {
        place
        for row in _APART.finditer(text)
        for place in range(row.start(), row.end())
        if text[place] == " "
    }
    places = tuple(place for place in range(len(text)) if place not in blanks)
    return Joined("".join(text[place] for place in places), places)


def rows(text: str) -> Iterator[list[Span]]:
    """The groups of digits, each (start, end), of every row that may be one number; rows may
    overlap.
    """
    groups = [match.span() for match in _GROUP.finditer(text)]
    gaps = [_gap(text[a[1] : b[0]]) for a, b in itertools.pairwise(groups)]
    for first, last in _stretches(gaps, [gap is not None for gap in gaps]):
        row = groups[first:last]
        signs = {gap for gap in gaps[first : last - 1] if gap}
        if len(row) >= SINGLES and len(signs) == 1 and all(b - a == 1 for a, b in row):
            yield row
    for first, last in _stretches(gaps, [bool(gap) for gap in gaps]):
        signs = {gap for gap in gaps[first : last - 1] if gap}
        if last - first > 2 and len(signs) == 2 and not _USUAL.issuperset("".join(signs)):
            yield groups[first:last]
    same = [gap is not None and not _USUAL.issuperset(gap) for gap in gaps]
    for first, last in _stretches(gaps, same, alike=True):
        row = groups[first:last]
        if last - first > 2 or (last - first == 2 and _halves(row)):
            yield row


def sure(text: str, groups: list[Span], context: str) -> bool:
    """Whether digits that may be a phone number are meant as one (rule 3)."""
    digits = [text[a:b] for a, b in groups]
    written = text[groups[0][0] : groups[-1][1]]
    if _THOUSANDS.fullmatch(written) and sum(map(len, digits)) < 9:
        return False
    asked = context in {"contact", "personal"}
    if ":" in written and _clocks(digits):
        return False
    if len(digits) >= SINGLES and all(len(digit) == 1 for digit in digits):
        return True
    plus = text[max(0, groups[0][0] - 1)] == "+"
    return asked or plus or (digits[0].startswith("0") and len(digits[0]) > 2)


def _clocks(digits: list[str]) -> bool:
    """Whether the groups are times, two by two."""
    hours, minutes = digits[::2], digits[1::2]
    return (
        len(hours) == len(minutes)
        and all(hour.isdigit() and int(hour) <= 24 for hour in hours)
        and all(len(minute) == 2 and minute < "60" for minute in minutes)
    )


def _halves(row: list[Span]) -> bool:
    """An area code and the number, and no decimals: 070:1740658."""
    (a, b), (c, d) = row
    return b - a >= 2 and d - c >= 5


def _gap(between: str) -> str | None:
    """Which signs stand between two groups, blanks apart; None when they belong to two numbers."""
    if not _GAP.fullmatch(between):
        return None
    return "".join(sorted({*between} - {" "}))


def _stretches(gaps: list[str | None], joins: list[bool], *, alike: bool = False) -> Iterator[Span]:
    """Which groups, as (first, after the last), are joined by gaps that join (all alike)."""
    at = 0
    while at < len(gaps):
        end = at
        while end < len(gaps) and joins[end] and (not alike or gaps[end] == gaps[at]):
            end += 1
        if end > at:
            yield at, end + 1
        at = max(end, at + 1)
