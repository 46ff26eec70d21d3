"""Two copies of one number meet the books: conflicts, lost runs, wrapped and erased ones."""

from __future__ import annotations

import json

import pytest

from sync.central import fold, heartbeats, store
from sync.central.store import comments, events
from sync.feedback import wire
from tests.senders import NOW, Kiosk, comment, lost, rating, start


@pytest.fixture
def kiosk(books: store.Store) -> Kiosk:
    """A kiosk of a fresh office."""
    return Kiosk(books)


def test_another_whole_copy_is_a_conflict_and_both_are_kept(kiosk: Kiosk) -> None:
    """The first stays, the second is beside it, once however often it comes."""
    kiosk.stored(start(), rating(2, face=1))
    for _ in range(2):
        answer = kiosk.stored(rating(2, face=4), rating(3))
        assert [one.seq for one in answer.conflicts] == [2]
        assert answer.stored_through == 3
    assert kiosk.raws()[1]["face"] == 1
    with kiosk.books.read() as connection:
        kept = events.conflicts(connection, kiosk.id)
    assert [json.loads(one.raw)["face"] for one in kept] == [4]


def test_the_same_event_written_otherwise_is_no_conflict(kiosk: Kiosk) -> None:
    """Equal as JSON values is the same."""
    kiosk.stored(start(), rating(2))
    other = json.dumps(dict(reversed(rating(2).items())), indent=1).encode()
    answer = kiosk.stored(other, last=2)
    assert answer.conflicts == []


def test_another_kiosks_stream_is_foreign(books: store.Store) -> None:
    """A stream is fixed to the kiosk that first named it."""
    mine, other = Kiosk(books), Kiosk(books)
    mine.stored(start())
    other.stream = mine.stream
    told = other.problem(start(), rating(2))
    assert (told.type, told.status, told.stream) == (wire.FOREIGN_STREAM, 409, mine.stream)
    assert mine.rows() == [(1, 1, 3, False)]
    beat = wire.Heartbeat(stream=mine.stream, last_seq=5, pending=1)
    answer = heartbeats.hear(books, other.id, beat, NOW)
    assert isinstance(answer, wire.Problem)
    assert answer.type == wire.FOREIGN_STREAM


def test_a_lost_run_covers_its_numbers(kiosk: Kiosk) -> None:
    """A lost event stands for seq … through; what follows goes on after it."""
    answer = kiosk.stored(start(), lost(2, 9), rating(10))
    assert answer.stored_through == 10
    assert kiosk.rows() == [(1, 1, 3, False), (2, 9, 0, False), (10, 10, 3, False)]


def test_a_lost_run_never_hides_what_is_stored(kiosk: Kiosk) -> None:
    """A lost copy that reaches past what is stored adds only its end."""
    kiosk.stored(start(), rating(2), rating(3))
    assert kiosk.stored(lost(2, 6)).stored_through == 6
    assert kiosk.rows() == [
        (1, 1, 3, False),
        (2, 2, 3, False),
        (3, 3, 3, False),
        (4, 6, 0, False),
    ]
    assert kiosk.raws()[3]["seq"] == 4


@pytest.mark.parametrize(
    ("landing", "left"),
    [
        ([2], [(2, 2, 3), (3, 9, 0)]),
        ([9], [(2, 8, 0), (9, 9, 3)]),
        ([5], [(2, 4, 0), (5, 5, 3), (6, 9, 0)]),
        ([5, 6], [(2, 4, 0), (5, 5, 3), (6, 6, 3), (7, 9, 0)]),
        (list(range(2, 10)), [(seq, seq, 3) for seq in range(2, 10)]),
    ],
)
def test_whole_copies_split_a_lost_run(
    kiosk: Kiosk, landing: list[int], left: list[tuple[int, int, int]]
) -> None:
    """Whole beats lost; what is still lost stays so, and the figures follow."""
    kiosk.stored(start(), lost(2, 9), rating(10))
    assert kiosk.stored(*[rating(seq) for seq in landing]).conflicts == []
    assert [row[:3] for row in kiosk.rows()] == [(1, 1, 3), *left, (10, 10, 3)]
    assert fold.differences(kiosk.books, kiosk.id) == {}


def test_a_run_across_the_end_may_be_bigger_than_any_list(kiosk: Kiosk) -> None:
    """A lost run up to the last number there is costs no more than a short one."""
    assert kiosk.stored(start(), lost(2, wire.MAX_INTEGER)).stored_through == wire.MAX_INTEGER
    assert kiosk.stored(rating(77)).stored_through == wire.MAX_INTEGER
    assert kiosk.rows() == [
        (1, 1, 3, False),
        (2, 76, 0, False),
        (77, 77, 3, False),
        (78, wire.MAX_INTEGER, 0, False),
    ]


def test_whole_beats_wrapped_beats_lost(kiosk: Kiosk) -> None:
    """The fuller copy wins whichever comes first, and a refusal goes with its event."""
    wrapped = {"seq": 2, "kind": "wrapped", "mono": 0, "bytes": "eyI="}
    kiosk.stored(start(), lost(2, 2), rating(3))
    assert [one.seq for one in kiosk.stored(wrapped).refused] == [2]
    kiosk.stored(lost(2, 2))
    assert kiosk.rows()[1] == (2, 2, 1, True)
    assert kiosk.stored(rating(2)).refused == []
    assert [one.seq for one in kiosk.stored(wrapped).refused] == []
    assert kiosk.rows()[1] == (2, 2, 3, False)
    assert fold.differences(kiosk.books, kiosk.id) == {}


def test_a_comment_comes_whole_after_its_erased_copy(kiosk: Kiosk) -> None:
    """An erased copy of a card is replaced by a whole one, never the other way round."""
    erased = {k: v for k, v in comment(3).items() if k != "text"} | {"erased": True}
    kiosk.stored(start(), rating(2), erased)
    assert kiosk.stored(comment(3)).conflicts == []
    assert kiosk.raws()[2]["text"] == "Lång kö"
    assert kiosk.stored(erased).conflicts == []
    assert kiosk.raws()[2]["text"] == "Lång kö"


@pytest.mark.parametrize("by_code", [True, False])
def test_what_was_asked_to_be_erased_comes_in_without_its_text(kiosk: Kiosk, by_code: bool) -> None:
    """A whole copy of an erased comment is stored without its text and is no conflict."""
    place = ("", "", 0) if by_code else (kiosk.id, kiosk.stream, 3)
    erasure = comments.Erasure(*place, "K7-42Q", NOW, "anna")
    kiosk.books.attempt(lambda connection: comments.erase(connection, [erasure]))
    for _ in range(2):
        answer = kiosk.stored(start(), rating(2), comment(3))
        assert (answer.conflicts, answer.refused) == ([], [])
        assert "text" not in kiosk.raws()[2]
        assert kiosk.raws()[2]["erased"] is True
