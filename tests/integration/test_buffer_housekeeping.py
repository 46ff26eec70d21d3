"""What the buffer does in quiet moments: old comments and room."""

import pytest

from sync.buffer import errors
from sync.buffer.reader import BufferReader
from sync.feedback import events
from tests.integration.tended_buffer import SPAN, Kiosk, office_has_all
from tests.taps import tap

DAY = 24 * 60 * 60 * 1000


@pytest.fixture
def kiosk() -> Kiosk:
    """A new card in a new machine."""
    return Kiosk()


def test_comments_leave_the_card_a_day_after_acknowledgement(kiosk: Kiosk) -> None:
    """A day after the office had it, no byte of a comment's text is left; its code is."""
    with kiosk.open() as buffer:
        rating = buffer.record(tap()).seq
        said = buffer.record(events.Comment(rating=rating, text="Lång kö", code="K7-42Q"))
        buffer.record(tap())
    with kiosk.open() as buffer:
        buffer.tend()
        kiosk.machine.passes(2 * DAY)
        buffer.tend()
        assert "Lång kö".encode() in kiosk.on_card()
        before = [e.raw for e in buffer.events(said.stream)]
        office_has_all(buffer)
        buffer.tend()
        kiosk.machine.passes(DAY - 1)
        buffer.tend()
        assert "Lång kö".encode() in kiosk.on_card()
        kiosk.machine.passes(1)
        buffer.tend()
        assert "Lång kö".encode() not in kiosk.on_card()
        after = [e.raw for e in buffer.events(said.stream)]
        comment = events.decode(after[said.seq - 1])
        assert comment == events.Comment(
            seq=said.seq, mono=40000, rating=rating, code="K7-42Q", erased=True
        )
        assert [raw for raw in after if b"comment" not in raw] == [
            raw for raw in before if b"comment" not in raw
        ]
        assert buffer.damaged == []


def test_the_day_is_kept_over_a_restart(kiosk: Kiosk) -> None:
    """When a comment is due to leave is remembered over stops."""
    with kiosk.open() as buffer:
        rating = buffer.record(tap()).seq
        buffer.record(events.Comment(rating=rating, text="words", code="K7-42Q"))
    with kiosk.open() as buffer:
        office_has_all(buffer)
        buffer.tend()
    kiosk.machine.passes(DAY)
    with kiosk.open() as buffer:
        buffer.tend()
        assert b"words" not in kiosk.on_card()


def test_a_comment_written_twice_leaves_both_places(kiosk: Kiosk) -> None:
    """What a failing card holds of a comment in an abandoned segment leaves it as well."""

    def fail(verb: str, path: str) -> None:
        if verb == "sync" and "/streams/" in path:
            raise errors.Failing(f"{path}: could not sync: Input/output error")

    with kiosk.open() as buffer:
        rating = buffer.record(tap()).seq
        kiosk.card.hook = fail
        buffer.record(events.Comment(rating=rating, text="words", code="K7-42Q"))
        kiosk.card.hook = None
        buffer.tend()
        assert kiosk.on_card().count(b"words") == 2
    with kiosk.open() as buffer:
        office_has_all(buffer)
        buffer.tend()
        kiosk.machine.passes(DAY)
        buffer.tend()
        assert b"words" not in kiosk.on_card()
        assert [e.first for e in buffer.events(buffer.rows()[0].name)] == [1, 2, 3]


def test_a_day_counts_by_the_boots_clock(kiosk: Kiosk) -> None:
    """A machine whose clock starts over each night still lets comments go after a day."""
    with kiosk.open() as buffer:
        rating = buffer.record(tap()).seq
        buffer.record(events.Comment(rating=rating, text="words", code="K7-42Q"))
    start = kiosk.machine.wall()
    for day in range(3):
        kiosk.machine.reboots(wall=start)
        with kiosk.open() as buffer:
            now = start + day * DAY
            buffer.record(events.Clock(at=start, trusted=now, source="office"))
            office_has_all(buffer)
            buffer.tend()
    assert b"words" not in kiosk.on_card()


def test_a_comment_that_the_office_no_longer_has_stays(kiosk: Kiosk) -> None:
    """An office restored before the day is over gets the words again."""
    with kiosk.open() as buffer:
        rating = buffer.record(tap()).seq
        said = buffer.record(events.Comment(rating=rating, text="words", code="K7-42Q"))
    with kiosk.open() as buffer:
        office_has_all(buffer)
        buffer.tend()
        buffer.acknowledge(said.stream, 1)
        kiosk.machine.passes(2 * DAY)
        buffer.tend()
        buffer.tend()
        assert b"words" in buffer.read(said.stream, 1)[1]


def test_nothing_is_deleted_for_age(kiosk: Kiosk) -> None:
    """Acknowledged taps stay for years while there is room."""
    with kiosk.open() as buffer:
        buffer.record(tap())
    with kiosk.open() as buffer:
        office_has_all(buffer)
        for _ in range(5):
            kiosk.machine.passes(365 * DAY)
            buffer.tend()
        assert len(buffer.read(buffer.rows()[0].name, 0)) == 2


