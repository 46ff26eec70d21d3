"""Heartbeats: a kiosk says that it lives, how it fares and how much waits."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from sync.central import limits, reading, store, verdicts
from sync.central.store import accounts, errors, heartbeats, streams
from sync.feedback import events, wire

_decoder = msgspec.json.Decoder(wire.Heartbeat)


def heard(books: store.Store, kiosk: str, body: bytes, now: int) -> wire.Heard | wire.Problem:
    """Take an unpacked heartbeat of an authenticated kiosk; `now` is ms since 1970.

    Gives the answer to send, as `ingest.batch` does. Names the stream to the books when it is new:
    so what it holds is known to be missing before its first batch. Raises errors.Wrong only.
    """
    office, stream = books.known_office, None
    try:
        office = books.office
        beat = _read(body)
        stream = beat.stream
        stored = books.attempt(lambda connection: _book(connection, kiosk, beat, body, now))
    except (verdicts.Verdict, errors.TryAgain) as error:
        return verdicts.problem(error, office, now, stream)
    return wire.Heard(stream=stream, stored_through=stored, office=office, server_time=now)


def _read(body: bytes) -> wire.Heartbeat:
    if len(body) > wire.MAX_HEARTBEAT:
        raise verdicts.TooLarge(
            f"the heartbeat is {len(body):,} bytes: at most {wire.MAX_HEARTBEAT:,} are right"
        )
    reading.check_format(body)
    try:
        beat = _decoder.decode(body)
    except reading.UNREADABLE as error:
        raise verdicts.Malformed(f"the body is no heartbeat: {error}") from None
    reading.check_stream(beat.stream)
    for name in ("last_seq", "pending", "in_memory", "uptime", "oldest", "last_touch"):
        value = getattr(beat, name)
        if value is not None and not 0 <= value <= wire.MAX_INTEGER:
            raise verdicts.Malformed(f"`{name}` is {value}: 0 … {wire.MAX_INTEGER} is right")
    if any(text != events.clean_text(text) for text in (beat.app, beat.config.etag or "")):
        raise verdicts.Malformed("a text has U+0000 or half of a surrogate pair: strip it first")
    return beat


def _book(
    connection: sa.Connection, kiosk: str, beat: wire.Heartbeat, body: bytes, now: int
) -> int:
    stream, made = streams.lock(connection, beat.stream, kiosk, now)
    if stream.kiosk != kiosk:
        raise verdicts.Foreign(f"stream {stream.stream} is another kiosk's")
    account = limits.charge(accounts.lock(connection, kiosk), now, stream_made=made)
    streams.save(connection, streams.contact(stream, beat.last_seq, stream.stored_through, now))
    accounts.save(connection, account)
    row = heartbeats.Heartbeat(
        kiosk, now, beat.stream, beat.last_seq, beat.pending, beat.in_memory, body.decode()
    )
    heartbeats.keep(connection, row)
    return stream.stored_through
