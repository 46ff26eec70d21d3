"""Batches meet the books: wire.md's table of cases, on both databases."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from sync.central import fold, ingest, store
from sync.central.store import events, streams
from sync.feedback import wire
from tests import databases
from tests.senders import NOW, Kiosk, comment, lost, rating, start


@pytest.fixture
def kiosk(books: store.Store) -> Kiosk:
    """A kiosk of a fresh office."""
    return Kiosk(books)


def test_a_batch_is_stored_as_it_came(kiosk: Kiosk) -> None:
    """What is in the books is what was sent, white space and unknown fields included."""
    odd = b'{ "kind":"rating", "mono":1,"seq": 2,"new":[1.50,{"a":null}],"survey":"exit",\
"survey_version":1,"question":"q","face":1,"faces":2,"language":"sv","via":"touch"}'
    answer = kiosk.stored(json.dumps(start()).encode(), odd, last=9)
    assert answer.stored_through == 2
    assert (answer.stream, answer.office) == (kiosk.stream, kiosk.books.office)
    with kiosk.books.read() as connection:
        rows = events.covering(connection, kiosk.stream, 1, 2)
    assert [row.raw.encode() for row in rows] == [json.dumps(start()).encode(), odd]
    assert kiosk.row().heard_seq == 9


def test_the_same_batch_again_is_the_same_answer_and_changes_nothing(kiosk: Kiosk) -> None:
    """A lost answer costs nothing: repeats are successes."""
    sent = [start(), rating(2), rating(3, face=9), comment(4)]
    first = kiosk.stored(*sent)
    before = kiosk.rows()
    assert kiosk.stored(*sent) == first
    assert kiosk.rows() == before
    assert [one.seq for one in first.refused] == [3]


def test_an_overlapping_batch_adds_only_what_is_new(kiosk: Kiosk) -> None:
    """Some stored already, some not: the new ones are taken."""
    kiosk.stored(start(), rating(2))
    assert kiosk.stored(rating(2), rating(3)).stored_through == 3
    assert [row[0] for row in kiosk.rows()] == [1, 2, 3]


def test_an_empty_batch_asks_how_far_the_office_is(kiosk: Kiosk) -> None:
    """A question is answered with stored_through, and makes the stream known."""
    assert kiosk.stored(last=7).stored_through == 0
    kiosk.stored(start(), rating(2))
    assert kiosk.stored(last=7).stored_through == 2
    assert kiosk.row().heard_seq == 7


@pytest.mark.parametrize("sent", [[rating(3)], [start(), rating(3)], [rating(2), lost(4, 9)]])
def test_a_gap_stores_nothing_and_says_from_where_to_go_on(
    kiosk: Kiosk, sent: list[dict[str, Any]]
) -> None:
    """A hole before or inside a batch: 409 with stored_through, nothing of it stored."""
    kiosk.stored(start())
    told = kiosk.problem(*sent, last=12)
    assert (told.type, told.status, told.stored_through) == (wire.GAP, 409, 1)
    assert told.stream == kiosk.stream
    assert kiosk.rows() == [(1, 1, 3, False)]
    assert kiosk.row().heard_seq == 12


@pytest.mark.parametrize(
    "sent",
    [
        [rating(2), rating(2)],
        [rating(3), rating(2)],
        [lost(2, 5), rating(4)],
        [{"seq": 0, "kind": "rating"}],
        [{"seq": 2**53, "kind": "rating"}],
        [{"seq": "2", "kind": "rating"}],
        [{"seq": True, "kind": "rating"}],
        [{"kind": "rating"}],
        [b"[]"],
        [b"7"],
        [b'{"seq":2,"kind":"rating"'],
        [b'{"seq":2,"kind":"\xff"}'],
        [b'{"seq":2,"kind":"\xed\xa0\x80"}'],
    ],
)
def test_what_cannot_be_read_is_malformed(kiosk: Kiosk, sent: list[Any]) -> None:
    """422 for what is no batch, also where a gap could be told, and nothing is stored."""
    told = kiosk.problem(*sent, last=9)
    assert (told.type, told.status) == (wire.MALFORMED, 422)
    assert kiosk.rows() == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", wire.MALFORMED),
        (b"<html>", wire.MALFORMED),
        (b'{"format":2}', wire.UNSUPPORTED_FORMAT),
        (b'{"format":1}', wire.MALFORMED),
        (b'{"format":1,"stream":"X","last_seq":0,"events":[]}', wire.MALFORMED),
        (
            b'{"format":1,"stream":"0B51AAAA-0000-4000-8000-000000000000","last_seq":0,"events":[]}',
            wire.MALFORMED,
        ),
        (b'{"format":1,"events":[' + b"[" * 100_000 + b"]" * 100_000 + b"]}", wire.MALFORMED),
        (b" " * (wire.MAX_UNPACKED + 1), wire.TOO_LARGE),
    ],
)
def test_a_body_that_is_no_batch_is_turned_away(kiosk: Kiosk, body: bytes, kind: str) -> None:
    """What is no batch of ours gets its own problem, never an error of the office."""
    told = ingest.batch(kiosk.books, kiosk.id, body, NOW)
    assert isinstance(told, wire.Problem)
    assert told.type == kind
    assert told.formats == ([1] if kind == wire.UNSUPPORTED_FORMAT else None)


def test_more_than_5000_events_are_too_many(kiosk: Kiosk) -> None:
    """A batch of 5,001 events is 413, one of 5,000 is taken."""
    many = [start(), *[rating(seq) for seq in range(2, 5_002)]]
    assert kiosk.problem(*many).type == wire.TOO_LARGE
    assert kiosk.stored(*many[:-1]).stored_through == 5_000


@pytest.mark.parametrize(
    "bad",
    [
        rating(2, face=0),
        rating(2, face=5),
        rating(2, survey="Not An Id"),
        rating(2, mono=2**53),
        rating(2, mono=-1),
        rating(2, mono="soon"),
        rating(2, text="a\x00b"),
        {"seq": 2, "kind": 7},
        {"seq": 2},
        comment(2, text="a" * 5_000),
        {"seq": 2, "kind": "wrapped", "mono": 0, "bytes": "eyI="},
        {"seq": 2, "kind": "new", "mono": 0, "words": "\ud800"},
        lost(2, 1),
    ],
)
def test_one_bad_event_is_booked_as_refused_and_holds_up_nothing(
    kiosk: Kiosk, bad: dict[str, Any]
) -> None:
    """Refused with reason and text, its seq used up, the others stored."""
    answer = kiosk.stored(start(), bad, rating(3), last=3)
    assert answer.stored_through == 3
    assert [(one.seq, bool(one.reason)) for one in answer.refused] == [(2, True)]
    assert [row[3] for row in kiosk.rows()] == [False, True, False]
    assert kiosk.raws()[1] == bad
    assert fold.differences(kiosk.books, kiosk.id) == {}


def test_an_unknown_kind_is_stored_as_it_came(kiosk: Kiosk) -> None:
    """An old office does not lose a new kiosk's events."""
    new = {"seq": 2, "kind": "applause", "mono": 7, "claps": 12345678901234567890, "x": None}
    assert kiosk.stored(start(), new).refused == []
    assert kiosk.raws()[1] == new


