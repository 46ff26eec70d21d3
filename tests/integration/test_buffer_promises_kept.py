"""What the buffer promises when cards fail and offices change: taps, identity, replay."""

import pytest

from sync.buffer import errors
from sync.buffer.identity import Enrolment
from sync.feedback import events
from tests.integration.promised_buffer import Kiosk, decoded, settings
from tests.taps import tap


@pytest.fixture
def kiosk() -> Kiosk:
    """A new card in a new machine."""
    return Kiosk()


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
