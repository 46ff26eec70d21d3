"""When the card is short: the oldest acknowledged segment goes, its counts stay.

1. Only what the office has whole goes, the oldest first, one segment at a time.
2. Its counts become a final record, ``….counts`` beside the segments: the cells that its events
   counted to, and the book that gave them, from which the next purge and every fold from scratch go
   on. It is whole on the card before the segment is taken away; where both are, the record holds.
3. What was purged reads as ``lost``, ``why`` ``purged``, for an office that asks for it again.
"""

from collections.abc import Iterable, Iterator, Mapping

import msgspec
import tinydb

from sync.buffer import errors, segments, state, storage
from sync.buffer.files import Files
from sync.buffer.salvage import Library
from sync.buffer.streams import Stream
from sync.feedback import cells, totals


class Record(msgspec.Struct, frozen=True):
    """What stays of ``first`` … ``through`` of a stream. ``number`` counts this card's purges."""

    number: int
    stream: str
    opening: int
    office: str
    kiosk: str
    first: int
    through: int
    version: int
    book: bytes
    cells: bytes


def oldest(
    rows: Iterable[Stream], counted: Mapping[str, int], written_to: Iterable[segments.Name]
) -> tuple[Stream, int] | None:
    """The stream whose oldest segment may go, and the last seq in it; None when none may.

    ``counted``: how far each stream is in the totals of a saved checkpoint.
    """
    busy = set(written_to)
    for row in rows:
        first = row.purged + 1
        journals = [n for n in row.files if n.kind == "journal"]
        if row.held or row.unread or not journals:
            continue
        later = [n.first for n in journals if n.first > first]
        through = min(later, default=row.last_seq + 1) - 1
        going = {n for n in journals if n.first <= through}
        if first <= through <= min(row.acknowledged, counted.get(row.name, 0)) and not going & busy:
            return row, through
    return None


def load(card: Files, folder: str, names: Iterable[segments.Name]) -> list[Record]:
    """The final records among these files that can be read, oldest purge first."""
    found = []
    for name in names:
        if name.kind == "counts":
            try:
                with _db(card, folder, name, "r") as db:
                    document = db.get(doc_id=1)
                found.append(msgspec.convert(document, Record))
            except (errors.Error, msgspec.ValidationError):
                continue  # nothing can be made of it; the totals it held are gone with it
    return sorted(found, key=lambda record: record.number)


def through(card: Files, folder: str, row: Stream) -> int:
    """Up to which seq only counts of this stream are left, also when its owner purged just now."""
    found = row.purged
    while True:
        name = segments.Name(row.opening, row.name, found + 1, 0, "counts")
        records = load(card, folder, [name])
        if not records:
            return found
        found = records[0].through


def record(library: Library, row: Stream, through: int, last: Record | None = None) -> Record:
    """The final record of a stream's events up to ``through``. ``last``: the newest one so far."""

    def history(stream: str) -> Iterator[bytes]:
        return (e.raw for e in library.events(row, row.purged)) if stream == row.name else iter(())

    book = totals.Book(history=history)
    if last is not None and last.version == totals.VERSION and last.book:
        book = totals.Book.load(last.book, history=history)
    events = library.events(row, row.purged, through)
    deltas = book.apply(row.name, (event.raw for event in events))
    return Record(
        number=last.number + 1 if last else 1,
        stream=row.name,
        opening=row.opening,
        office=row.office,
        kiosk=row.kiosk,
        first=row.purged + 1,
        through=through,
        version=totals.VERSION,
        book=book.dump(),
        cells=cells.pack(deltas),
    )


def purge(card: Files, folder: str, row: Stream, final: Record) -> None:
    """Put the record on the card and take its events off. Raises ``errors.Error``."""
    row.files.insert(0, _save(card, folder, final))
    remove(card, folder, row, final.through)


def slim(card: Files, folder: str, old: Record) -> None:
    """Save a record without its book: a newer one has it. Raises ``errors.Error``."""
    if old.book:
        _save(card, folder, msgspec.structs.replace(old, book=b""))


def _save(card: Files, folder: str, final: Record) -> segments.Name:
    name = segments.Name(final.opening, final.stream, final.first, 0, "counts")
    with _db(card, folder, name, "r+") as db:
        state.replace(db, msgspec.to_builtins(final))
    return name


def remove(card: Files, folder: str, row: Stream, through: int) -> None:
    """Take away the segments that a final record has replaced."""
    row.purged = max(row.purged, through)
    going = [n for n in row.files if n.kind == "journal" and n.first <= through]
    for name in going:
        card.remove(f"{folder}/{name}")
        row.files.remove(name)
    if going:
        card.sync_folder(folder)


def _db(card: Files, folder: str, name: segments.Name, access_mode: str) -> tinydb.TinyDB:
    return tinydb.TinyDB(
        f"{folder}/{name}",
        storage=storage.WholeStorage,
        files=card,
        access_mode=access_mode,
        salt=name.stream.encode(),
    )