def test_a_start_ties_its_stream_to_the_one_before(kiosk: Kiosk) -> None:
    """start.after is kept, so that a hole between streams shows."""
    before = str(uuid.uuid4())
    kiosk.stored(start(after={"stream": before, "seq": 412}))
    assert (kiosk.row().after_stream, kiosk.row().after_seq) == (before, 412)


def test_a_day_has_a_share(kiosk: Kiosk) -> None:
    """What goes past a day's events is 429 with the time until tomorrow, and nothing is stored."""
    kiosk.stored(start())
    with kiosk.books.write() as connection:
        connection.exec_driver_sql(f"UPDATE accounts SET events = {wire.DAY_EVENTS - 1}")
    assert kiosk.stored(rating(2)).stored_through == 2
    told = kiosk.problem(rating(3))
    assert (told.type, told.status) == (wire.TOO_MUCH, 429)
    assert told.retry_after is not None
    assert 0 < told.retry_after <= 86_400
    assert kiosk.stored(rating(3), now=NOW + told.retry_after * 1000).stored_through == 3


def test_a_day_begins_only_so_many_streams(kiosk: Kiosk) -> None:
    """The 5,001st new stream of a day is 429, and leaves no stream behind."""
    kiosk.stored(start())
    with kiosk.books.write() as connection:
        connection.exec_driver_sql(f"UPDATE accounts SET streams = {wire.DAY_STREAMS}")
    assert kiosk.stored(rating(2)).stored_through == 2
    kiosk.stream = str(uuid.uuid4())
    assert kiosk.problem(start()).type == wire.TOO_MUCH
    with kiosk.books.read() as connection:
        assert streams.get(connection, kiosk.stream) is None


def test_a_database_that_is_away_is_503(fresh_sqlite: databases.Fresh) -> None:
    """While another writer holds a SQLite file for long, a kiosk hears 503 and comes again."""
    with store.open(fresh_sqlite()) as books:
        kiosk = Kiosk(books)
        kiosk.stored(start())
        books.engine.dispose()
        with store.open(f"{books.url}?timeout=0.01") as impatient, books.write():
            kiosk.books = impatient
            told = kiosk.problem(rating(2))
        assert (told.type, told.status, told.retry_after) == (wire.BUSY, 503, 5)
        assert kiosk.stored(rating(2)).stored_through == 2
