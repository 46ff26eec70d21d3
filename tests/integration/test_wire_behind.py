"""What an office says it lacks, on both databases."""

from __future__ import annotations

import uuid

import msgspec
import pytest

from sync.central import heartbeats, ingest, store
from sync.feedback import wire
from tests import databases

NOW = databases.NOW


def name() -> str:
    """A stream."""
    return str(uuid.uuid4())


def beat(books: store.Store, kiosk: str, stream: str, last_seq: int) -> wire.Heard:
    """A heartbeat and its answer."""
    message = wire.Heartbeat(stream=stream, last_seq=last_seq, pending=0)
    heard = heartbeats.hear(books, kiosk, message, NOW)
    assert isinstance(heard, wire.Heard), heard
    return heard


def send(
    books: store.Store, kiosk: str, stream: str, last: int, after: tuple[str, int] | None = None
) -> None:
    """A batch from a start on."""
    start: dict[str, object] = {"seq": 1, "kind": "start", "mono": 1, "at": 1, "boot_id": "b"}
    if after:
        start["after"] = {"stream": after[0], "seq": after[1]}
    events = [start, *({"seq": seq, "kind": "dance", "mono": 1} for seq in range(2, last + 1))]
    raws = [msgspec.Raw(msgspec.json.encode(event)) for event in events]
    body = wire.encode(wire.Batch(stream=stream, last_seq=last, events=raws))
    assert isinstance(ingest.batch(books, kiosk, body, NOW), wire.Stored)


def told(heard: wire.Heard) -> dict[str, int]:
    """What it lacks."""
    return {one.stream: one.stored_through for one in heard.behind}


def test_a_restored_office_finds_its_way_back_along_the_chain(books: store.Store) -> None:
    """Each stream that arrives names the one before it, down to the first."""
    kiosk, chain = databases.kiosk(books), [name() for _ in range(4)]
    last = chain[-1]
    assert told(beat(books, kiosk, last, 5)) == {last: 0}
    for stream, before in zip(chain[:0:-1], chain[-2::-1], strict=True):
        send(books, kiosk, stream, 5, after=(before, 5))
        assert told(beat(books, kiosk, last, 5)) == {before: 0}
    send(books, kiosk, chain[0], 3)
    assert told(beat(books, kiosk, last, 5)) == {chain[0]: 3}
    send(books, kiosk, chain[0], 5)
    assert told(beat(books, kiosk, last, 5)) == {}


def test_one_kiosks_streams_are_not_anothers(books: store.Store) -> None:
    """An answer names streams of the kiosk that asks, and nobody else's."""
    one, other = databases.kiosk(books), databases.kiosk(books, touchpoint="Exit B")
    stream, theirs = name(), name()
    beat(books, other, theirs, 9)
    assert told(beat(books, one, stream, 0)) == {}
    assert told(beat(books, other, theirs, 9)) == {theirs: 0}


@pytest.mark.parametrize("count", [wire.MAX_BEHIND * 3])
def test_all_are_named_in_time(books: store.Store, count: int) -> None:
    """Twenty at most in one answer, drawn, so that none is kept from being named by the others."""
    kiosk, current = databases.kiosk(books), name()
    streams = {name() for _ in range(count)}
    for stream in streams:
        beat(books, kiosk, stream, 7)
    seen: set[str] = set()
    for _ in range(60):
        answer = told(beat(books, kiosk, current, 0))
        assert len(answer) == wire.MAX_BEHIND
        seen |= set(answer)
        if seen == streams:
            break
    assert seen == streams
