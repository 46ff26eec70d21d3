"""The same TinyDB, whatever it is stored on: one set of tests over TinyDB's storages and ours."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tinydb import TinyDB, where
from tinydb.operations import delete, increment
from tinydb.storages import JSONStorage, MemoryStorage
from tinydb.table import Document

from sync.buffer import storage

Open = Callable[..., TinyDB]

KINDS: dict[str, Callable[..., TinyDB]] = {
    "TinyDB's file": lambda path, **o: TinyDB(path, storage=JSONStorage, **o),
    "TinyDB in memory": lambda path, **o: TinyDB(storage=MemoryStorage, **o),
    "journal": lambda path, **o: TinyDB(path, storage=storage.JournalStorage, **o),
    "journal in steps": storage.JournalDB,
    "whole": lambda path, **o: TinyDB(path, storage=storage.WholeStorage, **o),
}
ON_DISK = [kind for kind in KINDS if kind != "TinyDB in memory"]


@pytest.fixture(params=list(KINDS))
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TinyDB]:
    """A database that holds three documents."""
    with KINDS[request.param](str(tmp_path / "db")) as database:
        database.insert_multiple({"int": 1, "char": c} for c in "abc")
        yield database


@pytest.fixture(params=ON_DISK)
def reopened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """A function that opens the database anew after closing it."""
    opened: list[TinyDB] = []

    def opener(**options: Any) -> TinyDB:
        for database in opened:
            database.close()
        opened.append(KINDS[request.param](str(tmp_path / "db"), **options))
        return opened[-1]

    yield opener
    opened[-1].close()


def test_insert_gives_the_next_id(db: TinyDB) -> None:
    """Ids count up, one document or several at a time."""
    assert db.insert({"int": 2}) == 4
    assert db.insert_multiple([{"int": 3}, {"int": 4}]) == [5, 6]
    assert [document.doc_id for document in db] == [1, 2, 3, 4, 5, 6]


def test_what_is_no_document_is_refused(db: TinyDB) -> None:
    """A value that is no mapping is refused, and nothing is inserted."""
    for wrong in ({1, 2, 3}, [1], "text"):
        with pytest.raises(ValueError, match="Document is not a Mapping"):
            db.insert(wrong)
        with pytest.raises(ValueError, match="Document is not a Mapping"):
            db.insert_multiple([wrong])
    assert len(db) == 3


def test_own_ids(db: TinyDB) -> None:
    """A Document brings its own id; one that is taken is refused; counting goes on above it."""
    assert db.insert(Document({"own": 1}, doc_id=77)) == 77
    with pytest.raises(ValueError, match="Document with ID 77 already exists"):
        db.insert(Document({"own": 2}, doc_id=77))
    assert db.insert({}) == 78
    assert db.insert_multiple([Document({}, doc_id=90), Document({}, doc_id=80)]) == [90, 80]
    assert db.get(doc_id=77) == {"own": 1}
    assert db.insert({}) not in {77, 78, 80, 90}


def test_queries(db: TinyDB) -> None:
    """search, get, contains and count answer as TinyDB says, also from the query cache."""
    for _ in range(2):
        assert [d["char"] for d in db.search(where("int") == 1)] == ["a", "b", "c"]
        assert db.count(where("char") == "b") == 1
    found = db.get(where("char") == "b")
    assert isinstance(found, Document)
    assert found.doc_id == 2
    assert db.get(where("char") == "z") is None
    assert db.get(doc_id=99) is None
    assert db.contains(where("char") == "a")
    assert db.contains(doc_id=3)
    assert not db.contains(doc_id=4)
    assert [d["char"] for d in db.get(doc_ids=[1, 3, 9])] == ["a", "c"]
    db.insert({"int": 1, "char": "d"})
    assert db.count(where("int") == 1) == 4


def test_update(db: TinyDB) -> None:
    """update changes by query, by id, by function, all at once and several ways at once."""
    assert db.update({"int": 2}, where("char") == "a") == [1]
    assert db.update({"int": 3}, doc_ids=[2, 99]) == [2]
    assert db.update(increment("int")) == [1, 2, 3]
    assert [d["int"] for d in db] == [3, 4, 2]
    assert db.update(delete("int"), where("char") == "c") == [3]
    assert db.get(doc_id=3) == {"char": "c"}
    changed = db.update_multiple(
        [({"int": 8}, where("char") == "a"), ({"int": 9}, where("char") == "b")]
    )
    assert changed == [1, 2]
    assert [d.get("int") for d in db] == [8, 9, None]
    assert db.update({"int": 1}, where("char") == "z") == []


def test_true_is_not_one(db: TinyDB) -> None:
    """A change between values that Python calls equal is a change: 1, 1.0 and true."""
    for value in (True, 1.0, 1):
        db.update({"int": value}, doc_ids=[1])
        found = db.get(doc_id=1)
        assert found is not None
        assert type(found["int"]) is type(value)


def test_upsert(db: TinyDB) -> None:
    """upsert updates what is there and inserts what is not, also by id."""
    assert db.upsert({"int": 5, "char": "a"}, where("char") == "a") == [1]
    assert db.upsert({"int": 9, "char": "z"}, where("char") == "z") == [4]
    assert db.upsert(Document({"x": 1}, doc_id=2)) == [2]
    assert db.upsert(Document({"x": 1}, doc_id=40)) == [40]
    with pytest.raises(ValueError, match="specify a doc_id"):
        db.upsert({"x": 1})
    assert db.get(doc_id=2) == {"int": 1, "char": "b", "x": 1}


def test_remove_and_truncate(db: TinyDB) -> None:
    """remove takes by query and by id; truncate takes all, and ids start at 1 again."""
    assert db.remove(where("char") == "b") == [2]
    assert db.remove(doc_ids=[3, 99]) == [3]
    with pytest.raises(RuntimeError, match="Use truncate"):
        db.remove()
    assert [d.doc_id for d in db] == [1]
    db.truncate()
    assert len(db) == 0
    assert db.all() == []
    assert db.insert({"int": 7}) == 1


def test_tables(db: TinyDB) -> None:
    """Tables are apart; dropping one or all takes them and their names."""
    db.table("one").insert({"x": 1})
    db.table("two").insert_multiple([{"x": 1}, {"x": 2}])
    db.table("three", persist_empty=True)
    assert db.tables() == {"_default", "one", "two", "three"}
    db.table("two").truncate()
    assert "two" in db.tables()
    db.drop_table("one")
    db.drop_table("never there")
    assert db.tables() == {"_default", "two", "three"}
    assert len(db.table("one")) == 0
    assert len(db) == 3
    db.drop_tables()
    assert db.tables() == set()
    assert len(db) == 0
    assert db.insert({}) == 1


def test_order_of_documents(db: TinyDB) -> None:
    """A changed document keeps its place, a removed and inserted one goes last."""
    db.update({"int": 2}, doc_ids=[1])
    db.remove(doc_ids=[2])
    db.insert(Document({"again": 1}, doc_id=2))
    assert [d.doc_id for d in db.all()] == [1, 3, 2]


def test_text_of_any_kind(db: TinyDB) -> None:
    """Any text comes back as it was, in keys, values and names of tables."""
    odd = 'Lång kö 🙂 "quoted" \\ \n\r\t \u2028 \x00 \x7f'
    db.table(odd).insert({odd: odd, "list": [1, None, {"deep": odd}], "float": 0.1})
    assert db.table(odd).all() == [{odd: odd, "list": [1, None, {"deep": odd}], "float": 0.1}]


def test_lone_surrogates_and_big_numbers(db: TinyDB) -> None:
    """What JSON's escapes and Python's integers can hold comes back as it was."""
    document = {"text": "\ud800", "big": 2**80, "negative": -(2**70), "inf": float("inf")}
    db.insert(document)
    assert db.get(doc_id=4) == document


def test_what_was_read_is_a_copy_of_its_own(db: TinyDB) -> None:
    """Changing a document that all() gave does not change the database's fields."""
    db.all()[0]["int"] = 99
    found = db.get(doc_id=1)
    assert found is not None
    assert found["int"] == 1


