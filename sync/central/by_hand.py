"""Taking events that came on a stick: exactly as batches, exactly once.

Rules (wire.md, "By hand"; the file's form is `sync.feedback.byhand`)

1. A signed file is taken when the signature fits a token of the kiosk that its lines name: one that
   is in force, or that the kiosk itself rolled into one that is. Anything else needs `trust`.
2. A file is read twice: first whole, for its signature and its gaps; then event by event, as
   batches of 500 through `ingest`, by which a repeat changes nothing.
3. A gap is reported and nothing of that stream is taken; the other streams are.
4. It is no contact: the kiosk was not heard from, and its day's share is not touched.
"""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, Final

import msgspec

from sync.central import claims, fold, ingest, reading, store, verdicts
from sync.central.store import errors, kiosks, streams, tokens
from sync.feedback import byhand, wire

BATCH: Final = 500
LINE: Final = 1 << 20  # no event with its address is longer; what is, is no file of ours
Progress = Callable[[int, int], None]


class Stream(msgspec.Struct, kw_only=True):
    """What became of one stream of a file; `problem` "" when it was taken."""

    stream: str
    kiosk: str
    events: int = 0
    stored_through: int = 0
    refused: int = 0
    conflicts: int = 0
    problem: str = ""


class Report(msgspec.Struct, frozen=True):
    """What became of a file."""

    file: str
    signed: bool
    streams: list[Stream]

    @property
    def complete(self) -> bool:
        """Whether all of it is in the books."""
        return not any(one.problem for one in self.streams)


class _Contents(msgspec.Struct):
    """The first reading: who signed, and which numbers of each stream are there."""

    kiosk: str
    signed: bool
    lines: int
    first: dict[str, int]
    last: dict[str, int]
    problems: dict[str, str]


def _ignore(done: int, of: int) -> None:
    """Nobody watches."""


def take(
    books: store.Store,
    path: pathlib.Path,
    now: int,
    *,
    trust: bool = False,
    kiosk: str | None = None,
    progress: Progress = _ignore,
) -> Report:
    """Take a file; `now` is ms since 1970. `kiosk`: whose a trusted file without a name is.

    Raises errors.Wrong for a file that is not taken at all, errors.TryAgain when the database does
    not answer: then what was taken so far is committed, and the file may be taken again.
    """
    try:
        with path.open("rb") as file:
            contents = _first(books, file, path.name, trust)
            owner = contents.kiosk or kiosk
            if not owner:
                raise errors.Wrong(f"{path.name} names no kiosk: say whose it is with --kiosk")
            _known(books, contents, owner, now)
            file.seek(0)
            report = _second(
                books, file, path.name, contents, owner=owner, now=now, progress=progress
            )
            fold.settle(books, owner)
            return report
    except OSError as error:
        raise errors.Wrong(f"{path} cannot be read: {error.strerror}") from error


def _lines(file: BinaryIO, name: str) -> Iterator[tuple[bytes, bool]]:
    """Give each line with its newline, and whether it is the last one."""
    before: bytes | None = None
    while line := file.readline(LINE + 1):
        if len(line) > LINE:
            raise errors.Wrong(f"{name} has a line of more than {LINE:,} bytes: it is no export")
        if before is not None:
            yield before, False
        before = line
    if before is None:
        raise errors.Wrong(f"{name} is empty: `smiley-kiosk export --format events` makes a file")
    yield before, True


def _first(books: store.Store, file: BinaryIO, name: str, trust: bool) -> _Contents:
    contents = _Contents("", False, 0, {}, {}, {})
    signatures: list[byhand.Signature] | None = None
    for number, (line, last) in enumerate(_lines(file, name), 1):
        if last and not line.startswith(b"{"):
            contents.signed = _signed(line, signatures or [])
            break
        try:
            read = byhand.read(line)
        except ValueError as error:
            raise errors.Wrong(f"{name}, line {number}: {error}") from error
        if signatures is None:
            contents.kiosk = read.kiosk
            signatures = [byhand.Signature(key) for key in _keys(books, read.kiosk)]
        if read.kiosk != contents.kiosk:
            raise errors.Wrong(
                f"{name}, line {number} is of kiosk {read.kiosk!r}, the first of "
                f"{contents.kiosk!r}: a file is of one kiosk"
            )
        for signature in signatures:
            signature.add(line)
        contents.lines += 1
        _follow(contents, read)
    if not contents.lines:
        raise errors.Wrong(f"{name} holds no events: name a file of `smiley-kiosk export`")
    if not contents.signed and not trust:
        raise errors.Wrong(
            f"{name} is not signed by a token of kiosk {contents.kiosk!r}, or was changed since: "
            "if you know where it comes from, take it with --trust"
        )
    return contents


