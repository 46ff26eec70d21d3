"""Heartbeats: a kiosk says that it lives, how it fares and how much waits."""

from __future__ import annotations

import msgspec

from sync.central import claims, fold, limits, reading, store, verdicts
from sync.central.store import accounts, errors, heartbeats, streams, transaction
from sync.central.store import claims as stored_claims
from sync.feedback import wire

_NUMBERS = ("last_seq", "pending", "in_memory", "uptime", "oldest", "last_touch")


def hear(
    books: store.Store, kiosk: str, beat: wire.Heartbeat, now: int
) -> wire.Heard | wire.Problem:
    """Take a heartbeat of an authenticated kiosk; `now` is ms since 1970.

    Gives the answer to send, as `ingest.batch` does. Names the stream to the books when it is new:
    so what it holds is known to be missing before its first batch. A kiosk whose stream another one
    holds was heard all the same. Raises errors.Wrong only.
    """
    office = books.known_office
    try:
        office = books.office
        _check(beat)
        try:
            stored, behind = books.attempt(lambda connection: _book(connection, kiosk, beat, now))
        except verdicts.Foreign:
            row = _row(kiosk, beat, now)
            claims.note(books, kiosk, beat.stream, beat.last_seq, now, beat=row)
            raise
    except (verdicts.Verdict, errors.TryAgain) as error:
        return verdicts.problem(error, office, now, beat.stream)
    return wire.Heard(
        stream=beat.stream,
        stored_through=stored,
        behind=[wire.Behind(stream=name, stored_through=through) for name, through in behind],
        office=office,
        server_time=now,
    )


class _Said(msgspec.Struct):
    config: wire.ConfigState | None = None


_said = msgspec.json.Decoder(_Said)


def unruly(books: store.Store) -> dict[str, str]:
    """Give the kiosks that refused the settings they were given, and why.

    They go on with older ones, and nothing but their heartbeat tells.
    """
    with books.read() as connection:
        beats = heartbeats.every(connection)
    found = {}
    for beat in beats.values():
        config = _said.decode(beat.raw).config
        if config is not None and config.error:
            found[beat.kiosk] = config.error[: wire.MAX_REASON]
    return found


def _check(beat: wire.Heartbeat) -> None:
    if beat.format not in wire.FORMATS:
        raise verdicts.WrongFormat(f"`format` is {beat.format}: 1 is right")
    reading.check_stream(beat.stream)
    for name in _NUMBERS:
        value = getattr(beat, name)
        if value is not None and not 0 <= value <= wire.MAX_INTEGER:
            raise verdicts.Malformed(f"`{name}` is {value}: 0 … {wire.MAX_INTEGER} is right")


def _book(
    connection: transaction.Transaction, kiosk: str, beat: wire.Heartbeat, now: int
) -> tuple[int, list[tuple[str, int]]]:
    stream, made = streams.lock(connection, beat.stream, kiosk, now)
    if stream.kiosk != kiosk:
        raise verdicts.Foreign(f"stream {stream.stream} is another kiosk's")
    account = limits.charge(accounts.lock(connection, kiosk), now, stream_made=made)
    streams.save(connection, streams.contact(stream, beat.last_seq, stream.stored_through, now))
    accounts.save(connection, fold.refreshed(connection, account, now))
    heartbeats.keep(connection, _row(kiosk, beat, now))
    behind = streams.behind(connection, kiosk, wire.MAX_BEHIND)
    # what another kiosk has in such a stream is not this one's: it must not count as acknowledged
    claimed = {one.stream for one in stored_claims.every(connection, kiosk)}
    return stream.stored_through, [one for one in behind if one[0] not in claimed]


def _row(kiosk: str, beat: wire.Heartbeat, now: int) -> heartbeats.Heartbeat:
    raw = wire.encode(beat).decode()
    return heartbeats.Heartbeat(
        kiosk, now, beat.stream, beat.last_seq, beat.pending, beat.in_memory, raw
    )
