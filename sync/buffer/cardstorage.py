"""What TinyDB's storages on a card share: file, keyword arguments, replacing, closing.

The rules stand at the head of :mod:`sync.buffer.storage`.
"""

import os
from typing import Any

from tinydb.storages import Storage

from sync.buffer import content, errors, journal
from sync.buffer.files import Files, RealFiles
from sync.buffer.memory import folder_of


class CardStorage(Storage):
    """A TinyDB ``Storage`` whose file is a journal; ``write`` is for those built on it."""

    def __init__(
        self,
        path: str | os.PathLike[str],
        create_dirs: bool = False,
        encoding: str | None = None,
        access_mode: str = "r+",
        *,
        files: Files | None = None,
        salt: bytes = b"",
        **options: Any,
    ) -> None:
        super().__init__()
        self.path = os.fspath(path)
        self.files = files or RealFiles()
        self.closed = False
        self._new = False
        self._salt = salt
        self._writable = access_mode != "r"
        self._options = _checked(options, encoding, access_mode)
        self._folder = folder_of(self.path) or "."
        if create_dirs:
            self.files.make_folder(self._folder)
        self._content = self._load()
        self._spoiled = self._content.whole != self._length or bool(self._content.damaged)

    def __repr__(self) -> str:
        state = "closed" if self.closed else "open"
        return f"<{type(self).__name__} {self.path} {state}>"

    @property
    def damaged(self) -> list[journal.Span]:
        """Spans of the file that could not be read when it was opened."""
        return list(self._content.damaged)

    @property
    def salt(self) -> bytes:
        """What the checksums start from."""
        return self._salt

    def _load(self) -> content.Content:
        try:
            data = self.files.read(self.path)
        except errors.Missing:
            if not self._writable or not self.files.exists(self._folder):
                raise
            data = b""
            self._new = True
        self._length = len(data)
        return content.Content.read(data, self._salt, self.path)

    def _check_open(self) -> None:
        if self.closed:
            raise errors.Closed(f"{self.path}: this storage is closed; open the database again")

    def _check_writable(self) -> None:
        self._check_open()
        if not self._writable:
            raise errors.ReadOnly(f"{self.path}: opened with access_mode='r'; use 'r+' to write")

    def read(self) -> dict[str, dict[str, Any]] | None:
        """The whole state, a fresh copy at each call; None when nothing was ever written."""
        self._check_open()
        if not self._length:
            return None
        return journal.decode(self._content.tables)

    def _replace(self, data: bytes) -> None:
        """Put a file that holds ``data`` in this one's place; the old one is whole until then."""
        beside = f"{self.path}.new"
        self.files.write(beside, data)
        self.files.sync(beside)
        # from here until the folder is synced nobody knows which file a cut would leave
        self._spoiled = True
        self.files.replace(beside, self.path)
        self.files.sync_folder(self._folder)
        self._spoiled = False
        self._length = len(data)

    def _keep_damaged(self) -> None:
        kept = f"{self.path}.damaged"
        self.files.write(kept, self.files.read(self.path))
        self.files.sync(kept)
        self.files.sync_folder(self._folder)
        self._content.damaged.clear()

    def close(self) -> None:
        """Let go of the file; twice is fine."""
        if not self.closed:
            self.closed = True
            self.files.close(self.path)


def _checked(options: dict[str, Any], encoding: str | None, access_mode: str) -> dict[str, Any]:
    if access_mode not in ("r", "r+"):
        raise ValueError(f"access_mode={access_mode!r}: 'r' (read only) or 'r+' would be right")
    if encoding is not None and encoding.lower().replace("_", "-") not in ("utf-8", "utf8"):
        raise ValueError(f"encoding={encoding!r}: a journal is always 'utf-8'")
    if options.get("indent") is not None:
        raise ValueError("indent: a document is one line here; leave it out")
    return options
