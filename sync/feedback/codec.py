"""Reading and writing one event. Used through ``events``."""

import json
import re
from typing import Final

import msgspec

from sync.feedback import kinds


class Invalid(ValueError):
    """These bytes are no event: a sentence that names the field, the value and the rule."""


class _Head(msgspec.Struct, frozen=True):
    kind: str
    seq: kinds.Whole = 0
    mono: kinds.Whole = 0


_encoder = msgspec.json.Encoder()
_decoder: Final[msgspec.json.Decoder[kinds.Event]] = msgspec.json.Decoder(kinds.Known)
_heads = msgspec.json.Decoder(_Head)


class _Seq(msgspec.Struct, frozen=True):
    seq: int = 0


_seqs = msgspec.json.Decoder(_Seq)


def encode(event: kinds.Event) -> bytes:
    """The event as one JSON object without a newline. Text must be clean (``clean_text``)."""
    return _encoder.encode(event)


def decode(raw: bytes) -> kinds.Event:
    """The event in ``raw``; ``Unknown`` for a newer kind. Raises ``Invalid`` for the rest.

    Fields that this version does not know are passed over. Sizes and the text of unknown fields
    are judged by ``refusal`` alone.
    """
    try:
        return _decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return _unknown(raw, error)


def decode_or_lost(raw: bytes, through: int) -> kinds.Event:
    """The event after ``through``; an unreadable one counts for nothing, as if it were lost."""
    try:
        return decode(raw)
    except Invalid:
        used = seq(raw) or through + 1
        return kinds.Lost(seq=used, through=used, why="unreadable")


def seq(raw: bytes) -> int:
    """The event's ``seq``, of any kind; 0 when even that cannot be read."""
    try:
        return _seqs.decode(raw).seq
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return 0


def _unknown(raw: bytes, error: Exception) -> kinds.Unknown:
    """A well-formed event of an unknown kind, or ``Invalid`` with a sentence about ``error``."""
    try:
        head = _heads.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as worse:
        raise Invalid(_sentence(raw, worse)) from None
    if head.kind in kinds.KINDS:
        raise Invalid(_sentence(raw, error)) from None
    return kinds.Unknown(seq=head.seq, mono=head.mono, kind=head.kind)


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


def clean_text(text: str) -> str:
    """``text`` without U+0000 and lone surrogates, which databases and UTF-8 cannot hold."""
    if text.isascii() and "\0" not in text:
        return text
    return _UNCLEAN.sub("", text)


_UNCLEAN: Final = re.compile("[\0\ud800-\udfff]")


def fit(event: kinds.Event, limit: int = kinds.MAX_EVENT) -> kinds.Event:
    """The event with clean text, cut so that it is at most ``limit`` bytes whatever seq it gets.

    Only a comment's text and a mark's reason can be cut. Raises ``Invalid`` for what is too large
    all the same; a survey has its own limit.
    """
    field = {kinds.Comment: "text", kinds.Mark: "why"}.get(type(event))
    if field is not None:
        event = msgspec.structs.replace(event, **{field: clean_text(getattr(event, field))})
    limit = kinds.MAX_SURVEY if isinstance(event, kinds.Survey) else limit
    if field is not None:
        return _cut(event, field, limit)
    if (size := _stamped_size(event)) > limit:
        raise Invalid(f"the event is {size:,} bytes as JSON: at most {limit:,} are right.")
    return event


def _stamped_size(event: kinds.Event) -> int:
    stamped = msgspec.structs.replace(event, seq=kinds.MAX_INTEGER, mono=kinds.MAX_INTEGER)
    return len(encode(stamped))


def _cut(event: kinds.Event, field: str, limit: int) -> kinds.Event:
    """The event with the longest beginning of ``field`` that fits (bisected: escapes vary)."""
    text = getattr(event, field)

    def shortened(length: int) -> kinds.Event:
        return msgspec.structs.replace(event, **{field: text[:length]})

    low, high = 0, len(text) if _stamped_size(event) > limit else 0
    while low < high:
        middle = (low + high + 1) // 2
        if _stamped_size(shortened(middle)) <= limit:
            low = middle
        else:
            high = middle - 1
    return shortened(low) if _stamped_size(event) > limit else event
