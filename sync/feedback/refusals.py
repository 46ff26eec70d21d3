"""What the office refuses, by the bytes of an event alone. Used through ``events``."""

import json
import re
from typing import Final

from sync.feedback import codec, kinds

MAX_DEPTH: Final = 64
"""No event of any kind needs more; how deep a reader can go hangs on who calls it."""
_WORD: Final = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


def refusal(raw: bytes) -> str | None:
    """Why the office refuses this event: a sentence, or None when it is good.

    Judges what events.md §1 says and nothing else: types, integers, faces, ids, text, size. A
    survey's ``document`` and what an unknown kind or field carries are not judged, but for text
    that no database of ours could hold.
    """
    try:
        event = codec.decode(raw)
    except codec.Invalid as error:
        return str(error)
    return _size(raw, event) or _depth(raw) or _text(raw) or _meaning(event)


def is_plain(raw: bytes, event: kinds.Event) -> bool:
    """A quick yes for what most events are, good ones. No means: ask ``refusal``.

    ``event`` is what ``decode`` gives of ``raw``, which is UTF-8.
    """
    # the quickest searches that will do: for one byte, and none that most events can be spared
    if len(raw) > kinds.MAX_EVENT or event.seq < 1 or _BACKSLASH in raw:
        return False
    nested = _SQUARE in raw or raw.rfind(_CURLY) > 0
    if nested and raw.count(_SQUARE) + raw.count(_CURLY) > MAX_DEPTH:  # perhaps too deep
        return False
    if type(event) is kinds.Rating:
        return event.is_sound
    return type(event) in _PLAIN


_BACKSLASH: Final = ord("\\")
_SQUARE: Final = ord("[")
_CURLY: Final = ord("{")
_PLAIN: Final = frozenset(
    (kinds.Answer, kinds.Correction, kinds.Mark, kinds.Start, kinds.Settings, kinds.Clock)
)


def _size(raw: bytes, event: kinds.Event) -> str | None:
    limit = kinds.MAX_SURVEY if isinstance(event, kinds.Survey) else kinds.MAX_EVENT
    if len(raw) > limit:
        return f"the event is {len(raw):,} bytes as JSON: at most {limit:,} are right."
    return None


def _depth(raw: bytes) -> str | None:
    if raw.count(b"[") + raw.count(b"{") <= MAX_DEPTH:
        return None
    depth = deepest = 0
    for sign in _WORD.sub(b"", raw):
        depth += (sign in b"[{") - (sign in b"]}")
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        return f"the event is nested {deepest} deep: at most {MAX_DEPTH} is right."
    return None


def _text(raw: bytes) -> str | None:
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        return f"byte {error.start + 1} of the event is not UTF-8."
    if b"\\u" not in raw:  # neither of the two can be written without an escape
        return None
    try:
        return unclean(json.loads(raw))
    except (ValueError, RecursionError) as error:
        return f"the event cannot be read as JSON: {error}."


def unclean(value: object) -> str | None:
    """Why the office refuses a text somewhere in a JSON value, or None: no database could hold it.

    For those who make what an event will carry (a survey), so that they are told before it is sent.
    """
    for word in _strings(value):
        if word != codec.clean_text(word):
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


def _meaning(event: kinds.Event) -> str | None:  # noqa: PLR0911 -- one row each
    """What types alone cannot say."""
    if event.seq < 1:
        return "`seq` is missing or 0: 1 … 9007199254740991 is right."
    match event:
        case kinds.Rating(face=face, faces=faces) if face > faces:
            return f"`face` is {face}: 1 … {faces} is right."
        case kinds.Rating(visit=visit, seq=seq, stream="") if visit > seq:
            return (
                f"`visit` is {visit}: an event can only name an earlier one (its `seq` is {seq})."
            )
        case kinds.Comment(text="", erased=False):
            return "`text` is missing: a comment has words, or `erased` is true."
        case kinds.Lost(through=through, seq=seq) if through < seq:
            return f"`through` is {through}: it is right from `seq` ({seq}) on."
        case kinds.Wrapped():
            return "the kiosk sent this event wrapped, because the office could not read it."
        case kinds.Count(from_=begin, to=end) if end < begin:
            return f"`to` is {end}: it is right from `from` ({begin}) on."
    return None
