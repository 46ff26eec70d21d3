"""Taking the events out again: every one that is in the books, as it came.

Rows are one event each, in the order of their streams. In JSON Lines `kiosk` and `stream`, where it
lies, stand before the event's own fields; an event that has a `stream` of its own (it names another
stream's event) has it as `of_stream`. Refused ones are not among them (`smiley-central refused
--json` has those), `lost` ones are.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import msgspec

from sync.central import store
from sync.central.store import events, kiosks, streams

COLUMNS = ("kiosk", "site", "touchpoint", "stream", "seq", "kind", "mono", "received_at", "event")
# spreadsheets run what begins so: CWE-1236
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def jsonl(books: store.Store, *, kiosk: str | None = None) -> Iterator[str]:
    """Give a line for each event: one JSON object, without a newline."""
    for row in _rows(books, kiosk):
        head = msgspec.json.encode({"kiosk": row.kiosk, "stream": row.stream}).decode()
        yield f"{head[:-1]},{_own(row.raw)[1:]}"


def _own(raw: str) -> str:
    """Give an event on one line, nothing in it named as what we put before it."""
    if '"stream"' in raw or '"kiosk"' in raw or "\\u" in raw:
        fields = json.loads(raw)
        for name in {"stream", "kiosk"} & fields.keys():
            fields[f"of_{name}"] = fields.pop(name)
        raw = json.dumps(fields, ensure_ascii=False)
    # white space between an event's tokens may be newlines; inside text they are escaped
    return raw.replace("\n", " ").replace("\r", " ").strip()


def table(books: store.Store, *, kiosk: str | None = None) -> Iterator[str]:
    """Give a line of CSV for each event, the columns' names first, without a newline."""
    with books.read() as connection:
        places = {one.kiosk: one for one in kiosks.every(connection)}
    yield _csv(COLUMNS)
    for row in _rows(books, kiosk):
        place = places.get(row.kiosk)
        yield _csv(
            (
                row.kiosk,
                place.site if place else "",
                place.touchpoint if place else "",
                row.stream,
                row.seq,
                row.kind,
                row.mono,
                row.received_at,
                row.raw,
            )
        )


def _csv(values: tuple[Any, ...]) -> str:
    line = io.StringIO()
    safe = (
        f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
        for value in values
    )
    csv.writer(line, lineterminator="").writerow(safe)
    return line.getvalue()


def _rows(books: store.Store, kiosk: str | None) -> Iterator[events.Row]:
    """Give all good events, of one moment."""
    with books.read() as connection:
        for stream in streams.every(connection, kiosk):
            for page in events.of(connection, stream.stream):
                yield from page
