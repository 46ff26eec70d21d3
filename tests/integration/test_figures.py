"""The office's figures and exports, from taps to rows."""

from __future__ import annotations

import csv
import io
import json
import uuid
from typing import Any

import msgspec
import pytest

from sync.central import exports, figures, fold, heartbeats, metering, store
from sync.central.store import accounts, kiosks
from sync.feedback import totals, wire
from tests.senders import NOW, Kiosk, clock, comment, lost, rating, settings, start

DAY = 86_400_000


@pytest.fixture
def kiosk(books: store.Store) -> Kiosk:
    """A kiosk of a fresh office."""
    return Kiosk(books)


def day(kiosk: Kiosk, at: int, faces: list[int]) -> None:
    """Have a kiosk open at a time and be tapped, a minute apart."""
    kiosk.stream = str(uuid.uuid4())
    taps = [rating(seq, face) for seq, face in enumerate(faces, 4)]
    boot = f"boot{at}"
    kiosk.stored(start(at=at, boot_id=boot), settings(2), clock(3, at), *taps)


def test_totals_have_the_shape_of_outside_md(kiosk: Kiosk) -> None:
    """One row per survey, question and number of faces, the same as on the kiosk."""
    day(kiosk, NOW, [1, 4, 4, 3, 4, 2])
    (row,) = msgspec.to_builtins(figures.table(kiosk.books, NOW))
    counted = json.loads(msgspec.json.encode(row))
    assert counted["counts"] == {"1": 1, "2": 1, "3": 1, "4": 3}
    assert {key: counted[key] for key in ("survey", "question", "from", "to", "faces", "n")} == {
        "survey": "exit",
        "question": "visit",
        "from": "2025-11-21",
        "to": "2025-11-21",
        "faces": 4,
        "n": 6,
    }
    assert set(counted) == {
        *("survey", "question", "from", "to", "faces", "counts", "n", "set_apart", "uncertain"),
        *("index", "interval", "enough"),
    }


def test_totals_are_of_the_days_and_site_asked_for(kiosk: Kiosk) -> None:
    """Yesterday is not today, and Malmö is not Lund."""
    other = Kiosk(kiosk.books, site="Malmö")
    day(kiosk, NOW, [1, 2, 3])
    day(kiosk, NOW - DAY, [4, 4])
    day(other, NOW, [4])
    counts = [
        sum(row.n for row in figures.table(kiosk.books, NOW, **chosen))
        for chosen in (
            {},
            {"days": 2},
            {"site": "Lund", "days": 2},
            {"kiosk": other.id},
            {"site": "?"},
        )
    ]
    assert counts == [4, 6, 5, 1, 0]


def test_today_names_every_kiosk(kiosk: Kiosk) -> None:
    """Kiosks without a tap today stand there with 0; a repeat is set apart and shown."""
    other = Kiosk(kiosk.books, site="Malmö")
    day(other, NOW - DAY, [4])
    day(kiosk, NOW, [1, 4, 4])
    again = rating(7, 4) | {"mono": 6 * 60_000 + 1000}
    kiosk.stored(again)
    rows = {row.kiosk: row for row in figures.today(kiosk.books, NOW)}
    assert (rows[kiosk.id].n, rows[kiosk.id].counts) == (3, {1: 1, 4: 2})
    assert rows[kiosk.id].apart == {"repeat": 1}
    assert (rows[other.id].n, rows[other.id].counts) == (0, {})


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Pacific/Kiritimati", "2025-11-22"),
        ("America/Adak", "2025-11-21"),
        ("Nowhere", "2025-11-21"),
    ],
)
def test_a_day_is_the_shops_own(zone: str, day: str) -> None:
    """At noon in Stockholm it is tomorrow in Kiritimati."""
    assert figures.day_of(NOW, zone) == day


