"""What the office can prove to have, what it knows to lack, and of what it cannot know.

Purpose: `completeness --json` of outside.md and its API, from what kiosks said of themselves.

Rules (wire.md, promise 6)

1. Known to be recorded: 1 … the highest `last_seq` that any message named for a stream, and what a
   stored `start` names as `after`: so a hole between two streams shows, even of a stream never
   heard of.
2. Stored: 1 … `stored_through`. What is refused or lost counts as stored and is listed.
3. `complete`: in every known stream of the kiosk all that is known to be recorded is stored, and
   the kiosk was heard from (since the last restore).
4. `missing`: recorded, neither stored nor waiting at a kiosk in contact. In contact is who was
   heard in the last seven minutes. What such a kiosk's heartbeat calls `pending` is taken to be
   the newest; the stream it spoke of last may have grown since, so its end is never missing yet.
5. `complete_through`: the newest message before which nothing is known to be missing or waiting.
   It is said only of kiosks heard from.
"""

from __future__ import annotations

import datetime
import zoneinfo
from collections import defaultdict
from typing import Any

import msgspec

from sync.central import store
from sync.central.store import accounts, events, heartbeats, kiosks, streams
from sync.feedback import wire

Run = tuple[int, int]
_NOTHING = streams.Summary(0, 0)


class Runs(msgspec.Struct, frozen=True):
    """Numbers of a stream, as runs [first, last]."""

    stream: str
    runs: list[Run]


class Refused(msgspec.Struct, frozen=True):
    """An event that is booked as refused."""

    stream: str
    seq: int
    reason: str


class Conflict(msgspec.Struct, frozen=True):
    """An event of which two different copies came."""

    stream: str
    seq: int


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One kiosk; the fields are those of outside.md, in its order."""

    kiosk: str
    site: str
    streams: int
    stored: int
    complete: bool
    complete_through: str | None
    silent: bool
    lost: list[Runs]
    refused: list[Refused]
    conflicts: list[Conflict]
    missing: list[Runs]


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one stream: `recorded` is its highest number, by its own and others' word.

    `sure_until`: when (ms) it was last known to be stored wholly, or just before it was heard of.
    """

    stream: str
    recorded: int
    stored: int
    sure_until: int
    whole_at: int | None
    heard_at: int = 0


def report(books: store.Store, now: int, *, kiosk: str | None = None) -> list[Row]:
    """Give a row for each kiosk, or for one, as of `now` (ms), all of one moment."""
    with books.read() as connection:
        chosen = [one for one in kiosks.every(connection) if kiosk in {None, one.kiosk}]
        # streams are named one by one only where something lacks: a fleet has millions
        every = streams.every(connection, kiosks=streams.unsettled(connection))
        summaries = streams.summaries(connection)
        beats = heartbeats.every(connection)
        heard = accounts.heard_at(connection)
        lost = _runs(events.lost(connection, kiosk))
        refused = defaultdict[str, list[Refused]](list)
        for told in events.all_refused(connection, kiosk):
            refused[told.kiosk].append(Refused(told.stream, told.seq, told.reason))
        conflicts = defaultdict[str, list[Conflict]](list)
        for owner, stream, seq in events.disputed(connection, kiosk):
            conflicts[owner].append(Conflict(stream, seq))
    known = knowledge(every)
    return [
        row(
            one,
            known.get(one.kiosk, []),
            summary=summaries.get(one.kiosk, _NOTHING),
            beat=beats.get(one.kiosk),
            heard_at=heard.get(one.kiosk),
            now=now,
            lost=lost.get(one.kiosk, []),
            refused=refused[one.kiosk],
            conflicts=conflicts[one.kiosk],
        )
        for one in chosen
    ]


def knowledge(every: list[streams.Stream]) -> dict[str, list[Known]]:
    """Give what is known of each kiosk's streams, in the order in which they were heard of. Pure.

    A stream that only another's `after` names is listed under the kiosk that named it.
    """
    named: dict[str, streams.Stream] = {}
    for one in every:
        if one.after_stream is not None:
            other = named.get(one.after_stream)
            if other is None or (other.after_seq or 0) < (one.after_seq or 0):
                named[one.after_stream] = one
    found: dict[str, list[Known]] = defaultdict(list)
    heard_of = {one.stream for one in every}
    for one in every:
        before = one.after_stream
        if before is not None and before not in heard_of and named[before] is one:
            found[one.kiosk].append(_unheard(before, one))
        after = named.get(one.stream)
        recorded = max(one.heard_seq, (after.after_seq or 0) if after else 0)
        sure = one.whole_at if one.whole_at is not None else one.made_at - 1
        found[one.kiosk].append(
            Known(
                stream=one.stream,
                recorded=recorded,
                stored=one.stored_through,
                sure_until=sure,
                whole_at=one.whole_at,
                heard_at=one.heard_at or 0,
            )
        )
    return dict(found)


