"""Random damage to the finished files of a whole card: it opens, says what is gone, and goes on."""

import functools
from collections.abc import Callable
from random import Random

import pytest

from sync.buffer import buffer, rehearsal, segments, verdict
from sync.buffer.machine import MemoryMachine
from sync.buffer.memory import MemoryFiles
from sync.feedback import events

CARDS = 8
DAMAGES = 2000
"""Damaged cards opened, with FULL=1; a tenth of them by default."""

Tree = dict[str, bytes]


@functools.cache
def _life(seed: int) -> tuple[rehearsal.Life, list[Tree]]:
    """A life that ended with a clean stop, and copies of the card made on the way."""
    life = rehearsal.Life(seed)
    copies: list[Tree] = []
    verbs = (life.tap, life.follow, life.tap, life.tell, life.acknowledge, life.kill, life.tend)
    for step in range(60):
        life.machine.passes(7000)
        (life.stop if step % 12 == 11 else life.chance.choice(verbs))()
        if step % 5 == 4:
            copies.append({path: bytes(data) for path, data in life.card.files.items()})
    life.stop()
    return life, copies


def _flip(data: bytes, chance: Random) -> bytes:
    place = chance.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]


def _over(data: bytes, chance: Random, what: Callable[[int], bytes]) -> bytes:
    begin = chance.randrange(len(data))
    count = min(chance.choice([1, 30, 512]), len(data) - begin)
    return data[:begin] + what(count) + data[begin + count :]


DAMAGE: dict[str, Callable[[bytes, Random], bytes | None]] = {
    "a flipped bit": _flip,
    "cut": lambda data, chance: data[: chance.randrange(len(data))],
    "zeros": lambda data, chance: _over(data, chance, bytes),
    "foreign bytes": lambda data, chance: _over(data, chance, chance.randbytes),
    "a piece twice": lambda data, chance: data + data[: chance.randrange(len(data))],
    "empty": lambda data, chance: b"",
    "missing": lambda data, chance: None,
}


def _damaged(tree: Tree, chance: Random) -> tuple[MemoryFiles, list[str]]:
    """The card with one to three of its files damaged; a folder may stand in a file's place."""
    card = MemoryFiles(dict(tree))
    paths = chance.sample(sorted(p for p in tree if tree[p]), chance.randint(1, 3))
    for path in paths:
        how = chance.choice([*DAMAGE, "a folder"])
        data = None if how == "a folder" else DAMAGE[how](tree[path], chance)
        if data is None:
            del card.files[path]
        else:
            card.files[path] = data
        if how == "a folder":
            card.make_folder(path)
    return card, paths


def _opened(card: MemoryFiles) -> buffer.Buffer:
    machine = MemoryMachine(seed=verdict.UNUSED, boot_id="after the damage")
    opened = buffer.Buffer.open(
        verdict.FOLDER, files=card, machine=machine, room=0, tending_every=None
    )
    opened.tend()
    return opened


def _readable(card: MemoryFiles) -> set[verdict.Key]:
    """The events that the files still hold, line by line."""
    found = set()
    for path, data in card.files.items():
        name = segments.name(path.rpartition("/")[2])
        if name is not None:
            whole, _ = segments.events(bytes(data), name.stream)
            found |= {(name.stream, event.seq) for event in whole}
    return found


def _read(opened: buffer.Buffer) -> tuple[dict[verdict.Key, bytes], set[verdict.Key]]:
    """What is there, and what is told as lost."""
    there: dict[verdict.Key, bytes] = {}
    lost: set[verdict.Key] = set()
    for row in opened.rows():
        for event in opened.events(row.name):
            if isinstance(events.decode(event.raw), events.Lost):
                lost |= {(row.name, seq) for seq in range(event.first, event.last + 1)}
            else:
                there[row.name, event.first] = event.raw
    return there, lost


@pytest.mark.parametrize("seed", range(CARDS))
def test_several_files_damaged_at_once(seed: int, full: bool) -> None:
    """Whatever still is in the files is read, whatever is not is told, and taps are taken."""
    life, _ = _life(seed)
    tree = {path: bytes(data) for path, data in life.card.files.items()}
    chance = Random(seed)
    for _ in range((DAMAGES if full else DAMAGES // 10) // CARDS):
        card, paths = _damaged(tree, chance)
        readable = _readable(card)
        opened = _opened(card)
        there, lost = _read(opened)
        assert set(there) == readable, paths
        assert all(life.given[key] == raw for key, raw in there.items()), paths
        if f"{verdict.FOLDER}/state/checkpoint.json" not in paths:
            assert lost == set(life.given) - readable, paths
        assert lost <= set(life.given) - readable, paths
        told = {(d.stream, seq) for d in opened.damaged for seq in range(d.first, d.last + 1)}
        assert lost == {key for key in told if key[0]}, paths
        receipt = opened.record(events.Count(passers=1, from_=0, to=1))
        assert receipt.durable
        assert receipt.stream not in life.streams
        opened.close()


@pytest.mark.parametrize("seed", range(CARDS))
def test_an_older_copy_of_the_whole_folder(seed: int) -> None:
    """A copy made at any time goes on, and gives no (stream, seq) that was ever given."""
    life, copies = _life(seed)
    for tree in copies:
        opened = _opened(MemoryFiles(dict(tree)))
        there, lost = _read(opened)
        assert not lost
        assert all(life.given[key] == raw for key, raw in there.items())
        receipt = opened.record(events.Count(passers=1, from_=0, to=1))
        assert receipt.durable
        assert receipt.stream not in life.streams
        opened.close()