def test_other_rules_are_folded_anew(kiosk: Kiosk) -> None:
    """After an upgrade with other rules all figures are by the new ones, sent to or not."""
    day(kiosk, NOW, [1, 2, 3])
    with kiosk.books.write() as connection:
        account = accounts.lock(connection, kiosk.id)
        accounts.save(connection, account._replace(book=b"old", rules=totals.VERSION - 1))
        connection.exec_driver_sql("UPDATE rollups SET n = 99")
    assert fold.catch_up(kiosk.books) == 1
    assert fold.catch_up(kiosk.books) == 0
    assert fold.differences(kiosk.books, kiosk.id) == {}
    with kiosk.books.write() as connection:
        account = accounts.lock(connection, kiosk.id)
        accounts.save(connection, account._replace(book=b"old", rules=totals.VERSION - 1))
        connection.exec_driver_sql("UPDATE rollups SET n = 99")
    kiosk.stored(rating(7))
    assert fold.differences(kiosk.books, kiosk.id) == {}


def test_json_lines_are_the_events_with_their_place(kiosk: Kiosk) -> None:
    """One object a line; the event's own fields as they came; refused ones are elsewhere."""
    spread = json.dumps(rating(2), indent=2).encode()
    named = rating(3) | {"stream": str(uuid.uuid4()), "visit": 2}
    kiosk.stored(start(), spread, named, rating(4, face=9), lost(5, 7), comment(8, "a\nb"), last=8)
    lines = [json.loads(line) for line in exports.jsonl(kiosk.books)]
    assert [(line["seq"], line["kind"]) for line in lines] == [
        (1, "start"),
        (2, "rating"),
        (3, "rating"),
        (5, "lost"),
        (8, "comment"),
    ]
    assert {(line["kiosk"], line["stream"]) for line in lines} == {(kiosk.id, kiosk.stream)}
    assert lines[1] == rating(2) | {"kiosk": kiosk.id, "stream": kiosk.stream}
    assert lines[2]["of_stream"] == named["stream"]
    assert lines[4]["text"] == "a\nb"


def test_the_table_is_safe_to_open(kiosk: Kiosk) -> None:
    """CSV names its columns, has a row an event, and no cell that a spreadsheet would run."""
    kiosk.books.attempt(
        lambda connection: kiosks.change(connection, kiosk.id, touchpoint="=HYPERLINK(1)")
    )
    kiosk.stored(start(), comment(2, 'quoted "text", with a comma'))
    rows = list(csv.DictReader(io.StringIO("\n".join(exports.table(kiosk.books)))))
    assert [row["seq"] for row in rows] == ["1", "2"]
    assert rows[0]["touchpoint"] == "'=HYPERLINK(1)"
    assert json.loads(rows[1]["event"])["text"] == 'quoted "text", with a comma'


def account(kiosk: Kiosk) -> accounts.Account:
    """The kiosk's row with its figures."""
    with kiosk.books.write() as connection:
        return accounts.lock(connection, kiosk.id)


def test_whoever_changes_the_past_all_day_pays_for_it(kiosk: Kiosk) -> None:
    """Whole copies of a lost run one by one are folded at once while the credit lasts, then late.

    Each cost a fold of everything: with a stolen token the office did nothing else.
    """
    run, paid = 200, fold.CREDIT + 10 * fold.AT_ONCE // fold.PER_MS
    kiosk.stored(start(), *[rating(seq) for seq in range(2, 100)], lost(100, 100 + run))
    with kiosk.books.write() as connection:  # as after some hundred thousand events read again
        row = accounts.lock(connection, kiosk.id)
        accounts.save(connection, row._replace(folded_until=NOW + fold.CREDIT - 300))
    late = 0
    for seq in range(100, 100 + run):
        kiosk.stored(rating(seq, 1))
        row = account(kiosk)
        assert row.folded_until <= NOW + paid
        exact = fold.differences(kiosk.books, kiosk.id) == {}
        assert exact != fold.due(row)
        late += not exact
    assert run - 40 < late < run
    # as late stay ordinary taps, heartbeats and whatever else comes
    beat = wire.Heartbeat(stream=kiosk.stream, last_seq=101 + run, pending=0)
    kiosk.stored(rating(101 + run))
    assert isinstance(heartbeats.hear(kiosk.books, kiosk.id, beat, NOW), wire.Heard)
    assert fold.due(account(kiosk))
    later = account(kiosk).folded_until - fold.CREDIT
    assert isinstance(heartbeats.hear(kiosk.books, kiosk.id, beat, later), wire.Heard)
    assert not fold.due(account(kiosk))
    assert fold.differences(kiosk.books, kiosk.id) == {}


