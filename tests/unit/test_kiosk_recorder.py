"""The thread that records: in order, with the numbers of earlier ratings filled in."""

import threading

from kiosk import recorder, signals
from sync.buffer import errors
from sync.buffer.recorder import Receipt
from sync.feedback import events


class Card:
    """A card in memory; `full` lets it refuse what is durable, `closed` everything."""

    def __init__(self) -> None:
        self.stream = "s1"
        self.taken: list[events.Event] = []
        self.closed = False
        self.in_memory = 0

    def record(self, event: events.Event) -> Receipt:
        """Take an event."""
        if self.closed:
            raise errors.Closed("closed")
        self.taken.append(event)
        return Receipt(self.stream, len(self.taken), True)

    def retry(self) -> bool:
        """Nothing waits."""
        return True


RATING = events.Rating(
    survey="exit", survey_version=1, question="q", face=1, faces=4, language="en", via="touch"
)


def recorded(card: Card, *records: signals.Record) -> list[tuple[int, Receipt | None]]:
    """What the recorder says of these, in order."""
    done: list[tuple[int, Receipt | None]] = []
    writer = recorder.Recorder(card, lambda ticket, receipt: done.append((ticket, receipt)))
    writer.start()
    for record in records:
        writer.submit(record)
    writer.stop()
    return done


def test_what_is_about_a_rating_gets_its_number() -> None:
    """An answer names the rating's seq, a second question's rating the first one's."""
    card = Card()
    answer = events.Answer(rating=0, ended="sent")
    done = recorded(
        card,
        signals.Record(8, events.Settings()),
        signals.Record(9, RATING),
        signals.Record(10, RATING, visit=9),
        signals.Record(11, answer, about=9),
    )
    assert [ticket for ticket, _ in done] == [8, 9, 10, 11]
    _, _, second, told = card.taken
    assert isinstance(second, events.Rating)
    assert isinstance(told, events.Answer)
    assert (second.visit, told.rating) == (2, 2)
    assert second.stream == ""


def test_a_rating_of_an_earlier_stream_is_named_with_it() -> None:
    """When a new stream began meanwhile, the old one's name stands beside the number."""
    card = Card()
    done: list[int] = []
    moved = threading.Event()

    def heard(ticket: int, _receipt: Receipt | None) -> None:
        done.append(ticket)
        card.stream = "s2"
        moved.set()

    writer = recorder.Recorder(card, heard)
    writer.start()
    writer.submit(signals.Record(1, RATING))
    assert moved.wait(10)
    writer.submit(signals.Record(2, events.Correction(rating=0, face=2), about=1))
    writer.stop()
    told = card.taken[1]
    assert isinstance(told, events.Correction)
    assert (told.rating, told.stream) == (1, "s1")


def test_what_is_about_an_unknown_rating_is_not_recorded() -> None:
    """An answer to a rating that the card never took would name nothing."""
    card = Card()
    done = recorded(card, signals.Record(2, events.Answer(rating=0), about=1))
    assert done == [(2, None)]
    assert card.taken == []


def test_a_card_that_refuses_ends_nothing() -> None:
    """An error is an answer without a receipt; the thread goes on."""
    card = Card()
    card.closed = True
    done = recorded(card, signals.Record(1, RATING), signals.Record(2, RATING))
    assert done == [(1, None), (2, None)]
