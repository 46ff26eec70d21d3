"""The card behind one seam of verbs, the real form and the in-memory form side by side.

Rules of every form:

1. ``append`` and ``write`` put bytes where the next ``read`` finds them; they are on the card only
   once ``sync`` of that path has returned.
2. A name (a new file, a ``replace``, a ``remove``) is on the card only once ``sync_folder`` of the
   folder it lies in has returned. A new folder is on the card when ``make_folder`` returns.
3. A failed ``append`` may leave any part of its bytes behind. A failed ``sync`` means: not written.
   Whoever meets either never appends to that file again.
4. Errors are those of :mod:`sync.buffer.errors`, never ``OSError``.
5. Paths are strings with ``/``; verbs of different paths may be called from different threads.

:class:`sync.buffer.recording.RecordingFiles` is the third form: it rebuilds what a power cut may
leave behind.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from sync.buffer import errors


class Files(Protocol):
    """The verbs."""

    def append(self, path: str, data: bytes) -> None:
        """Put ``data`` at the end of the file, which is made when it is not there."""

    def write(self, path: str, data: bytes) -> None:
        """Make a new file that holds ``data``; whatever had this name before is gone."""

    def sync(self, path: str) -> None:
        """Return when the file's bytes (and its length) would survive a power cut."""

    def replace(self, source: str, target: str) -> None:
        """Give the file ``source`` the name ``target``, in one step, in the place of any other."""

    def remove(self, path: str) -> None:
        """Take the name away; a name that is not there is already away."""

    def make_folder(self, path: str) -> None:
        """Make a folder and those above it; one that is there is fine."""

    def sync_folder(self, path: str) -> None:
        """Return when the names in this folder would survive a power cut."""

    def close(self, path: str) -> None:
        """Let go of what is held open for appending to this file; nothing held is fine."""

    def read(self, path: str, offset: int = 0, size: int = -1) -> bytes:
        """Bytes of the file from ``offset``, at most ``size`` (-1: to the end)."""

    def size(self, path: str) -> int:
        """Length of the file in bytes."""

    def exists(self, path: str) -> bool:
        """Whether something of this name is there."""

    def listing(self, folder: str) -> list[str]:
        """Names in the folder, sorted; none when there is no such folder."""

    def free(self, folder: str) -> int:
        """Bytes that this process could still write to the card that holds ``folder``."""

    def lock(self, path: str) -> None:
        """Own this name until ``unlock`` or the end of the process; else ``errors.Locked``."""

    def unlock(self, path: str) -> None:
        """Give up what ``lock`` got; nothing held is fine."""


@contextlib.contextmanager
def _door(verb: str, path: str) -> Iterator[None]:
    """Translate what the operating system raises while doing ``verb`` to ``path``."""
    try:
        yield
    except OSError as error:
        raise errors.of(error, verb, path) from error


class RealFiles:
    """Files on a real card.

    A descriptor is kept for each file that is appended to (opening costs more than writing a tap),
    until ``close``, ``replace`` or ``remove`` names that file. Interrupted calls are taken up again
    by Python itself (PEP 475); short writes by us.
    """

    def __init__(self) -> None:
        self._open: dict[str, int] = {}
        self._young: set[str] = set()
        self._locks: dict[str, int] = {}

    def __repr__(self) -> str:
        return f"<RealFiles {len(self._open)} open>"

    def append(self, path: str, data: bytes) -> None:
        """See :class:`Files`."""
        try:
            descriptor = self._open.get(path)
            if descriptor is None:
                descriptor = self._open_for_appending(path)
            written = os.write(descriptor, data)
            if written < len(data):
                _write_all(descriptor, data[written:])
        except OSError as error:
            raise errors.of(error, "append", path) from error

    def _open_for_appending(self, path: str) -> int:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        descriptor = os.open(path, flags, 0o640)
        if os.fstat(descriptor).st_size == 0:
            self._young.add(path)
        self._open[path] = descriptor
        return descriptor

    def write(self, path: str, data: bytes) -> None:
        """See :class:`Files`."""
        self.close(path)
        with _door("write", path):
            # a file of its own: truncating the old one in place would lose it before the new one
            # is there
            Path(path).unlink(missing_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
            descriptor = os.open(path, flags, 0o640)
            self._young.add(path)
            # kept open until the sync: some kernels report a late write error only to the
            # descriptors that were open when it happened
            self._open[path] = descriptor
            _write_all(descriptor, data)

    def sync(self, path: str) -> None:
        """See :class:`Files`. For a file that grew ``fdatasync`` does: it flushes the length."""
        try:
            descriptor = self._open.get(path)
            if descriptor is None:
                _sync_path(path)
            elif path in self._young:
                os.fsync(descriptor)
                self._young.discard(path)
            else:
                os.fdatasync(descriptor)
        except OSError as error:
            raise errors.of(error, "sync", path) from error

    def replace(self, source: str, target: str) -> None:
        """See :class:`Files`."""
        self.close(source)
        self.close(target)
        with _door(f"rename {source} to", target):
            Path(source).replace(target)

    def remove(self, path: str) -> None:
        """See :class:`Files`."""
        self.close(path)
        with _door("remove", path):
            Path(path).unlink(missing_ok=True)

    def make_folder(self, path: str) -> None:
        """See :class:`Files`. Folders newly made are synced into the ones above them at once."""
        with _door("make folder", path):
            folder = Path(path)
            missing = [f for f in (folder, *folder.parents) if not f.exists()]
            folder.mkdir(parents=True, exist_ok=True)
            for made in missing:
                _sync_path(str(made.parent))

    def sync_folder(self, path: str) -> None:
        """See :class:`Files`."""
        with _door("sync folder", path):
            _sync_path(path)

    def close(self, path: str) -> None:
        """See :class:`Files`."""
        self._young.discard(path)
        descriptor = self._open.pop(path, None)
        if descriptor is not None:
            # a close that fails says nothing that the sync before it has not said
            with contextlib.suppress(OSError):
                os.close(descriptor)

    def read(self, path: str, offset: int = 0, size: int = -1) -> bytes:
        """See :class:`Files`."""
        with _door("read", path), open(path, "rb", buffering=0) as file:
            if offset:
                file.seek(offset)
            if size < 0:
                return file.readall()
            return file.read(size) or b""

    def size(self, path: str) -> int:
        """See :class:`Files`."""
        with _door("measure", path):
            return Path(path).stat().st_size

    def exists(self, path: str) -> bool:
        """See :class:`Files`."""
        with _door("look for", path):
            return Path(path).exists()

    def listing(self, folder: str) -> list[str]:
        """See :class:`Files`."""
        with _door("list", folder):
            try:
                return sorted(entry.name for entry in os.scandir(folder))
            except FileNotFoundError:
                return []

    def free(self, folder: str) -> int:
        """See :class:`Files`."""
        with _door("measure the free room of", folder):
            room = os.statvfs(folder)
            return room.f_bavail * room.f_frsize

    def lock(self, path: str) -> None:
        """See :class:`Files`. The kernel lets go when the process ends, however it ends."""
        with _door("lock", path):
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                os.close(descriptor)
                raise errors.Locked(f"{path}: another process has this buffer open") from error
            self._locks[path] = descriptor

    def unlock(self, path: str) -> None:
        """See :class:`Files`."""
        descriptor = self._locks.pop(path, None)
        if descriptor is not None:
            os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    written = os.write(descriptor, data)
    while written < len(data):
        written += os.write(descriptor, data[written:])


def _sync_path(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
