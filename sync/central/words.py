"""Codes of three words, made to be read out over a telephone and typed on a kiosk's own keyboard.

Rule 1: a code is three words of `words.txt`, joined by hyphens: about 33 bits. That is little for a
secret, and enough for one that works once, expires, and whose guessing is slowed (`guessing.py`).
Rule 2: capitals, spaces, commas and a missing rest after a word's fourth letter make no difference:
every word is told from all others by its first four letters.
"""

import functools
import importlib.resources
import re
from collections.abc import Callable

WORDS_IN_A_CODE = 3
TELLING = 4
"""So many first letters tell a word from every other (the property BIP-0039 is built on)."""


@functools.cache
def listed() -> tuple[str, ...]:
    """Give all words, in the order of the file."""
    text = importlib.resources.files("sync.central").joinpath("words.txt").read_text("utf-8")
    return tuple(line for line in text.split("\n") if line and not line.startswith("#"))


@functools.cache
def _by_beginning() -> dict[str, str]:
    return {word[:TELLING]: word for word in listed()}


def code(choose: Callable[[int], int]) -> str:
    """Make a code; `choose(n)` gives a number below n, in earnest `secrets.randbelow`."""
    words = listed()
    return "-".join(words[choose(len(words))] for _ in range(WORDS_IN_A_CODE))


def normal(typed: str) -> str:
    """Give the one spelling of a code that was typed somehow; what is no word stays as it is.

    The result may be nonsense: whether such a code was ever given out is for the store to say.
    """
    known = _by_beginning()
    parts = [part for part in re.split(r"[^a-z]+", typed.lower()) if part]
    return "-".join(_whole(part, known) for part in parts)


def _whole(part: str, known: dict[str, str]) -> str:
    word = known.get(part[:TELLING], part)
    return word if word.startswith(part) else part
