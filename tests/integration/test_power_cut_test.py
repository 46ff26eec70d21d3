"""The test of the test: without any one of the measures the power-cut test fails."""

import itertools
import re
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, cast

import pytest

from sync.buffer import rehearsal, verdict
from sync.buffer.files import Files


class Twin:
    """A card that passes every verb on. ``left_out``: calls made when a measure was left out."""

    def __init__(self, card: Files, left_out: list[int]) -> None:
        self._card = card
        self._left_out = left_out

    def __getattr__(self, name: str) -> Any:
        return getattr(self._card, name)

    def leave_out(self) -> None:
        """Note that a measure is left out now."""
        self._left_out.append(len(getattr(self._card, "calls", ())))


class Without(Twin):
    """A card that says it did a verb on paths that match, and did not."""

    def __init__(self, card: Files, left_out: list[int], verb: str, path: str) -> None:
        super().__init__(card, left_out)
        self._verb = verb
        self._path = re.compile(path)

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._card, name)
        if name != self._verb:
            return real
        return lambda path: self.leave_out() if self._path.search(path) else real(path)


class InPlace(Twin):
    """A card that copies a file over another instead of renaming it."""

    def __init__(self, card: Files, left_out: list[int], path: str) -> None:
        super().__init__(card, left_out)
        self._path = re.compile(path)

    def replace(self, source: str, target: str) -> None:
        """Write over what is there, byte by byte as it were, and sync it then."""
        if not self._path.search(target):
            self._card.replace(source, target)
            return
        self.leave_out()
        self._card.write(target, self._card.read(source))
        self._card.sync(target)
        self._card.remove(source)


class Unsettled(Twin):
    """A card whose folder is not synced after a rename to names that match."""

    def __init__(self, card: Files, left_out: list[int], path: str) -> None:
        super().__init__(card, left_out)
        self._path = re.compile(path)
        self._skip = False

    def replace(self, source: str, target: str) -> None:
        """Rename, and remember whether the next sync of the folder is left out."""
        self._card.replace(source, target)
        self._skip = bool(self._path.search(target))

    def sync_folder(self, path: str) -> None:
        """Sync, unless it follows such a rename."""
        if self._skip:
            self.leave_out()
        else:
            self._card.sync_folder(path)
        self._skip = False


class OnlyOwn(Twin):
    """A card that does not sync (or whose folder is not, then) what another process appended."""

    def __init__(self, card: Files, left_out: list[int], verb: str) -> None:
        super().__init__(card, left_out)
        self._verb = verb
        self._own: set[str] = set()
        self._foreign = False

    def append(self, path: str, data: bytes) -> None:
        """Append, and remember that it was us."""
        self._card.append(path, data)
        self._own.add(path)

    def sync(self, path: str) -> None:
        """Sync what is ours, and what is about to be renamed."""
        self._foreign = path not in self._own and not path.endswith(".new")
        if self._foreign and self._verb == "sync":
            self.leave_out()
        else:
            self._card.sync(path)

    def sync_folder(self, path: str) -> None:
        """Sync, unless it follows the sync of what another has appended."""
        if self._foreign and self._verb == "sync_folder":
            self.leave_out()
        else:
            self._card.sync_folder(path)
        self._foreign = False


class AnyChecksum(Twin):
    """A card on which the checksum of every line fits: what is read is as if there were none."""

    def read(self, path: str, offset: int = 0, size: int = -1) -> bytes:
        """The file with every line's checksum made right."""
        data = self._card.read(path, offset, size)
        stream = re.search(r"\d{8}-([0-9a-f-]{36})-\d{10}", path)
        salt = stream[1] if stream else path.rpartition("/")[2].partition(".")[0]
        lines = data.split(b"\n")
        return b"\n".join([*(_signed(line, salt.encode()) for line in lines[:-1]), lines[-1]])


def _signed(line: bytes, salt: bytes) -> bytes:
    return b"%08x %b" % (zlib.crc32(line[9:], zlib.crc32(salt)), line[9:])


Make = Callable[[Files, list[int]], Twin]

MEASURES: dict[str, Make] = {
    "fsync of a segment": partial(Without, verb="sync", path=r"\.journal$"),
    "fsync of a segment without comments": partial(Without, verb="sync", path=r"\.journal\.new$"),
    "fsync of a purged segment's counts": partial(Without, verb="sync", path=r"\.counts"),
    "fsync of what a killed process left": partial(OnlyOwn, verb="sync"),
    "folder fsync of what a killed process left": partial(OnlyOwn, verb="sync_folder"),
    "fsync of the checkpoint": partial(Without, verb="sync", path="checkpoint"),
    "fsync of the totals of a month": partial(Without, verb="sync", path="cells"),
    "fsync of the acknowledgements": partial(Without, verb="sync", path="acknowledged"),
    "fsync of the marker": partial(Without, verb="sync", path="marker"),
    "fsync of the identity": partial(Without, verb="sync", path="identity"),
    "fsync of what is remembered": partial(Without, verb="sync", path="memory"),
    "folder fsync of the streams": partial(Without, verb="sync_folder", path="streams$"),
    "folder fsync of the small state": partial(Without, verb="sync_folder", path="state$"),
    "folder fsync after erasing comments": partial(Unsettled, path=r"\.journal$"),
    "folder fsync after purging": partial(Unsettled, path=r"\.counts$"),
    "folder fsync of the identity": partial(Unsettled, path="identity"),
    "folder fsync of what is remembered": partial(Unsettled, path="memory"),
    "rename of a segment without comments": partial(InPlace, path=r"\.journal$"),
    "rename of a purged segment's counts": partial(InPlace, path=r"\.counts$"),
    "rename of the checkpoint": partial(InPlace, path="checkpoint"),
    "rename of the totals of a month": partial(InPlace, path="cells"),
    "rename of the acknowledgements": partial(InPlace, path="acknowledged"),
    "rename of the identity": partial(InPlace, path="identity"),
    "rename of what is remembered": partial(InPlace, path="memory"),
    "checksum": AnyChecksum,
}
SOON = 8
"""Calls after one that was left out, in which the states are looked at."""


def _wrapped(card: Files, make: Make, left_out: list[int]) -> Files:
    return cast(Files, make(card, left_out))


def verdicts(make: Make) -> Iterator[str]:
    """What the power-cut test says, life after life, of a buffer on such a card."""
    for seed in range(8):
        left_out: list[int] = []
        life = rehearsal.Life(seed, wrap=partial(_wrapped, make=make, left_out=left_out))
        live(life)
        looked_at = {n + more for n in left_out for more in range(SOON)}
        for state in life.states(every=100):
            if make in (Twin, AnyChecksum) or state.calls in looked_at:
                yield verdict.broken(life, state)


def live(life: rehearsal.Life) -> None:
    """A life in which every measure is needed once."""
    life.live(4)
    life.stop()
    for verb in (life.kill_in_a_tap, life.tap, life.remember, life.kill_in_a_tap, life.erase):
        verb()
    life.enrol()
    for verb in (life.tap, life.tend, life.settle):
        verb()
    life.machine.passes(2 * 60 * 1000)
    for verb in (life.tend, life.remember, life.run_short, life.enrol):
        verb()


@pytest.mark.parametrize("measure", list(MEASURES))
def test_without_a_measure_the_power_cut_test_fails(measure: str) -> None:
    """Taking one measure out makes a promise break within eight lives."""
    assert any(verdicts(MEASURES[measure]))


def test_with_all_measures_it_does_not() -> None:
    """The same lives on a card that does what it says break nothing."""
    assert not any(itertools.islice(verdicts(Twin), 2000))
