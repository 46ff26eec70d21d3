"""TinyDB on a card that may lose power at any moment.

``TinyDB(path, storage=JournalStorage)`` behaves as TinyDB does on its own storage. Instead of
rewriting the file at each change it appends one line that holds the change, and returns when that
line would survive a power cut. Set ``JournalDB`` (or ``TinyDB.table_class = JournalTable``) where a
change must not cost more the more documents there are.

``WholeStorage`` is for small state: one line, written beside, synced, renamed, the folder synced.

Rules:

1. A change is on the card when ``write`` returns, whole, or ``write`` raises one of
   :mod:`sync.buffer.errors` and what is read afterwards is the state before it. (After a restart it
   may be there all the same: a card that fails does not say how far it got.)
2. A file that an append or sync failed on, and one that ends in a torn tail, is never appended to
   again: the next change writes the whole state beside it and takes its name.
3. What a file is replaced by is synced before the rename, and the folder after it.
4. Bytes that could not be read are told in ``damaged``, never raised; before such a file is
   replaced it is kept as ``<path>.damaged``.
5. A file of a newer format is not touched: opening it raises ``errors.NewerFormat``.

Not for several processes, and within one process not for several threads without a lock.
"""

import contextlib
import os
from collections.abc import Mapping
from typing import Any
from zlib import crc32

import tinydb

from sync.buffer import cardstorage, content, errors, journal
from sync.buffer.tables import JournalTable

COMPACT_FROM = 64 * 1024
"""Below this many bytes a journal is not worth compacting: it is read in a millisecond."""


