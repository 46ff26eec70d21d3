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

import os
import pathlib
from typing import Final

import msgspec
import platformdirs
import sqlalchemy as sa

from sync.central.store import errors

PLACE: Final = "SMILEY_WITHDRAWN"
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
    """Append to the file and sync it. Raises errors.Away when the disk does not take it."""
    lines = b"".join(msgspec.json.encode(one) + b"\n" for one in noted)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise errors.Away(f"{path} does not take what was withdrawn: {error.strerror}") from error


def forget(connection: sa.Connection) -> None:
    """Drop what was noted: its transaction ended otherwise."""
    connection.info.pop(_NOTED, None)


def read(path: pathlib.Path) -> list[Withdrawal]:
    """Give all that was ever withdrawn, oldest first. A torn last line is none."""
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise errors.Unusable(f"{path} cannot be read: {error.strerror}") from error
    found = []
    for number, line in enumerate(lines[:-1], 1):
        try:
            found.append(msgspec.json.decode(line, type=Withdrawal))
        except msgspec.DecodeError as error:
            raise errors.Unusable(
                f"{path}, line {number} is no withdrawal ({error}): mend or remove that line"
            ) from error
    return found
