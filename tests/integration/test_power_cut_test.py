"""The test of the test: without any one of the measures the power-cut test fails."""

import itertools
import re
import zlib
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest

from sync.buffer import rehearsal, verdict
from sync.buffer.files import Files


class Without:
    """A card that says it did a verb on paths that match, and did not."""

    def __init__(self, card: Files, verb: str, path: str) -> None:
        self._card = card
        self._verb = verb
        self._path = re.compile(path)

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._card, name)
        if name != self._verb:
            return real
        return lambda path, *rest: None if self._path.search(path) else real(path, *rest)


class InPlace:
    """A card that copies a file over another instead of renaming it."""

    def __init__(self, card: Files, path: str) -> None:
        self._card = card
        self._path = re.compile(path)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._card, name)

    def replace(self, source: str, target: str) -> None:
        """Write over what is there, byte by byte as it were, and sync it then."""
        if not self._path.search(target):
            self._card.replace(source, target)
            return
        self._card.write(target, self._card.read(source))
        self._card.sync(target)
        self._card.remove(source)


class AnyChecksum:
    """A card on which the checksum of every line fits: what is read is as if there were none."""

    def __init__(self, card: Files) -> None:
        self._card = card

    def __getattr__(self, name: str) -> Any:
        return getattr(self._card, name)

    def read(self, path: str, offset: int = 0, size: int = -1) -> bytes:
        """The file with every line's checksum made right."""
        data = self._card.read(path, offset, size)
        stream = re.search(r"\d{8}-([0-9a-f-]{36})-\d{10}", path)
        salt = stream[1] if stream else path.rpartition("/")[2].partition(".")[0]
        lines = data.split(b"\n")
        return b"\n".join([*(_signed(line, salt.encode()) for line in lines[:-1]), lines[-1]])


def _signed(line: bytes, salt: bytes) -> bytes:
    return b"%08x %b" % (zlib.crc32(line[9:], zlib.crc32(salt)), line[9:])


def _without(verb: str, path: str) -> Callable[[Files], Files]:
    return lambda card: cast(Files, Without(card, verb, path))


MEASURES: dict[str, Callable[[Files], Files]] = {
    "fsync of a segment": _without("sync", r"\.journal$"),
    "fsync of a segment without its comments": _without("sync", r"\.journal\.new$"),
    "fsync of a purged segment's counts": _without("sync", r"\.counts"),
    "fsync of the checkpoint": _without("sync", "checkpoint"),
    "fsync of the totals of a month": _without("sync", "cells"),
    "fsync of the identity": _without("sync", "identity"),
    "fsync of what is remembered": _without("sync", "memory"),
    "folder fsync of the streams": _without("sync_folder", "streams$"),
    "folder fsync of the small state": _without("sync_folder", "state$"),
    "rename of a segment without its comments": lambda card: cast(
        Files, InPlace(card, r"\.journal$")
    ),
    "rename of the checkpoint": lambda card: cast(Files, InPlace(card, "checkpoint")),
    "rename of the identity": lambda card: cast(Files, InPlace(card, "identity")),
    "rename of what is remembered": lambda card: cast(Files, InPlace(card, "memory")),
    "checksum": lambda card: cast(Files, AnyChecksum(card)),
}


def verdicts(wrap: Callable[[Files], Files]) -> Iterator[str]:
    """What the power-cut test says, life after life, of a buffer on such a card."""
    for seed in range(8):
        life = rehearsal.Life(seed, wrap=wrap)
        life.live(4)
        for verb in (life.remember, life.erase, life.enrol, life.remember, life.run_short):
            verb()
        life.enrol()
        for state in life.states(every=100):
            yield verdict.broken(life, state)


@pytest.mark.parametrize("measure", list(MEASURES))
def test_without_a_measure_the_power_cut_test_fails(measure: str) -> None:
    """Taking one measure out makes a promise break within eight lives."""
    assert any(verdicts(MEASURES[measure]))


def test_with_all_measures_it_does_not() -> None:
    """The same lives on a card that does what it says break nothing."""
    assert not any(itertools.islice(verdicts(lambda card: card), 2000))
