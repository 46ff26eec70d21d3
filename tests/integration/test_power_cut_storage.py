"""The power goes at every moment of a TinyDB's life: each change is there whole or not at all."""

import copy
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from tinydb import TinyDB
from tinydb.table import Document

from sync.buffer import errors, storage
from sync.buffer.memory import MemoryFiles
from sync.buffer.recording import RecordingFiles

Tables = dict[str, list[tuple[int, dict[str, Any]]]]

MAKE: dict[str, Callable[..., TinyDB]] = {
    "journal": lambda **o: TinyDB("d/db", storage=storage.JournalStorage, **o),
    "journal in steps": lambda **o: storage.JournalDB("d/db", **o),
    "whole": lambda **o: TinyDB("d/db", storage=storage.WholeStorage, **o),
}


def _content(db: TinyDB) -> Tables:
    return {
        name: [(d.doc_id, dict(d)) for d in db.table(name).all()] for name in sorted(db.tables())
    }


def _change(db: TinyDB, chance: Random) -> None:
    """One change by chance; some of them are long, some take a lot away."""
    table = db.table(chance.choice(["_default", "other"]))
    text = "x" * chance.choice([0, 3, 700])
    number = chance.randint(1, 6)
    match chance.randrange(7):
        case 0 | 1:
            table.insert({"text": text})
        case 2:
            table.insert_multiple([{"text": text}, {"n": number}])
        case 3:
            # not upsert, which is two changes where the table is new
            if not table.contains(doc_id=number):
                table.insert(Document({"n": number, "text": text}, number))
        case 4:
            table.update({"text": text}, doc_ids=[number, number + 1])
        case 5:
            table.remove(doc_ids=[number, number + 1])
        case _:
            chance.choice([table.truncate, lambda: db.drop_table("other"), db.drop_tables])()


@pytest.mark.parametrize("kind", list(MAKE))
@pytest.mark.parametrize("seed", range(4))
def test_a_change_is_whole_or_not_there(kind: str, seed: int, full: bool) -> None:
    """After a cut there is what the last change that returned left, or the next one, whole."""
    chance = Random(seed)
    card = RecordingFiles()
    card.make_folder("d")
    db = MAKE[kind](files=card)
    said = [_content(db)]
    for step in range(24):
        before = len(card.calls)
        if isinstance(db.storage, storage.JournalStorage) and step % 8 == 7:
            db.storage.compact()
        _change(db, chance)
        if step % 6 == 5:
            db.close()
            db = MAKE[kind](files=card)
        if len(card.calls) > before:
            card.note()
            said.append(copy.deepcopy(_content(db)))
    opened = 0
    for state in card.states(chance, every=1 if full else 10):
        opened += 1
        again = MAKE[kind](files=MemoryFiles({**state.files, "d/here": b""}))
        assert _content(again) in said[state.notes : state.notes + 2], state
        again.insert({"after": "the cut"})
        assert again.all()[-1] == {"after": "the cut"}
    assert opened > 100


def test_a_card_that_fails_now_and_then() -> None:
    """A change that raised has not happened for whoever reads; one that returned survives a cut."""
    chance = Random(5)
    card = RecordingFiles()

    def hook(verb: str, path: str) -> None:
        changing = verb in ("append", "write", "sync", "replace", "sync_folder")
        if changing and chance.random() < 0.1:
            raise errors.Failing(f"{path}: could not {verb}: Input/output error")

    db = storage.JournalDB("db", files=card)
    said: list[Tables] = [_content(db)]
    tried: list[list[Tables]] = [[]]
    card.hook = hook
    for number in range(60):
        held = _content(db)
        try:
            db.insert({"number": number})
        except errors.Failing:
            assert _content(db) == held
            tried[-1].append({"_default": [*held.get("_default", []), (0, {"number": number})]})
        else:
            card.note()
            said.append(_content(db))
            tried.append([])
    for state in card.states(chance, every=20):
        again = _content(storage.JournalDB("db", files=MemoryFiles(state.files)))
        numbers = [d["number"] for _, d in again.get("_default", [])]
        promised = [d["number"] for _, d in said[state.notes].get("_default", [])]
        following = said[min(state.notes + 1, len(said) - 1)].get("_default", [])
        may = {t["_default"][-1][1]["number"] for t in tried[state.notes]}
        may |= {d["number"] for _, d in following[-1:]}
        assert numbers[: len(promised)] == promised
        assert set(numbers[len(promised) :]) <= may
