"""The words of the stream: every kind of event, how it is written, and what the office refuses.

Rules (design: events.md §1):

1. An event is one JSON object on one line. (stream, seq) is its identity for ever.
2. Unknown kinds and unknown fields are carried as they came: never re-encode what was received,
   keep its bytes. ``decode`` gives ``Unknown`` for a kind that this version does not know.
3. Integers are 0 … 2⁵³−1 (what every JSON reader keeps exact). Ids are ``[a-z0-9_]{1,16}``. Text
   has no U+0000 and no lone surrogate: one database of two could not store it.
4. An event is at most 4 KiB as JSON, a survey at most 64 KiB. A comment is cut first (``fit``).
5. ``refusal`` looks at nothing but the bytes, so its verdict is the same whatever the database.
6. Of two copies of one event the fuller wins: whole > erased > wrapped > lost (``rank``). Two whole
   ones are the same when they are equal as JSON values (``same``).

``seq`` and ``mono`` are stamped by the buffer when they are 0.
"""

import decimal
import json
import re
from typing import Final

import msgspec

from sync.feedback.kinds import (
    KINDS,
    MAX_EVENT,
    MAX_FACES,
    MAX_INTEGER,
    MAX_SURVEY,
    WEEKDAYS,
    After,
    Answer,
    Clock,
    Comment,
    Correction,
    Count,
    Ended,
    Event,
    Hours,
    Known,
    Lost,
    Mark,
    Rating,
    Settings,
    Start,
    Survey,
    Unknown,
    Weekday,
    Whole,
    Wrapped,
)

__all__ = [
    "KINDS",
    "MAX_EVENT",
    "MAX_FACES",
    "MAX_INTEGER",
    "MAX_SURVEY",
    "WEEKDAYS",
    "After",
    "Answer",
    "Clock",
    "Comment",
    "Correction",
    "Count",
    "Ended",
    "Event",
    "Hours",
    "Invalid",
    "Known",
    "Lost",
    "Mark",
    "Rating",
    "Settings",
    "Start",
    "Survey",
    "Unknown",
    "Weekday",
    "Whole",
    "Wrapped",
    "clean_text",
    "decode",
    "encode",
    "erase",
    "fit",
    "rank",
    "refusal",
    "same",
]


class Invalid(ValueError):
    """These bytes are no event: a sentence that names the field, the value and the rule."""


class _Head(msgspec.Struct, frozen=True):
    kind: str
    seq: Whole = 0
    mono: Whole = 0


_encoder = msgspec.json.Encoder()
_decoder: Final[msgspec.json.Decoder[Event]] = msgspec.json.Decoder(Known)
_heads = msgspec.json.Decoder(_Head)


def encode(event: Event) -> bytes:
    """The event as one JSON object without a newline. Text must be clean (``clean_text``)."""
    return _encoder.encode(event)


def decode(raw: bytes) -> Event:
    """The event in ``raw``; ``Unknown`` for a newer kind. Raises ``Invalid`` for the rest.

    Fields that this version does not know are passed over. Sizes and the text of unknown fields are
    judged by ``refusal`` alone.
    """
    try:
        return _decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return _unknown(raw, error)


def _unknown(raw: bytes, error: Exception) -> Unknown:
    """A well-formed event of an unknown kind, or ``Invalid`` with a sentence about ``error``."""
    try:
        head = _heads.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as worse:
        raise Invalid(_sentence(raw, worse)) from None
    if head.kind in KINDS:
        raise Invalid(_sentence(raw, error)) from None
    return Unknown(seq=head.seq, mono=head.mono, kind=head.kind)


def refusal(raw: bytes) -> str | None:
    """Why the office refuses this event: a sentence, or None when it is good.

    Judges what events.md §1 says and nothing else: types, integers, faces, ids, text, size. A
    survey's ``document`` and what an unknown kind or field carries are not judged, but for text
    that no database of ours could hold.
    """
    try:
        event = decode(raw)
    except Invalid as error:
        return str(error)
    return _size(raw, event) or _text(raw) or _meaning(event)


def _size(raw: bytes, event: Event) -> str | None:
    limit = MAX_SURVEY if isinstance(event, Survey) else MAX_EVENT
    if len(raw) > limit:
        return f"the event is {len(raw):,} bytes as JSON: at most {limit:,} are right."
    return None


def _text(raw: bytes) -> str | None:
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        return f"byte {error.start + 1} of the event is not UTF-8."
    if b"\\u" not in raw:  # neither of the two can be written without an escape
        return None
    try:
        words = _strings(json.loads(raw))
    except (ValueError, RecursionError) as error:
        return f"the event cannot be read as JSON: {error}."
    for word in words:
        if word != clean_text(word):
            return f"the text {word[:40]!r} has U+0000 or half of a surrogate pair: strip it first."
    return None


