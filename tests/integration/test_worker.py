"""The worker's two threads over a buffer in memory: they start, they stop, neither waits."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import msgspec
import pytest

from sync.buffer import identity, machine
from sync.buffer import memory as cards
from sync.buffer.buffer import Buffer
from sync.feedback import wire
from sync.uplink import exchange, transport, worker
from sync.uplink import line as shared
from tests import batches
from tests.taps import tap

PATIENCE = 20.0  # seconds that a loaded machine may take


class Office:
    """An office that notes what came; batches may be held up."""

    def __init__(self) -> None:
        self.batches, self.beats = threading.Event(), threading.Event()
        self.open = threading.Event()
        self.open.set()
        self.seqs: list[int] = []
        self.restored = False

    def handle(self, request: exchange.Request) -> exchange.Reply:
        """One call."""
        if request.path == wire.HEARTBEATS:
            self.beats.set()
            beat = msgspec.json.decode(request.body, type=wire.Heartbeat)
            heard = wire.Heard(stream=beat.stream, stored_through=0, office="o", server_time=1)
            if self.restored:  # from a back-up of before the first tap
                return exchange.Response(200, {}, wire.encode(heard), 0.1)
        if request.path != wire.BATCHES:
            return exchange.Failure("not now")
        self.batches.set()
        assert self.open.wait(PATIENCE)
        batch, spans = batches.read(request.body)
        self.seqs += [span.seq for span in spans]
        stored = wire.Stored(
            stream=batch.stream, stored_through=spans[-1].through, office="o", server_time=1
        )
        return exchange.Response(200, {}, wire.encode(stored), 0.1)


@pytest.fixture
def office() -> Office:
    """An office."""
    return Office()


@pytest.fixture
def buffer() -> Iterator[Buffer]:
    """An enrolled kiosk's buffer."""
    card = cards.MemoryFiles()
    with Buffer.open("card", files=card, machine=machine.MemoryMachine()) as one:
        one.enrol(identity.Enrolment(url="https://x", office="o", kiosk="k", token="t"))
        yield one


def make(buffer: Buffer, office: Office, calls: shared.Calls | None = None) -> worker.Worker:
    """A worker with an office in memory."""
    return worker.Worker(
        buffer,
        lambda: transport.MemoryTransport(office.handle),
        calls or shared.Calls(wall=lambda: 1),
        linger=0.0,
    )


def test_a_tap_is_sent_after_a_nudge(buffer: Buffer, office: Office) -> None:
    """Recording and nudging is all an app does."""
    told = threading.Event()
    calls = shared.Calls(wall=lambda: 1, on_status=lambda _: told.set())
    with make(buffer, office, calls) as line:
        buffer.record(tap())
        line.nudge()
        assert told.wait(PATIENCE)
        assert office.beats.wait(PATIENCE)
    assert office.seqs == [1, 2]
    assert buffer.pending() == 0
    assert line.status().last_contact == 1


def test_neither_leg_waits_for_the_other(buffer: Buffer, office: Office) -> None:
    """While a batch hangs, heartbeats go out, nudges return, taps are recorded, and stop ends."""
    office.open.clear()
    line = make(buffer, office)
    buffer.record(tap())
    line.start()
    line.start()
    assert office.batches.wait(PATIENCE)
    assert office.beats.wait(PATIENCE)
    buffer.record(tap())
    line.nudge()
    assert buffer.last_seq == 3
    line.stop(timeout=0.05)
    line.stop(timeout=0.05)
    assert "stopped" in repr(line)
    office.open.set()


def test_a_mistake_in_the_app_ends_no_thread(
    buffer: Buffer, office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    """A callback that fails is logged; the next start of the same worker's thread goes on."""
    failed = threading.Event()

    def facts() -> shared.Facts:
        failed.set()
        raise RuntimeError("no thermometer")

    with make(buffer, office, shared.Calls(wall=lambda: 1, facts=facts)) as line:
        assert failed.wait(PATIENCE)
        buffer.record(tap())
        line.nudge()
        assert office.batches.wait(PATIENCE)
    assert "no thermometer" in caplog.text
    assert "Bearer" not in caplog.text


def test_looking_tries_at_once(buffer: Buffer, office: Office) -> None:
    """After a failure a look calls again without waiting for the pause."""
    with make(buffer, office) as line:
        assert office.beats.wait(PATIENCE)
        for _ in range(3):
            office.beats.clear()
            line.look()
            assert office.beats.wait(PATIENCE)


def test_a_restored_office_gets_at_once_what_it_lacks(buffer: Buffer, office: Office) -> None:
    """What its answer to a heartbeat asks for again is sent without waiting for the next look."""
    with make(buffer, office) as line:
        buffer.record(tap())
        line.nudge()
        assert office.batches.wait(PATIENCE)
    office.seqs.clear()
    office.batches.clear()
    office.restored = True
    assert buffer.pending() == 0
    with make(buffer, office):
        assert office.batches.wait(PATIENCE)


def test_heartbeats_are_well_formed(buffer: Buffer) -> None:
    """What the second leg sends reads as a heartbeat of this stream."""
    seen: list[wire.Heartbeat] = []
    done = threading.Event()

    def handle(request: exchange.Request) -> exchange.Reply:
        if request.path == wire.HEARTBEATS:
            seen.append(msgspec.json.decode(request.body, type=wire.Heartbeat))
            done.set()
        return exchange.Failure("not now")

    buffer.record(tap())
    connect = lambda: transport.MemoryTransport(handle)  # noqa: E731
    with worker.Worker(buffer, connect, shared.Calls(wall=lambda: 1)):
        assert done.wait(PATIENCE)
    assert (seen[0].stream, seen[0].last_seq, seen[0].pending) == (buffer.stream, 2, 2)
