"""Strikes personal data out of a comment before anything of it touches the card.

What is struck: mail addresses, handles of social networks, phone numbers, payment cards, bank
accounts (IBAN) and Swedish, Norwegian, Danish and Finnish personal numbers, in the many ways people
write them. What must stay: order numbers, prices, dates, barcodes, opening hours, and an @ that
only means *at*.

The rules, in this order:

1. Mail addresses, handles, IBANs and what is written sign by sign, or with signs between that no
   number has, are looked for first, by their own shapes.
2. Times, dates and prices are covered, so that their digits belong to no number.
3. Each run of digit groups that is left is read as its longest stretch of groups that is a card
   (check digit and issuer), a personal number (date and check digits) or a phone number (valid in
   its country's numbering plan); then what is left on either side of the stretch.
4. A word like *order* or *receipt* before a number makes it a reference, which stays; a word like
   *call* makes a bare number a phone number; the nearest counts. A word like *size* or *product*
   makes a reference of the bare numbers just behind it. Equal steps make a list of sizes.
5. Digits in words count as a phone number from seven in a row.

`privacy_mail`, `privacy_handles`, `privacy_apart`, `privacy_context` and `privacy_spelled` hold
what rules 1, 4 and 5 need; `privacy_checked` and `privacy_phone` tell what a number is.

Numbering plans come from ``phonenumbers`` (Google's libphonenumber metadata), check digits from
``python-stdnum``; both are loaded at the first comment, not at the kiosk's start.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

from sync.feedback import (
    privacy_apart,
    privacy_checked,
    privacy_context,
    privacy_handles,
    privacy_mail,
    privacy_phone,
    privacy_spelled,
)
from sync.feedback import privacy_words as words

KINDS = ("mail", "handle", "phone", "card", "account", "personal")

_IBAN = re.compile(r"(?<!\w)[A-Za-z]{2}\s?\d{2}(?:[\s-]?[A-Za-z0-9]){11,30}(?!\w)")
_HETU = re.compile(
    r"(?<!\w)\d{6}[-+A-FU-Ya-fu-y]\d{3}[0-9A-Ya-y](?!\w)"
)  # Finnish: a letter checks
_ALONE = r"(?<!\d)(?<!\d[ .,:/–-])"
_END = r"(?!\d)(?![ .,:/–-]\d)"
_CLOCK = r"(?:[01]?\d|2[0-4])(?:\s?[:.h]\s?[0-5]\d)?"
_YEAR, _MONTH, _DAY = r"(?:19|20)\d\d", r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
_COVERED = re.compile(
    rf"{_ALONE}{_YEAR}([-./ ]){_MONTH}\1{_DAY}(?:[T ]{_CLOCK})?{_END}"
    rf"|{_ALONE}{_DAY}([-./ ]|\. ){_MONTH}\2(?:{_YEAR}|\d\d){_END}"
    rf"|{_ALONE}{_CLOCK}\s?[-–—]\s?{_CLOCK}(?:[\s,;/]+{_CLOCK}\s?[-–—]\s?{_CLOCK})*{_END}"
    rf"|(?:{words.MONEY})\s?\d{{1,3}}(?:[ .,'\u00a0]?\d{{3}})*(?:[.,]\d\d)?(?![\d-])"
    rf"|{_ALONE}\d{{1,3}}(?:[ .,'\u00a0]?\d{{3}})*(?:[.,:]\d\d)?\s?(?:{words.MONEY}|:-|,-)(?!\w)"
    rf"|{_ALONE}\d{{1,3}}(?:[ .\u00a0]\d{{3}})*,\d\d{_END}",
    re.IGNORECASE,
)
_DIGIT = r"[\doO]"
_BETWEEN = r"(?:\s?[-–—/·_*]\s?|\.|\+(?=\d{4}(?!\d))|[ \u00a0\u202f]{1,2}|\s?\(|\)\s?[-–/]?\s?)"
_RUN = re.compile(rf"(?<![\w@#])(?:\+\s?|\(\+?)?{_DIGIT}(?:{_BETWEEN}?{_DIGIT}){{5,}}(?![\w])")
_GROUP = re.compile(rf"{_DIGIT}+")


class Found(msgspec.Struct, frozen=True):
    """One piece of personal data: its kind (of `KINDS`) and where it stands in the text given."""

    kind: str
    start: int
    end: int


class Struck(msgspec.Struct, frozen=True):
    """A comment as it may be kept, and what was struck out of it, in order of place."""

    text: str
    found: tuple[Found, ...]


def strike(text: str, labels: Mapping[str, str]) -> Struck:
    """The text with each piece of personal data replaced by its kind's label.

    `labels` names for each of `KINDS` what stands in its place, in the visitor's language, such as
    ``[number removed]``. Striking a struck text again changes nothing (a label holds no number).
    """
    found = tuple(find(text))
    pieces, at = [], 0
    for piece in found:
        pieces += [text[at : piece.start], labels[piece.kind]]
        at = piece.end
    return Struck("".join([*pieces, text[at:]]), found)


def find(text: str) -> list[Found]:
    """Every piece of personal data in the text, in order of place, none overlapping."""
    found: list[Found] = []
    for look in (_mails, _handles, _accounts, _rows):
        found += (one := list(look(text)))
        text = _cover(text, one)
    text = _COVERED.sub(lambda match: "\x00" * len(match.group()), text)
    found += (one := [piece for run in _RUN.finditer(text) for piece in _numbers(text, _in(run))])
    text = _cover(text, one)
    found += [Found("phone", *span) for span in privacy_spelled.spans(text)]
    return sorted(found, key=lambda piece: piece.start)


def _cover(text: str, found: list[Found]) -> str:
    """The text of the same length with what was found made unreadable to later rules."""
    for piece in found:
        text = text[: piece.start] + "\x00" * (piece.end - piece.start) + text[piece.end :]
    return text


def _mails(text: str) -> Iterator[Found]:
    read = privacy_apart.joined(text)
    yield from (Found("mail", *read.back(*span)) for span in privacy_mail.spans(read.text))


def _handles(text: str) -> Iterator[Found]:
    yield from (Found("handle", *span) for span in privacy_handles.spans(text))


def _accounts(text: str) -> Iterator[Found]:
    """What holds letters: IBANs, and Finnish personal numbers."""
    from stdnum import iban  # noqa: PLC0415  # loaded at the first comment
    from stdnum.fi import hetu  # noqa: PLC0415

    read = privacy_apart.joined(text)
    for match in _HETU.finditer(read.text):
        if hetu.is_valid(match.group()):
            yield Found("personal", *read.back(*match.span()))
    for match in _IBAN.finditer(read.text):
        # A word after the number may look like more of it: the longest valid beginning counts.
        for end in range(match.end(), match.start() + 14, -1):
            account = read.text[match.start() : end].rstrip()
            if iban.is_valid(account):
                yield Found("account", *read.back(match.start(), match.start() + len(account)))
                break


def _rows(text: str) -> list[Found]:
    """Digits that are written apart or with unusual signs between: each row whole, or not."""
    done: list[Found] = []
    for groups in privacy_apart.rows(text):
        taken = any(groups[0][0] < one.end and one.start < groups[-1][1] for one in done)
        if taken or not _fits(groups):
            continue
        start, end = _with_plus(text, groups[0][0]), groups[-1][1]
        context = _context(text, start)
        kind = _kind(text, start, [text[a:b] for a, b in groups], end, context)
        if kind and (kind != "phone" or privacy_apart.sure(text, groups, context)):
            done.append(Found(kind, start, end))
    return done


def _fits(groups: list[tuple[int, int]]) -> bool:
    """Whether the groups have together as many digits as some number has."""
    digits = sum(end - start for start, end in groups)
    return privacy_phone.SHORTEST <= digits <= privacy_checked.LONGEST


def _in(run: re.Match[str]) -> list[tuple[int, int]]:
    """Where the groups of digits in a run stand."""
    return [
        (run.start() + a, run.start() + b)
        for a, b in map(re.Match.span, _GROUP.finditer(run.group()))
    ]


def _numbers(text: str, groups: list[tuple[int, int]]) -> list[Found]:
    """The numbers in a run of digit groups, each (start, end): the longest stretch that is one,
    then what is left on its sides.
    """
    found: list[Found] = []
    taken: list[tuple[int, int]] = []
    contexts: dict[int, str] = {}
    for first, last in _stretches(groups):
        if any(first < b and a < last for a, b in taken):
            continue
        start, end = _with_plus(text, groups[first][0]), groups[last - 1][1]
        if start not in contexts:
            contexts[start] = _context(text, start)
        digits = [text[a:b] for a, b in groups[first:last]]
        kind = _kind(text, start, digits, end, contexts[start])
        if kind:
            end += 1 if text[start] == "(" and text[end : end + 1] == ")" else 0
            found.append(Found(kind, start, end))
            taken.append((first, last))
    return found


def _stretches(groups: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Which groups, as (first, after the last), have together as many digits as some number has:
    the longest first, of as long ones the leftmost.
    """
    stretches: list[tuple[int, int]] = []
    for first in range(len(groups)):
        digits = 0
        for last in range(first, len(groups)):
            digits += groups[last][1] - groups[last][0]
            if digits > privacy_checked.LONGEST:
                break
            if digits >= privacy_phone.SHORTEST:
                stretches.append((first, last + 1))
    return sorted(stretches, key=lambda one: (one[0] - one[1], one[0]))