class JournalStorage(cardstorage.CardStorage):
    """A TinyDB ``Storage`` that appends one checksummed line for each change.

    TinyDB hands over its whole state at each write: it is compared with what is known, which costs
    time that grows with the state. :class:`JournalTable` hands over the change alone.

    ``files``: the card, a real one when left out. ``salt``: see :mod:`sync.buffer.journal`.
    ``compact``: whether a file that is mostly history is rewritten by itself. Other keyword
    arguments go to :func:`json.dumps`, as they do in TinyDB's ``JSONStorage``.
    """

    def __init__(
        self, path: str | os.PathLike[str], *args: Any, compact: bool = True, **options: Any
    ) -> None:
        super().__init__(path, *args, **options)
        self._compact_at = COMPACT_FROM if compact else None
        self._seed = crc32(self._salt)
        # so that ``add`` asks one thing less: what is not writable is never appended to either
        self._spoiled = self._spoiled or not self._writable

    @property
    def length(self) -> int:
        """Bytes of the file."""
        return self._length

    def write(self, data: Mapping[str, Any]) -> None:
        """Make ``data`` the whole state: one line with what differs from the state known."""
        self._check_writable()
        steps = content.difference(self._content.tables, journal.encode(data, **self._options))
        if steps or not self._length:
            self.change(steps)

    def table(self, name: str) -> journal.Table:
        """The documents of one table as JSON, by id; not to be changed by the caller."""
        self._check_open()
        table = self._content.tables.get(name)
        return table if isinstance(table, dict) else {}

    def has(self, name: str) -> bool:
        """Whether there is such a table, be it empty."""
        self._check_open()
        return name in self._content.tables

    def top(self, name: str) -> int:
        """The highest id that the table ever gave, removed documents included; 0 when none."""
        return self._content.top.get(name, 0)

    def encode(self, document: Any) -> bytes:
        """A document's JSON as this storage writes it."""
        return journal.document(document, **self._options)

    def change(self, steps: list[journal.Step]) -> None:
        """Take these steps at once: all are on the card when this returns."""
        self._check_writable()
        if self._spoiled:
            self._rewrite(steps)
            return
        text = journal.line(journal.change(steps), self._salt) if steps else b""
        self._append(text)
        self._content.apply(steps)
        if self._compact_at is not None and self._length >= self._compact_at:
            self._compact()

    def add(self, table: str, doc_id: int, document: bytes) -> None:
        """Put one new document whose JSON is ``document``: these bytes stand in the file.

        Raises ``ValueError`` when the id is taken or the JSON is more than one line.
        """
        # A tap goes this way: few calls, because after an fsync each costs several times more.
        known = self._content
        if (
            self.closed
            or self._spoiled
            or not self._length
            or doc_id <= known.top.get(table, 0)
            or b"\n" in document
        ):
            self._add_with_care(table, str(doc_id), document)
            return
        change = b'%b"%d":%b}}' % (journal.beginning(table), doc_id, document)
        text = b"%08x %b\n" % (crc32(change, self._seed), change)
        self._spoiled = True
        self.files.append(self.path, text)
        self.files.sync(self.path)
        self._spoiled = False
        self._length += len(text)
        known.add(table, doc_id, document)
        if self._compact_at is not None and self._length >= self._compact_at:
            self._compact()

    def _add_with_care(self, table: str, doc_id: str, document: bytes) -> None:
        if doc_id in self.table(table):
            raise ValueError(f"Document with ID {doc_id} already exists")
        if b"\n" in document:
            raise ValueError(
                f"Document with ID {doc_id} holds a line feed; its JSON must be one line"
            )
        self.change([{table: {doc_id: document}}])

    def _append(self, text: bytes) -> None:
        first = not self._length
        if first:
            text = journal.header(salt=self._salt) + text
        # spoiled until it has all gone well: what raises here may have left part of the line
        self._spoiled = True
        self.files.append(self.path, text)
        self.files.sync(self.path)
        if first:
            self.files.sync_folder(self._folder)
        self._spoiled = False
        self._length += len(text)

    def compact(self) -> None:
        """Rewrite the file so that it holds what it says and no history."""
        self._check_writable()
        self._rewrite([])

    def _compact(self) -> None:
        text = content.whole(self._content, self._salt)
        if self._length > 2 * len(text):
            # should it fail the change itself is safe; if it is not known whether the rename
            # happened, the file is marked as spoiled, and the next change writes it anew
            with contextlib.suppress(errors.Error):
                self._rewrite([], text)
        self._compact_at = 2 * max(self._length, COMPACT_FROM)

    def _rewrite(self, steps: list[journal.Step], text: bytes | None = None) -> None:
        """Write the whole state, with ``steps`` taken, beside the file and take its name."""
        after = self._content.copy() if steps else self._content
        after.apply(steps)
        if text is None:
            text = content.whole(after, self._salt)
        if self._content.damaged:
            self._keep_damaged()
        self._replace(text)
        self._content = after


class WholeStorage(cardstorage.CardStorage):
    """A TinyDB ``Storage`` for small state: every write replaces the file, whole or not at all.

    So a file that does not end as it should is damaged, be it empty or cut at the end of a line.
    """

    def __init__(self, path: str | os.PathLike[str], *args: Any, **options: Any) -> None:
        super().__init__(path, *args, **options)
        if not self._new and not self._content.ended:
            self._content.damaged.append(journal.Span(self._content.whole, self._length))
            self._spoiled = True

    def write(self, data: Mapping[str, Any]) -> None:
        """Replace the file by one that holds ``data``."""
        self._check_writable()
        after = self._content.copy()
        after.tables = journal.encode(data, **self._options)
        if self._length and not self._spoiled and after.tables == self._content.tables:
            return
        text = content.whole(after, self._salt)
        if self._content.damaged:
            self._keep_damaged()
        self._replace(text)
        self._content = after


class JournalDB(tinydb.TinyDB):
    """TinyDB on a :class:`JournalStorage` with tables whose changes cost the same at any size."""

    default_storage_class = JournalStorage  # type: ignore[assignment]  # TinyDB infers JSONStorage
    table_class = JournalTable


__all__ = ("JournalDB", "JournalStorage", "JournalTable", "WholeStorage")
