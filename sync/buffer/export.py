"""What leaves the card by hand: counts for people, signed events for the office.

Each file is written beside its name, synced and renamed, so that a stick pulled out too early holds
no half file under a whole one's name. A stream counts as exported only after that.
"""

import csv
import datetime
import io
import string
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import msgspec

from sync.buffer.files import Files, RealFiles
from sync.buffer.reader import Reading
from sync.buffer.streams import Stream
from sync.feedback import byhand, cells

Progress = Callable[[int, int], None]
"""Told how much of how much is done, whenever it is worth showing."""

_CHUNK = 1000
_LETTERS = frozenset(string.ascii_letters + string.digits + "_-")


class File(msgspec.Struct, frozen=True):
    """One file written. ``rows``: lines of counts, or events; ``signed``: by a kiosk's token."""

    path: str
    rows: int
    size: int
    office: str = ""
    kiosk: str = ""
    signed: bool = False


class Receipt(msgspec.Struct, frozen=True):
    """What was written; no files when there was nothing to write."""

    files: tuple[File, ...]

    @property
    def rows(self) -> int:
        """Over all files."""
        return sum(file.rows for file in self.files)


class _Part(NamedTuple):
    stream: str
    through: int
    data: bytes


class _Pen:
    """Writes one file of a stick; ``close`` gives it its name."""

    def __init__(self, card: Files, folder: str, name: str) -> None:
        self.path = f"{folder}/{name}"
        self.size = 0
        self._card = card
        self._folder = folder
        card.make_folder(folder)
        card.write(f"{self.path}.part", b"")

    def add(self, data: bytes) -> None:
        self._card.append(f"{self.path}.part", data)
        self.size += len(data)

    def close(self) -> None:
        part = f"{self.path}.part"
        self._card.sync(part)
        self._card.close(part)
        self._card.replace(part, self.path)
        self._card.sync_folder(self._folder)


def _ignore(done: int, of: int) -> None:
    """Nobody watches."""


def events(
    reading: Reading,
    folder: str,
    *,
    everything: bool = False,
    target: Files | None = None,
    progress: Progress = _ignore,
) -> Receipt:
    """Write the waiting events to ``folder``, one file for each office and kiosk.

    ``everything``: also those that an office has acknowledged. Raises
    :class:`~sync.buffer.errors.Error` when the stick does not take it.
    """
    owners: dict[tuple[str, str], list[Stream]] = {}
    for row in reading.rows():
        if row.pending or everything:
            owner = reading.identity.owner(row.office, row.kiosk)
            owners.setdefault(owner, []).append(row)
    rows = [row for group in owners.values() for row in group]
    total = sum(row.last_seq - _after(row, everything) for row in rows)
    done = 0
    found: list[File] = []
    for (office, kiosk), streams in owners.items():
        again = f"-{len(found) + 1}" if found else ""  # two names may look alike, or be the same
        name = _name("events", kiosk, reading.now(), "jsonl", again)
        pen = _Pen(target or RealFiles(), folder, name)
        enrolment = reading.identity.of(kiosk, office)
        signature = byhand.Signature(byhand.token_hash(enrolment.token)) if enrolment else None
        through: dict[str, int] = {}
        count = 0
        for part in _parts(reading, kiosk, streams, everything):
            pen.add(part.data)
            if signature:
                signature.add(part.data)
            count += part.data.count(b"\n")
            through[part.stream] = part.through
            progress(done + count, total)
        pen.add((signature.hex if signature else "").encode() + b"\n")
        pen.close()
        done += count
        for stream, seq in through.items():
            reading.exported(stream, seq)
        found.append(File(pen.path, count, pen.size, office, kiosk, signed=bool(signature)))
    return Receipt(tuple(found))


def _after(row: Stream, everything: bool) -> int:
    return 0 if everything else row.acknowledged


def _parts(
    reading: Reading, kiosk: str, streams: Iterable[Stream], everything: bool
) -> Iterator[_Part]:
    """The lines of a file, a thousand at a time, and how far they go in their stream."""
    for row in streams:
        lines: list[bytes] = []
        for event in reading.events(row.name, _after(row, everything)):
            lines.append(byhand.written(kiosk, row.name, event.raw))
            if len(lines) == _CHUNK:
                yield _Part(row.name, event.last, b"".join(lines))
                lines = []
        if lines:
            yield _Part(row.name, event.last, b"".join(lines))


def counts(
    reading: Reading,
    folder: str,
    from_day: str,
    to_day: str,
    *,
    target: Files | None = None,
    progress: Progress = _ignore,
) -> Receipt:
    """Write the counts of these days as CSV: one line per sort of tap and hour.

    ``reason`` is empty for the tap itself, ``*`` for taps with any reason, else one reason. Raises
    :class:`~sync.buffer.errors.Error` when the stick does not take it.
    """
    table = cells.within(reading.tables(from_day, to_day), from_day, to_day)
    rows = sorted((cell, number) for cell, number in table.items() if number)
    kiosk = reading.identity.current.kiosk if reading.identity.current else ""
    pen = _Pen(target or RealFiles(), folder, _name("counts", kiosk, reading.now(), "csv"))
    # the byte order mark tells spreadsheets that the letters are UTF-8
    pen.add(b"\xef\xbb\xbf" + _csv([(*cells.Cell._fields, "count")]))
    for begin in range(0, len(rows), _CHUNK):
        some = rows[begin : begin + _CHUNK]
        pen.add(_csv((*map(_plain, cell), number) for cell, number in some))
        progress(begin + len(some), len(rows))
    pen.close()
    return Receipt((File(pen.path, len(rows), pen.size),))


def _csv(rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _name(what: str, kiosk: str, wall_ms: int, ending: str, again: str = "") -> str:
    try:
        now = datetime.datetime.fromtimestamp(wall_ms / 1000, datetime.UTC)
        stamp = f"{now:%Y%m%d-%H%M%S}"
    except (OverflowError, ValueError, OSError):
        stamp = str(wall_ms)
    # an office chose this name, and a stick's folder takes neither every letter nor every length
    shown = "".join(letter if letter in _LETTERS else "_" for letter in kiosk[:40])
    return f"smiley-{what}-{shown or 'unenrolled'}-{stamp}{again}.{ending}"


def _plain(value: object) -> object:
    """Yes and no as 1 and 0, which every spreadsheet adds up."""
    return int(value) if isinstance(value, bool) else value
