r"""Cutting a batch into its events where msgspec cannot read it: half surrogate pairs.

JSON lets a text hold `\ud800` alone; no UTF-8 and no database does, and msgspec refuses the whole
body. One bad event must not hold up the others, so such a body is cut here by the standard
library, slowly, and only such a body.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final, NamedTuple, NoReturn

_HALF: Final = re.compile(rb"\\u[dD][89a-fA-F]")
_SPACE: Final = re.compile(r"[ \t\n\r]*")


class Cut(NamedTuple):
    """An envelope's other fields, and each event's bytes as they came."""

    fields: dict[str, Any]
    events: list[bytes]


def suspicious(body: bytes) -> bool:
    """Tell whether there may be half a surrogate pair in a body."""
    return _HALF.search(body) is not None


def cut(body: bytes) -> Cut:
    """Cut a body into its events. Raises ValueError for what is no JSON object with `events`."""
    text = body.decode()
    fields: dict[str, Any] = {}
    events: list[bytes] = []
    at = _expect(text, _skip(text, 0), "{")
    at = _skip(text, at)
    while text[at : at + 1] != "}":
        name, at = _value(text, at)
        if not isinstance(name, str):
            raise ValueError(f"a name was to come at character {at}")  # noqa: TRY004, a text's fault
        at = _skip(text, _expect(text, _skip(text, at), ":"))
        if name == "events" and text[at : at + 1] == "[":
            events, at = _elements(text, at + 1)
            fields["events"] = []
        else:
            fields[name], at = _value(text, at)
        at = _next(text, at, "}")
    if _skip(text, at + 1) != len(text):
        raise ValueError(f"there is more after the end, at character {at + 1}")
    return Cut(fields, events)


def seq(raw: bytes) -> object:
    """Give an event's `seq`, whatever it is. Raises ValueError for what is no JSON object."""
    value, end = _value(raw.decode(), 0)
    if not isinstance(value, dict) or end != len(raw.decode()):
        raise ValueError("an event is a JSON object")
    return value.get("seq")


def _elements(text: str, at: int) -> tuple[list[bytes], int]:
    found: list[bytes] = []
    at = _skip(text, at)
    while text[at : at + 1] != "]":
        _, end = _value(text, at)
        found.append(text[at:end].encode())
        at = _next(text, end, "]")
    return found, at + 1


def _next(text: str, at: int, closing: str) -> int:
    """Give where the next item begins, or where the closing bracket stands."""
    at = _skip(text, at)
    if text[at : at + 1] == closing:
        return at
    at = _skip(text, _expect(text, at, ","))
    if text[at : at + 1] == closing:
        raise ValueError(f"an item was to come at character {at}")
    return at


def _expect(text: str, at: int, mark: str) -> int:
    if text[at : at + 1] != mark:
        raise ValueError(f"{mark!r} was to come at character {at}")
    return at + 1


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    assert found is not None
    return found.end()


def _value(text: str, at: int) -> tuple[Any, int]:
    return _decoder.raw_decode(text, at)


def no_constant(name: str) -> NoReturn:
    """Refuse NaN and the infinities, which Python's reader would take."""
    raise ValueError(f"{name} is no JSON")


_decoder = json.JSONDecoder(parse_constant=no_constant)