def test_room_is_made_of_the_oldest_acknowledged_segment(kiosk: Kiosk) -> None:
    """A short card loses its oldest acknowledged segment first; the figures stay for ever."""
    streams = []
    for face in (1, 2, 3):
        with kiosk.open() as buffer:
            for _ in range(300):
                kiosk.machine.passes(10_000)
                buffer.record(tap(face))
            streams.append(buffer.stream)
        kiosk.machine.reboots()
    with kiosk.open() as buffer:
        for stream in streams[:2]:
            buffer.read(stream, 0)
            buffer.acknowledge(stream, 301)
        right = buffer.totals(*SPAN)
    kiosk.card.room = 20_000
    with kiosk.open(room=40_000) as buffer:
        buffer.tend()
        assert (buffer.comments_open, buffer.trouble) == (True, "")
        purged = {row.name: row.purged for row in buffer.rows()}
        assert purged == {streams[0]: 301, streams[1]: 0, streams[2]: 0}
        (raw,) = buffer.read(streams[0], 0)
        assert events.decode(raw) == events.Lost(seq=1, through=301, why="purged")
        for _ in range(2):
            kiosk.card.room = 20_000
            buffer.tend()
        purged = {row.name: row.purged for row in buffer.rows()}
        assert purged == {streams[0]: 301, streams[1]: 301, streams[2]: 0}
        assert (buffer.comments_open, buffer.trouble) == (False, "")
        assert buffer.totals(*SPAN) == right
        assert len(buffer.read(streams[2], 0)) == 301
        assert buffer.damaged == []
    kiosk.card.remove("data/state/checkpoint.json")
    beside = BufferReader.open("data", files=kiosk.card, machine=kiosk.machine)
    assert beside.totals(*SPAN) == right
    with kiosk.open(room=40_000) as buffer:
        buffer.tend()
        assert buffer.totals(*SPAN) == right
        assert buffer.pending() == 301


def test_nothing_goes_before_it_is_counted_for_good(kiosk: Kiosk) -> None:
    """While no checkpoint can be saved nothing is purged, so no count is lost with the process."""
    buffer = kiosk.open()
    for number in range(300):
        kiosk.machine.passes(10_000)
        buffer.record(tap())
        if number == 100:
            buffer.tend()
    kiosk.dies()

    def refuse(verb: str, path: str) -> None:
        if verb == "replace" and "/state/checkpoint" in path:
            raise errors.Failing(f"{path}: could not {verb}: Input/output error")

    kiosk.card.hook = refuse
    kiosk.card.room = 20_000
    buffer = kiosk.open(room=40_000)
    office_has_all(buffer)
    buffer.tend()
    right = buffer.totals(*SPAN)
    assert right[0].n == 300
    kiosk.dies()
    kiosk.card.hook = None
    with kiosk.open() as buffer:
        buffer.tend()
        assert buffer.totals(*SPAN) == right


def test_a_merge_cut_off_counts_nothing_twice(kiosk: Kiosk) -> None:
    """Cells that reached a month's file, but not the checkpoint that says so, count once."""
    with kiosk.open(many=0) as buffer:
        buffer.record(tap())
        buffer.tend()
    saves = iter([True, False])

    def refuse(verb: str, path: str) -> None:
        if verb == "replace" and "/state/checkpoint" in path and not next(saves, False):
            raise errors.Failing(f"{path}: could not {verb}: Input/output error")

    buffer = kiosk.open(many=0)
    for _ in range(10):
        kiosk.machine.passes(10_000)
        buffer.record(tap())
    kiosk.card.hook = refuse
    buffer.tend()
    assert "could not replace" in buffer.trouble
    right = buffer.totals(*SPAN)
    assert right[0].n == 11
    kiosk.dies()
    kiosk.card.hook = None
    with kiosk.open() as buffer:
        buffer.tend()
        assert buffer.totals(*SPAN) == right
        kiosk.machine.passes(10_000)
        buffer.record(tap())
        assert buffer.totals(*SPAN)[0].n == 12


def test_an_idle_kiosk_writes_nothing(kiosk: Kiosk) -> None:
    """While nothing happens housekeeping leaves the card alone, for hours."""
    with kiosk.open() as buffer:
        buffer.record(tap())
        office_has_all(buffer)
        buffer.tend()
        kiosk.machine.passes(11 * 60_000)
        buffer.tend()
        written: list[str] = []
        reading = {"read", "listing", "exists", "size", "free"}
        kiosk.card.hook = lambda verb, path: None if verb in reading else written.append(verb)
        for _ in range(120):
            kiosk.machine.passes(60_000)
            buffer.tend()
        assert written == []


def test_opening_reads_no_backlog(kiosk: Kiosk) -> None:
    """After a clean stop an opening reads small state only, however much lies on the card."""
    for _ in range(5):
        with kiosk.open() as buffer:
            for _ in range(20):
                buffer.record(tap())
    read: list[str] = []
    kiosk.card.hook = lambda verb, path: read.append(path) if verb == "read" else None
    with kiosk.open() as buffer:
        assert buffer.pending() == 5 * 21
        assert not [path for path in read if "/streams/" in path]
        assert buffer.totals(*SPAN)[0].set_apart == {"run": 99}
        assert not [path for path in read if "/streams/" in path]
