"""Slowing those who guess, per address and in all (wire.md, enrolments). PURE.

Rule 1: every try is counted before it is judged, and uncounted when it was right. So a shop full
of kiosks behind one address enrols them all, and a hundred guesses at one instant are a hundred.
Rule 2: beyond a limit nothing is judged, right or wrong, until the window ends: whoever guesses
cannot tell a right one by its being slowed.
Rule 3: an IPv6 network of one household counts as one address: each has 2⁶⁴ of them.

With three words of 2,002 there are 8·10⁹ codes. In the week that a code lives all the guessers in
the world together get `in_all` tries each window: about 10⁵, a chance of 1 in 80,000 a code.
"""

import ipaddress
from typing import NamedTuple


class Limit(NamedTuple):
    """How many wrong tries are judged in each window of `seconds`."""

    what: str
    seconds: int
    per_address: int
    in_all: int


CODES = Limit("code", 600, 10, 100)
LOG_INS = Limit("log-in", 600, 10, 300)


def origin(address: str) -> str:
    """Give whom a caller's address counts for: itself, or of IPv6 its network of 64 bits."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(ipaddress.IPv6Network((known, 64), strict=False))


def window(limit: Limit, now_ms: int) -> int:
    """Give the number of the window that this moment lies in."""
    return now_ms // 1000 // limit.seconds


def wait(limit: Limit, mine: int, everybody: int, now_ms: int) -> int | None:
    """Give the seconds until the next try is judged, None when this one is.

    `mine` and `everybody` are the tries before this one in its window.
    """
    if mine < limit.per_address and everybody < limit.in_all:
        return None
    return limit.seconds - now_ms // 1000 % limit.seconds
