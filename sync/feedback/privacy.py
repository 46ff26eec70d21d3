"""Strikes personal data out of a comment before anything of it touches the card.

What is struck: mail addresses, phone numbers, payment cards, bank accounts (IBAN) and Swedish,
Norwegian, Danish and Finnish personal numbers, in the many ways people write them. What must stay:
order numbers, prices, dates, barcodes, opening hours.

The rules, in this order:

1. Mail addresses and IBANs are looked for first, by their own shapes.
2. Times, dates and prices are covered, so that their digits belong to no number.
3. Each run of digit groups that is left is read as its longest stretch of groups that is a card
   (check digit and issuer), a personal number (date and check digits) or a phone number (valid in
   its country's numbering plan); then what is left on either side of the stretch.
4. A word like *order* or *receipt* just before a number makes it a reference, which stays; a word
   like *call* just before it makes a bare number a phone number. Equal steps make a list of sizes.
5. Digits in words count as a phone number from seven in a row.

`privacy_mail`, `privacy_context` and `privacy_spelled` hold what rules 1, 4 and 5 need.

Numbering plans come from ``phonenumbers`` (Google's libphonenumber metadata), check digits from
``python-stdnum``; both are loaded at the first comment, not at the kiosk's start.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

from sync.feedback import privacy_context, privacy_mail, privacy_spelled
from sync.feedback import privacy_words as words

KINDS = ("mail", "phone", "card", "account", "personal")

# Countries whose national way of writing a number is understood; with + or 00 every country is.
REGIONS = ("SE", "NO", "DK", "FI", "DE", "FR", "ES", "PH", "GB", "US", "NL", "AT", "CH", "BE", "PL")
# Numbers written without a leading 0: a bare run of digits looks like an order number.
BARE_SHAPES: dict[str, tuple[tuple[int, ...], ...]] = {
    "DK": ((2, 2, 2, 2),),
    "NO": ((2, 2, 2, 2), (3, 2, 3)),
    "ES": ((3, 3, 3), (3, 2, 2, 2)),
    "US": ((3, 3, 4),),
}
# Digits of the longest phone number (ITU-T E.164) and of the shortest national one that we strike.
LONGEST_PHONE, SHORTEST_PHONE = 15, 6
# From so many digits a number with + is a phone's though no numbering plan has it, and so is one
# with 0 that somebody asks to call: struck rather once too often than kept.
SURELY_PHONE = 9

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
    found = [Found("mail", *span) for span in privacy_mail.spans(text)]
    text = _cover(text, found)
    found += (one := list(_accounts(text)))
    text = _cover(text, one)
    text = _COVERED.sub(lambda match: "\x00" * len(match.group()), text)
    found += (one := [piece for run in _RUN.finditer(text) for piece in _numbers(text, run)])
    text = _cover(text, one)
    found += [Found("phone", *span) for span in privacy_spelled.spans(text)]
    return sorted(found, key=lambda piece: piece.start)


def _cover(text: str, found: list[Found]) -> str:
    """The text of the same length with what was found made unreadable to later rules."""
    for piece in found:
        text = text[: piece.start] + "\x00" * (piece.end - piece.start) + text[piece.end :]
    return text


def _accounts(text: str) -> Iterator[Found]:
    """What holds letters: IBANs, and Finnish personal numbers."""
    from stdnum import iban  # noqa: PLC0415  # loaded at the first comment
    from stdnum.fi import hetu  # noqa: PLC0415

    for match in _HETU.finditer(text):
        if hetu.is_valid(match.group()):
            yield Found("personal", *match.span())
    for match in _IBAN.finditer(text):
        # A word after the number may look like more of it: the longest valid beginning counts.
        for end in range(match.end(), match.start() + 14, -1):
            account = text[match.start() : end].rstrip()
            if iban.is_valid(account):
                yield Found("account", match.start(), match.start() + len(account))
                break


def _numbers(text: str, run: re.Match[str]) -> list[Found]:
    """The numbers in one run of digit groups: the longest stretch that is one, then its sides."""
    groups = [
        (run.start() + group.start(), run.start() + group.end())
        for group in _GROUP.finditer(run.group())
    ]
    found: list[Found] = []
    stretches = [(0, len(groups))]
    while stretches:
        low, high = stretches.pop()
        for first, last in _inside(low, high):
            start, end = groups[first][0], groups[last - 1][1]
            start = _with_plus(text, start)
            kind = _kind(text, start, [text[a:b] for a, b in groups[first:last]], end)
            if kind:
                end += 1 if text[start] == "(" and text[end : end + 1] == ")" else 0
                found.append(Found(kind, start, end))
                stretches += [(low, first), (last, high)]
                break
    return found


def _inside(low: int, high: int) -> Iterator[tuple[int, int]]:
    for length in range(high - low, 0, -1):
        for first in range(low, high - length + 1):
            yield first, first + length


def _with_plus(text: str, start: int) -> int:
    """Where the number begins once its + and opening bracket are counted in."""
    match = re.search(r"(?:\(\+|\+\s?\(?|\()$", text[:start])
    return match.start() if match else start


def _kind(text: str, start: int, groups: list[str], end: int) -> str | None:
    """What the groups of digits are, standing where they do; None for what may stay."""
    digits = "".join(groups).replace("o", "0").replace("O", "0")
    digits = "".join(str(int(digit)) for digit in digits)
    if len(digits) < SHORTEST_PHONE or len(set(digits)) == 1:
        return None
    context = privacy_context.before(text, start)
    if context == "reference" and not privacy_context.spent(text, start):
        return None
    if privacy_spelled.even(groups) and len(groups[0]) <= 3:
        return None  # sizes, rooms, counting: 38 39 40 41
    if _is_card(digits):
        return "card"
    if _is_personal(digits, groups, context):
        return "personal"
    alone = _alone(text, start, end, len(groups[0]))
    return "phone" if _is_phone(text[start:end], digits, groups, context, alone=alone) else None


def _alone(text: str, start: int, end: int, length: int) -> bool:
    """Whether no further group of such a length stands beside: a long row of pairs is a list."""
    group = rf"\d{{{length}}}"
    before = re.search(rf"(?<!\d){group}[ .-]$", text[:start])
    return not before and not re.match(rf"[ .-]{group}(?!\d)", text[end:])


def _is_card(digits: str) -> bool:
    """A payment card: an issuer's first digits (ISO/IEC 7812) and Luhn's check digit."""
    from stdnum import ean, luhn  # noqa: PLC0415  # loaded at the first comment

    if not re.fullmatch(r"4\d{12}|(?:4|5[1-5]|2[2-7]|6)\d{14,17}|3[47]\d{13}|3[068]\d{12}", digits):
        return False
    barcode = len(digits) in {13, 14} and ean.is_valid(digits)
    return bool(luhn.is_valid(digits)) and not barcode


def _is_personal(digits: str, groups: list[str], context: str) -> bool:
    """A Swedish, Norwegian or Danish personal number, by its date and check digits."""
    from stdnum.dk import cpr  # noqa: PLC0415  # loaded at the first comment
    from stdnum.no import fodselsnummer  # noqa: PLC0415
    from stdnum.se import personnummer  # noqa: PLC0415

    lengths = tuple(len(group) for group in groups)
    if context == "personal" and 10 <= len(digits) <= 12:
        return True  # said to be one: a slip in a digit makes it no less somebody's
    if len(digits) in {10, 12}:
        day = digits[-6:-4]
        # a coordination number (no permanent stay) has 60 added to the day
        real = f"{digits[:-6]}{int(day) - 60:02d}{digits[-4:]}" if int(day) > 60 else digits
        dated = personnummer.is_valid(f"{real[:-4]}-{real[-4:]}") or (
            real != digits and _dated(real, digits)
        )
        if dated and (lengths in {(6, 4), (8, 4), (10,), (12,)} or context == "personal"):
            return True
    if len(digits) == 11 and fodselsnummer.is_valid(digits):
        return True
    # Danish numbers since 2007 need no check digit: the date and the way of writing must do.
    danish = len(digits) == 10 and cpr.is_valid(digits)
    written = lengths in {(6, 4), (2, 2, 2, 4)}
    return danish and (written or context == "personal")


def _dated(real: str, digits: str) -> bool:
    """Whether a coordination number's date exists and its check digit (raw digits) fits."""
    from stdnum import luhn  # noqa: PLC0415  # loaded at the first comment

    month, day = int(real[-8:-6]), int(real[-6:-4])
    return 1 <= month <= 12 and 1 <= day <= 31 and bool(luhn.is_valid(digits[-10:]))


def _is_phone(written: str, digits: str, groups: list[str], context: str, *, alone: bool) -> bool:
    """A phone number: international, national with its leading 0, or bare in a usual grouping."""
    if len(digits) > LONGEST_PHONE + 2:
        return False
    asked = context in {"contact", "personal"}
    if written.lstrip("(").startswith("+"):
        return _valid(f"+{digits}", None) or len(digits) >= SURELY_PHONE
    if digits.startswith("0") and asked and len(digits) >= SURELY_PHONE:
        return True  # said to be one: with a slip of the finger, or of a country not known here
    if digits.startswith("00"):
        return _valid(f"+{digits[2:]}", None)
    if digits.startswith("0") or (asked and len(digits) >= 7):
        return any(_valid(digits, region) for region in REGIONS)
    lengths = tuple(len(group) for group in groups)
    even = len({*re.findall(r"\D+", written.strip("()"))}) == 1 or written.startswith("(")
    return (
        even
        and alone
        and any(
            lengths in shapes and _valid(digits, region) for region, shapes in BARE_SHAPES.items()
        )
    )


def _valid(number: str, region: str | None) -> bool:
    import phonenumbers  # noqa: PLC0415  # its metadata is large: loaded at the first comment

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False