def _signed(line: bytes, signatures: Iterable[byhand.Signature]) -> bool:
    try:
        last = line.decode("ascii")
    except UnicodeDecodeError:
        return False
    # every one is compared, so that time does not tell which
    return any([signature.signs(last) for signature in signatures])  # noqa: C419


def _keys(books: store.Store, kiosk: str) -> list[bytes]:
    """Give the keys that may have signed: tokens in force, and those that were rolled into them."""
    with books.read() as connection:
        of = tokens.of(connection, kiosk)
    rolls = {one.token_hash: one.rolls for one in of}
    keys: set[str] = set()
    for one in of:
        told: str | None = one.token_hash if one.revoked_at is None else None
        while told in rolls and told not in keys:
            keys.add(told)
            told = rolls[told]
    return [bytes.fromhex(key) for key in sorted(keys)]


def _follow(contents: _Contents, line: byhand.Line) -> None:
    """Note an event's numbers, and the first thing that is wrong with its stream."""
    stream = line.stream
    if stream in contents.problems:
        return
    try:
        reading.check_stream(stream)
        entry = reading.judge(bytes(line.event))
    except verdicts.Malformed as error:
        contents.problems[stream] = str(error)
        return
    reached = contents.last.get(stream)
    if reached is None:
        contents.first[stream] = entry.seq
    elif entry.seq <= reached:
        contents.problems[stream] = f"event {entry.seq} comes after {reached}"
    elif entry.seq > reached + 1:
        contents.problems[stream] = _gap(reached + 1, entry.seq - 1)
    contents.last[stream] = entry.through


def _known(books: store.Store, contents: _Contents, owner: str, now: int) -> None:
    """Find the streams that do not join what is stored, or are another kiosk's."""
    foreign = []
    with books.read() as connection:
        kiosks.get(connection, owner)
        for stream, first in contents.first.items():
            row = streams.get(connection, stream)
            stored = row.stored_through if row else 0
            if row is not None and row.kiosk != owner:
                contents.problems[stream] = (
                    f"it belongs to kiosk {row.kiosk}: see `smiley-central streams list`"
                )
                foreign.append(stream)
            elif first > stored + 1:
                contents.problems.setdefault(stream, _gap(stored + 1, first - 1))
    for stream in foreign:
        claims.note(books, owner, stream, contents.last[stream], now, heard=False)


def _gap(first: int, last: int) -> str:
    return f"events {first} to {last} are missing: nothing of it was taken"


def _second(
    books: store.Store,
    file: BinaryIO,
    name: str,
    contents: _Contents,
    *,
    owner: str,
    now: int,
    progress: Progress,
) -> Report:
    found: dict[str, Stream] = {
        stream: Stream(stream=stream, kiosk=owner, problem=problem)
        for stream, problem in contents.problems.items()
    }
    done = 0
    for stream, raws in _batches(file, name):
        one = found.setdefault(stream, Stream(stream=stream, kiosk=owner))
        if not one.problem:
            _send(books, one, raws, now)
        done += len(raws)
        progress(done, contents.lines)
    return Report(name, contents.signed, list(found.values()))


def _batches(file: BinaryIO, name: str) -> Iterator[tuple[str, list[bytes]]]:
    """Give runs of neighbouring lines of one stream, as large as a kiosk's batches at most."""
    stream, raws, size = "", list[bytes](), 0
    for line, last in _lines(file, name):
        if last and not line.startswith(b"{"):
            break  # the signature, or the empty line in its place
        read = byhand.read(line)
        size += len(line)
        full = len(raws) == BATCH or size > wire.BATCH_BYTES
        if raws and (read.stream != stream or full):
            yield stream, raws
            raws, size = [], len(line)
        stream = read.stream
        raws.append(bytes(read.event))
    if raws:
        yield stream, raws


def _send(books: store.Store, one: Stream, raws: list[bytes], now: int) -> None:
    events = b",".join(raws)
    body = b'{"format":1,"stream":"%s","last_seq":0,"events":[%s]}' % (one.stream.encode(), events)
    answer = ingest.batch(books, one.kiosk, body, now, by_hand=True)
    if isinstance(answer, wire.Problem):
        if answer.status == wire.STATUS[wire.BUSY]:
            raise errors.Busy(f"{books.url} does not answer: take the file again later")
        one.problem = answer.detail
        return
    one.events += len(raws)
    one.stored_through = answer.stored_through
    one.refused += len(answer.refused)
    one.conflicts += len(answer.conflicts)
