"""What the buffer promises to whoever records, sends and reads, on a card in memory."""

import pytest

from sync.buffer import errors
from sync.buffer.buffer import Buffer
from sync.buffer.identity import Enrolment
from sync.buffer.machine import MemoryMachine
from sync.buffer.memory import MemoryFiles
from sync.feedback import events

DAY = 24 * 60 * 60 * 1000


def tap(face: int = 4) -> events.Rating:
    """A tap on a face."""
    return events.Rating(
        survey="exit",
        survey_version=1,
        question="visit",
        face=face,
        faces=4,
        language="sv",
        via="touch",
    )


def settings() -> events.Settings:
    """Settings of a Swedish shop."""
    return events.Settings(time_zone="Europe/Stockholm")


class Kiosk:
    """A card in a machine: opened, closed, killed and power-cycled by hand."""

    def __init__(self, room: int | None = None) -> None:
        self.card = MemoryFiles(room=room)
        self.machine = MemoryMachine()

    def open(self, room: int = 1000) -> Buffer:
        """Take the card up."""
        return Buffer.open(
            "data",
            files=self.card,
            machine=self.machine,
            app="1.0.0",
            room=room,
            tending_every=None,
        )

    def dies(self) -> None:
        """The process ends without a word; what it had locked is free."""
        self.card.unlock("data/lock")


@pytest.fixture
def kiosk() -> Kiosk:
    """A new card in a new machine."""
    return Kiosk()


def decoded(buffer: Buffer, stream: str, after: int = 0) -> list[events.Event]:
    """The stream's events as values."""
    return [events.decode(raw) for raw in buffer.read(stream, after, 10_000)]


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


def test_a_full_card_loses_nothing_while_the_process_lives() -> None:
    """What a full card refuses keeps its seq and waits in memory; it goes first once it can."""
    kiosk = Kiosk(room=20_000)
    buffer = kiosk.open(room=0)
    receipts = [buffer.record(tap()) for _ in range(200)]
    durable = [r.seq for r in receipts if r.durable]
    assert 0 < len(durable) < 200
    assert buffer.in_memory == 200 - len(durable)
    assert not buffer.comments_open
    assert "No space left" in buffer.trouble
    assert buffer.last_seq == durable[-1]
    kiosk.card.room = 1_000_000
    buffer.tend()
    assert (buffer.in_memory, buffer.trouble) == (0, "")
    assert [e.seq for e in decoded(buffer, buffer.stream)] == list(range(1, 202))
    kiosk.dies()
    with kiosk.open() as buffer:
        assert buffer.pending() == 201


def test_a_card_that_is_full_for_hours(kiosk: Kiosk) -> None:
    """However often a full card was tried, what waited is found again once it was taken."""
    buffer = kiosk.open()
    buffer.record(tap())
    kiosk.card.room = 100
    buffer.record(tap())
    for _ in range(12_000):
        buffer.retry()
    assert len(kiosk.card.listing("data/streams")) == 1
    kiosk.card.room = None
    buffer.retry()
    kiosk.dies()
    with kiosk.open() as buffer:
        assert buffer.pending() == 3


def test_a_card_that_removes_nothing(kiosk: Kiosk) -> None:
    """Where a refused file cannot be removed the next try takes another name."""
    buffer = kiosk.open()

    def refuse(verb: str, path: str) -> None:
        if verb in {"sync", "remove"}:
            raise errors.Failing(f"{path}: could not {verb}: Input/output error")

    kiosk.card.hook = refuse
    for _ in range(5):
        buffer.record(tap())
    kiosk.card.hook = None
    buffer.record(tap())
    kiosk.dies()
    with kiosk.open() as buffer:
        assert [e.seq for e in decoded(buffer, buffer.outgoing()[0].stream)] == list(range(1, 8))


def test_a_card_that_takes_nothing_takes_taps(kiosk: Kiosk) -> None:
    """Opened on a card that cannot be written to, taps wait in memory until it can."""
    writing = {"append", "write", "sync", "replace", "remove", "make_folder", "sync_folder", "lock"}

    def refuse(verb: str, path: str) -> None:
        if verb in writing:
            raise errors.ReadOnly(f"{path}: could not {verb}: Read-only file system")

    kiosk.card.hook = refuse
    buffer = kiosk.open()
    receipts = [buffer.record(tap()) for _ in range(3)]
    assert [r.durable for r in receipts] == [False] * 3
    buffer.tend()
    assert (buffer.in_memory, buffer.comments_open) == (4, False)
    assert "Read-only file system" in buffer.trouble
    kiosk.card.hook = None
    buffer.tend()
    buffer.tend()
    assert (buffer.in_memory, buffer.trouble) == (0, "")
    with pytest.raises(errors.Locked):
        kiosk.open()
    buffer.close()
    with kiosk.open() as buffer:
        assert buffer.pending() == 4


