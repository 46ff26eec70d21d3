"""The type of an open transaction, for rooms that hand one on but write no SQL."""

from sqlalchemy import Connection as Transaction

__all__ = ["Transaction"]
