"""What the office can prove to have, what it knows to lack, and of what it cannot know.

Purpose: `completeness --json` of outside.md and its API, from what kiosks said of themselves.

Rules (wire.md, promise 6)

1. Known to be recorded: 1 … the highest `last_seq` that any message named for a stream, and what a
   stored `start` names as `after`: so a hole between two streams shows, even of a stream never
   heard of. What a kiosk says of another one's stream is held against itself alone.
2. Stored: 1 … `stored_through`. What is refused or lost counts as stored and is listed.
3. `complete`: in every known stream of the kiosk all that is known to be recorded is stored, and
   the kiosk was heard from. Since a restore the first heartbeat counts, and no batch: an old
   stream's says nothing of those after it, which the back-up may not know. A stream of its that
   another kiosk holds (`sync.central.claims`) is not stored, whatever the other has in it.
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

from sync.central import knowledge, store
from sync.central.store import accounts, claims, events, heartbeats, kiosks, office, streams
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


class Foreign(msgspec.Struct, frozen=True):
    """A stream that this kiosk sends up to `last_seq` and that `kiosk` holds: `streams give`."""

    stream: str
    kiosk: str
    last_seq: int


class Row(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One kiosk; the fields are those of outside.md, in its order, `foreign` only where any is."""

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
    foreign: list[Foreign] = []


def report(books: store.Store, now: int, *, kiosk: str | None = None) -> list[Row]:
    """Give a row for each kiosk, or for one, as of `now` (ms), all of one moment."""
    with books.read() as connection:
        chosen = [one for one in kiosks.every(connection) if kiosk in {None, one.kiosk}]
        # streams are named one by one only where something lacks: a fleet has millions
        every = streams.every(connection, kiosks=streams.unsettled(connection))
        summaries = streams.summaries(connection)
        beats = heartbeats.every(connection)
        heard = accounts.heard_at(connection)
        if office.restored_at(connection) is not None:
            heard = {name: at for name, at in heard.items() if name in beats}
        lost = _runs(events.lost(connection, kiosk))
        refused = defaultdict[str, list[Refused]](list)
        for told in events.all_refused(connection, kiosk):
            refused[told.kiosk].append(Refused(told.stream, told.seq, told.reason))
        conflicts = defaultdict[str, list[Conflict]](list)
        for owner, stream, seq in events.disputed(connection, kiosk):
            conflicts[owner].append(Conflict(stream, seq))
        claimed = claims.every(connection)
        others = claims.named(connection, every)
    known = knowledge.gather(every, claimed, others)
    foreign = defaultdict[str, list[Foreign]](list)
    for claim in claimed:
        foreign[claim.kiosk].append(Foreign(claim.stream, claim.holder, claim.last_seq))
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
            foreign=foreign[one.kiosk],
        )
        for one in chosen
    ]


def row(
    kiosk: kiosks.Kiosk,
    known: list[knowledge.Known],
    *,
    summary: streams.Summary,
    beat: heartbeats.Heartbeat | None,
    heard_at: int | None,
    now: int,
    lost: list[Runs],
    refused: list[Refused],
    conflicts: list[Conflict],
    foreign: list[Foreign],
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
        foreign=foreign,
    )


def complete_through(known: list[knowledge.Known], heard_at: int) -> int | None:
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


def _waiting(known: list[knowledge.Known], beat: heartbeats.Heartbeat | None) -> Waiting:
    newest = max(known, key=lambda one: one.heard_at, default=None)
    spoken_of = {one.stream for one in (newest, beat) if one is not None}
    return Waiting(frozenset(spoken_of), beat.pending if beat is not None else 0)


def missing(known: list[knowledge.Known], held: Waiting | None) -> list[Runs]:
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
