"""What the buffer promises to whoever records, sends and reads: streams, batches, segments."""

import pytest

from sync.buffer import errors
from sync.feedback import events
from tests.integration.promised_buffer import Kiosk, decoded, settings
from tests.taps import tap

DAY = 24 * 60 * 60 * 1000


@pytest.fixture
def kiosk() -> Kiosk:
    """A new card in a new machine."""
    return Kiosk()


def test_start_is_the_first_event(kiosk: Kiosk) -> None:
    """Whatever is recorded first, the stream begins with `start` as seq 1, on the card with it."""
    with kiosk.open() as buffer:
        receipt = buffer.record(tap())
        first, second = decoded(buffer, buffer.stream)
    assert receipt == (buffer.stream, 2, True)
    assert isinstance(first, events.Start)
    assert (first.seq, first.app, first.serial) == (1, "1.0.0", kiosk.machine.serial)
    assert first.after is None
    assert isinstance(second, events.Rating)
    assert second.mono == kiosk.machine.mono()


def test_no_event_no_file(kiosk: Kiosk) -> None:
    """An opening in which nothing was recorded leaves no stream behind."""
    kiosk.open().close()
    assert kiosk.card.listing("data/streams") == []


def test_each_opening_is_a_stream(kiosk: Kiosk) -> None:
    """An opening begins a new stream tied to the last event; no old file is appended to."""
    with kiosk.open() as buffer:
        last = buffer.record(tap())
    before = {path: bytes(data) for path, data in kiosk.card.files.items() if "streams" in path}
    with kiosk.open() as buffer:
        buffer.record(tap())
        first = decoded(buffer, buffer.stream)[0]
    assert isinstance(first, events.Start)
    assert first.after == events.After(stream=last.stream, seq=last.seq)
    assert buffer.stream != last.stream
    assert all(bytes(kiosk.card.files[path]) == data for path, data in before.items())


@pytest.mark.parametrize(
    ("end", "stopped"), [("close", "clean"), ("kill", "killed"), ("cut", "power")]
)
def test_stopped_tells_how(kiosk: Kiosk, end: str, stopped: str) -> None:
    """The next `start` says whether the last owner closed, was killed, or lost its power."""
    buffer = kiosk.open()
    buffer.record(tap())
    if end == "close":
        buffer.close()
    else:
        kiosk.dies()
    if end == "cut":
        kiosk.machine.reboots()
    with kiosk.open() as buffer:
        buffer.record(tap())
        first = decoded(buffer, buffer.stream)[0]
    assert isinstance(first, events.Start)
    assert first.stopped == stopped


def test_closed_streams_drain(kiosk: Kiosk) -> None:
    """Waiting events of earlier streams are offered first, as they lie on the card."""
    with kiosk.open() as buffer:
        old = buffer.record(tap())
    with kiosk.open() as buffer:
        new = buffer.record(tap())
        assert [o.stream for o in buffer.outgoing()] == [old.stream, new.stream]
        assert buffer.pending() == 4
        waiting = list(buffer.iter_pending())
        assert [stream for stream, _ in waiting] == [old.stream] * 2 + [new.stream] * 2
        assert [raw for _, raw in waiting] == buffer.read(old.stream, 0) + buffer.read(
            new.stream, 0
        )
        buffer.acknowledge(old.stream, 2)
        assert [o.stream for o in buffer.outgoing()] == [new.stream]
        assert [o.stream for o in buffer.settled()] == [old.stream]
        assert buffer.pending() == 2


def test_acknowledged_is_what_the_office_said(kiosk: Kiosk) -> None:
    """An acknowledgement is believed downwards and upwards, but not beyond what was ever sent."""
    with kiosk.open() as buffer:
        for _ in range(9):
            buffer.record(tap())
        stream = buffer.stream
        buffer.read(stream, 0, limit=5)
        buffer.acknowledge(stream, 8)
        assert buffer.outgoing()[0].acknowledged == 5
        buffer.acknowledge(stream, 2)
        assert buffer.outgoing()[0].acknowledged == 2
        assert buffer.pending() == 8
        buffer.exported(stream, 10)
        buffer.acknowledge(stream, 99)
        assert buffer.pending() == 0


def test_acknowledged_survives_a_stop(kiosk: Kiosk) -> None:
    """What an office acknowledged is not sent again after a clean stop."""
    with kiosk.open() as buffer:
        buffer.record(tap())
        buffer.read(buffer.stream, 0)
        buffer.acknowledge(buffer.stream, 1)
    with kiosk.open() as buffer:
        assert buffer.pending() == 1


def test_acknowledged_survives_a_cut_after_a_minute(kiosk: Kiosk) -> None:
    """Acknowledgements are saved at most once a minute; what is saved survives a cut."""
    buffer = kiosk.open()
    buffer.record(tap())
    buffer.tend()
    writes: list[str] = []
    kiosk.card.hook = lambda verb, path: writes.append(path) if verb == "replace" else None
    buffer.read(buffer.stream, 0)
    buffer.acknowledge(buffer.stream, 2)
    kiosk.machine.passes(59_000)
    buffer.tend()
    assert writes == []
    kiosk.machine.passes(2_000)
    buffer.tend()
    buffer.tend()
    assert writes == ["data/state/acknowledged.json.new"]
    kiosk.dies()
    with kiosk.open() as buffer:
        assert buffer.pending() == 0


def test_one_owner(kiosk: Kiosk) -> None:
    """A second opening fails with a sentence that names the folder and the process."""
    with (
        kiosk.open(),
        pytest.raises(errors.Locked, match=r"data: process \d+ has this buffer open"),
    ):
        kiosk.open()
    kiosk.open().close()


def test_close_twice(kiosk: Kiosk) -> None:
    """Closing twice is fine; recording afterwards says what is wrong; repr says so."""
    buffer = kiosk.open()
    buffer.close()
    buffer.close()
    assert repr(buffer) == "<Buffer data closed>"
    with pytest.raises(errors.Closed, match="open it again"):
        buffer.record(tap())


def test_a_batch_is_cut_by_number_and_size(kiosk: Kiosk) -> None:
    """A batch holds at most the events and bytes asked for, and one event at least."""
    with kiosk.open() as buffer:
        for _ in range(9):
            buffer.record(tap())
        assert len(buffer.read(buffer.stream, 0, limit=4)) == 4
        assert len(buffer.read(buffer.stream, 0, max_bytes=10)) == 1
        size = len(buffer.read(buffer.stream, 4, limit=1)[0])
        assert len(buffer.read(buffer.stream, 4, max_bytes=2 * size)) == 2


def test_segments_roll_over(kiosk: Kiosk) -> None:
    """A stream longer than a segment reads as one, from any place, also while it grows."""
    with kiosk.open() as buffer:
        for _ in range(5000):
            buffer.record(tap())
        assert len(kiosk.card.listing("data/streams")) == 3
        for after in (0, 1, 2047, 2048, 2049, 4999, 5000):
            seqs = [e.seq for e in decoded(buffer, buffer.stream, after)]
            assert seqs == list(range(after + 1, 5002))


def test_sealed_at_the_days_end(kiosk: Kiosk) -> None:
    """After midnight in the shop's own zone events go into a new file of the same stream."""
    with kiosk.open() as buffer:
        buffer.record(settings())
        buffer.record(tap())
        buffer.tend()
        kiosk.machine.passes(DAY)
        buffer.tend()
        buffer.record(tap())
        assert len(kiosk.card.listing("data/streams")) == 2
        assert [e.seq for e in decoded(buffer, buffer.stream)] == [1, 2, 3, 4]
