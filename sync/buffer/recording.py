"""RecordingFiles: a card in memory that notes every call, and every state a cut may leave it in.

What a power cut may leave (pessimistic: no file system promises more than this):

1. Bytes of a file up to its last ``sync`` are there. Of those behind it, any 512-byte pieces (the
   unit that a card writes whole or not at all) are there; missing ones before the end are zeros.
   The file may end anywhere behind the synced bytes.
2. Of the names made, replaced and removed since the last ``sync_folder`` of their folder, any were
   done, each whole or not at all, whatever the order they were asked in.
3. The power may go after any call, and inside an append after any byte.

Where the combinations of 1 and 2 are more than ``MOST`` at one moment, that many are drawn by
chance out of a ``random.Random`` that is handed in.
"""

import itertools
import math
from collections.abc import Iterable, Iterator
from random import Random
from typing import NamedTuple

from sync.buffer import memory
from sync.buffer.memory import folder_of

PIECE = 512
"""Bytes that a card writes whole or not at all: the smallest sector there is."""

MOST = 96
"""Combinations looked at for one moment."""

Tree = dict[str, bytes]
"""What lies on a card: path → bytes."""


class Call(NamedTuple):
    """One call that changes the card, or a note (verb ``note``) of whoever records."""

    verb: str
    path: str
    data: bytes = b""
    target: str = ""


class State(NamedTuple):
    """One state the card may be in: its files, and the calls and notes made before the cut."""

    files: Tree
    calls: int
    notes: int


class RecordingFiles(memory.MemoryFiles):
    """A :class:`sync.buffer.memory.MemoryFiles` that notes every call that changes the card."""

    def __init__(self, files: Tree | None = None) -> None:
        super().__init__(files)
        self.before: Tree = dict(files or {})
        self.calls: list[Call] = []

    def note(self) -> int:
        """Note that something was promised to the world; returns how many notes there are now."""
        self.calls.append(Call("note", ""))
        return sum(call.verb == "note" for call in self.calls)

    def append(self, path: str, data: bytes) -> None:
        """See :class:`sync.buffer.files.Files`."""
        super().append(path, data)
        self.calls.append(Call("append", path, bytes(data)))

    def write(self, path: str, data: bytes) -> None:
        """See :class:`sync.buffer.files.Files`."""
        super().write(path, data)
        self.calls.append(Call("write", path, bytes(data)))

    def sync(self, path: str) -> None:
        """See :class:`sync.buffer.files.Files`."""
        super().sync(path)
        self.calls.append(Call("sync", path))

    def replace(self, source: str, target: str) -> None:
        """See :class:`sync.buffer.files.Files`."""
        super().replace(source, target)
        self.calls.append(Call("replace", source, target=target))

    def remove(self, path: str) -> None:
        """See :class:`sync.buffer.files.Files`."""
        super().remove(path)
        self.calls.append(Call("remove", path))

    def sync_folder(self, path: str) -> None:
        """See :class:`sync.buffer.files.Files`."""
        super().sync_folder(path)
        self.calls.append(Call("sync_folder", path))

    def states(self, chance: Random, every: int = 1) -> Iterator[State]:
        """Every state that a cut at any moment may have left, each (files, notes) once.

        The same files come again when more had been promised in the meantime. ``every``: inside an
        append the power goes after every so many bytes, from a byte drawn by ``chance`` on.
        """
        seen: set[tuple[int, int]] = set()
        for state in _all_states(self.before, self.calls, chance, every):
            key = (hash(frozenset(state.files.items())), state.notes)
            if key not in seen:
                seen.add(key)
                yield state


class _Inode:
    """A file's bytes, whatever its names: all of them, and how many are on the card for certain."""

    def __init__(self, data: bytes = b"", synced: int = 0) -> None:
        self.data = data
        self.synced = synced
        self.settled = data[:synced]

    def sync(self) -> None:
        self.synced = len(self.data)
        self.settled = self.data


class _Naming(NamedTuple):
    """A name that was made, moved or removed and whose folder was not synced since."""

    path: str
    inode: _Inode | None
    source: str | None = None


