"""What an opening loads instead of reading the card: streams, totals and clocks up to a point.

1. A checkpoint says of each stream how far its events are in the totals beside it; what came after
   is read from the stream. Lost or damaged it is made anew from the card.
2. What an office has acknowledged since stands in the piece ``acknowledged``, which counts only
   beside the checkpoint that it names. Forgetting it only sends again.
3. An acknowledgement counts for the office that gave it: where an enrolment since has given a
   stream to another one, nothing is acknowledged.
"""

from typing import Any

import msgspec

from sync.buffer.identity import Identity
from sync.buffer.salvage import Damage
from sync.buffer.state import State
from sync.buffer.streams import Stream


class Row(msgspec.Struct, array_like=True):
    """A stream in a checkpoint: the fields of :class:`~sync.buffer.streams.Stream`."""

    name: str
    opening: int
    office: str
    kiosk: str
    last_seq: int
    acknowledged: int
    folded: int
    purged: int
    held: bool


class Clock(msgspec.Struct, frozen=True):
    """The best clock of a boot so far."""

    boot_id: str
    source: str


class Checkpoint(msgspec.Struct, omit_defaults=True):
    """Everything but the months' cells. ``open``: streams that may have grown since.

    ``book``: a ``totals.Book``; ``hot``: packed cells by generation, see
    :mod:`sync.buffer.ledger`; ``comments``: segments with comments, and when (wall ms) the office
    had them whole, 0 before; ``enrolments``: how many there were.
    """

    number: int = 0
    enrolments: int = 0
    open: list[str] = []
    rows: list[Row] = []
    epoch: str = ""
    generation: int = 0
    months: list[str] = []
    book: bytes = b""
    hot: dict[str, bytes] = {}
    comments: dict[str, int] = {}
    damaged: list[Damage] = []
    clock: Clock | None = None


class _Acknowledged(msgspec.Struct):
    number: int
    enrolments: int
    streams: dict[str, int]


def row(stream: Stream) -> Row:
    """A stream as a checkpoint keeps it."""
    return Row(
        stream.name,
        stream.opening,
        stream.office,
        stream.kiosk,
        stream.last_seq,
        stream.acknowledged,
        stream.folded,
        stream.purged,
        stream.held,
    )


def load(state: State) -> Checkpoint:
    """The newest checkpoint; an empty one, number 0, when there is none that can be read."""
    try:
        return msgspec.convert(state.load("checkpoint") or {}, Checkpoint)
    except msgspec.ValidationError as error:
        state.damaged[f"{state.folder}/checkpoint.json"] = str(error)
        return Checkpoint()


def save(state: State, point: Checkpoint) -> None:
    """Make this the newest checkpoint. Raises :class:`~sync.buffer.errors.Error`."""
    state.save("checkpoint", _plain(point))


def streams(point: Checkpoint, state: State, identity: Identity) -> list[Stream]:
    """The checkpoint's streams with what is acknowledged since, by the rules above."""
    acknowledged = {r.name: r.acknowledged for r in point.rows}
    enrolments = point.enrolments
    try:
        since = msgspec.convert(state.load("acknowledged"), _Acknowledged)
        if since.number == point.number:
            acknowledged.update(since.streams)
            enrolments = since.enrolments
    except msgspec.ValidationError:
        pass  # there is none, or none that can be read: rule 2
    then = Identity(identity.enrolments[:enrolments])
    found = []
    for r in point.rows:
        same = then.owner(r.office, r.kiosk) == identity.owner(r.office, r.kiosk)
        count = min(acknowledged[r.name], r.last_seq) if same else 0
        found.append(
            Stream(
                name=r.name,
                opening=r.opening,
                office=r.office,
                kiosk=r.kiosk,
                last_seq=r.last_seq,
                acknowledged=count,
                sent=count,
                folded=r.folded,
                purged=r.purged,
                held=r.held,
                # one of a newer format may be of ours by now
                unread=r.held or r.name in point.open,
            )
        )
    return found


def save_acknowledged(
    state: State, number: int, identity: Identity, changed: dict[str, int]
) -> None:
    """Keep what changed since checkpoint ``number``. Raises :class:`~sync.buffer.errors.Error`."""
    enrolments = len(identity.enrolments)
    state.save("acknowledged", _plain(_Acknowledged(number, enrolments, changed)))


def _plain(value: msgspec.Struct) -> dict[str, Any]:
    document = msgspec.to_builtins(value)
    assert isinstance(document, dict)
    return document
