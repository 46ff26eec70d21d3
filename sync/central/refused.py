"""What the office booked as refused, and judging it again after an upgrade."""

from __future__ import annotations

import functools
from typing import NamedTuple

import msgspec

from sync.central import fold, reading, store, texts
from sync.central.store import accounts, comments, events, streams, transaction


class Row(msgspec.Struct, frozen=True):
    """One refused event with its text, as it came."""

    kiosk: str
    stream: str
    seq: int
    reason: str
    text: str


class Retried(NamedTuple):
    """How many were judged again, and how many of them are good now."""

    judged: int
    good: int


def report(books: store.Store, *, kiosk: str | None = None) -> list[Row]:
    """Give every refused event, or a kiosk's."""
    with books.read() as connection:
        return [
            Row(one.kiosk, one.stream, one.seq, one.reason, text)
            for one, text in events.refused_texts(connection, kiosk)
        ]


def retry(books: store.Store) -> Retried:
    """Judge all refused events again, by the rules of this version; one transaction a stream.

    What is good now is booked as if it had come good, and its kiosk's figures are folded anew.
    """
    with books.read() as connection:
        places = sorted({(one.kiosk, one.stream) for one in events.all_refused(connection)})
    judged = good = 0
    for kiosk, stream in places:
        done = books.attempt(functools.partial(_retry, kiosk=kiosk, stream=stream))
        judged, good = judged + done.judged, good + done.good
    return Retried(judged, good)


def _retry(connection: transaction.Transaction, kiosk: str, stream: str) -> Retried:
    row, _ = streams.lock(connection, stream, kiosk, 0)
    account = accounts.lock(connection, kiosk)
    judged = good = 0
    for one in events.refused_of(connection, kiosk, stream):
        entry = reading.judge(one.raw.encode())
        judged += 1
        # a run whose numbers others have taken by now stays what it is
        refusal = entry.refusal or ("its numbers are taken" if entry.through > one.seq else None)
        if refusal is not None:
            reason = events.Refused(kiosk, stream, one.seq, refusal, one.received_at)
            events.refuse(connection, [reason])
            continue
        good += 1
        events.remove(connection, kiosk, stream, [one.seq])
        events.add(
            connection,
            [
                one._replace(
                    through=entry.through,
                    kind=entry.kind,
                    mono=entry.mono,
                    rank=entry.rank,
                    refused=False,
                )
            ],
        )
        code = texts.code(entry.raw)
        tie = reading.after(entry)
        if tie is not None:
            row = row._replace(after_stream=tie.stream, after_seq=tie.seq)
            streams.save(connection, row)
        if code:
            comments.add(connection, [comments.Place(kiosk, stream, one.seq, code)])
    if good:
        accounts.save(connection, fold.anew(connection, account))
    return Retried(judged, good)
