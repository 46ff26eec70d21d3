"""People who log in, their sessions, the office's own tokens, and what they did."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import exc

from sync.central.store import errors, schema_people


class User(NamedTuple):
    """Someone who may log in; `password` is argon2's text, `role` reader, manager or admin."""

    name: str
    password: str
    role: str
    made_at: int
    disabled_at: int | None


class Session(NamedTuple):
    """A log-in that lasts until `expires_at` (ms)."""

    session_hash: str
    name: str
    role: str
    made_at: int
    seen_at: int
    expires_at: int
    csrf: str


class Key(NamedTuple):
    """A token of the office, for programs; `role` as a user's."""

    key_hash: str
    label: str
    role: str
    made_at: int
    revoked_at: int | None


def add(connection: sa.Connection, *, name: str, password: str, role: str, now: int) -> None:
    """Add a user; raises errors.Taken."""
    try:
        connection.execute(
            sa.insert(schema_people.users).values(
                name=name, password=password, role=role, made_at=now
            )
        )
    except exc.IntegrityError as error:
        raise errors.Taken(f"there is a user {name!r} already: take another name") from error


def get(connection: sa.Connection, name: str) -> User | None:
    """Give a user, or None."""
    columns = [schema_people.users.c[field] for field in User._fields]
    row = connection.execute(sa.select(*columns).where(schema_people.users.c.name == name)).first()
    return User(*row) if row else None


def every(connection: sa.Connection) -> list[User]:
    """Give all users by name."""
    columns = [schema_people.users.c[field] for field in User._fields]
    return [User(*row) for row in connection.execute(sa.select(*columns).order_by("name"))]


def change(
    connection: sa.Connection,
    name: str,
    *,
    password: str | None = None,
    role: str | None = None,
    disabled_at: int | None = None,
) -> None:
    """Change what is given of a user; raises errors.Unknown."""
    given = {"password": password, "role": role, "disabled_at": disabled_at}
    values = {key: value for key, value in given.items() if value is not None}
    statement = (
        sa.update(schema_people.users).where(schema_people.users.c.name == name).values(**values)
    )
    if connection.execute(statement).rowcount == 0:
        raise errors.Unknown(f"there is no user {name!r}")


def begin_session(
    connection: sa.Connection, *, session_hash: str, name: str, csrf: str, now: int, expires_at: int
) -> None:
    """Keep a new session; only the SHA-256 of its secret comes here."""
    connection.execute(
        sa.insert(schema_people.sessions).values(
            session_hash=session_hash,
            name=name,
            csrf=csrf,
            made_at=now,
            seen_at=now,
            expires_at=expires_at,
        )
    )


def session(connection: sa.Connection, session_hash: str, now: int) -> Session | None:
    """Give a session that has not expired, of a user who is not disabled, or None."""
    own, users = schema_people.sessions, schema_people.users
    columns = [users.c.role if field == "role" else own.c[field] for field in Session._fields]
    row = connection.execute(
        sa.select(*columns)
        .join_from(own, users, own.c.name == users.c.name)
        .where(
            own.c.session_hash == session_hash,
            own.c.expires_at > now,
            users.c.disabled_at.is_(None),
        )
    ).first()
    return Session(*row) if row else None


def see_session(connection: sa.Connection, session_hash: str, now: int, expires_at: int) -> None:
    """Note that a session was used, and let it last until `expires_at`."""
    connection.execute(
        sa.update(schema_people.sessions)
        .where(schema_people.sessions.c.session_hash == session_hash)
        .values(seen_at=now, expires_at=expires_at)
    )


def end_sessions(
    connection: sa.Connection, *, session_hash: str | None = None, name: str | None = None
) -> int:
    """End one session, a user's, or (nothing given) all; gives how many."""
    statement = sa.delete(schema_people.sessions)
    if session_hash is not None:
        statement = statement.where(schema_people.sessions.c.session_hash == session_hash)
    if name is not None:
        statement = statement.where(schema_people.sessions.c.name == name)
    return connection.execute(statement).rowcount


def add_key(connection: sa.Connection, *, key_hash: str, label: str, role: str, now: int) -> None:
    """Keep a token of the office, as its SHA-256."""
    connection.execute(
        sa.insert(schema_people.keys).values(key_hash=key_hash, label=label, role=role, made_at=now)
    )


def key(connection: sa.Connection, key_hash: str) -> Key | None:
    """Give a token of the office that is not revoked, or None."""
    columns = [schema_people.keys.c[field] for field in Key._fields]
    row = connection.execute(
        sa.select(*columns).where(
            schema_people.keys.c.key_hash == key_hash, schema_people.keys.c.revoked_at.is_(None)
        )
    ).first()
    return Key(*row) if row else None


def revoke_keys(connection: sa.Connection, label: str, now: int) -> int:
    """End every key of this label; gives how many there were."""
    table = schema_people.keys
    ended = sa.update(table).where(table.c.label == label, table.c.revoked_at.is_(None))
    return connection.execute(ended.values(revoked_at=now)).rowcount


def note(
    connection: sa.Connection, *, who: str, what: str, about: str = "", detail: str = "", now: int
) -> None:
    """Write a line into the audit log. Never a secret, never a comment's text."""
    connection.execute(
        sa.insert(schema_people.audit).values(
            who=who, what=what, about=about, detail=detail, made_at=now
        )
    )
