"""Taking up a card: how the last owner stopped, and which streams there are.

The names of the files tell the streams, the checkpoint tells the rest. Only what the checkpoint
does not know is read: usually the stream that was being written when the power went, or nothing.
"""

import contextlib
import dataclasses
from collections.abc import Iterable
from typing import Literal

from sync.buffer import errors, purge, segments
from sync.buffer.files import Files
from sync.buffer.machine import Machine
from sync.buffer.state import State
from sync.buffer.streams import Stream
from sync.feedback import events

Stopped = Literal["clean", "killed", "power", "unknown"]


def stopped(state: State, machine: Machine) -> Stopped:
    """How the last owner of the card stopped, by the marker it left.

    An owner that did not say goodbye was killed when the kernel is still the same one, and lost its
    power when it is not.
    """
    marker = state.load("marker")
    if marker is None:
        return "unknown"
    if marker.get("clean"):
        return "clean"
    return "killed" if marker.get("boot_id") == machine.boot_id else "power"


def streams(card: Files, folder: str, known: Iterable[Stream]) -> list[Stream]:
    """The known streams and those whose files lie in the folder beside; the latter ``unread``.

    A folder that cannot be listed shows none: there may be better moments, and taps do not wait.
    """
    found = {row.name: row for row in known}
    names: list[segments.Name] = []
    with contextlib.suppress(errors.Error):
        names = segments.listing(card, folder)
    for name in names:
        row = found.get(name.stream)
        if row is None:
            row = found[name.stream] = Stream(name.stream, name.opening, unread=True)
        row.files.append(name)
    for row in found.values():
        _take_up_records(card, folder, row)
    return list(found.values())


def _take_up_records(card: Files, folder: str, row: Stream) -> None:
    """What was purged since the checkpoint: its final records say how far."""
    new = [name for name in row.files if name.kind == "counts" and name.first > row.purged]
    for record in purge.load(card, folder, new):
        row.office, row.kiosk = record.office, record.kiosk
        row.purged = max(row.purged, record.through)
        row.last_seq = max(row.last_seq, record.through)
        # only what an office had was purged
        row.acknowledged = row.sent = max(row.acknowledged, record.through)


def look(card: Files, folder: str, row: Stream, *, sync: bool) -> Stream:
    """The stream with whose it is and how far it goes, found out from its files.

    ``sync``: put the last file on the card for certain. What a killed process had not synced yet
    can be read until the power goes, and a stream that was read once must not get shorter.
    """
    found = dataclasses.replace(row, unread=False, held=False)
    try:
        _look_at_head(card, folder, found)
        _look_at_end(card, folder, found, sync=sync)
    except errors.NewerFormat:
        found.held = True
    return found


def _look_at_head(card: Files, folder: str, row: Stream) -> None:
    for name in sorted(row.files):
        if name.kind == "counts":
            continue
        with contextlib.suppress(errors.Card, errors.Missing):
            data = card.read(f"{folder}/{name}")
            head = segments.head(data, row.name)
            if head is not None:
                row.office, row.kiosk = head.office, head.kiosk
                row.after = _after(data, row.name)
                return


def _after(data: bytes, stream: str) -> tuple[str, int]:
    """The last event before the stream, as its `start` in a segment's bytes says."""
    found, _ = segments.events(data, stream)
    if found and found[0].seq == 1:
        with contextlib.suppress(events.Invalid):
            start = events.decode(found[0].raw)
            if isinstance(start, events.Start) and start.after is not None:
                return start.after.stream, start.after.seq
    return "", 0


def _look_at_end(card: Files, folder: str, row: Stream, *, sync: bool) -> None:
    for name in sorted(row.files, reverse=True):
        if name.kind == "counts":
            continue
        row.last_seq = max(row.last_seq, name.first - 1)
        with contextlib.suppress(errors.Card, errors.Missing):
            path = f"{folder}/{name}"
            found, _ = segments.events(card.read(path), row.name)
            if sync:
                card.sync(path)
                card.sync_folder(folder)
            if found:
                row.last_seq = max(row.last_seq, found[-1].seq)
                return
