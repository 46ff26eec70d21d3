"""MemoryFiles: the card in memory, as fast as a dictionary; can be full, slow and failing.

It passes the same tests as :class:`sync.buffer.files.RealFiles`.
"""

import threading
from collections.abc import Callable

from sync.buffer import errors

Hook = Callable[[str, str], None]


def folder_of(path: str) -> str:
    """The folder a path lies in, ``""`` when it names none."""
    return path.rpartition("/")[0]


class MemoryFiles:
    """A card in memory, for tests, for the demo and for seeing what a real card would do.

    ``files``: path → bytes. ``folders``: the folders made. ``room``: bytes that still fit, None
    without limit; an append that does not fit leaves the part that did, as a real card may.
    ``hook(verb, path)`` is called before every verb: it may wait (a slow card), raise one of
    :mod:`sync.buffer.errors` (a failing card) or count.
    """

    def __init__(self, files: dict[str, bytes] | None = None, room: int | None = None) -> None:
        # bytes until somebody appends: thousands of cards are made from shared pieces
        self.files: dict[str, bytes | bytearray] = dict(files or {})
        self.folders: set[str] = set()
        for path in self.files:
            self._note_folders(folder_of(path))
        self.room = room
        self.hook: Hook | None = None
        self._locks: set[str] = set()
        self._mutex = threading.Lock()

    def __repr__(self) -> str:
        return f"<MemoryFiles {len(self.files)} files, room {self.room}>"

    def _enter(self, verb: str, path: str) -> None:
        if self.hook is not None:
            self.hook(verb, path)
        if path in self.folders and verb in _FILE_VERBS:
            raise errors.Failing(f"{path}: could not {verb}: Is a directory")

    def _note_folders(self, path: str) -> None:
        while path not in _ROOTS:
            self.folders.add(path)
            path = folder_of(path)

    def append(self, path: str, data: bytes) -> None:
        """See :class:`sync.buffer.files.Files`."""
        self._enter("append", path)
        with self._mutex:
            self._put(path, data, "append")

    def write(self, path: str, data: bytes) -> None:
        """See :class:`sync.buffer.files.Files`."""
        self._enter("write", path)
        with self._mutex:
            self._drop(path)
            self._put(path, data, "write")

    def _put(self, path: str, data: bytes, verb: str) -> None:
        folder = folder_of(path)
        if folder not in _ROOTS and folder not in self.folders:
            raise errors.Missing(f"{path}: could not {verb}: No such file or directory")
        file = self.files.get(path, b"")
        if isinstance(file, bytes):
            file = self.files[path] = bytearray(file)
        if self.room is None:
            file += data
            return
        file += data[: max(self.room, 0)]
        short = len(data) > self.room
        self.room = max(self.room - len(data), 0)
        if short:
            raise errors.Full(f"{path}: could not {verb}: No space left on device")

    def _drop(self, path: str) -> None:
        gone = self.files.pop(path, None)
        if gone is not None and self.room is not None:
            self.room += len(gone)

    def sync(self, path: str) -> None:
        """See :class:`sync.buffer.files.Files`; here bytes are where they are."""
        self._enter("sync", path)
        self._file(path, "sync")

    def _file(self, path: str, verb: str) -> bytes | bytearray:
        try:
            return self.files[path]
        except KeyError:
            message = f"{path}: could not {verb}: No such file or directory"
            raise errors.Missing(message) from None

    def replace(self, source: str, target: str) -> None:
        """See :class:`sync.buffer.files.Files`."""
        self._enter("replace", source)
        if target in self.folders:
            raise errors.Failing(f"{target}: could not rename {source} to: Is a directory")
        with self._mutex:
            file = self._file(source, f"rename to {target}")
            if source != target:
                self._drop(target)
                del self.files[source]
                self.files[target] = file

    def remove(self, path: str) -> None:
        """See :class:`sync.buffer.files.Files`."""
        self._enter("remove", path)
        with self._mutex:
            self._drop(path)

    def make_folder(self, path: str) -> None:
        """See :class:`sync.buffer.files.Files`."""
        self._enter("make_folder", path)
        if path in self.files:
            raise errors.Failing(f"{path}: could not make folder: File exists")
        self._note_folders(path)

    def sync_folder(self, path: str) -> None:
        """See :class:`sync.buffer.files.Files`."""
        self._enter("sync_folder", path)
        if path not in _ROOTS and path not in self.folders:
            raise errors.Missing(f"{path}: could not sync folder: No such file or directory")

    def close(self, path: str) -> None:
        """See :class:`sync.buffer.files.Files`."""

    def read(self, path: str, offset: int = 0, size: int = -1) -> bytes:
        """See :class:`sync.buffer.files.Files`."""
        self._enter("read", path)
        file = self._file(path, "read")
        return bytes(file[offset:] if size < 0 else file[offset : offset + size])

    def size(self, path: str) -> int:
        """See :class:`sync.buffer.files.Files`."""
        self._enter("size", path)
        return len(self._file(path, "measure"))

    def exists(self, path: str) -> bool:
        """See :class:`sync.buffer.files.Files`."""
        self._enter("exists", path)
        return path in self.files or path in self.folders or path in _ROOTS

    def listing(self, folder: str) -> list[str]:
        """See :class:`sync.buffer.files.Files`."""
        self._enter("listing", folder)
        if folder in self.files:
            raise errors.Failing(f"{folder}: could not list: Not a directory")
        start = folder + "/"
        with self._mutex:
            inside = [p for p in (*self.files, *self.folders) if p.startswith(start)]
        return sorted({p[len(start) :] for p in inside if "/" not in p[len(start) :]})

    def free(self, folder: str) -> int:
        """See :class:`sync.buffer.files.Files`; without a limit it says a terabyte."""
        self._enter("free", folder)
        return 1 << 40 if self.room is None else self.room

    def lock(self, path: str) -> None:
        """See :class:`sync.buffer.files.Files`."""
        self._enter("lock", path)
        if path in self._locks:
            raise errors.Locked(f"{path}: another process has this buffer open")
        self._locks.add(path)

    def unlock(self, path: str) -> None:
        """See :class:`sync.buffer.files.Files`."""
        self._locks.discard(path)


_ROOTS = ("", "/", ".")
_FILE_VERBS = frozenset({"append", "write", "sync", "read", "size"})