def test_a_new_stream_is_paid_for_too(kiosk: Kiosk) -> None:
    """Each has all others looked through; who begins thousands pays, and all is counted later."""
    for number in range(30):
        day(kiosk, NOW + number * DAY, [1, 2])
    dump = account(kiosk).book
    assert dump is not None
    spent = account(kiosk).folded_until
    day(kiosk, NOW + 31 * DAY, [3])
    more = account(kiosk).folded_until - max(spent, NOW)
    assert 0 < more <= len(dump) // fold.AT_REST // fold.PER_MS + 1
    with kiosk.books.write() as connection:
        row = accounts.lock(connection, kiosk.id)
        accounts.save(connection, row._replace(folded_until=NOW + fold.CREDIT + 1))
    day(kiosk, NOW + 32 * DAY, [4])
    assert fold.due(account(kiosk))
    kiosk.stored(rating(5), now=NOW + 2)
    assert not fold.due(account(kiosk))
    assert fold.differences(kiosk.books, kiosk.id) == {}


def test_an_old_tap_that_is_touched_is_paid_for_too(kiosk: Kiosk) -> None:
    """A mark on last week's tap reads its boot again; without credit that waits, and is right."""
    taps = 3 * totals.WINDOW
    kiosk.stored(start(), *[rating(seq) for seq in range(2, taps)])
    kiosk.stored(rating(taps))

    def mark(seq: int) -> dict[str, Any]:
        return {
            "seq": seq,
            "kind": "mark",
            "mono": 10**8,
            "ratings": [seq - taps + 1],
            "as": "test",
        }

    kiosk.stored(mark(taps + 1))
    spent = account(kiosk).folded_until - NOW
    assert taps // fold.PER_MS <= spent <= 2 * taps // fold.PER_MS + metering.A_STREAM
    assert fold.differences(kiosk.books, kiosk.id) == {}
    with kiosk.books.write() as connection:
        row = accounts.lock(connection, kiosk.id)
        accounts.save(connection, row._replace(folded_until=NOW + fold.CREDIT + 1))
    kiosk.stored(mark(taps + 2))
    assert fold.due(account(kiosk))
    kiosk.stored(rating(taps + 3), now=NOW + 1)
    assert not fold.due(account(kiosk))
    assert fold.differences(kiosk.books, kiosk.id) == {}


def test_a_big_past_that_changes_is_folded_anew_once_it_is_quiet(kiosk: Kiosk) -> None:
    """While whole copies of a big card's lost runs come, figures wait; then they are true."""
    many = fold.AT_ONCE + 10
    kiosk.stored(start(), lost(2, many), rating(many + 1))
    kiosk.stored(rating(5, 1))
    assert fold.differences(kiosk.books, kiosk.id) != {}
    kiosk.stored(rating(7, 2))
    assert fold.differences(kiosk.books, kiosk.id) != {}
    kiosk.stored(rating(many + 2))
    assert fold.differences(kiosk.books, kiosk.id) == {}
    kiosk.stored(rating(9, 2))
    beat = wire.Heartbeat(stream=kiosk.stream, last_seq=many + 2, pending=0)
    assert isinstance(heartbeats.hear(kiosk.books, kiosk.id, beat, NOW), wire.Heard)
    assert fold.differences(kiosk.books, kiosk.id) == {}
    kiosk.stored(rating(11, 2))
    fold.settle(kiosk.books, kiosk.id)
    assert fold.differences(kiosk.books, kiosk.id) == {}
