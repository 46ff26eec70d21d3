"""The buffer on real files, between real processes."""

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from sync.buffer import errors
from sync.buffer.buffer import Buffer
from sync.buffer.machine import RealMachine
from sync.buffer.reader import BufferReader
from sync.feedback import events
from tests.taps import tap

TAPPER = textwrap.dedent(
    """
    import sys
    from sync.buffer.buffer import Buffer
    from sync.feedback import events

    buffer = Buffer.open(sys.argv[1], app="1.0.0", tending_every=0.01)
    while True:
        receipt = buffer.record(
            events.Rating(
                survey="exit", survey_version=1, question="visit", face=4, faces=4,
                language="sv", via="touch",
            )
        )
        assert receipt.durable
        print(receipt.stream, receipt.seq, flush=True)
    """
)


def test_a_killed_process_loses_nothing_it_thanked_for(tmp_path: Path) -> None:
    """Killed again and again while tapping, every tap that was thanked for is there, once."""
    thanked: list[tuple[str, int]] = []
    for _ in range(4):
        with subprocess.Popen(
            [sys.executable, "-c", TAPPER, str(tmp_path / "data")],
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            for _ in range(50):
                stream, seq = process.stdout.readline().split()
                thanked.append((stream, int(seq)))
            process.send_signal(signal.SIGKILL)
            for line in process.stdout.read().splitlines():
                words = line.split()
                if len(words) == 2 and len(words[0]) == 36 and line.strip() == line:
                    thanked.append((words[0], int(words[1])))
    with Buffer.open(tmp_path / "data", tending_every=None) as buffer:
        buffer.tend()
        there = [(row.name, e.first) for row in buffer.rows() for e in buffer.events(row.name)]
        assert len(there) == len(set(there))
        assert set(thanked) <= set(there)
        assert buffer.damaged == []
        starts = [events.decode(next(buffer.events(row.name)).raw) for row in buffer.rows()]
    kinds = [start.stopped for start in starts if isinstance(start, events.Start)]
    assert kinds == ["unknown", "killed", "killed", "killed"]


def test_one_owner_between_processes(tmp_path: Path) -> None:
    """A second process is told the folder and the owner's process; a reader may read."""
    with subprocess.Popen(
        [sys.executable, "-c", TAPPER, str(tmp_path / "data")], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(errors.Locked) as told:
            Buffer.open(tmp_path / "data", tending_every=None)
        assert str(told.value) == (
            f"{tmp_path}/data: process {process.pid} has this buffer open; stop it first"
        )
        with BufferReader.open(tmp_path / "data") as reader:
            assert reader.last_seq >= 2
            assert reader.totals("1970-01-01", "2999-12-31")
        process.kill()
        process.stdout.read()
    Buffer.open(tmp_path / "data", tending_every=None).close()


def test_files_in_the_folders_places(tmp_path: Path) -> None:
    """Files where folders should be, and folders where files should be, are kept beside."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "streams").write_text("not a folder")
    (data / "state" / "checkpoint.json").mkdir(parents=True)
    with Buffer.open(data, tending_every=None) as buffer:
        assert buffer.record(tap()).durable
    assert (data / "streams.damaged").read_text() == "not a folder"
    with Buffer.open(data, tending_every=None) as buffer:
        assert buffer.pending() == 2
        assert buffer.totals("1970-01-01", "2999-12-31")[0].n == 1
    assert (data / "state" / "checkpoint.json.damaged").is_dir()
    assert (data / "state" / "checkpoint.json").is_file()


def test_the_real_machine() -> None:
    """A real machine has a boot, a serial and clocks; its streams are never the same."""
    machine = RealMachine()
    assert (machine.boot_id, machine.serial) == (RealMachine().boot_id, RealMachine().serial)
    assert machine.boot_id
    assert machine.serial
    assert 0 < machine.mono() <= machine.mono()
    assert machine.wall() > 1_600_000_000_000
    assert len({machine.new_stream() for _ in range(100)}) == 100
