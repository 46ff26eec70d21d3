"""What the buffer makes of a card whose finished files were damaged."""

import copy
import functools

import msgspec
import pytest
from hypothesis import given, strategies

from sync.buffer import journal, segments
from sync.buffer.buffer import Buffer
from sync.buffer.machine import MemoryMachine
from sync.buffer.memory import MemoryFiles
from sync.buffer.reader import BufferReader
from sync.feedback import events
from tests.taps import tap

DAY = 24 * 60 * 60 * 1000
Key = tuple[str, int]


def opened(card: MemoryFiles, machine: MemoryMachine | None = None) -> Buffer:
    """Take a card up and do the first round of housekeeping."""
    buffer = Buffer.open(
        "data", files=card, machine=machine or MemoryMachine(seed=99), tending_every=None, room=0
    )
    buffer.tend()
    return buffer


@functools.cache
def _card() -> tuple[dict[str, bytes], dict[Key, bytes]]:
    """Three streams of two segments each, and what lies in them."""
    card, machine = MemoryFiles(), MemoryMachine()
    given: dict[Key, bytes] = {}
    for _ in range(3):
        with opened(card, machine) as buffer:
            for _ in range(2):
                for face in (1, 2, 3, 4, 4):
                    machine.passes(7000)
                    buffer.record(tap(face))
                machine.passes(DAY)
                buffer.tend()
            stream = buffer.stream
            for raw in buffer.read(stream, 0):
                given[stream, events.decode(raw).seq] = raw
        machine.reboots()
    return {path: bytes(data) for path, data in card.files.items()}, given


def card(*, checkpoint: bool = True) -> MemoryFiles:
    """A fresh copy of that card."""
    files = dict(_card()[0])
    if not checkpoint:
        files = {path: data for path, data in files.items() if "/state/" not in path}
    return MemoryFiles(copy.copy(files))


GIVEN = _card()[1]
SEGMENTS = sorted(path for path in _card()[0] if path.endswith(".journal"))


def read_back(buffer: Buffer | BufferReader) -> tuple[dict[Key, bytes], set[Key]]:
    """What is there, and what is told as lost; asserts that every seq is told once."""
    there: dict[Key, bytes] = {}
    lost: set[Key] = set()
    for row in buffer.rows():
        expected = 1
        for event in buffer.events(row.name):
            assert event.first == expected
            expected = event.last + 1
            if isinstance(events.decode(event.raw), events.Lost):
                lost |= {(row.name, seq) for seq in range(event.first, event.last + 1)}
            else:
                there[row.name, event.first] = event.raw
    return there, lost


def held_in(path: str, data: bytes) -> set[Key]:
    """The events that a segment's bytes still hold."""
    name = segments.name(path.rpartition("/")[2])
    assert name is not None
    found, _ = segments.events(data, name.stream)
    return {(name.stream, event.seq) for event in found}


def put(damaged: MemoryFiles, path: str, data: bytes | bytearray) -> set[Key]:
    """Put these bytes in a segment's place; gives the events that are gone by it."""
    damaged.write(path, bytes(data))
    return held_in(path, _card()[0][path]) - held_in(path, bytes(data))


def check(damaged: MemoryFiles, gone: set[Key]) -> None:
    """It opens, gives back all but ``gone``, says exactly what is gone, and goes on."""
    with opened(damaged) as buffer:
        there, lost = read_back(buffer)
        assert lost == gone
        assert there == {key: raw for key, raw in GIVEN.items() if key not in gone}
        told = {(d.stream, seq) for d in buffer.damaged for seq in range(d.first, d.last + 1)}
        assert told == gone
        assert buffer.pending() == len(GIVEN)
        receipt = buffer.record(tap())
        assert receipt.durable
        assert receipt.stream not in {stream for stream, _ in GIVEN}


def test_an_undamaged_card() -> None:
    """Nothing is lost where nothing was damaged, with and without a checkpoint."""
    assert len(SEGMENTS) == 6
    check(card(), set())
    check(card(checkpoint=False), set())


