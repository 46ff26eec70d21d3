"""JournalStorage where the card misbehaves: torn, rotten, full, failing, newer."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tinydb import TinyDB, where
from tinydb.table import Document

from sync.buffer import errors, journal, storage, tables
from sync.buffer.memory import MemoryFiles


def _open(card: MemoryFiles, **options: Any) -> storage.JournalDB:
    return storage.JournalDB("db", files=card, **options)


def _kept(db: TinyDB) -> storage.JournalStorage:
    assert isinstance(db.storage, storage.JournalStorage)
    return db.storage


def _failing(verb: str, error: type[errors.Error] = errors.Failing) -> Callable[[str, str], None]:
    def hook(called: str, path: str) -> None:
        if called == verb:
            raise error(f"{path}: could not {called}: made to fail")

    return hook


def test_one_insert_is_one_line() -> None:
    """A change is appended as one line: checksum, space, change; the first brings a header."""
    card = MemoryFiles()
    db = _open(card)
    db.insert({"a": 1})
    db.update({"b": "å"}, doc_ids=[1])
    db.remove(doc_ids=[1])
    lines = card.files["db"].decode().splitlines()
    assert [text[9:] for text in lines] == [
        '{"format":1}',
        '{"_default":{"1":{"a":1}}}',
        '{"_default":{"1":{"a":1,"b":"å"}}}',
        '[["_default","1"]]',
    ]
    assert [text[:8] for text in lines] == ["af1ec339", "8e568bab", "5d8ffa87", "1398d996"]


def test_an_insert_costs_the_same_at_any_size() -> None:
    """The bytes written for a document do not depend on how many there are, in either table."""
    card = MemoryFiles()
    for db in (_open(card), TinyDB("plain", storage=storage.JournalStorage, files=card)):
        grown = []
        for doc_id in range(1000, 1200):
            before = _kept(db).length
            db.insert(Document({"x": 1}, doc_id=doc_id))
            grown.append(_kept(db).length - before)
        assert set(grown[1:]) == {grown[1]}


def test_looking_and_changing_nothing_writes_nothing() -> None:
    """Reads, updates that match nothing and updates to the same value leave the file as it is."""
    card = MemoryFiles()
    db = _open(card)
    db.insert({"a": 1})
    before = bytes(card.files["db"])
    db.all()
    db.update({"a": 2}, where("a") == 9)
    db.update({"a": 1})
    db.remove(where("a") == 9)
    assert card.files["db"] == before


def test_raw_documents_stand_in_the_file_as_they_are() -> None:
    """A Raw document is written byte for byte, and read as the document it spells."""
    card = MemoryFiles()
    db = _open(card)
    raw = b'{"b" : 1.0,"a":"\\u00e5"}'
    assert db.insert(tables.Raw(raw, 7)) == 7
    assert raw in card.files["db"]
    assert _open(card).get(doc_id=7) == {"b": 1.0, "a": "å"}
    assert db.insert({}) == 8
    with pytest.raises(ValueError, match="Document with ID 7 already exists"):
        db.insert(tables.Raw(raw, 7))
    with pytest.raises(ValueError, match="must be one line"):
        db.insert(tables.Raw(b'{"a":\n1}', 9))
    db.update({"c": 1}, doc_ids=[8])
    assert card.files["db"].count(raw) == 1


def test_an_id_is_never_given_twice() -> None:
    """Removing the last document and opening again does not start the ids anew, nor compacting."""
    card = MemoryFiles()
    db = _open(card)
    assert db.insert_multiple([{}, {}, {}]) == [1, 2, 3]
    db.remove(doc_ids=[1, 2, 3])
    db = _open(card)
    assert db.insert({}) == 4
    db.remove(doc_ids=[4])
    _kept(db).compact()
    assert _open(card).insert({}) == 5


@pytest.mark.parametrize("cut", range(1, 27))
def test_a_torn_last_line_is_ignored(cut: int) -> None:
    """Whatever is left of the last line: the others are read, and the next change is whole."""
    card = MemoryFiles()
    db = _open(card)
    db.insert_multiple([{"a": 1}, {"a": 2}])
    db.insert({"a": 3})
    card.files["db"] = card.files["db"][:-cut]
    db = _open(card)
    assert [d["a"] for d in db] == [1, 2]
    assert _kept(db).damaged == []
    db.insert({"a": 4})
    assert [d["a"] for d in _open(card)] == [1, 2, 4]
    assert _kept(_open(card)).damaged == []


def test_damage_in_the_middle_is_told() -> None:
    """A damaged line costs what it held, is told as a span, and its bytes are kept beside."""
    card = MemoryFiles()
    db = _open(card)
    for a in (1, 2, 3):
        db.insert({"a": a})
    text = bytes(card.files["db"])
    start = text.index(b"\n", text.index(b'"2"') - 40) + 1
    end = text.index(b"\n", start) + 1
    broken = text[: start + 12] + b"\x00" + text[start + 13 :]
    card.files["db"] = broken
    db = _open(card)
    assert [d["a"] for d in db] == [1, 3]
    assert _kept(db).damaged == [journal.Span(start, end)]
    db.insert({"a": 4})
    assert card.files["db.damaged"] == broken
    db = _open(card)
    assert [d["a"] for d in db] == [1, 3, 4]
    assert _kept(db).damaged == []


@given(st.data())
def test_any_damage_to_a_finished_file_is_seen(data: st.DataObject) -> None:
    """Flipped bits, foreign bytes and zeros anywhere: documents are whole or gone, never wrong."""
    card = MemoryFiles()
    db = _open(card)
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
    db = _open(card)
    for document in db:
        assert document == {"number": document.doc_id - 1, "text": "x" * (document.doc_id - 1)}
    untouched = {i + 1 for i in range(12)} - {d.doc_id for d in db}
    spans = _kept(db).damaged
    whole = len(text) - (len(text) - text.rindex(b"\n") - 1) if b"\n" in text else 0
    assert not untouched or spans or whole < len(text)


def test_a_line_of_another_journal_does_not_count() -> None:
    """Lines whose checksum starts from another salt are damage: a card can mix its blocks up."""
    card = MemoryFiles()
    _open(card, salt=b"one").insert({"a": 1})
    foreign = bytes(card.files.pop("db")).splitlines(keepends=True)[1]
    db = _open(card, salt=b"two")
    db.insert({"a": 2})
    card.files["db"] = bytes(card.files["db"]) + foreign
    db = _open(card, salt=b"two")
    assert db.all() == [{"a": 2}]
    assert len(_kept(db).damaged) == 1


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
    db = _open(card)
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
    assert _open(card).all() == [*before, {"a": 3}]
    db.insert({"a": 4})
    assert seen[-2:] == ["append", "sync"]


def test_a_full_card_leaves_half_a_line() -> None:
    """Half a line on a full card is ignored; with room again the next change is whole."""
    card = MemoryFiles()
    db = _open(card)
    db.insert({"a": 1})
    card.room = 10
    with pytest.raises(errors.Full):
        db.insert({"a": 2})
    assert _open(card).all() == [{"a": 1}]
    card.room = None
    db.insert({"a": 3})
    assert _open(card).all() == [{"a": 1}, {"a": 3}]


@pytest.mark.parametrize("verb", ["write", "sync", "replace", "sync_folder"])
def test_a_compaction_that_fails_loses_nothing(verb: str) -> None:
    """A card that fails in the middle of a compaction does not fail the change before it.

    Where it is not known whether the rename would survive, the next change is not taken until a
    rewrite succeeds.
    """
    card = MemoryFiles()
    db = _open(card)
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
    assert db.all() == _open(card, access_mode="r").all() == [{"n": n}]
    if verb in ("replace", "sync_folder"):
        with pytest.raises(errors.Failing):
            db.update({"n": -1})
    else:
        db.update({"n": n + 1})
    card.hook = None
    db.update({"n": n + 2})
    assert _open(card).all() == [{"n": n + 2}]


def test_history_is_compacted() -> None:
    """A file that is mostly history is rewritten by itself, and says the same."""
    card = MemoryFiles()
    db = _open(card)
    db.insert_multiple({"n": n} for n in range(10))
    longest = 0
    for n in range(20000):
        db.update({"n": n}, doc_ids=[1 + n % 10])
        longest = max(longest, _kept(db).length)
    assert longest <= 3 * storage.COMPACT_FROM
    assert _open(card).all() == db.all()
    assert "db.new" not in card.files


def test_a_closed_storage_says_so() -> None:
    """Reading and writing after close are mistakes that are named; repr says it too."""
    db = _open(MemoryFiles())
    db.insert({})
    assert repr(db.storage) == "<JournalStorage db open>"
    db.close()
    assert repr(db.storage) == "<JournalStorage db closed>"
    for act in (db.all, lambda: db.insert({})):
        with pytest.raises(errors.Closed, match="open the database again"):
            act()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"access_mode": "w"}, "access_mode='w': 'r' (read only) or 'r+' would be right"),
        ({"encoding": "latin-1"}, "encoding='latin-1': a journal is always 'utf-8'"),
        ({"indent": 4}, "indent: a document is one line here; leave it out"),
    ],
)
def test_options_that_cannot_be(options: dict[str, Any], sentence: str) -> None:
    """An option of TinyDB's file that a journal cannot take is refused with a sentence."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011 -- the sentence is compared whole
        _open(MemoryFiles(), **options)
    assert str(caught.value) == sentence


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
        db = _open(card)
        db.all()
        db.table("mine").insert({"a": 1})
        assert _open(card).table("mine").all()[-1] == {"a": 1}
