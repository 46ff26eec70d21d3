"""JournalStorage where the card misbehaves: torn, rotten, full, failing, newer."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tinydb import TinyDB

from sync.buffer import errors, journal, storage
from sync.buffer.memory import MemoryFiles
from tests.unit.journal_card import opened, storage_of


def _failing(verb: str, error: type[errors.Error] = errors.Failing) -> Callable[[str, str], None]:
    def hook(called: str, path: str) -> None:
        if called == verb:
            raise error(f"{path}: could not {called}: made to fail")

    return hook


@pytest.mark.parametrize("cut", range(1, 27))
def test_a_torn_last_line_is_ignored(cut: int) -> None:
    """Whatever is left of the last line: the others are read, and the next change is whole."""
    card = MemoryFiles()
    db = opened(card)
    db.insert_multiple([{"a": 1}, {"a": 2}])
    db.insert({"a": 3})
    card.files["db"] = card.files["db"][:-cut]
    db = opened(card)
    assert [d["a"] for d in db] == [1, 2]
    assert storage_of(db).damaged == []
    db.insert({"a": 4})
    assert [d["a"] for d in opened(card)] == [1, 2, 4]
    assert storage_of(opened(card)).damaged == []


def test_damage_in_the_middle_is_told() -> None:
    """A damaged line costs what it held, is told as a span, and its bytes are kept beside."""
    card = MemoryFiles()
    db = opened(card)
    for a in (1, 2, 3):
        db.insert({"a": a})
    text = bytes(card.files["db"])
    start = text.index(b"\n", text.index(b'"2"') - 40) + 1
    end = text.index(b"\n", start) + 1
    broken = text[: start + 12] + b"\x00" + text[start + 13 :]
    card.files["db"] = broken
    db = opened(card)
    assert [d["a"] for d in db] == [1, 3]
    assert storage_of(db).damaged == [journal.Span(start, end)]
    db.insert({"a": 4})
    assert card.files["db.damaged"] == broken
    db = opened(card)
    assert [d["a"] for d in db] == [1, 3, 4]
    assert storage_of(db).damaged == []


@given(st.data())
def test_any_damage_to_a_finished_file_is_seen(data: st.DataObject) -> None:
    """Flipped bits, foreign bytes and zeros anywhere: documents are whole or gone, never wrong."""
    card = MemoryFiles()
    db = opened(card)
    for number in range(12):
        db.insert({"number": number, "text": "x" * number})
    text = bytearray(card.files["db"])
    start = data.draw(st.integers(0, len(text) - 1))
    bad = data.draw(
        st.one_of(
            st.binary(min_size=1, max_size=40),
            st.integers(1, 200).map(bytes),
            st.integers(0, 7).map(lambda bit: bytes([text[start] ^ 1 << bit])),
        )
    )
    text[start : start + len(bad)] = bad
    card.files["db"] = bytes(text)
    db = opened(card)
    for document in db:
        assert document == {"number": document.doc_id - 1, "text": "x" * (document.doc_id - 1)}
    untouched = {i + 1 for i in range(12)} - {d.doc_id for d in db}
    spans = storage_of(db).damaged
    whole = len(text) - (len(text) - text.rindex(b"\n") - 1) if b"\n" in text else 0
    assert not untouched or spans or whole < len(text)


def test_a_line_of_another_journal_does_not_count() -> None:
    """Lines whose checksum starts from another salt are damage: a card can mix its blocks up."""
    card = MemoryFiles()
    opened(card, salt=b"one").insert({"a": 1})
    foreign = bytes(card.files.pop("db")).splitlines(keepends=True)[1]
    db = opened(card, salt=b"two")
    db.insert({"a": 2})
    card.files["db"] = bytes(card.files["db"]) + foreign
    db = opened(card, salt=b"two")
    assert db.all() == [{"a": 2}]
    assert len(storage_of(db).damaged) == 1


def test_a_newer_format_is_left_alone() -> None:
    """A file of a newer version is refused with what to do, and not one byte of it changes."""
    card = MemoryFiles()
    text = journal.line(b'{"format":2,"zip":true}') + b"whatever stands there then"
    for make in (storage.JournalStorage, storage.WholeStorage):
        card.files["db"] = text
        with pytest.raises(errors.NewerFormat) as caught:
            make("db", files=card)
        assert str(caught.value) == (
            "db: format 2, and this version reads up to 1: "
            "update the program; the file is left as it is"
        )
        assert card.files == {"db": text}


@pytest.mark.parametrize("verb", ["append", "sync", "sync_folder"])
def test_a_file_that_failed_is_never_appended_to_again(verb: str) -> None:
    """After a failure nothing has changed, and the next change writes the whole state elsewhere."""
    card = MemoryFiles()
    db = opened(card)
    if verb != "sync_folder":
        db.insert({"a": 1})
    before = db.all()
    card.hook = _failing(verb)
    with pytest.raises(errors.Failing):
        db.insert({"a": 2})
    assert db.all() == before
    seen: list[str] = []
    card.hook = lambda called, path: seen.append(called)
    db.insert({"a": 3})
    assert "append" not in seen
    assert seen.index("sync") < seen.index("replace") < seen.index("sync_folder")
    assert opened(card).all() == [*before, {"a": 3}]
    db.insert({"a": 4})
    assert seen[-2:] == ["append", "sync"]


def test_a_full_card_leaves_half_a_line() -> None:
    """Half a line on a full card is ignored; with room again the next change is whole."""
    card = MemoryFiles()
    db = opened(card)
    db.insert({"a": 1})
    card.room = 10
    with pytest.raises(errors.Full):
        db.insert({"a": 2})
    assert opened(card).all() == [{"a": 1}]
    card.room = None
    db.insert({"a": 3})
    assert opened(card).all() == [{"a": 1}, {"a": 3}]


@pytest.mark.parametrize("verb", ["write", "sync", "replace", "sync_folder"])
def test_a_compaction_that_fails_loses_nothing(verb: str) -> None:
    """A card that fails in the middle of a compaction does not fail the change before it.

    Where it is not known whether the rename would survive, the next change is not taken until a
    rewrite succeeds.
    """
    card = MemoryFiles()
    db = opened(card)
    db.insert({"n": 0})
    fails, met = _failing(verb), []

    def hook(called: str, path: str) -> None:
        if path != "db":
            met.append(called)
            fails(called, path)

    card.hook = hook
    n = 0
    while verb not in met:
        n += 1
        db.update({"n": n})
    assert db.all() == opened(card, access_mode="r").all() == [{"n": n}]
    if verb in ("replace", "sync_folder"):
        with pytest.raises(errors.Failing):
            db.update({"n": -1})
    else:
        db.update({"n": n + 1})
    card.hook = None
    db.update({"n": n + 2})
    assert opened(card).all() == [{"n": n + 2}]


@pytest.mark.parametrize("keep", [0, 1, 23, 24, 60])
def test_a_whole_file_that_was_cut_is_damaged(keep: int) -> None:
    """Small state that does not end as it should says so, wherever it was cut, and is kept."""
    card = MemoryFiles()
    with TinyDB("db", storage=storage.WholeStorage, files=card) as db:
        db.insert_multiple([{"a": 1}, {"b": 2}])
    assert isinstance(db.storage, storage.WholeStorage)
    assert db.storage.damaged == []
    cut = card.files["db"] = bytes(card.files["db"])[:keep]
    with TinyDB("db", storage=storage.WholeStorage, files=card) as db:
        assert isinstance(db.storage, storage.WholeStorage)
        assert len(db.storage.damaged) == 1
        db.insert({"c": 3})
        assert db.storage.damaged == []
    assert card.files["db.damaged"] == cut


@given(st.binary(max_size=300))
def test_any_file_opens(noise: bytes) -> None:
    """Whatever bytes lie there, signed or not, the storage opens and takes documents."""
    for text in (noise, b"".join(map(journal.line, noise.split(b"\n")))):
        card = MemoryFiles({"db": text})
        db = opened(card)
        db.all()
        db.table("mine").insert({"a": 1})
        assert opened(card).table("mine").all()[-1] == {"a": 1}
