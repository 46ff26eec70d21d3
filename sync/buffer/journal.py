"""The lines of a journal: what they look like, and how a file of them is read back.

1. A line is ``checksum SP change LF``: eight hexadecimal digits, a space, JSON without a line feed.
2. A line is whole or ignored: the checksum must fit and the line feed must be there.
3. The first line is the header, ``{"format":1,"top":{table: highest id ever given}}``. A higher
   format is somebody else's file: it is left alone (``errors.NewerFormat``).
4. Every other line is one change, applied whole: ``{table: {id: document, …}, …}`` puts these
   documents; a list is several steps of it in order, where ``[table, id, …]`` takes documents away
   and ``[table]`` the whole table.
5. What stands behind the last line feed is a torn tail: nobody was thanked for it. A line that does
   not fit anywhere else is damage, told as a span of bytes.

The checksum is CRC-32. It tells torn, rotten and misplaced bytes apart from whole ones, not an
attacker: every change of up to 32 bits in a row is seen, any three flipped bits in a line of up to
11 KiB (Koopman, "32-bit cyclic redundancy codes for Internet applications", 2002), and of all other
damage all but one in four thousand million lines. It starts from a ``salt``, so that lines of another
journal that a card's firmware puts in the middle of this one do not count as its own.
"""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from sync.buffer import errors

FORMAT = 1

Table = dict[str, bytes]
"""One table: document id → the document's JSON, as it was written."""

Tables = dict[str, Table | bytes]
"""A journal's content. A value that is not an object (TinyDB makes none) is kept as its JSON."""

Step = Mapping[str, Mapping[str, bytes] | bytes] | list[str]
"""One step of a change: what to put, or what to take away."""


class Span(NamedTuple):
    """Bytes ``start`` … ``end`` (not included) of a file that cannot be read."""

    start: int
    end: int


class Line(NamedTuple):
    """One line: where it lies, and its change, None when it is damaged."""

    start: int
    end: int
    change: bytes | None


_plain = msgspec.json.Decoder(dict[str, dict[str, msgspec.Raw]])
_object = msgspec.json.Decoder(dict[str, msgspec.Raw])
_list = msgspec.json.Decoder(list[msgspec.Raw])
_names = msgspec.json.Decoder(list[str])


def line(change: bytes, salt: bytes = b"") -> bytes:
    """The line that holds ``change``."""
    return b"%08x %b\n" % (zlib.crc32(change, zlib.crc32(salt)), change)


def header(top: Mapping[str, int] | None = None, salt: bytes = b"") -> bytes:
    """The first line of a journal; ``top``: the highest id ever given, by table."""
    fields: dict[str, Any] = {"format": FORMAT}
    if top:
        fields["top"] = top
    return line(msgspec.json.encode(fields), salt)


def put(table: str, doc_id: str, document: bytes) -> bytes:
    """The change that puts one document; ``document`` is its JSON and goes in as it is."""
    return b'{%b:{"%b":%b}}' % (_text(table), doc_id.encode(), document)


def change(steps: Iterable[Step]) -> bytes:
    """The change that takes these steps at once."""
    parts = [_take(step) if isinstance(step, list) else _merge(step) for step in steps]
    return parts[0] if len(parts) == 1 and parts[0][:1] == b"{" else b"[%b]" % b",".join(parts)


def _text(name: str) -> bytes:
    return json.dumps(name).encode()


def _take(step: list[str]) -> bytes:
    return b"[%b]" % b",".join(map(_text, step))


def _merge(step: Mapping[str, Mapping[str, bytes] | bytes]) -> bytes:
    tables = (
        b"%b:%b" % (_text(name), content if isinstance(content, bytes) else _documents(content))
        for name, content in step.items()
    )
    return b"{%b}" % b",".join(tables)


def _documents(table: Mapping[str, bytes]) -> bytes:
    return b"{%b}" % b",".join(b"%b:%b" % (_text(i), document) for i, document in table.items())


def lines(data: bytes, salt: bytes = b"", start: int = 0) -> Iterator[Line]:
    """The finished lines of ``data``, damaged ones included; the torn tail is none of them.

    ``start`` is where ``data`` lies in its file.
    """
    seed = zlib.crc32(salt)
    crc32 = zlib.crc32
    for text in data.split(b"\n")[:-1]:
        end = start + len(text) + 1
        body = text[9:]
        fits = text[8:9] == b" " and text[:8] == b"%08x" % crc32(body, seed)
        yield Line(start, end, body if fits else None)
        start = end


