"""JournalStorage at work: what each verb writes, compaction, a closed one, its options."""

from typing import Any

import pytest
from tinydb import TinyDB, where
from tinydb.table import Document

from sync.buffer import errors, storage, tables
from sync.buffer.memory import MemoryFiles
from tests.unit.journal_card import opened, storage_of


def test_one_insert_is_one_line() -> None:
    """A change is appended as one line: checksum, space, change; the first brings a header."""
    card = MemoryFiles()
    db = opened(card)
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
    for db in (opened(card), TinyDB("plain", storage=storage.JournalStorage, files=card)):
        grown = []
        for doc_id in range(1000, 1200):
            before = storage_of(db).length
            db.insert(Document({"x": 1}, doc_id=doc_id))
            grown.append(storage_of(db).length - before)
        assert set(grown[1:]) == {grown[1]}


def test_looking_and_changing_nothing_writes_nothing() -> None:
    """Reads, updates that match nothing and updates to the same value leave the file as it is."""
    card = MemoryFiles()
    db = opened(card)
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
    db = opened(card)
    raw = b'{"b" : 1.0,"a":"\\u00e5"}'
    assert db.insert(tables.Raw(raw, 7)) == 7
    assert raw in card.files["db"]
    assert opened(card).get(doc_id=7) == {"b": 1.0, "a": "å"}
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
    db = opened(card)
    assert db.insert_multiple([{}, {}, {}]) == [1, 2, 3]
    db.remove(doc_ids=[1, 2, 3])
    db = opened(card)
    assert db.insert({}) == 4
    db.remove(doc_ids=[4])
    storage_of(db).compact()
    assert opened(card).insert({}) == 5


def test_history_is_compacted() -> None:
    """A file that is mostly history is rewritten by itself, and says the same."""
    card = MemoryFiles()
    db = opened(card)
    db.insert_multiple({"n": n} for n in range(10))
    longest = 0
    for n in range(20000):
        db.update({"n": n}, doc_ids=[1 + n % 10])
        longest = max(longest, storage_of(db).length)
    assert longest <= 3 * storage.COMPACT_FROM
    assert opened(card).all() == db.all()
    assert "db.new" not in card.files


def test_a_closed_storage_says_so() -> None:
    """Reading and writing after close are mistakes that are named; repr says it too."""
    db = opened(MemoryFiles())
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
        opened(MemoryFiles(), **options)
    assert str(caught.value) == sentence
