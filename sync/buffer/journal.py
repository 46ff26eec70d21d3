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
damage all but one in four thousand million lines. It starts from a ``salt``, so that lines of
another journal that a card's firmware puts in the middle of this one do not count as its own.
"""

import functools
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from zlib import crc32

import msgspec

FORMAT = 1

END = b"[]"
"""The change of no steps: the last line of a file that will not grow, so that a cut shows."""

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


class Header(msgspec.Struct, omit_defaults=True):
    """The first line of a journal."""

    format: int
    top: dict[str, int] = {}


_plain = msgspec.json.Decoder(dict[str, dict[str, msgspec.Raw]])
_object = msgspec.json.Decoder(dict[str, msgspec.Raw])
_list = msgspec.json.Decoder(list[msgspec.Raw])
_names = msgspec.json.Decoder(list[str])


def line(change: bytes, salt: bytes = b"") -> bytes:
    """The line that holds ``change``."""
    return b"%08x %b\n" % (crc32(change, crc32(salt)), change)


def header(top: Mapping[str, int] | None = None, salt: bytes = b"") -> bytes:
    """The first line of a journal; ``top``: the highest id ever given, by table."""
    return line(msgspec.json.encode(Header(FORMAT, dict(top or {}))), salt)


def put(table: str, doc_id: str, document: bytes) -> bytes:
    """The change that puts one document; ``document`` is its JSON and goes in as it is."""
    return b"%b%b:%b}}" % (beginning(table), _text(doc_id), document)


@functools.lru_cache(maxsize=64)
def beginning(table: str) -> bytes:
    """How a change that puts one document begins; its id in quotes follows."""
    return b"{%b:{" % _text(table)


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
    seed = crc32(salt)
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
        return _lenient(body)


def _step(body: bytes | msgspec.Raw) -> Step:
    try:
        return {
            name: {doc_id: bytes(raw) for doc_id, raw in table.items()}
            for name, table in _plain.decode(body).items()
        }
    except msgspec.ValidationError:
        return {name: _content(bytes(raw)) for name, raw in _object.decode(body).items()}


def _content(raw: bytes) -> Table | bytes:
    if raw[:1] != b"{":
        return raw
    return {doc_id: bytes(document) for doc_id, document in _object.decode(raw).items()}


def _lenient(body: bytes) -> list[Step]:
    """Steps that hold NaN or Infinity, which Python's json writes and msgspec does not read."""
    try:
        value = json.loads(body)
    except ValueError:
        return []
    taken = value if isinstance(value, list) else [value]
    return [
        step if isinstance(step, list) else encode(step)
        for step in taken
        if isinstance(step, dict | list) and step
    ]


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


def parse(text: bytes) -> Any:
    """The value of a document's JSON."""
    return json.loads(text)


def decode(tables: Tables) -> dict[str, Any]:
    """TinyDB's whole state out of its tables: a fresh copy."""
    return {
        name: parse(content)
        if isinstance(content, bytes)
        else {doc_id: parse(text) for doc_id, text in content.items()}
        for name, content in tables.items()
    }