def steps(body: bytes) -> list[Step]:
    """The steps of a change, its documents still as bytes. What is no change is no steps."""
    try:
        if body[:1] == b"{":
            return [_step(body)]
        return [_names.decode(s) if bytes(s)[:1] == b"[" else _step(s) for s in _list.decode(body)]
    except msgspec.DecodeError:
        # NaN and Infinity, which Python's json writes and reads and msgspec does not
        return _lenient(json.loads(body))


def _step(body: bytes | msgspec.Raw) -> Step:
    try:
        return {
            n: dict(zip(t, map(bytes, t.values()), strict=True))
            for n, t in _plain.decode(body).items()
        }
    except msgspec.ValidationError:
        return {name: _content(bytes(raw)) for name, raw in _object.decode(body).items()}


def _content(raw: bytes) -> Table | bytes:
    if raw[:1] != b"{":
        return raw
    return {i: bytes(document) for i, document in _object.decode(raw).items()}


def _lenient(value: Any) -> list[Step]:
    taken = value if isinstance(value, list) else [value]
    return [step if isinstance(step, list) else encode(step) for step in taken]


def encode(data: Mapping[str, Any], **options: Any) -> Tables:
    """TinyDB's whole state as tables of JSON documents; ``options`` go to :func:`json.dumps`."""
    return {
        str(name): {str(i): document(d, **options) for i, d in content.items()}
        if isinstance(content, Mapping)
        else document(content, **options)
        for name, content in data.items()
    }


def document(value: Any, **options: Any) -> bytes:
    """One document as JSON on one line."""
    options = {"separators": (",", ":"), "ensure_ascii": False, **options}
    try:
        return json.dumps(value, **options).encode()
    except UnicodeEncodeError:
        # a lone surrogate has no UTF-8; JSON's escapes can hold it
        return json.dumps(value, **{**options, "ensure_ascii": True}).encode()


class Journal:
    """What a file of lines says: its tables, the highest ids, and what could not be read.

    ``whole``: length of the file up to the end of its last line feed; what lies behind is torn.
    """

    def __init__(self) -> None:
        self.tables: Tables = {}
        self.top: dict[str, int] = {}
        self.damaged: list[Span] = []
        self.whole = 0

    @classmethod
    def read(cls, data: bytes, salt: bytes = b"", name: str = "journal") -> "Journal":
        """Read a file; raises ``errors.NewerFormat`` and nothing else, whatever ``data`` holds."""
        journal = cls()
        for found in lines(data, salt):
            journal.whole = found.end
            if found.change is None:
                journal._note_damage(found)
            elif found.start == 0:
                journal._read_header(found.change, name)
            else:
                journal.apply(steps(found.change))
        return journal

    def _note_damage(self, found: Line) -> None:
        if self.damaged and self.damaged[-1].end == found.start:
            self.damaged[-1] = Span(self.damaged[-1].start, found.end)
        else:
            self.damaged.append(Span(found.start, found.end))

    def _read_header(self, body: bytes, name: str) -> None:
        fields = json.loads(body)
        if fields.get("format", 0) > FORMAT:
            raise errors.NewerFormat(
                f"{name}: format {fields['format']}, and this version reads up to {FORMAT}: "
                "update the program; the file is left as it is"
            )
        self.top.update(fields.get("top", {}))

    def apply(self, steps: Iterable[Step]) -> None:
        """Take the steps of one change."""
        for step in steps:
            if isinstance(step, list):
                self._take(step[0], step[1:])
            else:
                for name, content in step.items():
                    self._put(name, content)

    def _take(self, name: str, ids: list[str]) -> None:
        table = self.tables.get(name)
        if ids and isinstance(table, dict):
            for doc_id in ids:
                table.pop(doc_id, None)
        elif not ids:
            self.tables.pop(name, None)
            self.top.pop(name, None)

    def _put(self, name: str, content: Mapping[str, bytes] | bytes) -> None:
        if isinstance(content, bytes):
            self.tables[name] = content
            return
        table = self.tables.get(name)
        if not isinstance(table, dict):
            table = self.tables[name] = {}
        table.update(content)
        highest = max((int(i) for i in content if i.isdecimal()), default=0)
        if highest > self.top.get(name, 0):
            self.top[name] = highest
