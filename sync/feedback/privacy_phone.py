"""Tells which digits are a telephone number, by the countries' numbering plans (see `privacy`).

The plans are ``phonenumbers``' own. Its ``parse`` takes 40 µs a country, and a comment full of
digits holds thousands of stretches that may be a number: so digits are split here, by what each
plan says of its own trunk prefix and lengths, and only what is left asks it.
"""

from __future__ import annotations

import functools
import re
from typing import Any

import msgspec

# Countries whose national way of writing a number is understood; with + or 00 every country is.
REGIONS = ("SE", "NO", "DK", "FI", "DE", "FR", "ES", "PH", "GB", "US", "NL", "AT", "CH", "BE", "PL")
# Numbers written without a leading 0: a bare run of digits looks like an order number.
BARE_SHAPES: dict[str, tuple[tuple[int, ...], ...]] = {
    "DK": ((2, 2, 2, 2),),
    "NO": ((2, 2, 2, 2), (3, 2, 3)),
    "ES": ((3, 3, 3), (3, 2, 2, 2)),
    "US": ((3, 3, 4),),
}
# Digits of the longest phone number (ITU-T E.164) and of the shortest national one that we strike;
# with 00 and a slip of the finger two more. In one group, and no word that says what they are,
# six or seven digits with a 0 in front are rather an article's.
LONGEST, SHORTEST, SHORTEST_ASKED, SHORTEST_GROUP = 15, 6, 7, 8
# From so many digits a number with + is a phone's though no numbering plan has it, and so is one
# with 0 that somebody asks to call: struck rather once too often than kept.
SURELY = 9


class Plan(msgspec.Struct, frozen=True):
    """A country's code, the digit before its national numbers ("" for none) and their lengths."""

    country: int
    trunk: str
    lengths: frozenset[int]


def is_phone(written: str, groups: list[str], context: str, *, alone: bool) -> bool:
    """A phone number: international, national with its leading 0, or bare in a usual grouping.

    `written` is the number as it stands, `groups` its digits, `context` what the words before say
    of it (see `privacy_context`); `alone` that no group of the same length stands beside it.
    """
    digits = "".join(groups)
    if len(digits) > LONGEST + 2:
        return False
    asked = context in {"contact", "personal"}
    if written.lstrip("(").startswith("+"):
        return len(digits) >= SURELY or international(digits)
    if digits.startswith("0") and asked and len(digits) >= SURELY:
        return True  # said to be one: with a slip of the finger, or of a country not known here
    if digits.startswith("00"):
        return international(digits[2:])
    trunk = digits.startswith("0") and (len(groups) > 1 or len(digits) >= SHORTEST_GROUP)
    if trunk or (asked and len(digits) >= SHORTEST_ASKED):
        return any(national(digits, region) for region in REGIONS)
    return alone and _usual(written, digits, groups)


def _usual(written: str, digits: str, groups: list[str]) -> bool:
    """Whether digits without a 0 in front stand as a country with such numbers writes them."""
    lengths = tuple(len(group) for group in groups)
    even = len({*re.findall(r"\D+", written.strip("()"))}) == 1 or written.startswith("(")
    return even and any(
        lengths in shapes and national(digits, region) for region, shapes in BARE_SHAPES.items()
    )


def international(digits: str) -> bool:
    """Whether the digits after + or 00 are some country's number."""
    import phonenumbers  # noqa: PLC0415  # its metadata is large: loaded at the first comment

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(f"+{digits}", None))
    except phonenumbers.NumberParseException:
        return False


def national(digits: str, region: str) -> bool:
    """Whether the digits are a number of a country as it is written there, or with its code."""
    plan = _plan(region)
    code = str(plan.country)
    readings = [digits.removeprefix(plan.trunk), digits]
    if digits.startswith(code):
        readings.append(digits.removeprefix(code).removeprefix(plan.trunk))
    return any(
        len(number) in plan.lengths and number[0] != "0" and _exists(plan.country, number)
        for number in dict.fromkeys(readings)
    )


def _exists(country: int, number: str) -> bool:
    import phonenumbers  # noqa: PLC0415  # loaded at the first comment

    whole = phonenumbers.PhoneNumber(country_code=country, national_number=int(number))
    return bool(phonenumbers.is_valid_number(whole))


@functools.cache
def _plan(region: str) -> Plan:
    import phonenumbers  # noqa: PLC0415  # loaded at the first comment

    metadata: Any = phonenumbers.PhoneMetadata.metadata_for_region(region)
    return Plan(
        metadata.country_code,
        metadata.national_prefix or "",
        frozenset(metadata.general_desc.possible_length),
    )
