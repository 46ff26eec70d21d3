"""What a power cut may leave: the states that RecordingFiles rebuilds, for small logs."""

from random import Random

from sync.buffer.recording import PIECE, RecordingFiles


def _states(card: RecordingFiles) -> set[tuple[tuple[str, bytes], ...]]:
    return {tuple(sorted(state.files.items())) for state in card.states(Random(1))}


def _texts(card: RecordingFiles, path: str) -> set[bytes | None]:
    return {dict(tree).get(path) for tree in _states(card)}


def test_an_append_stops_at_any_byte() -> None:
    """Behind synced bytes: every prefix of the line, and zeros for it up to any length."""
    card = RecordingFiles({"a": b"old "})
    card.append("a", b"new\n")
    prefixes = {b"old " + b"new\n"[:n] for n in range(5)}
    zeros = {b"old " + bytes(n) for n in range(5)}
    assert _texts(card, "a") == prefixes | zeros


def test_what_is_synced_stays() -> None:
    """After the sync there is one state only, and it is the whole file."""
    card = RecordingFiles({"a": b"old "})
    card.append("a", b"new\n")
    card.sync("a")
    card.note()
    after = [state.files for state in card.states(Random(1)) if state.notes == 1]
    assert after == [{"a": b"old new\n"}]


def test_pieces_come_in_any_order() -> None:
    """Of bytes not synced any 512-byte pieces may be there, the rest zeros or cut off."""
    card = RecordingFiles()
    card.append("a", b"x" * (2 * PIECE + 10))
    card.sync_folder("")
    first, second, third = b"x" * PIECE, b"x" * PIECE, b"x" * 10
    none = bytes(PIECE)
    found = _texts(card, "a")
    for a in (first, none):
        for b in (second, none):
            for c in (third, bytes(10)):
                assert a + b + c in found
    assert first in found
    assert first + second in found
    assert b"" in found


def test_a_new_file_needs_its_folder_synced() -> None:
    """A new file may be gone with all its synced bytes until its folder is synced."""
    card = RecordingFiles()
    card.make_folder("d")
    card.append("d/a", b"x")
    card.sync("d/a")
    card.note()
    card.sync_folder("d")
    card.note()
    assert {len(s.files) for s in card.states(Random(1)) if s.notes == 1} == {0, 1}
    assert {len(s.files) for s in card.states(Random(1)) if s.notes == 2} == {1}


def test_a_rename_without_the_sync_before_it() -> None:
    """A name can point to bytes that never came: empty, zeros or a part."""
    card = RecordingFiles({"a": b"old"})
    card.write("a.new", b"fresh")
    card.replace("a.new", "a")
    found = _texts(card, "a")
    assert {b"old", b"fresh", b"", bytes(5)} <= found


def test_a_rename_as_it_should_be() -> None:
    """Written beside, synced, renamed: old or new and nothing else; new after the folder's sync."""
    card = RecordingFiles({"a": b"old"})
    card.write("a.new", b"fresh")
    card.sync("a.new")
    card.replace("a.new", "a")
    card.note()
    card.sync_folder("")
    card.note()
    assert _texts(card, "a") == {b"old", b"fresh"}
    assert {s.files["a"] for s in card.states(Random(1)) if s.notes == 2} == {b"fresh"}


def test_names_are_done_in_any_order() -> None:
    """Two renames and a removal before the folder's sync: every choice of them, each whole."""
    card = RecordingFiles({"a": b"1", "b": b"2", "c": b"3"})
    card.replace("a", "A")
    card.replace("b", "B")
    card.remove("c")
    names = {frozenset(dict(tree)) for tree in _states(card)}
    assert names == {
        frozenset({x, y, *z}) for x in ("a", "A") for y in ("b", "B") for z in ({"c"}, set())
    }


def test_the_same_files_come_again_only_when_more_was_promised() -> None:
    """States are not repeated, but a later promise is checked against the same files."""
    card = RecordingFiles({"a": b"x"})
    card.sync("a")
    card.sync("a")
    card.note()
    card.sync("a")
    assert [(s.files, s.notes) for s in card.states(Random(1))] == [
        ({"a": b"x"}, 0),
        ({"a": b"x"}, 1),
    ]
