"""Two copies of one event: which is fuller, whether they are the same. Used through ``events``."""

import decimal
import json

from sync.feedback import codec, kinds


def rank(raw: bytes) -> int:
    """How full a copy is: 3 whole, 2 erased, 1 wrapped, 0 lost (or unreadable)."""
    try:
        event = codec.decode(raw)
    except codec.Invalid:
        return 3 if _readable(raw) else 0  # a refused event is whole, only wrong
    match event:
        case kinds.Lost():
            return 0
        case kinds.Wrapped():
            return 1
        case kinds.Comment(erased=True):
            return 2
    return 3


def _readable(raw: bytes) -> bool:
    try:
        return isinstance(json.loads(raw), dict)
    except (ValueError, RecursionError):
        return False


def same(a: bytes, b: bytes) -> bool:
    """Equal as JSON values: order of keys, white space and spelling of numbers do not matter."""
    if a == b:
        return True
    try:
        return _equal(*(json.loads(raw, parse_float=decimal.Decimal) for raw in (a, b)))
    except (ValueError, RecursionError):
        return False


def _equal(a: object, b: object) -> bool:
    # bool is an int to Python and not to JSON
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_equal(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_equal, a, b))
    return a == b


def erase(raw: bytes) -> bytes:
    """A comment's line without its text and with ``"erased":true``; everything else as it came."""
    fields = json.loads(raw)
    fields.pop("text", None)
    fields["erased"] = True
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
