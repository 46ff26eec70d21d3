"""What leaves the card by hand."""

import csv
import io
from pathlib import Path

import pytest

from sync.buffer import errors, export
from sync.buffer.buffer import Buffer
from sync.buffer.identity import Enrolment
from sync.buffer.machine import MemoryMachine
from sync.buffer.memory import MemoryFiles
from sync.buffer.reader import BufferReader
from sync.feedback import byhand
from tests.taps import tap

TOKEN = "a" * 64


@pytest.fixture
def card() -> MemoryFiles:
    """A card with two streams, the second enrolled elsewhere; of the first two events wait."""
    card, machine = MemoryFiles(), MemoryMachine()
    with Buffer.open("data", files=card, machine=machine, tending_every=None) as buffer:
        buffer.enrol(Enrolment(url="https://o", office="o_1", kiosk="k_1", token=TOKEN))
        for face in (1, 2, 3, 4):
            machine.passes(10_000)
            buffer.record(tap(face))
        buffer.read(buffer.stream, 0)
        buffer.acknowledge(buffer.stream, 3)
        buffer.enrol(Enrolment(url="https://p", office="o_2", kiosk="k_2", token="b" * 64))
        machine.passes(10_000)
        buffer.record(tap(4))
    return card


def opened(card: MemoryFiles) -> BufferReader:
    """A reader of that card."""
    return BufferReader.open("data", files=card, machine=MemoryMachine())


def test_no_office_names_a_place_on_the_stick(tmp_path: Path) -> None:
    """Whatever kiosks' names offices gave, each has a file of its own in the folder, and no other.

    A name with a slash kept every export of that card from being written.
    """
    names = ["../k", "..:k", "k" * 500, "\0"]
    with Buffer.open(tmp_path / "data", machine=MemoryMachine(), tending_every=None) as buffer:
        for number, kiosk in enumerate(names):
            buffer.enrol(Enrolment(url="https://o", office=f"o_{number}", kiosk=kiosk, token=TOKEN))
            buffer.record(tap())
        stick = tmp_path / "stick"
        receipt = export.events(buffer, str(stick))
        export.counts(buffer, str(stick), "2000-01-01", "2100-01-01")
    assert [file.kiosk for file in receipt.files] == names
    assert len({file.path for file in receipt.files}) == len(names)
    assert len(list(stick.iterdir())) == len(names) + 1
    assert {path.name for path in tmp_path.iterdir()} == {"data", "stick"}


def test_waiting_events_one_signed_file_for_each_kiosk(card: MemoryFiles) -> None:
    """Each office and kiosk has a file of its waiting events, signed by that kiosk's token."""
    stick = MemoryFiles()
    progress: list[tuple[int, int]] = []
    reader = opened(card)
    receipt = export.events(
        reader, "stick", target=stick, progress=lambda *told: progress.append(told)
    )
    assert [(f.office, f.kiosk, f.rows, f.signed) for f in receipt.files] == [
        ("o_1", "k_1", 2, True),
        ("o_2", "k_2", 2, True),
    ]
    assert receipt.rows == 4
    assert progress == [(2, 4), (4, 4)]
    assert sorted(stick.files) == sorted(f.path for f in receipt.files)
    lines = bytes(stick.files[receipt.files[0].path]).splitlines(keepends=True)
    assert len(stick.files[receipt.files[0].path]) == receipt.files[0].size
    signature = byhand.Signature(byhand.token_hash(TOKEN))
    for line in lines[:-1]:
        signature.add(line)
    assert signature.signs(lines[-1].decode())
    read = [byhand.read(line) for line in lines[:-1]]
    stream = reader.rows()[0].name
    assert {(line.kiosk, line.stream) for line in read} == {("k_1", stream)}
    assert [bytes(line.event) for line in read] == [e.raw for e in reader.events(stream, 3)]


def test_everything(card: MemoryFiles) -> None:
    """On demand the events that the office has are written as well."""
    receipt = export.events(opened(card), "stick", everything=True, target=MemoryFiles())
    assert [f.rows for f in receipt.files] == [5, 2]


def test_nothing_waits() -> None:
    """Where nothing waits no file is made."""
    card, stick = MemoryFiles(), MemoryFiles()
    Buffer.open("data", files=card, tending_every=None).close()
    assert export.events(opened(card), "stick", target=stick) == export.Receipt(())
    assert not stick.files


def test_unenrolled_is_unsigned() -> None:
    """Events that no office knows yet are written without a signature, and the receipt says so."""
    card, stick = MemoryFiles(), MemoryFiles()
    with Buffer.open("data", files=card, tending_every=None) as buffer:
        buffer.record(tap())
        receipt = export.events(buffer, "stick", target=stick)
    assert [(f.kiosk, f.signed) for f in receipt.files] == [("", False)]
    assert "unenrolled" in receipt.files[0].path
    assert bytes(stick.files[receipt.files[0].path]).endswith(b"}\n\n")


def test_exported_may_be_acknowledged() -> None:
    """What was exported by hand and reached the office is acknowledged without being sent."""
    with Buffer.open("data", files=MemoryFiles(), tending_every=None) as buffer:
        buffer.record(tap())
        buffer.acknowledge(buffer.stream, 2)
        assert buffer.pending() == 2
        export.events(buffer, "stick", target=MemoryFiles())
        buffer.acknowledge(buffer.stream, 2)
        assert buffer.pending() == 0


def test_counts(card: MemoryFiles) -> None:
    """Counts are CSV with a heading, one line for each sort of tap and hour, and add up."""
    stick = MemoryFiles()
    receipt = export.counts(opened(card), "stick", "2025-11-01", "2025-11-30", target=stick)
    text = bytes(stick.files[receipt.files[0].path]).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == receipt.rows
    assert sum(int(row["count"]) for row in rows if not row["reason"]) == 5
    assert {row["day"] for row in rows} == {"2025-11-21"}
    assert {row["uncertain"] for row in rows} == {"1"}
    assert list(rows[0])[-1] == "count"


def test_a_stick_that_is_full(card: MemoryFiles) -> None:
    """A stick without room is told, and holds no file under a whole one's name."""
    stick = MemoryFiles(room=300)
    reader = opened(card)
    with pytest.raises(errors.Full, match="No space left"):
        export.events(reader, "stick", target=stick)
    assert not [path for path in stick.files if path.endswith(".jsonl")]
