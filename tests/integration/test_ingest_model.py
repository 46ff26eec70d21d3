"""Ingest against a plain dictionary: any order of batches, copies, erasures and restores."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from sync.central import erasure, fold, heartbeats, store
from sync.central.store import schema
from sync.feedback import wire
from tests.senders import NOW, Kiosk, comment, lost, rating, start

WHOLE, ERASED, WRAPPED, LOST = 3, 2, 1, 0
STREAMS = 2
CODE = "K{}-{}"

Copy = tuple[int, Any, bool]  # rank, JSON value, refused

variants = st.sampled_from(
    ["whole"] * 6 + ["other", "refused", "wrapped", "lost", "erased", "unknown"]
)


class Books:
    """What the office ought to have: one entry for each number of each stream."""

    def __init__(self) -> None:
        self.copies: dict[int, dict[int, Copy]] = {n: {} for n in range(STREAMS)}
        self.conflicts: set[tuple[int, int, str]] = set()
        self.erased: set[tuple[int, int]] = set()

    def through(self, stream: int) -> int:
        """Give how far a stream is stored."""
        return len(self.copies[stream])

    def take(self, stream: int, seq: int, copy: Copy) -> bool:
        """Take one copy of one number; tell whether it is in conflict."""
        here = self.copies[stream]
        rank, value, _ = copy
        if (stream, seq) in self.erased and rank == WHOLE and value.get("kind") == "comment":
            copy = (ERASED, without_text(value), False)
            rank, value, _ = copy
        old = here.get(seq)
        if old is None or old[0] < rank:
            here[seq] = copy
            return False
        if old[0] == rank == WHOLE and old[1] != value:
            self.conflicts.add((stream, seq, json.dumps(value, sort_keys=True)))
            return True
        return False

    def erase(self, stream: int, seq: int) -> None:
        """Take the text out, of second copies too, and keep it out."""
        self.erased.add((stream, seq))
        rank, value, refused = self.copies[stream].get(seq, (LOST, {}, False))
        if rank == WHOLE and value["kind"] == "comment":
            self.copies[stream][seq] = (ERASED, without_text(value), refused)
        self.conflicts = {
            (s, n, json.dumps(without_text(json.loads(text)), sort_keys=True))
            if (s, n) == (stream, seq) and '"comment"' in text
            else (s, n, text)
            for s, n, text in self.conflicts
        }


def without_text(value: dict[str, Any]) -> dict[str, Any]:
    """Give a comment as it is once erased."""
    return {key: one for key, one in value.items() if key != "text"} | {"erased": True}


def event(stream: int, seq: int, variant: str) -> tuple[dict[str, Any], Copy]:
    """Make one copy of a number: what is sent, and what ought to be kept of it."""
    is_comment = seq > 1 and seq % 3 == 0
    whole = rating(seq, face=seq % 4 + 1)
    if seq == 1:
        whole = start(boot_id=f"boot{stream}")
    elif is_comment:
        whole = comment(seq, f"text {seq}", CODE.format(stream, seq))
    sent, rank, refused = whole, WHOLE, False
    match variant:
        case "other":
            sent = whole | ({"text": "other"} if is_comment else {"mono": 7})
        case "refused":
            sent, refused = {"seq": seq, "kind": "rating", "mono": 1, "face": -1}, True
        case "wrapped":
            sent = {"seq": seq, "kind": "wrapped", "mono": 0, "bytes": "eyI="}
            rank, refused = WRAPPED, True
        case "lost":
            return lost(seq, seq), (LOST, {}, False)
        case "erased" if is_comment:
            sent, rank = without_text(whole), ERASED
        case "unknown" if seq % 3:
            sent = {"seq": seq, "kind": "applause", "mono": 3, "n": 1.5}
    return sent, (rank, sent, refused)


class Office(RuleBasedStateMachine):
    """Sends what it likes and compares all that the office has with the dictionary."""

    def __init__(self, books: store.Store) -> None:
        super().__init__()
        self.books = books
        self.model = Books()
        self.kiosk = Kiosk(books)
        self.other = Kiosk(books)
        self.names = [str(uuid.uuid4()) for _ in range(STREAMS)]

    @rule(
        stream=st.integers(0, STREAMS - 1),
        back=st.integers(-1, 8),
        kinds=st.lists(variants, min_size=1, max_size=6),
    )
    def send(self, stream: int, back: int, kinds: list[str]) -> None:
        """A batch from a little before what is stored, or one past it."""
        through = self.model.through(stream)
        first = max(1, through + 1 - back)
        made = [event(stream, seq, kind) for seq, kind in enumerate(kinds, first)]
        self.kiosk.stream = self.names[stream]
        answer = self.kiosk.send(*[sent for sent, _ in made])
        if first > through + 1:
            assert isinstance(answer, wire.Problem)
            assert (answer.type, answer.stored_through) == (wire.GAP, through)
            return
        assert isinstance(answer, wire.Stored), answer
        conflicts = [
            seq for seq, (_, copy) in enumerate(made, first) if self.model.take(stream, seq, copy)
        ]
        assert [one.seq for one in answer.conflicts] == conflicts
        assert answer.stored_through == self.model.through(stream)
        kept = self.model.copies[stream]
        refused = [seq for seq in range(first, first + len(made)) if kept[seq][2]]
        assert [one.seq for one in answer.refused] == refused

    @rule(stream=st.integers(0, STREAMS - 1), back=st.integers(0, 5), size=st.integers(1, 9))
    def lose(self, stream: int, back: int, size: int) -> None:
        """A run that could not be read, from within what is stored or just after it."""
        first = max(1, self.model.through(stream) + 1 - back)
        self.kiosk.stream = self.names[stream]
        answer = self.kiosk.stored(lost(first, first + size - 1))
        for seq in range(first, first + size):
            self.model.take(stream, seq, (LOST, {}, False))
        assert answer.stored_through == self.model.through(stream)

    @rule(stream=st.integers(0, STREAMS - 1), number=st.integers(1, 6))
    def erase(self, stream: int, number: int) -> None:
        """A customer wants a comment gone, whether it is here yet or not."""
        erasure.erase(
            self.books, CODE.format(stream, 3 * number), by="x", now=NOW, kiosk=self.kiosk.id
        )
        self.model.erase(stream, 3 * number)

    @rule(stream=st.integers(0, STREAMS - 1))
    def intrude(self, stream: int) -> None:
        """Another kiosk sends under a stream that it heard of."""
        if self.model.through(stream):
            self.other.stream = self.names[stream]
            assert self.other.problem(start(), rating(2)).type == wire.FOREIGN_STREAM

    @rule(stream=st.integers(0, STREAMS - 1), ahead=st.integers(0, 3))
    def beat(self, stream: int, ahead: int) -> None:
        """A heartbeat is told how far the stream is stored."""
        through = self.model.through(stream)
        message = wire.Heartbeat(stream=self.names[stream], last_seq=through + ahead, pending=ahead)
        answer = heartbeats.hear(self.books, self.kiosk.id, message, NOW)
        assert isinstance(answer, wire.Heard)
        assert answer.stored_through == through

    @invariant()
    def the_books_are_the_dictionary(self) -> None:
        """Every number once, with the fullest copy; the rows tile the stream."""
        for stream, name in enumerate(self.names):
            self.kiosk.stream = name
            expected = self.model.copies[stream]
            rows, raws = self.kiosk.rows(), self.kiosk.raws()
            reached = 0
            for (seq, through, rank, refused), raw in zip(rows, raws, strict=True):
                assert seq == reached + 1
                reached = through
                for number in range(seq, through + 1):
                    kept = expected[number]
                    assert kept[0] == rank
                    assert kept[2] == refused
                if rank != LOST:
                    assert raw == expected[seq][1]
            assert reached == len(expected)

    def teardown(self) -> None:
        """The figures are what a fold from scratch gives."""
        assert fold.differences(self.books, self.kiosk.id) == {}


@pytest.mark.timeout(900)
def test_ingest_is_a_dictionary(books: store.Store, full: bool) -> None:
    """Whatever comes in whatever order: the books equal a dictionary of fullest copies."""
    count = 200 if full else 20
    machine: Any = lambda: Office(books)  # noqa: E731, it is called as the class would be
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=count, stateful_step_count=20, deadline=None),
    )
    with books.read() as connection:
        seen = [
            connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in (schema.events, schema.refused, schema.conflicts, schema.comments)
        ]
    assert min(seen) > 0, "this test has gone blind"