@pytest.mark.parametrize("path", SEGMENTS)
@pytest.mark.parametrize("how", ["missing", "empty", "zeros", "folder", "foreign"])
def test_a_whole_segment(path: str, how: str) -> None:
    """A segment that is gone, in whatever way, is told as lost with its exact seqs."""
    damaged = card()
    size = len(damaged.files[path])
    del damaged.files[path]
    match how:
        case "empty":
            put(damaged, path, b"")
        case "zeros":
            put(damaged, path, bytes(size))
        case "folder":
            damaged.folders.add(path)
        case "foreign":
            put(damaged, path, b"\x89PNG\r\n\x1a\n" * (size // 8))
    check(damaged, held_in(path, _card()[0][path]))


@given(
    path=strategies.sampled_from(SEGMENTS),
    place=strategies.floats(0, 0.999),
    bit=strategies.integers(0, 7),
)
def test_a_flipped_bit(path: str, place: float, bit: int) -> None:
    """One flipped bit loses one line at most, and says which events were in it."""
    damaged = card()
    data = bytearray(_card()[0][path])
    data[int(place * len(data))] ^= 1 << bit
    check(damaged, put(damaged, path, data))


@given(path=strategies.sampled_from(SEGMENTS), place=strategies.floats(0, 1))
def test_a_file_cut_short(path: str, place: float) -> None:
    """A finished file that got shorter is told as lost up to its known end."""
    damaged = card()
    data = _card()[0][path]
    check(damaged, put(damaged, path, data[: int(place * len(data))]))


@given(
    path=strategies.sampled_from(SEGMENTS),
    other=strategies.sampled_from(SEGMENTS),
    sector=strategies.integers(0, 3),
    source=strategies.integers(0, 3),
)
def test_a_misplaced_sector(path: str, other: str, sector: int, source: int) -> None:
    """512 bytes from elsewhere in this file never make an event of what they were."""
    damaged = card()
    data = bytearray(_card()[0][path])
    size = len(data)
    data[sector * 512 : sector * 512 + 512] = _card()[0][other][source * 512 : source * 512 + 512]
    check(damaged, put(damaged, path, data[:size]))


def test_without_a_checkpoint_the_next_start_knows_the_end() -> None:
    """A stream cut short without a checkpoint is told up to what the next `start` names."""
    damaged = card(checkpoint=False)
    check(damaged, put(damaged, SEGMENTS[1], b""))


def test_damage_is_found_before_it_is_needed() -> None:
    """A damaged segment that the office has is told too, after some rounds of housekeeping."""
    damaged = card()
    with opened(damaged) as buffer:
        for o in buffer.outgoing():
            buffer.read(o.stream, 0)
            buffer.acknowledge(o.stream, o.last_seq)
    gone = put(damaged, SEGMENTS[2], b"")
    with opened(damaged) as buffer:
        for _ in range(3):
            buffer.tend()
        told = {(d.stream, seq) for d in buffer.damaged for seq in range(d.first, d.last + 1)}
        assert told == gone
    with opened(damaged) as buffer:
        assert [d.file for d in buffer.damaged] == [SEGMENTS[2]]


@pytest.mark.parametrize("piece", ["checkpoint", "cells-2025-11", "acknowledged", "marker"])
@pytest.mark.parametrize("data", [b"", b"\0" * 700, b"{}", b"not ours\n"])
def test_damaged_small_state(piece: str, data: bytes) -> None:
    """Small state that cannot be read costs work, no event and no count."""
    damaged = card()
    damaged.write(f"data/state/{piece}.json", data)
    with opened(card()) as buffer:
        right = buffer.totals("2025-01-01", "2027-12-31")
    with opened(damaged) as buffer:
        there, lost = read_back(buffer)
        assert (there, lost) == (GIVEN, set())
        assert buffer.totals("2025-01-01", "2027-12-31") == right


def test_an_older_copy_of_the_folder() -> None:
    """An older copy of the whole folder put back is taken up as it is; no number is used again."""
    older = card()
    with opened(card(), MemoryMachine(seed=5)) as buffer:
        new = buffer.record(tap())
    with opened(older, MemoryMachine(seed=6)) as buffer:
        assert read_back(buffer)[0] == GIVEN
        assert buffer.record(tap()).stream != new.stream


def test_a_newer_format_is_left_alone() -> None:
    """A stream of a newer format is neither sent nor counted nor touched, and the rest goes on."""
    damaged = card(checkpoint=False)
    path = SEGMENTS[0]
    name = segments.name(path.rpartition("/")[2])
    assert name is not None
    salt = name.stream.encode()
    head = msgspec.to_builtins(segments.Head(name.stream, 1, format=segments.FORMAT + 1))
    lines = [
        journal.header(salt=salt),
        journal.line(b'[{"stream":{"1":' + msgspec.json.encode(head) + b"}}]", salt),
    ]
    newer = b"".join(lines)
    damaged.write(path, newer)
    with opened(damaged) as buffer:
        assert name.stream not in {row.name for row in buffer.rows()}
        assert name.stream not in {o.stream for o in buffer.outgoing()}
        assert buffer.record(tap()).durable
    assert bytes(damaged.files[path]) == newer
