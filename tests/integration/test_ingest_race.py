"""Workers that receive the same batch at the same instant."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from concurrent import futures

from sync.central import fold, store
from sync.feedback import wire
from tests import databases
from tests.senders import Kiosk, comment, rating, start

Answer = wire.Stored | wire.Problem


def together(*calls: Callable[[], Answer]) -> list[Answer]:
    """Make all calls at the same instant, each in a thread of its own, and give the answers."""
    gate = threading.Barrier(len(calls))

    def one(call: Callable[[], Answer]) -> Answer:
        gate.wait()
        return call()

    with futures.ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def test_two_workers_with_the_same_batch_book_it_once(fresh: databases.Fresh, full: bool) -> None:
    """The same batch at the same instant, again and again: once in the books, both answered 200."""
    url = fresh()
    with store.open(url) as one, store.open(url) as other:
        mine = Kiosk(one)
        theirs = Kiosk(other)
        theirs.id = mine.id
        for turn in range(1000 if full else 100):
            if turn % 10 == 0:  # a stream's first batch is the hardest: its row is not there yet
                mine.stream = theirs.stream = str(uuid.uuid4())
                sent = [start(boot_id=f"b{turn}"), rating(2), rating(3, face=9), comment(4)]
            else:
                sent = [rating(4 + turn % 10)]
            answers = together(lambda: mine.send(*sent), lambda: theirs.send(*sent))  # noqa: B023
            assert all(isinstance(answer, wire.Stored) for answer in answers), answers
            assert answers[0] == answers[1]
        assert [row[0] for row in mine.rows()] == list(range(1, len(mine.rows()) + 1))
        assert fold.differences(one, mine.id) == {}


def test_streams_of_one_kiosk_at_the_same_instant_count_all(
    fresh: databases.Fresh, full: bool
) -> None:
    """A copied card in a second device: both streams are booked, and the figures are theirs."""
    url = fresh()
    with store.open(url) as one, store.open(url) as other:
        mine, theirs = Kiosk(one), Kiosk(other)
        theirs.id = mine.id
        mine.send(start())
        theirs.send(start())
        for seq in range(2, 1002 if full else 52):
            answers = together(
                lambda: mine.send(rating(seq, face=1)),  # noqa: B023
                lambda: theirs.send(rating(seq, face=4)),  # noqa: B023
            )
            assert all(isinstance(answer, wire.Stored) for answer in answers), answers
        assert len(mine.rows()) == len(theirs.rows()) == (1001 if full else 51)
        fold.settle(one, mine.id)  # the clock stands still here: the credit for it may be used up
        assert fold.differences(one, mine.id) == {}


def test_two_kiosks_that_claim_one_stream_at_the_same_instant(fresh: databases.Fresh) -> None:
    """A stream is the first one's; the other hears 409, never an error, and nothing is mixed."""
    url = fresh()
    with store.open(url) as one, store.open(url) as other:
        mine, theirs = Kiosk(one), Kiosk(other)
        for _ in range(20):
            mine.stream = theirs.stream = str(uuid.uuid4())
            answers = together(
                lambda: mine.send(start(), rating(2)), lambda: theirs.send(start(), rating(2))
            )
            kinds = sorted(getattr(answer, "type", "stored") for answer in answers)
            assert kinds == [wire.FOREIGN_STREAM, "stored"]
            assert [row[0] for row in mine.rows()] == [1, 2]