def _with_plus(text: str, start: int) -> int:
    """Where the number begins once its + and opening bracket are counted in."""
    match = re.search(r"(?:\(\+|\+\s?\(?|\()$", text[max(0, start - 3) : start])
    return start - len(match.group()) if match else start


def _context(text: str, start: int) -> str:
    """What the words before the number say of it, unless they spoke of something else."""
    context = privacy_context.before(text, start)
    return "" if context == "reference" and privacy_context.spent(text, start) else context


def _kind(text: str, start: int, groups: list[str], end: int, context: str) -> str | None:
    """What the groups of digits are, standing where they do; None for what may stay."""
    groups = [_plain(group) for group in groups]
    digits = "".join(groups)
    if len(set(digits)) == 1 or context == "reference":
        return None
    if privacy_spelled.even(groups) and len(groups[0]) <= 3:
        return None  # sizes, rooms, counting: 38 39 40 41
    if privacy_checked.is_card(digits):
        return "card"
    if privacy_checked.is_personal(groups, context):
        return "personal"
    alone = _alone(text, start, end, len(groups[0]))
    phone = privacy_phone.is_phone(text[start:end], groups, context, alone=alone)
    return "phone" if phone else None


def _plain(group: str) -> str:
    """The digits as 0 to 9: the letter o stands for 0, and other scripts have digits too."""
    if group.isascii() and group.isdigit():
        return group
    return "".join("0" if sign in "oO" else str(int(sign)) for sign in group)


def _alone(text: str, start: int, end: int, length: int) -> bool:
    """Whether no further group of such a length stands beside: a long row of pairs is a list."""
    group = rf"\d{{{length}}}"
    before = re.search(rf"(?<!\d){group}[ .-]$", text[max(0, start - length - 2) : start])
    return not before and not re.match(rf"[ .-]{group}(?!\d)", text[end : end + length + 2])
