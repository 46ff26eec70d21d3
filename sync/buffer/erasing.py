"""Comments leave the card: a segment is replaced by one without their text.

1. Only a segment that is written to no more, and that the office has whole, since a day or more.
2. Every other line stays as it is, byte for byte; a comment keeps its code, so that its removal can
   still be asked for, and says ``"erased":true``.
3. Lines that could not be read are left out: a comment's words may stand in them. Their seqs stay
   a hole and read as ``lost`` as before; the office has that already.
4. The new file is whole on the card before it takes the old one's name.
"""

import json
from collections.abc import Iterator

from sync.buffer import journal, segments
from sync.buffer.files import Files
from sync.feedback import events

AFTER_MS = 24 * 60 * 60 * 1000
"""From acknowledgement to erasure."""

_COMMENT = b'"comment"'


def is_comment(raw: bytes) -> bool:
    """Whether this event is a comment with its words still there."""
    if _COMMENT not in raw:
        return False
    fields = json.loads(raw)
    return fields.get("kind") == "comment" and not fields.get("erased")


def erase(card: Files, folder: str, name: segments.Name) -> None:
    """Replace the segment by one without comments' text. Raises ``errors.Error``."""
    path = f"{folder}/{name}"
    old = card.read(path)
    new = b"".join(_lines(old, name.stream.encode()))
    if new != old:
        replace(card, folder, path, new)


def replace(card: Files, folder: str, path: str, data: bytes) -> None:
    """Put a file that holds ``data`` in this one's place, whole or not at all."""
    beside = f"{path}.new"
    card.write(beside, data)
    card.sync(beside)
    card.replace(beside, path)
    card.sync_folder(folder)


def _lines(data: bytes, salt: bytes) -> Iterator[bytes]:
    for line in journal.lines(data, salt):
        if line.change is None:
            continue
        change = _without_words(line.change) if _COMMENT in line.change else line.change
        yield journal.line(change, salt)


def _without_words(change: bytes) -> bytes:
    """The change with its comments' words taken out; the same bytes when there are none."""
    return journal.change(_step(step) for step in journal.steps(change))


def _step(step: journal.Step) -> journal.Step:
    if isinstance(step, list):
        return step
    return {
        table: content
        if isinstance(content, bytes)
        else {i: events.erase(raw) if is_comment(raw) else raw for i, raw in content.items()}
        for table, content in step.items()
    }