def _strings(value: object) -> list[str]:
    """All texts in a JSON value, keys included; a stack, for the nesting may be deep."""
    found, stack = [], [value]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, list):
            stack.extend(item)
        elif isinstance(item, dict):
            stack.extend(item)
            stack.extend(item.values())
    return found


def _meaning(event: Event) -> str | None:  # noqa: PLR0911 -- one row each
    """What types alone cannot say."""
    if event.seq < 1:
        return "`seq` is missing or 0: 1 … 9007199254740991 is right."
    match event:
        case Rating(face=face, faces=faces) if face > faces:
            return f"`face` is {face}: 1 … {faces} is right."
        case Rating(visit=visit, seq=seq, stream="") if visit > seq:
            return (
                f"`visit` is {visit}: an event can only name an earlier one (its `seq` is {seq})."
            )
        case Comment(text="", erased=False):
            return "`text` is missing: a comment has words, or `erased` is true."
        case Lost(through=through, seq=seq) if through < seq:
            return f"`through` is {through}: it is right from `seq` ({seq}) on."
        case Wrapped():
            return "the kiosk sent this event wrapped, because the office could not read it."
        case Count(from_=begin, to=end) if end < begin:
            return f"`to` is {end}: it is right from `from` ({begin}) on."
    return None


def _sentence(raw: bytes, error: Exception) -> str:
    """msgspec's message, with the value that it is about."""
    if isinstance(error, RecursionError):
        return "the event is nested too deeply to be read."
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start + 1} of a text in the event is not UTF-8."
    if not isinstance(error, msgspec.ValidationError):
        return f"the event cannot be read as JSON: {error}."
    what, _, path = str(error).partition(" - at ")
    place = re.search(r"`\$\.([a-z_]+)", path)
    if place is None:
        return f"{what}."
    try:
        value = json.dumps(json.loads(raw)[place[1]])
    except (ValueError, LookupError, TypeError, RecursionError):
        value = "not readable"
    return f"`{place[1]}` is {value[:80]}: {what[:1].lower()}{what[1:]}."


def rank(raw: bytes) -> int:
    """How full a copy is: 3 whole, 2 erased, 1 wrapped, 0 lost (or unreadable)."""
    try:
        event = decode(raw)
    except Invalid:
        return 3 if _readable(raw) else 0  # a refused event is whole, only wrong
    match event:
        case Lost():
            return 0
        case Wrapped():
            return 1
        case Comment(erased=True):
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


def clean_text(text: str) -> str:
    """``text`` without U+0000 and lone surrogates, which databases and UTF-8 cannot hold."""
    if text.isascii() and "\0" not in text:
        return text
    return _UNCLEAN.sub("", text)


_UNCLEAN: Final = re.compile("[\0\ud800-\udfff]")


def fit(event: Event, limit: int = MAX_EVENT) -> Event:
    """The event with clean text, cut so that it is at most ``limit`` bytes whatever seq it gets.

    Only a comment's text and a mark's reason can be cut. Raises ``Invalid`` for what is too large
    all the same; a survey has its own limit.
    """
    field = {Comment: "text", Mark: "why"}.get(type(event))
    if field is not None:
        event = msgspec.structs.replace(event, **{field: clean_text(getattr(event, field))})
    limit = MAX_SURVEY if isinstance(event, Survey) else limit
    if field is not None:
        return _cut(event, field, limit)
    if (size := _stamped_size(event)) > limit:
        raise Invalid(f"the event is {size:,} bytes as JSON: at most {limit:,} are right.")
    return event


def _stamped_size(event: Event) -> int:
    return len(encode(msgspec.structs.replace(event, seq=MAX_INTEGER, mono=MAX_INTEGER)))


def _cut(event: Event, field: str, limit: int) -> Event:
    """The event with the longest beginning of ``field`` that fits (bisected: escapes vary)."""
    text = getattr(event, field)

    def shortened(length: int) -> Event:
        return msgspec.structs.replace(event, **{field: text[:length]})

    low, high = 0, len(text) if _stamped_size(event) > limit else 0
    while low < high:
        middle = (low + high + 1) // 2
        if _stamped_size(shortened(middle)) <= limit:
            low = middle
        else:
            high = middle - 1
    return shortened(low) if _stamped_size(event) > limit else event


def erase(raw: bytes) -> bytes:
    """A comment's line without its text and with ``"erased":true``; everything else as it came."""
    fields = json.loads(raw)
    fields.pop("text", None)
    fields["erased"] = True
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