def test_a_failed_sync_is_not_trusted(kiosk: Kiosk) -> None:
    """After a failed fsync the same bytes go into a new segment, and read as one event."""
    buffer = kiosk.open()
    buffer.record(tap())

    def fail(verb: str, path: str) -> None:
        if verb == "sync":
            raise errors.Failing(f"{path}: could not sync: Input/output error")

    kiosk.card.hook = fail
    refused = buffer.record(tap(3))
    assert not refused.durable
    kiosk.card.hook = None
    assert buffer.record(tap(2)).durable
    assert len(kiosk.card.listing("data/streams")) == 2
    both = b"".join(bytes(d) for p, d in kiosk.card.files.items() if "streams" in p)
    assert both.count(b'"face":3') == 2
    read = decoded(buffer, buffer.stream)
    assert [e.seq for e in read] == [1, 2, 3, 4]


def test_identity_and_memory_are_kept(kiosk: Kiosk) -> None:
    """What was enrolled and remembered is there after a cut."""
    enrolment = Enrolment(url="https://o", office="o_1", kiosk="k_1", token="a" * 64)
    buffer = kiosk.open()
    buffer.enrol(enrolment)
    buffer.remember("etag", {"a": [1, "ö"]})
    kiosk.dies()
    with kiosk.open() as buffer:
        assert buffer.identity.current == enrolment
        assert buffer.recall("etag") == {"a": [1, "ö"]}
        assert buffer.recall("other") is None
    assert "a" * 64 not in repr(enrolment)


def test_what_came_before_any_enrolment_belongs_to_the_first_office(kiosk: Kiosk) -> None:
    """Streams of an unenrolled kiosk go to its first office, and to no later one."""
    with kiosk.open() as buffer:
        early = buffer.record(tap())
    with kiosk.open() as buffer:
        buffer.enrol(Enrolment(url="https://o", office="o_1", kiosk="k_1", token="a"))
        buffer.record(tap())
        assert {(o.office, o.kiosk) for o in buffer.outgoing()} == {("o_1", "k_1")}
        buffer.enrol(Enrolment(url="https://p", office="o_2", kiosk="k_2", token="b"))
        owners = {o.stream: o.office for o in buffer.outgoing()}
    assert owners[early.stream] == "o_1"


def test_another_office_begins_a_new_stream(kiosk: Kiosk) -> None:
    """Enrolling at another office begins a stream that restates what figures depend on."""
    with kiosk.open() as buffer:
        buffer.enrol(Enrolment(url="https://o", office="o_1", kiosk="k_1", token="a"))
        buffer.record(settings())
        old = buffer.record(tap())
        buffer.enrol(Enrolment(url="https://p", office="o_2", kiosk="k_2", token="b"))
        new = buffer.record(tap())
        assert new.stream != old.stream
        kinds = [type(e) for e in decoded(buffer, new.stream)]
        assert kinds == [events.Start, events.Settings, events.Rating]
        first = decoded(buffer, new.stream)[0]
        assert isinstance(first, events.Start)
        assert first.after is None
        owners = {o.stream: o.office for o in buffer.outgoing()}
        assert owners == {old.stream: "o_1", new.stream: "o_2"}


def test_replay_sends_the_whole_card(kiosk: Kiosk) -> None:
    """Enrolment with replay gives every stream to the new office, from its first event."""
    buffer = kiosk.open()
    buffer.enrol(Enrolment(url="https://o", office="o_1", kiosk="k_1", token="a"))
    buffer.record(tap())
    buffer.read(buffer.stream, 0)
    buffer.acknowledge(buffer.stream, 2)
    buffer.tend()
    assert buffer.pending() == 0
    buffer.enrol(Enrolment(url="https://p", office="o_2", kiosk="k_2", token="b", replay=True))
    assert buffer.pending() == 2
    kiosk.dies()  # before anything but the identity was saved
    with kiosk.open() as buffer:
        assert buffer.pending() == 2
        assert {(o.office, o.kiosk) for o in buffer.outgoing()} == {("o_2", "k_2")}


def test_a_comment_that_is_too_long_is_cut(kiosk: Kiosk) -> None:
    """An event never exceeds 4 KiB: the comment's text is cut first."""
    with kiosk.open() as buffer:
        receipt = buffer.record(events.Comment(rating=2, text="å" * 5000, code="K7-42Q"))
        raw = buffer.read(receipt.stream, receipt.seq - 1)[0]
    assert len(raw) <= events.MAX_EVENT
