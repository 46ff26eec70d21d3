"""Tells cards and personal numbers by their dates and check digits (see `privacy`)."""

from __future__ import annotations

import re

LONGEST = 19
"""Digits of the longest card number (ISO/IEC 7812)."""


def is_card(digits: str) -> bool:
    """A payment card: an issuer's first digits (ISO/IEC 7812) and Luhn's check digit."""
    from stdnum import ean, luhn  # noqa: PLC0415  # loaded at the first comment

    if not re.fullmatch(r"4\d{12}|(?:4|5[1-5]|2[2-7]|6)\d{14,17}|3[47]\d{13}|3[068]\d{12}", digits):
        return False
    barcode = len(digits) in {13, 14} and ean.is_valid(digits)
    return bool(luhn.is_valid(digits)) and not barcode


def is_personal(groups: list[str], context: str) -> bool:
    """A Swedish, Norwegian or Danish personal number, by its date and check digits."""
    from stdnum.dk import cpr  # noqa: PLC0415  # loaded at the first comment
    from stdnum.no import fodselsnummer  # noqa: PLC0415
    from stdnum.se import personnummer  # noqa: PLC0415

    digits = "".join(groups)
    if not 10 <= len(digits) <= 12:
        return False
    if context == "personal":
        return True  # said to be one: a slip in a digit makes it no less somebody's
    if len(digits) == 11:
        return bool(fodselsnummer.is_valid(digits))
    lengths = tuple(len(group) for group in groups)
    lengths = (len(digits),) if set(lengths) == {1} else lengths  # digit by digit
    if lengths in {(6, 4), (8, 4), (10,), (12,)}:
        day = int(digits[-6:-4])
        # a coordination number (no permanent stay) has 60 added to the day
        real = f"{digits[:-6]}{day - 60:02d}{digits[-4:]}" if day > 60 else digits
        if personnummer.is_valid(f"{real[:-4]}-{real[-4:]}") or (
            real != digits and _dated(real, digits)
        ):
            return True
    # Danish numbers since 2007 need no check digit: the date and the way of writing must do.
    return lengths in {(6, 4), (2, 2, 2, 4)} and bool(cpr.is_valid(digits))


def _dated(real: str, digits: str) -> bool:
    """Whether a coordination number's date exists and its check digit (raw digits) fits."""
    from stdnum import luhn  # noqa: PLC0415  # loaded at the first comment

    month, day = int(real[-8:-6]), int(real[-6:-4])
    return 1 <= month <= 12 and 1 <= day <= 31 and bool(luhn.is_valid(digits[-10:]))
