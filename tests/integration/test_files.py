"""The three forms of the card keep the same rules: real, in memory, recording."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sync.buffer import errors
from sync.buffer.files import Files, RealFiles
from sync.buffer.memory import MemoryFiles
from sync.buffer.recording import RecordingFiles

FORMS: dict[str, Callable[[], Files]] = {
    "real": RealFiles,
    "memory": MemoryFiles,
    "recording": RecordingFiles,
}


@pytest.fixture(params=list(FORMS))
def card(request: pytest.FixtureRequest) -> Files:
    """One form of the card."""
    return FORMS[request.param]()


@pytest.fixture
def folder(card: Files, tmp_path: Path) -> Iterator[str]:
    """A folder on it."""
    path = f"{tmp_path}/card/events"
    card.make_folder(path)
    yield path
    for name in card.listing(path):
        card.close(f"{path}/{name}")


def test_what_is_appended_is_read(card: Files, folder: str) -> None:
    """Bytes come back in the order they were appended, all or a part of them."""
    path = f"{folder}/a"
    card.append(path, b"one ")
    card.append(path, b"two ")
    card.sync(path)
    card.close(path)
    card.append(path, b"three")
    card.sync(path)
    card.sync_folder(folder)
    assert card.read(path) == b"one two three"
    assert card.read(path, 4) == b"two three"
    assert card.read(path, 4, 3) == b"two"
    assert card.read(path, 99, 3) == b""
    assert card.size(path) == 13


def test_write_makes_a_new_file(card: Files, folder: str) -> None:
    """write replaces whatever had the name; appending goes on behind it."""
    path = f"{folder}/a"
    card.append(path, b"a long old content")
    card.write(path, b"new")
    card.sync(path)
    assert card.read(path) == b"new"
    card.close(path)
    card.append(path, b"er")
    assert card.read(path) == b"newer"


def test_replace(card: Files, folder: str) -> None:
    """replace moves a name over another; what is appended afterwards goes to the new file."""
    old, new = f"{folder}/old", f"{folder}/new"
    card.append(old, b"old")
    card.append(new, b"new")
    card.replace(new, old)
    card.sync_folder(folder)
    assert card.listing(folder) == ["old"]
    card.append(old, b"er")
    assert card.read(old) == b"newer"
    with pytest.raises(errors.Missing):
        card.replace(new, old)


def test_remove(card: Files, folder: str) -> None:
    """remove takes a name away, twice is fine; the name can be used again."""
    path = f"{folder}/a"
    card.append(path, b"gone")
    card.remove(path)
    card.remove(path)
    assert not card.exists(path)
    card.append(path, b"here")
    assert card.read(path) == b"here"


def test_listing(card: Files, folder: str) -> None:
    """listing names files and folders, sorted; a folder that is not there lists nothing."""
    for name in ("c", "a", "b"):
        card.append(f"{folder}/{name}", b"x")
    card.make_folder(f"{folder}/deep/deeper")
    card.append(f"{folder}/deep/deeper/x", b"x")
    assert card.listing(folder) == ["a", "b", "c", "deep"]
    assert card.listing(f"{folder}/none") == []
    assert card.exists(f"{folder}/deep")
    assert not card.exists(f"{folder}/none")


def test_missing_files(card: Files, folder: str) -> None:
    """What is not there is said with its path."""
    path = f"{folder}/none"
    for act in (card.read, card.size, card.sync, card.sync_folder):
        with pytest.raises(errors.Missing, match=f"{path}: could not .*: No such file"):
            act(path)
    with pytest.raises(errors.Missing):
        card.append(f"{path}/a", b"x")
    with pytest.raises(errors.Missing):
        card.write(f"{path}/a", b"x")


def test_a_folder_in_a_files_place(card: Files, folder: str) -> None:
    """A folder where a file should be fails as a card does, and so does a file for a folder."""
    path = f"{folder}/a"
    card.make_folder(path)
    for act in (lambda: card.read(path), lambda: card.append(path, b"x")):
        with pytest.raises(errors.Card, match=f"{path}: could not"):
            act()
    with pytest.raises(errors.Card):
        card.write(path, b"x")
    card.append(f"{folder}/file", b"x")
    with pytest.raises(errors.Card):
        card.replace(f"{folder}/file", path)
    with pytest.raises(errors.Card):
        card.make_folder(f"{folder}/file")
    with pytest.raises(errors.Card):
        card.listing(f"{folder}/file")


def test_free_room(card: Files, folder: str) -> None:
    """free says how many bytes could still be written."""
    assert card.free(folder) > 0


def test_one_owner(card: Files, folder: str) -> None:
    """A second lock of a name is refused until the first gives it up."""
    path = f"{folder}/lock"
    other = RealFiles() if isinstance(card, RealFiles) else card
    card.lock(path)
    with pytest.raises(errors.Locked, match="another process has this buffer open"):
        other.lock(path)
    card.unlock(path)
    card.unlock(path)
    other.lock(path)
    other.unlock(path)


def test_a_read_only_card_says_so(tmp_path: Path) -> None:
    """What the card does not let us write is told apart from a full one."""
    with pytest.raises(errors.Card):
        RealFiles().append("/proc/version", b"x")
    with pytest.raises(errors.Full):
        RealFiles().append("/dev/full", b"x")


def test_a_full_card_keeps_the_part_that_fitted() -> None:
    """In memory as on a real card: what fits is there, then Full; removing makes room."""
    card = MemoryFiles(room=10)
    card.append("a", b"1234567")
    with pytest.raises(errors.Full, match="No space left"):
        card.append("b", b"abcdef")
    assert card.read("b") == b"abc"
    assert card.free("") == 0
    card.remove("a")
    assert card.free("") == 7


def test_every_verb_can_be_hooked() -> None:
    """The hook sees every verb before it happens, and can fail it."""
    card = MemoryFiles()
    seen: list[tuple[str, str]] = []
    card.hook = lambda verb, path: seen.append((verb, path))
    card.append("a", b"x")
    card.sync("a")
    card.sync_folder("")
    card.replace("a", "b")
    card.remove("b")
    assert seen == [
        ("append", "a"),
        ("sync", "a"),
        ("sync_folder", ""),
        ("replace", "a"),
        ("remove", "b"),
    ]

    def fail(verb: str, path: str) -> None:
        raise errors.Failing(f"{path}: could not {verb}: Input/output error")

    card.hook = fail
    with pytest.raises(errors.Failing):
        card.append("a", b"x")
    assert card.files == {}