def test_reopening(reopened: Open) -> None:
    """All that was done is there after closing and opening again."""
    db = reopened()
    db.insert_multiple({"n": n} for n in range(20))
    db.update({"odd": True}, where("n").one_of([1, 3, 5, 7, 9, 11]))
    db.remove(where("n") < 5)
    db.table("other").insert(Document({"x": None}, doc_id=1000))
    db.table("gone").insert({})
    db.drop_table("gone")
    before = (db.all(), [d.doc_id for d in db], db.table("other").all(), db.tables())
    db = reopened()
    assert (db.all(), [d.doc_id for d in db], db.table("other").all(), db.tables()) == before
    assert db.table("other").insert({}) == 1001


def test_closing_twice(reopened: Open) -> None:
    """Closing a database that is closed is fine, and what was done is there."""
    db = reopened()
    db.insert({"n": 1})
    db.close()
    db.close()
    assert reopened().all() == [{"n": 1}]


def test_folders_are_made_when_asked(tmp_path: Path) -> None:
    """create_dirs makes the folders of the path; without it a missing one is an error."""
    for kind in ON_DISK:
        path = tmp_path / kind / "deep" / "db"
        with pytest.raises(Exception, match="No such file or directory"):
            KINDS[kind](str(path))
        with KINDS[kind](str(path), create_dirs=True) as db:
            db.insert({"x": 1})
        with KINDS[kind](str(path)) as db:
            assert db.all() == [{"x": 1}]


