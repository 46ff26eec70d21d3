"""JournalTable: TinyDB's ``Table`` over a :class:`sync.buffer.storage.JournalStorage` in one step.

TinyDB's own ``Table`` copies the whole table at each change. This subclass (an extension point
that TinyDB documents) looks only at the documents it is asked about and hands on the changed ones.

Two things differ from ``Table``, both for the better:

1. An id is never given twice, not even after the last document was removed and the file opened
   again (``truncate`` and ``drop_table`` start at 1, as TinyDB does).
2. A document given as :class:`Raw` is written byte for byte as it is.
"""

import functools
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, cast

import tinydb.table

from sync.buffer import journal

if TYPE_CHECKING:
    from sync.buffer import storage


class Raw(tinydb.table.Document):
    """A document whose JSON is already there: ``text`` is what will stand in the file.

    As a mapping it is empty: it is meant for ``insert`` of a :class:`JournalTable` alone.
    """

    def __init__(self, text: bytes, doc_id: int) -> None:
        self.doc_id = doc_id
        self.text = text


class _Reading(Mapping[str, Any]):
    """A table as TinyDB reads it; documents are decoded when they are looked at."""

    def __init__(self, table: journal.Table) -> None:
        self._table = table

    def __getitem__(self, doc_id: str) -> Any:
        return journal.parse(self._table[doc_id])

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)

    def __contains__(self, doc_id: object) -> bool:
        return doc_id in self._table


class _Changing(MutableMapping[Any, Any]):
    """A table as TinyDB's updaters change it: notes what was looked at, put and taken."""

    def __init__(self, table: journal.Table, id_class: Callable[[str], Any]) -> None:
        self._table = table
        self._id_class = id_class
        self._seen: dict[str, Any] = {}
        self._gone: dict[str, None] = {}
        self._cleared = False

    def __getitem__(self, doc_id: Any) -> Any:
        key = str(doc_id)
        if key not in self._seen:
            if key not in self:
                raise KeyError(doc_id)
            # may be changed in place by whoever gets it, so it is compared at the end
            self._seen[key] = journal.parse(self._table[key])
        return self._seen[key]

    def __setitem__(self, doc_id: Any, document: Any) -> None:
        self._seen[str(doc_id)] = document

    def __delitem__(self, doc_id: Any) -> None:
        key = str(doc_id)
        if key not in self:
            raise KeyError(doc_id)
        self._seen.pop(key, None)
        if key in self._table:
            self._gone[key] = None

    def __contains__(self, doc_id: object) -> bool:
        key = str(doc_id)
        return key in self._seen or (
            not self._cleared and key in self._table and key not in self._gone
        )

    def __iter__(self) -> Iterator[Any]:
        old = () if self._cleared else tuple(k for k in self._table if k not in self._gone)
        new = (k for k in self._seen if self._cleared or k in self._gone or k not in self._table)
        return map(self._id_class, (*old, *new))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def clear(self) -> None:
        """Take every document away, in one step however many there are."""
        self._seen.clear()
        self._gone.clear()
        self._cleared = True

    def steps(self, name: str, encode: Callable[[Any], bytes]) -> list[journal.Step]:
        """What the updater did, as steps of a change."""
        table: journal.Table = {} if self._cleared else self._table
        texts = {key: encode(document) for key, document in self._seen.items()}
        put = {
            key: text
            for key, text in texts.items()
            if key in self._gone or key not in table or not _same(table[key], text, encode)
        }
        steps: list[journal.Step] = []
        if self._cleared:
            steps.append([name])
        elif self._gone:
            steps.append([name, *self._gone])
        if put or self._cleared:
            steps.append({name: put})
        return steps


def _same(old: bytes, new: bytes, encode: Callable[[Any], bytes]) -> bool:
    # what was written as Raw may be spelt otherwise than ``encode`` would
    return old == new or encode(journal.parse(old)) == new


class JournalTable(tinydb.table.Table):
    """A table of a :class:`sync.buffer.storage.JournalStorage`; see the head of this file."""

    # the highest id handed out but perhaps not written yet: insert_multiple asks for several
    _given = 0

    @functools.cached_property
    def _journal(self) -> "storage.JournalStorage":
        return cast("storage.JournalStorage", self._storage)

    def insert(self, document: Mapping[str, Any]) -> int:
        """Insert a document; costs the same however many there are."""
        if not isinstance(document, Raw):
            return super().insert(document)
        self._journal.add(self._name, document.doc_id, document.text)
        if self._query_cache.cache:
            self.clear_cache()
        return document.doc_id

    def truncate(self) -> None:
        """Remove all documents in one step; ids start at 1 again."""
        self._given = 0
        super().truncate()

    def _get_next_id(self) -> int:
        self._given = max(self._given, self._journal.top(self.name)) + 1
        return self._given

    def _read_table(self) -> Any:
        return _Reading(self._journal.table(self.name))

    def _update_table(self, updater: Callable[[Any], None]) -> None:
        changing = _Changing(self._journal.table(self.name), self.document_id_class)
        updater(changing)
        steps = changing.steps(self.name, self._journal.encode)
        if not steps and not self._journal.has(self.name):
            steps = [{self.name: {}}]
        if steps:
            self._journal.change(steps)
        self.clear_cache()
