"""What is wrong in a file somebody wrote, in the words of people instead of those of a reader."""

from __future__ import annotations

import re

_KINDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "a text in quotes",
    "bool": "true or false",
    "array": "a list in [ ]",
    "object": "a table of keys",
    "date": "a day like 2026-11-21",
    "datetime": "a day with a time",
}
_NAMED = re.compile(r"`([a-z |]+)`")
_DATE = "Invalid RFC3339 encoded date"


def plainly(what: str) -> str:
    """Return msgspec's words about a wrong value as people say them."""
    what = _NAMED.sub(lambda match: _kinds(match[1]), what)
    for its, ours in (
        ("Object missing required field", "lacks the key"),
        ("Object contains unknown field", "has the unknown key"),
        ("Invalid enum value", "cannot be"),
        (_DATE, "is no day; write it like 2026-11-21"),
        ("Expected", "must be"),
        (", got", ", not"),
        ("a whole number, not a number", "a whole number, not one with decimals"),
        ("`", "'"),
    ):
        what = what.replace(its, ours)
    return what


def _kinds(named: str) -> str:
    """The kinds' names as people say them; what is no kind (a key's name) as it was."""
    kinds = [kind for kind in named.split(" | ") if kind != "null"]
    if not all(kind in _KINDS for kind in kinds):
        return f"`{named}`"
    return " or ".join(_KINDS[kind] for kind in kinds) or "nothing"


def unread(error: Exception) -> str:
    """Why a text is no TOML, and what to do."""
    if isinstance(error, UnicodeDecodeError):
        return "is not written in UTF-8; save it again with that encoding"
    return f"not TOML ({error}); correct that line"
