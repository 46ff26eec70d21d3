"""The office's books in SQL: the only place, with its migrations, where SQL is written."""

from sync.central.store.engine import Store, open

__all__ = ["Store", "open"]