def _unheard(stream: str, namer: streams.Stream) -> Known:
    return Known(
        stream=stream,
        recorded=namer.after_seq or 0,
        stored=0,
        sure_until=namer.made_at - 1,
        whole_at=None,
    )


def row(
    kiosk: kiosks.Kiosk,
    known: list[Known],
    *,
    summary: streams.Summary,
    beat: heartbeats.Heartbeat | None,
    heard_at: int | None,
    now: int,
    lost: list[Runs],
    refused: list[Refused],
    conflicts: list[Conflict],
) -> Row:
    """Judge one kiosk; `known` may be empty when all that is known is stored. Pure."""
    silent = heard_at is None or now - heard_at > wire.SILENT_AFTER * 1000
    open_ = [one for one in known if one.recorded > one.stored]
    through = None if heard_at is None else complete_through(known, heard_at)
    return Row(
        kiosk=kiosk.kiosk,
        site=kiosk.site,
        streams=max(summary.streams, len(known)),
        stored=summary.stored,
        complete=not open_ and heard_at is not None,
        complete_through=None if through is None else _local(through, kiosk.time_zone),
        silent=silent,
        lost=lost,
        refused=refused,
        conflicts=conflicts,
        missing=missing(known, None if silent else _waiting(known, beat)),
    )


def complete_through(known: list[Known], heard_at: int) -> int | None:
    """Give the time (ms) of the newest message before which nothing lacks, or None. Pure."""
    open_ = [one for one in known if one.recorded > one.stored]
    if not open_:
        return heard_at
    bound = min(one.sure_until for one in open_)
    times = [one.whole_at for one in known if one.whole_at is not None and one.whole_at <= bound]
    return max(times, default=None)


class Waiting(msgspec.Struct, frozen=True):
    """What a kiosk in contact says it holds: the streams it speaks of, how many events in all."""

    streams: frozenset[str]
    pending: int


def _waiting(known: list[Known], beat: heartbeats.Heartbeat | None) -> Waiting:
    newest = max(known, key=lambda one: one.heard_at, default=None)
    spoken_of = {one.stream for one in (newest, beat) if one is not None}
    return Waiting(frozenset(spoken_of), beat.pending if beat is not None else 0)


def missing(known: list[Known], held: Waiting | None) -> list[Runs]:
    """Give what is neither stored nor waiting; `held` None: the kiosk is not in contact. Pure."""
    waiting = 0 if held is None else held.pending
    found: list[Runs] = []
    for one in reversed(known):
        lacking = max(0, one.recorded - one.stored)
        if held is not None and one.stream in held.streams:
            waiting = max(0, waiting - lacking)
            continue
        here = min(waiting, lacking)
        waiting -= here
        if here < lacking:
            found.append(Runs(one.stream, [(one.stored + 1, one.recorded - here)]))
    return found[::-1]


def _runs(lost: list[tuple[str, str, int, int]]) -> dict[str, list[Runs]]:
    """Give lost runs by kiosk and stream, neighbours joined."""
    found: dict[str, dict[str, list[Run]]] = defaultdict(lambda: defaultdict(list))
    for kiosk, stream, first, last in lost:
        runs = found[kiosk][stream]
        if runs and runs[-1][1] + 1 == first:
            runs[-1] = (runs[-1][0], last)
        else:
            runs.append((first, last))
    return {
        kiosk: [Runs(stream, runs) for stream, runs in by_stream.items()]
        for kiosk, by_stream in found.items()
    }


def _local(at: int, time_zone: str) -> str:
    try:
        zone: datetime.tzinfo = zoneinfo.ZoneInfo(time_zone)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        zone = datetime.UTC
    return datetime.datetime.fromtimestamp(at / 1000, zone).isoformat(timespec="seconds")


def to_json(rows: list[Row]) -> list[dict[str, Any]]:
    """Give the rows as plain values, for JSON."""
    plain: list[dict[str, Any]] = msgspec.json.decode(msgspec.json.encode(rows))
    return plain
