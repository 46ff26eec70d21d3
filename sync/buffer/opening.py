"""Taking up a card: how the last owner stopped, and which streams there are."""

from typing import Literal

from sync.buffer import errors, segments
from sync.buffer.files import Files
from sync.buffer.machine import Machine
from sync.buffer.state import State
from sync.buffer.streams import Stream

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


def streams(card: Files, folder: str, state: State) -> list[Stream]:
    """All streams whose files lie in the folder."""
    found: dict[str, Stream] = {}
    for name in segments.listing(card, folder):
        row = found.setdefault(name.stream, Stream(name.stream, name.opening))
        row.files.append(name)
    acknowledged = (state.load("acknowledged") or {}).get("streams", {})
    for row in found.values():
        _read(card, folder, row)
        row.acknowledged = row.sent = min(acknowledged.get(row.name, 0), row.last_seq)
    return list(found.values())


def _read(card: Files, folder: str, row: Stream) -> None:
    for name in row.files:
        try:
            data = card.read(f"{folder}/{name}")
            head = segments.head(data, row.name)
        except errors.NewerFormat:
            row.held = True
            return
        except errors.Error:
            continue
        if head is not None:
            row.office, row.kiosk = head.office, head.kiosk
        found = segments.events(data, row.name)
        row.last_seq = max(row.last_seq, name.first - 1, found[-1][0] if found else 0)