class _Card:
    """The card as the calls so far left it: what is certain, what may or may not have happened."""

    def __init__(self, before: Tree) -> None:
        self.names = {path: _Inode(data, len(data)) for path, data in before.items()}
        self.certain = dict(self.names)
        self.pending: list[_Naming] = []

    def take(self, call: Call) -> None:
        """Do what ``call`` does."""
        match call.verb:
            case "append" | "write":
                self._put(call)
            case "sync":
                self.names[call.path].sync()
            case "replace":
                inode = self.names[call.target] = self.names.pop(call.path)
                self.pending.append(_Naming(call.target, inode, call.path))
            case "remove" if call.path in self.names:
                del self.names[call.path]
                self.pending.append(_Naming(call.path, None))
            case "sync_folder":
                self._settle(call.path)

    def _put(self, call: Call) -> None:
        inode = self.names.get(call.path)
        if inode is None or call.verb == "write":
            inode = self.names[call.path] = _Inode()
            self.pending.append(_Naming(call.path, inode))
        inode.data += call.data

    def _settle(self, folder: str) -> None:
        folder = "" if folder == "." else folder
        done = [n for n in self.pending if folder_of(n.path) == folder]
        self.pending = [n for n in self.pending if folder_of(n.path) != folder]
        self.certain = _named(self.certain, done)

    def names_left(self, chance: Random) -> list[dict[str, _Inode]]:
        """The names that a cut may leave: every choice of pending ones, or many of them."""
        count = len(self.pending)
        if count <= 5:
            picks = list(itertools.product((True, False), repeat=count))
        else:
            picks = [tuple(i < n for i in range(count)) for n in range(count + 1)]
            picks += [tuple(chance.random() < 0.5 for _ in range(count)) for _ in range(24)]
        return [_named(self.certain, itertools.compress(self.pending, pick)) for pick in picks]

    def states(self, chance: Random) -> Iterator[Tree]:
        """The trees that a cut between two calls may leave."""
        for names in self.names_left(chance):
            loose = [i for i in dict.fromkeys(names.values()) if i.synced < len(i.data)]
            choices = [list(dict.fromkeys(_left(inode, chance))) for inode in loose]
            for texts in _some(choices, chance):
                data = dict(zip(loose, texts, strict=True))
                yield {p: data.get(i, i.settled) for p, i in names.items()}

    def states_inside(self, call: Call, chance: Random, every: int) -> Iterator[Tree]:
        """The trees that a cut inside ``call``, which was taken last, may leave."""
        inode = self.names[call.path]
        begin = len(inode.data) - len(call.data)
        for names in (self.names, _named(self.certain, ())):
            others = {p: i.data if names is self.names else i.settled for p, i in names.items()}
            paths = [path for path, named in names.items() if named is inode]
            first = begin + 1 + chance.randrange(every)
            for end in _ends(call, first, len(inode.data), every) if paths else ():
                for text in _cut_at(inode, end):
                    yield {**others, **dict.fromkeys(paths, text)}


def _named(names: dict[str, _Inode], done: Iterable[_Naming]) -> dict[str, _Inode]:
    after = dict(names)
    for naming in done:
        if naming.source is not None:
            after.pop(naming.source, None)
        if naming.inode is None:
            after.pop(naming.path, None)
        else:
            after[naming.path] = naming.inode
    return after


def _ends(call: Call, first: int, end: int, every: int) -> Iterator[int]:
    """Where a cut inside the call may stop: at every byte of a line, at the edges of a file."""
    if call.verb == "append":
        yield from range(first, end, every)
        return
    for edge in {*range(PIECE, end, PIECE), end}:
        yield from (e for e in (edge - 1, edge, edge + 1) if first <= e < end)


def _cut_at(inode: _Inode, end: int) -> Iterator[bytes]:
    """What may stand in the file when it was written up to ``end``."""
    yield inode.data[:end]
    start = inode.synced
    yield inode.settled + bytes(end - start)
    border = start - start % PIECE + PIECE
    if border < end:
        yield inode.settled + bytes(border - start) + inode.data[border:end]
        yield inode.data[:border] + bytes(end - border)


def _left(inode: _Inode, chance: Random) -> Iterator[bytes]:
    """What may stand in a file some of whose bytes are not synced."""
    data, start, end = inode.data, inode.synced, len(inode.data)
    yield data
    yield inode.settled
    edges = [start, *range(start - start % PIECE + PIECE, end, PIECE), end]
    pieces = list(itertools.pairwise(edges))
    if len(pieces) <= 4:
        picks = list(itertools.product((True, False), repeat=len(pieces)))
    else:
        picks = [tuple(chance.random() < 0.5 for _ in pieces) for _ in range(12)]
    for pick in picks:
        texts = (
            data[a:b] if there else bytes(b - a) for (a, b), there in zip(pieces, pick, strict=True)
        )
        yield inode.settled + b"".join(texts)
    yield from (data[:edge] for edge in edges[1:-1])
    yield data[: chance.randint(start, end)]


def _some(choices: list[list[bytes]], chance: Random) -> Iterator[tuple[bytes, ...]]:
    if math.prod(map(len, choices)) <= MOST:
        yield from itertools.product(*choices)
    else:
        yield from (tuple(map(chance.choice, choices)) for _ in range(MOST))


def _all_states(before: Tree, calls: list[Call], chance: Random, every: int) -> Iterator[State]:
    card = _Card(before)
    notes = 0
    yield from (State(tree, 0, 0) for tree in card.states(chance))
    for done, call in enumerate(calls, 1):
        card.take(call)
        notes += call.verb == "note"
        if call.verb in ("append", "write"):
            inside = card.states_inside(call, chance, every)
            yield from (State(tree, done - 1, notes) for tree in inside)
        yield from (State(tree, done, notes) for tree in card.states(chance))
