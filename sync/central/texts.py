r"""Comments in events of any form, their removal codes, and taking their text out. Pure.

Rules

1. A comment is one in whatever form it lies here: good, refused, with half a surrogate pair, or as
   the first bytes of an event in a `wrapped` one.
2. A wrapped comment may end before its code. It is filed under CUT_OFF: whoever asks for a code
   that no other comment has may mean it, so its text goes then, too much rather than too little.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any, Final

import msgspec

from sync.central import reading, slices
from sync.feedback import events

CUT_OFF: Final = "?"
_MARK: Final = re.compile(rb'"kind"\s*:\s*"comment"')
_CODE: Final = re.compile(rb'"code"\s*:\s*("[^"\\]{0,64}")')


class _Fields(msgspec.Struct):
    kind: Any = ""
    code: Any = ""
    bytes: Any = ""


_fields = msgspec.json.Decoder(_Fields)


def code(raw: bytes) -> str | None:
    """Give a comment's removal code, "" if it has none, None for what is no comment."""
    told = _read(raw)
    if told is None:
        return None
    if told.kind == "wrapped":
        return _wrapped_code(_unwrapped(told))
    if told.kind != "comment":
        return None
    if not isinstance(told.code, str) or len(told.code) > 64:
        return ""
    return told.code if events.clean_text(told.code) == told.code else ""


def is_comment(raw: str) -> bool:
    """Tell whether this JSON is or holds a comment, refused and wrapped ones included."""
    return code(raw.encode()) is not None


def erased(entry: reading.Entry) -> reading.Entry:
    """Give a comment without its text, judged again."""
    if entry.rank not in {reading.WHOLE, reading.WRAPPED}:
        return entry
    return reading.judge(without_text(entry.raw))


def without_text(raw: bytes) -> bytes:
    """Give a comment's JSON without its text; only the bones of one that JSON cannot hold."""
    told = _read(raw)
    if told is not None and told.kind == "wrapped":
        empty = events.Wrapped(seq=reading.judge(raw).seq, bytes="")
        return events.encode(empty)
    try:
        bare = events.erase(raw)
        json.loads(bare, parse_constant=slices.no_constant)
    except ValueError:
        bones = {"seq": reading.judge(raw).seq, "kind": "comment", "erased": True}
        return json.dumps(bones, separators=(",", ":")).encode()
    return bare


def _read(raw: bytes) -> _Fields | None:
    try:
        return _fields.decode(raw)
    except reading.UNREADABLE:
        pass
    try:
        told = json.loads(raw)  # takes half a surrogate pair
    except (ValueError, RecursionError):
        # what no reader takes may still be one: better a text too few than one too many
        return _Fields(kind="comment") if _MARK.search(raw) else None
    if not isinstance(told, dict):
        return None
    return _Fields(told.get("kind", ""), told.get("code", ""), told.get("bytes", ""))


def _unwrapped(told: _Fields) -> bytes:
    try:
        return base64.b64decode(told.bytes) if isinstance(told.bytes, str) else b""
    except (binascii.Error, ValueError):
        return b""


def _wrapped_code(began: bytes) -> str | None:
    """Give the code in an event's first bytes, which may end anywhere."""
    if not _MARK.search(began):
        return None
    found = _CODE.search(began)
    if found is None:
        return CUT_OFF
    told = code(b'{"kind":"comment","code":%s}' % found[1])
    return told or CUT_OFF