def test_reading_only(tmp_path: Path) -> None:
    """access_mode='r' reads, and refuses to write with an error."""
    for kind in ON_DISK:
        path = str(tmp_path / kind)
        with KINDS[kind](path) as db:
            db.insert({"x": 1})
        with KINDS[kind](path, access_mode="r") as db:
            assert db.all() == [{"x": 1}]
            with pytest.raises(Exception, match=r"(?i)access.mode"):
                db.insert({"x": 2})
        with pytest.raises(Exception, match="No such file or directory"):
            KINDS[kind](path + " missing", access_mode="r")


def test_options_of_json(reopened: Open) -> None:
    """Keyword arguments go to json.dumps: here one for values that JSON does not know."""
    db = reopened(default=sorted, sort_keys=True)
    db.insert({"set": {3, 1, 2}})
    assert reopened().all() == [{"set": [1, 2, 3]}]


@pytest.mark.parametrize("kind", ON_DISK)
def test_what_cannot_be_written_changes_nothing(kind: str, tmp_path: Path) -> None:
    """A value that JSON does not know is refused, and the file stays as it was."""
    with KINDS[kind](str(tmp_path / "db")) as db:
        db.insert({"x": 1})
        with pytest.raises(TypeError):
            db.insert({"x": object()})
        assert db.all() == [{"x": 1}]
    with KINDS[kind](str(tmp_path / "db")) as db:
        assert db.all() == [{"x": 1}]


@pytest.mark.parametrize("kind", ON_DISK)
def test_a_function_that_fails_changes_nothing(kind: str, tmp_path: Path) -> None:
    """An update whose function raises halfway leaves every document as it was."""

    def fail_at_two(document: dict[str, int]) -> None:
        document["x"] += 10
        if document["x"] == 12:
            raise KeyError("two")

    with KINDS[kind](str(tmp_path / "db")) as db:
        db.insert_multiple([{"x": 1}, {"x": 2}])
        with pytest.raises(KeyError):
            db.update(fail_at_two)
        assert [d["x"] for d in db] == [1, 2]


@pytest.mark.parametrize("make", [storage.JournalStorage, storage.WholeStorage])
def test_any_state_that_json_can_hold(make: Callable[[str], Any], tmp_path: Path) -> None:
    """A storage gives back what was written to it, be it no table at all."""
    states: list[dict[str, Any]] = [
        {"none": [None, None], "int": 42, "float": 3.14158999999999, "list": ["LITE", "ACID"]},
        {"dict": {"hp": 13, "sp": 5}, "bool": [True, False, True, False], "null": None},
        {"dict": {"sp": 5, "hp": 13}, "bool": {}, "null": {"1": None}},
        {},
        {"": {"": {"": ""}}},
    ]
    kept = make(str(tmp_path / "db"))
    assert kept.read() is None
    for state in states:
        kept.write(state)
        again = make(str(tmp_path / "db"))
        assert kept.read() == again.read() == state
        again.close()
    kept.close()
