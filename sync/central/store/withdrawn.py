"""What was withdrawn, kept beside the database: erasures, revocations, streams given away.

Why: a back-up put back brings erased comments, revoked tokens and the wrong owner of a stream back
with it. So whatever is withdrawn is also written, before the transaction that does it commits, to a
file that does not belong into the back-up: one JSON object a line, appended and synced.
`smiley-central restored` applies it again. A line whose transaction then failed withdraws too much
rather than too little.

The file is `office.db.withdrawn` beside a SQLite file; for PostgreSQL it lies in the user's data
folder, or where SMILEY_WITHDRAWN says (one file for all workers of an office).
"""

from __future__ import annotations

import fcntl
import os
import pathlib
from typing import IO, Final

import msgspec
import platformdirs
import sqlalchemy as sa

from sync.central.store import errors

PLACE: Final = "SMILEY_WITHDRAWN"
LONGEST: Final = 1 << 16  # bytes of a line, by far
_NOTED: Final = "withdrawn"


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line. With `code` an erasure, else a revocation of a kiosk's tokens made until `at`.

    Where `given`, neither: `stream`, recorded up to `seq`, was given to `kiosk`.
    """

    at: int
    kiosk: str = ""
    token_hash: str = ""
    stream: str = ""
    seq: int = 0
    code: str = ""
    by: str = ""
    given: bool = False


def place(url: sa.URL, office: str) -> pathlib.Path:
    """Give where the file of this office lies, whose database has this URL."""
    named = os.environ.get(PLACE)
    if named:
        return pathlib.Path(named)
    if url.drivername == "sqlite":
        return pathlib.Path(f"{url.database}.withdrawn")
    return platformdirs.user_data_path("smiley-central") / f"{office}.withdrawn"


def note(connection: sa.Connection, withdrawal: Withdrawal) -> None:
    """Have a withdrawal written before the transaction commits."""
    connection.info.setdefault(_NOTED, []).append(withdrawal)


def noted(connection: sa.Connection) -> list[Withdrawal]:
    """Give, and forget, what was noted in this transaction."""
    found: list[Withdrawal] = connection.info.pop(_NOTED, [])
    return found


def write(noted: list[Withdrawal], path: pathlib.Path) -> None:
    """Append to the file and sync it, and its folder when it is new; one process at a time.

    A last line that a power cut or a full disk tore is mended first: appended to, it would spoil
    the next one too. Raises errors.Away when the disk does not take it.
    """
    lines = b"".join(msgspec.json.encode(one) + b"\n" for one in noted)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # until it is closed
            fresh = _mend(file)
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())
        if fresh:
            _sync_folder(path.parent)
    except OSError as error:
        raise errors.Away(f"{path} does not take what was withdrawn: {error.strerror}") from error


def _mend(file: IO[bytes]) -> bool:
    """Take a torn last line out, for its transaction did not commit; tell whether all is new."""
    size = file.seek(0, os.SEEK_END)
    if not size:
        return True
    file.seek(max(0, size - LONGEST))
    line = file.read(LONGEST).rpartition(b"\n")[2]
    if line and _whole(line):
        file.write(b"\n")
    elif line:
        file.truncate(size - len(line))
    return False


def _whole(line: bytes) -> bool:
    try:
        msgspec.json.decode(line, type=Withdrawal)
    except msgspec.DecodeError:
        return False
    return True


def _sync_folder(folder: pathlib.Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def forget(connection: sa.Connection) -> None:
    """Drop what was noted: its transaction ended otherwise."""
    connection.info.pop(_NOTED, None)


def read(path: pathlib.Path) -> list[Withdrawal]:
    """Give all that was ever withdrawn, oldest first. A torn last line is none."""
    try:
        *lines, last = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise errors.Unusable(f"{path} cannot be read: {error.strerror}") from error
    if _whole(last):  # only its newline is missing
        lines.append(last)
    found = []
    for number, line in enumerate(lines, 1):
        try:
            found.append(msgspec.json.decode(line, type=Withdrawal))
        except msgspec.DecodeError as error:
            raise errors.Unusable(
                f"{path}, line {number} is no withdrawal ({error}): mend or remove that line"
            ) from error
    return found
