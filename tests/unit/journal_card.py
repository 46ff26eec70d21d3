"""A journal on a card in memory."""

from typing import Any

from tinydb import TinyDB

from sync.buffer import storage
from sync.buffer.memory import MemoryFiles


def opened(card: MemoryFiles, **options: Any) -> storage.JournalDB:
    """Open the journal on this card."""
    return storage.JournalDB("db", files=card, **options)


def storage_of(db: TinyDB) -> storage.JournalStorage:
    """Return what keeps this database."""
    assert isinstance(db.storage, storage.JournalStorage)
    return db.storage
