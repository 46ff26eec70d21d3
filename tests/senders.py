"""A kiosk's end for tests of the office: makes events and sends them to the books, as bytes."""

from __future__ import annotations

import json
import uuid
from typing import Any

from sync.central import ingest, store
from sync.central.store import events, streams
from sync.feedback import wire
from tests import databases

NOW = databases.NOW


def start(**more: Any) -> dict[str, Any]:
    """Make a stream's first event."""
    return {"seq": 1, "kind": "start", "mono": 10, "at": NOW, "boot_id": "boot", **more}


def settings(seq: int) -> dict[str, Any]:
    """Make the settings of a Swedish shop, which its figures depend on."""
    return {
        "seq": seq,
        "kind": "settings",
        "mono": 11,
        "time_zone": "Europe/Stockholm",
        "hours": None,
        "pause": 5000,
        "run": 5,
        "rules": 1,
        "order": "best_first",
        "layout": "row",
        "etag": "",
    }


def clock(seq: int, at: int = NOW) -> dict[str, Any]:
    """Make a glimpse of the right time."""
    return {"seq": seq, "kind": "clock", "mono": 13, "at": at, "trusted": at, "source": "ntp"}


def rating(seq: int, face: int = 4, **more: Any) -> dict[str, Any]:
    """Make a tap."""
    return {
        "seq": seq,
        "kind": "rating",
        "mono": seq * 60_000,
        "survey": "exit",
        "survey_version": 1,
        "question": "visit",
        "face": face,
        "faces": 4,
        "language": "sv",
        "via": "touch",
        **more,
    }


def comment(seq: int, text: str = "Lång kö", code: str = "K7-42Q") -> dict[str, Any]:
    """Make a comment on the event before it."""
    return {
        "seq": seq,
        "kind": "comment",
        "mono": seq * 60_000,
        "rating": seq - 1,
        "text": text,
        "code": code,
    }


def lost(seq: int, through: int) -> dict[str, Any]:
    """Make a run that could not be read."""
    return {"seq": seq, "kind": "lost", "mono": 0, "through": through, "why": "damaged"}


class Kiosk:
    """A kiosk's end in the test: sends to the books what a test says, as bytes."""

    def __init__(self, books: store.Store, site: str = "Lund") -> None:
        self.books = books
        self.id = databases.kiosk(books, site=site)
        self.stream = str(uuid.uuid4())

    def send(
        self, *sent: dict[str, Any] | bytes, last: int | None = None, now: int = NOW
    ) -> wire.Stored | wire.Problem:
        """Send one batch of this kiosk's stream."""
        raws = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in sent]
        ends = [one.get("through") or one.get("seq") for one in sent if isinstance(one, dict)]
        last_seq = last if last is not None else max(map(int, filter(None, ends)), default=0)
        body = b'{"format":1,"stream":"%s","last_seq":%d,"events":[%s]}' % (
            self.stream.encode(),
            last_seq,
            b",".join(raws),
        )
        return ingest.batch(self.books, self.id, body, now)

    def stored(self, *sent: dict[str, Any] | bytes, **more: Any) -> wire.Stored:
        """Send a batch that must be taken."""
        answer = self.send(*sent, **more)
        assert isinstance(answer, wire.Stored), answer
        return answer

    def problem(self, *sent: dict[str, Any] | bytes, **more: Any) -> wire.Problem:
        """Send a batch that must be turned away."""
        answer = self.send(*sent, **more)
        assert isinstance(answer, wire.Problem), answer
        return answer

    def rows(self) -> list[tuple[int, int, int, bool]]:
        """Give (seq, through, rank, refused) of all that is stored of the stream."""
        with self.books.read() as connection:
            rows = events.covering(connection, self.stream, 1, wire.MAX_INTEGER)
        return [(row.seq, row.through, row.rank, row.refused) for row in rows]

    def raws(self) -> list[Any]:
        """Give what is stored of the stream, as JSON values."""
        with self.books.read() as connection:
            rows = events.covering(connection, self.stream, 1, wire.MAX_INTEGER)
        return [json.loads(row.raw) for row in rows]

    def row(self) -> streams.Stream:
        """Give the stream's row."""
        with self.books.read() as connection:
            found = streams.get(connection, self.stream)
        assert found is not None
        return found
