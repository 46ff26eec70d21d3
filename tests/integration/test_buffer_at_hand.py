"""What a buffer has in memory: the segment at hand, and nothing of those before it."""

from __future__ import annotations

import gc
from collections import Counter

from sync.buffer import content, segments
from sync.buffer.buffer import Buffer
from sync.feedback import events
from tests.integration.tended_buffer import Kiosk
from tests.living import living
from tests.taps import tap


def test_a_tenth_segment_leaves_no_object_more_than_a_third() -> None:
    """Documents, counts, places: what is kept of a full segment is its name."""
    kiosk = Kiosk()
    with kiosk.open() as buffer:
        _fill(buffer, 3)
        before = living("sync", "tinydb")
        _fill(buffer, 7)
        more = living("sync", "tinydb") - before
        assert more == Counter({f"{segments.__name__}.Name": 7})


def test_documents_are_let_go_with_their_segment() -> None:
    """At any time no more of them are in memory than fit in a segment."""
    others = _documents()
    kiosk = Kiosk()
    with kiosk.open() as buffer:
        for _ in range(3):
            _fill(buffer, 1)
            assert _documents() - others <= segments.SIZE


def _documents() -> int:
    """How many events lie in memory as TinyDB has them."""
    gc.collect()
    held = [one.tables for one in gc.get_objects() if type(one) is content.Content]
    return sum(len(tables.get("events", ())) for tables in held)


def _fill(buffer: Buffer, count: int) -> None:
    """Record whole segments of visits with a comment each, and tend between."""
    for _ in range(count):
        after = buffer.last_seq
        while buffer.last_seq < after + segments.SIZE:
            rating = buffer.record(tap()).seq
            buffer.record(events.Comment(rating=rating, text=f"No {rating}", code="K7-42Q"))
            if rating % 200 == 1:
                buffer.tend()
        buffer.tend()
