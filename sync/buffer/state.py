"""Small state: what the buffer may forget (it only works more) and what it must not.

Each piece is a TinyDB of one document on a :class:`~sync.buffer.storage.WholeStorage`, replaced
whole, in the folder ``state``:

=================  ===================================================  ======================
``identity``       enrolments and tokens                                enrolling again
``memory``         what others asked ``Buffer.remember`` to keep        asking the office again
``marker``         the boot that has the buffer open, and its goodbye   ``stopped: unknown``
``acknowledged``   what the offices have, since the checkpoint          sending again
``checkpoint``     streams, totals, clocks, up to a seq of each stream  reading the whole card
``cells-YYYY-MM``  the totals of a month                                reading the whole card
=================  ===================================================  ======================

(The last column: what forgetting it costs.) Nothing here is read or written under the recorder's
lock.
"""

from typing import Any

import tinydb

from sync.buffer import errors, storage
from sync.buffer.files import Files

_ONLY = 1


class State:
    """The pieces of small state of one data folder; a document is a JSON object."""

    def __init__(self, card: Files, folder: str) -> None:
        self._card = card
        self.folder = f"{folder}/state"
        self.damaged: dict[str, str] = {}
        self.newer: set[str] = set()

    def __repr__(self) -> str:
        return f"<State {self.folder}>"

    def load(self, piece: str) -> dict[str, Any] | None:
        """The document; None when there is none or it cannot be read (then ``damaged`` says so)."""
        try:
            with self._open(piece, "r") as db:
                document = db.get(doc_id=_ONLY)
                if _damaged(db):
                    self.damaged[self._path(piece)] = "could not be read in parts"
        except errors.Missing:
            return None
        except errors.NewerFormat as error:
            self.newer.add(piece)
            self.damaged[self._path(piece)] = str(error)
            return None
        except errors.Error as error:
            self.damaged[self._path(piece)] = str(error)
            return None
        return dict(document) if isinstance(document, dict) else None

    def months(self) -> set[str]:
        """The months that have a file of cells."""
        try:
            names = self._card.listing(self.folder)
        except errors.Error:
            return set()
        return {n[6:13] for n in names if n.startswith("cells-") and n.endswith(".json")}

    def save(self, piece: str, document: dict[str, Any]) -> None:
        """Replace the document; it would survive a power cut when this returns.

        Raises :class:`~sync.buffer.errors.Error` when the card does not take it, or when a newer
        version of the program wrote it.
        """
        if piece in self.newer:
            raise errors.NewerFormat(f"{self._path(piece)}: {self.damaged[self._path(piece)]}")
        try:
            with self._open(piece, "r+") as db:
                replace(db, document)
        except errors.Failing:
            # a folder in the file's place, or a file that cannot even be read: kept beside it
            self._card.replace(self._path(piece), f"{self._path(piece)}.damaged")
            with self._open(piece, "r+") as db:
                replace(db, document)

    def _path(self, piece: str) -> str:
        return f"{self.folder}/{piece}.json"

    def _open(self, piece: str, access_mode: str) -> tinydb.TinyDB:
        return tinydb.TinyDB(
            self._path(piece),
            storage=storage.WholeStorage,
            files=self._card,
            access_mode=access_mode,
            salt=piece.encode(),
        )


def replace(db: tinydb.TinyDB, document: dict[str, Any]) -> None:
    """Make this the database's only document, in one write.

    (``upsert`` would merge it into the old one, and write twice where there is none.)
    """
    db.storage.write({db.default_table_name: {str(_ONLY): document}})


def _damaged(db: tinydb.TinyDB) -> bool:
    """Whether some of the file could not be read."""
    return isinstance(db.storage, storage.WholeStorage) and bool(db.storage.damaged)
