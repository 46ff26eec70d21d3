"""A journal against a plain dictionary: any sequence of TinyDB's verbs, with reopening and cuts."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tinydb import TinyDB
from tinydb.table import Document

from sync.buffer import storage
from sync.buffer.memory import MemoryFiles

names = st.sampled_from(["_default", "events", 'å "b"'])
ids = st.integers(1, 6)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=4,
)
documents = st.dictionaries(st.sampled_from(["a", "b", "c"]), values, max_size=3)

Model = dict[str, dict[int, dict[str, Any]]]


class Journalled(RuleBasedStateMachine):
    """TinyDB on a journal, and the dictionary it should be equal to."""

    def __init__(self) -> None:
        super().__init__()
        self.card = MemoryFiles()
        self.model: Model = {}
        self.highest: dict[str, int] = {}

    @initialize(in_steps=st.booleans(), whole=st.booleans())
    def choose(self, in_steps: bool, whole: bool) -> None:
        """One of our storages, with one of the tables that it can have."""
        self.in_steps = in_steps
        self.storage = storage.WholeStorage if whole and not in_steps else storage.JournalStorage
        self.open()

    def open(self) -> None:
        """Open what lies on the card."""
        make = storage.JournalDB if self.in_steps else TinyDB
        self.db = make("db", storage=self.storage, files=self.card)

    @rule()
    def reopen(self) -> None:
        """Close and open again."""
        self.db.close()
        self.open()

    @rule(torn=st.binary(min_size=1, max_size=30).filter(lambda b: b"\n" not in b))
    def cut_power(self, torn: bytes) -> None:
        """The process is gone without a word and left a torn line."""
        if "db" in self.card.files and self.storage is storage.JournalStorage:
            self.card.files["db"] = bytes(self.card.files["db"]) + torn
        self.open()

    @rule(name=names, several=st.lists(documents, max_size=3))
    def insert(self, name: str, several: list[dict[str, Any]]) -> None:
        """Insert documents; their ids are new, and in our table never given before."""
        given_ids = self.db.table(name).insert_multiple(several)
        table = self.model.setdefault(name, {})
        for doc_id, document in zip(given_ids, several, strict=True):
            assert doc_id not in table
            assert not self.in_steps or doc_id > self.highest.get(name, 0)
            table[doc_id] = document
            self.highest[name] = max(doc_id, self.highest.get(name, 0))

    @rule(name=names, doc_id=ids, document=documents)
    def upsert(self, name: str, doc_id: int, document: dict[str, Any]) -> None:
        """Put a document at an id of one's own."""
        assert self.db.table(name).upsert(Document(document, doc_id)) == [doc_id]
        self.model.setdefault(name, {}).setdefault(doc_id, {}).update(document)
        self.highest[name] = max(doc_id, self.highest.get(name, 0))

    @rule(name=names, wanted=st.lists(ids, max_size=4, unique=True), fields=documents)
    def update(self, name: str, wanted: list[int], fields: dict[str, Any]) -> None:
        """Update documents by id; those not there are passed over."""
        table = self.model.setdefault(name, {})
        there = [doc_id for doc_id in wanted if doc_id in table]
        assert self.db.table(name).update(fields, doc_ids=wanted) == there
        for doc_id in there:
            table[doc_id].update(fields)

    @rule(name=names, key=st.sampled_from(["a", "b"]))
    def remove_having(self, name: str, key: str) -> None:
        """Remove by a query."""
        table = self.model.setdefault(name, {})
        gone = [doc_id for doc_id, document in table.items() if key in document]
        assert self.db.table(name).remove(lambda document: key in document) == gone
        for doc_id in gone:
            del table[doc_id]

    @rule(name=names)
    def truncate(self, name: str) -> None:
        """Empty a table; its ids start anew."""
        self.db.table(name).truncate()
        self.model[name] = {}
        self.highest[name] = 0

    @rule(name=names)
    def drop(self, name: str) -> None:
        """Drop a table."""
        self.db.drop_table(name)
        self.model.pop(name, None)
        self.highest[name] = 0

    @rule()
    def compact(self) -> None:
        """Rewrite the file."""
        if isinstance(self.db.storage, storage.JournalStorage):
            self.db.storage.compact()

    @invariant()
    def same(self) -> None:
        """The database and the dictionary hold the same, in the same order."""
        if not hasattr(self, "db"):
            return
        assert self.db.tables() == set(self.model)
        for name, table in self.model.items():
            found = self.db.table(name).all()
            assert [(d.doc_id, dict(d)) for d in found] == list(table.items())
            assert repr(found) == repr(list(table.values()))


TestJournalled = Journalled.TestCase
TestJournalled.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
