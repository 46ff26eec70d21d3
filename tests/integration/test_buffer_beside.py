"""Who else is at the card: readers beside its owner, a slow card, threads."""

import threading

import pytest

from sync.buffer import errors
from sync.buffer.buffer import Buffer
from sync.buffer.reader import BufferReader
from sync.feedback import events
from tests.integration.tended_buffer import SPAN, Kiosk, office_has_all
from tests.taps import tap


@pytest.fixture
def kiosk() -> Kiosk:
    """A new card in a new machine."""
    return Kiosk()


def test_a_reader_beside_writes_nothing(kiosk: Kiosk) -> None:
    """Beside a running kiosk a reader sees what is on the card, and changes no byte of it."""
    with kiosk.open() as buffer:
        for face in (1, 2, 3, 4, 4):
            kiosk.machine.passes(10_000)
            buffer.record(tap(face))
        before = {path: bytes(data) for path, data in kiosk.card.files.items()}
        touched: list[str] = []
        reading = {"read", "listing", "exists", "size", "free"}
        kiosk.card.hook = lambda verb, path: None if verb in reading else touched.append(verb)
        with BufferReader.open("data", files=kiosk.card, machine=kiosk.machine) as reader:
            assert reader.totals(*SPAN) == buffer.totals(*SPAN)
            assert (reader.stream, reader.last_seq) == (buffer.stream, 6)
            assert reader.pending() == 6
            assert reader.oldest() == 1_763_719_200_000 + 10_000
        assert touched == []
        assert {path: bytes(data) for path, data in kiosk.card.files.items()} == before


def test_a_reader_beside_an_owner_that_merges(kiosk: Kiosk) -> None:
    """A reader whose owner moved cells into a month's file meanwhile counts each tap once."""
    with kiosk.open(many=0) as buffer:
        buffer.record(tap())
        buffer.tend()
        reader = BufferReader.open("data", files=kiosk.card, machine=kiosk.machine)
        for _ in range(3):
            kiosk.machine.passes(700_000)
            buffer.record(tap())
            buffer.tend()
        assert reader.totals(*SPAN) == buffer.totals(*SPAN)
        assert buffer.totals(*SPAN)[0].n == 4


def test_a_purge_beside_a_reader_is_no_damage(kiosk: Kiosk) -> None:
    """A segment that the owner purges under a reader's hands reads as purged, not as damaged."""
    with kiosk.open(room=40_000) as buffer:
        for _ in range(300):
            buffer.record(tap())
    with kiosk.open(room=40_000) as buffer:
        office_has_all(buffer)
        reader = BufferReader.open("data", files=kiosk.card, machine=kiosk.machine)
        kiosk.card.room = 20_000
        buffer.tend()
        (event,) = reader.events(reader.stream)
        assert events.decode(event.raw) == events.Lost(seq=1, through=301, why="purged")
        assert reader.damaged == []


def test_a_reader_stops_at_an_unfinished_line(kiosk: Kiosk) -> None:
    """A line that is being written is not there yet for a reader."""
    with kiosk.open() as buffer:
        buffer.record(tap())
        path = next(p for p in kiosk.card.files if "/streams/" in p)
        kiosk.card.append(path, b'f00dfeed {"events":{"3":{"kind"')
        reader = BufferReader.open("data", files=kiosk.card, machine=kiosk.machine)
        assert reader.last_seq == 2
        assert len(list(reader.iter_pending())) == 2
        assert reader.damaged == []


def test_a_reader_learns_what_is_in_memory_only(kiosk: Kiosk) -> None:
    """`status` beside a kiosk on a full card says how many taps are in memory."""
    with kiosk.open() as buffer:
        buffer.record(tap())
        kiosk.card.room = 0
        for _ in range(3):
            buffer.record(tap())
        buffer.tend()
        reader = BufferReader.open("data", files=kiosk.card, machine=kiosk.machine)
        assert reader.in_memory == 3
        kiosk.card.room = 10_000
        buffer.tend()
        assert reader.in_memory == 0


def test_a_reader_of_nothing(kiosk: Kiosk) -> None:
    """A folder without a kiosk's data is named, with what would be right."""
    with pytest.raises(errors.Missing, match="nowhere: there is no kiosk's data in this folder"):
        BufferReader.open("nowhere", files=kiosk.card)


def test_a_slow_card_is_counted(kiosk: Kiosk) -> None:
    """While a card takes longer than 2 s the tap counts as in memory, and others can be asked."""
    with kiosk.open() as buffer:
        buffer.record(tap())
        syncing, may = threading.Event(), threading.Event()

        def slow(verb: str, path: str) -> None:
            if verb == "sync" and "/streams/" in path:
                syncing.set()
                assert may.wait(10)

        kiosk.card.hook = slow
        recording = threading.Thread(target=buffer.record, args=(tap(),))
        recording.start()
        assert syncing.wait(10)
        assert buffer.in_memory == 0
        kiosk.machine.passes(2000)
        assert buffer.in_memory == 1
        assert (buffer.pending(), buffer.last_seq) == (2, 2)
        assert buffer.totals(*SPAN)[0].n == 1
        may.set()
        recording.join()
        assert (buffer.in_memory, buffer.last_seq) == (0, 3)


def test_two_record_while_one_acknowledges(kiosk: Kiosk, full: bool) -> None:
    """Two threads recording and one sending and acknowledging: nothing lost, nothing doubled."""
    number = 20_000 if full else 2_000
    sent: dict[str, list[int]] = {}
    with kiosk.open() as buffer:

        def record() -> None:
            for _ in range(number):
                assert buffer.record(tap()).durable

        threads = [threading.Thread(target=record) for _ in range(2)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads) or buffer.pending():
            for o in buffer.outgoing():
                batch = [events.decode(raw).seq for raw in buffer.read(o.stream, o.acknowledged)]
                if batch:
                    sent.setdefault(o.stream, []).extend(batch)
                    buffer.acknowledge(o.stream, batch[-1])
            buffer.tend()
        for thread in threads:
            thread.join()
        assert sent == {buffer.stream: list(range(1, 2 * number + 2))}
        assert (
            buffer.totals(*SPAN)[0].n + sum(buffer.totals(*SPAN)[0].set_apart.values())
            == 2 * number
        )


def test_housekeeping_has_its_own_thread(kiosk: Kiosk) -> None:
    """Opened with an interval, the buffer tends itself, and the thread ends with it."""
    tended = threading.Event()
    kiosk.card.hook = lambda verb, path: tended.set() if verb == "free" else None
    buffer = Buffer.open("data", files=kiosk.card, machine=kiosk.machine, tending_every=0.01)
    assert tended.wait(10)
    buffer.close()
    assert "buffer-tender" not in {thread.name for thread in threading.enumerate()}
