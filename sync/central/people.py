"""People who look at the pages: passwords, log-in, sessions.

Rule 1: passwords lie as argon2id; a wrong name takes as long as a wrong password.
Rule 2: the cookie is 256 random bits; the books hold only its SHA-256.
Rule 3: every form carries the session's `csrf`; the cookie alone moves nothing.
Rule 4: log-ins are slowed as codes are (`guessing.py`).
"""

import functools
import secrets
from typing import NamedTuple

import argon2

from sync.central import enrolment, guessing, tries
from sync.central.store import engine, errors, people, transaction

ROLES = ("reader", "manager", "admin")
SHORTEST = 10
LONGEST = 200
SESSION = 12 * 3600 * 1000
"""Milliseconds a session lasts: a working day; then the tablet asks again."""
SEEN_EVERY = 60_000

_hasher = argon2.PasswordHasher()


class LoggedIn(NamedTuple):
    """A new session: what goes into the cookie, and whose it is."""

    cookie: str
    name: str


def add(store: engine.Store, name: str, password: str, role: str, now: int) -> None:
    """Add a user. Raises errors.Wrong with a sentence: name, password or role will not do."""
    if not name or len(name) > 64 or not name.isprintable() or name != name.strip():
        raise errors.Wrong(f"user name {name!r} will not do: 1 to 64 letters without space around")
    if not SHORTEST <= len(password) <= LONGEST:
        raise errors.Wrong(
            f"the password has {len(password)} characters: {SHORTEST} to {LONGEST} would be right"
        )
    if role not in ROLES:
        raise errors.Wrong(f"role {role!r} is none of {', '.join(ROLES)}")
    kept = _hasher.hash(password)
    store.attempt(
        lambda connection: people.add(connection, name=name, password=kept, role=role, now=now)
    )


def disable(store: engine.Store, name: str, now: int) -> None:
    """Let somebody log in no more, and end their sessions. Raises errors.Unknown."""

    def work(connection: transaction.Transaction) -> None:
        people.change(connection, name, disabled_at=now)
        people.end_sessions(connection, name=name)

    store.attempt(work)


def log_in(
    store: engine.Store, name: str, password: str, address: str, now: int
) -> LoggedIn | None:
    """Begin a session, None for a wrong name or password. Raises the 429 of guessing."""
    told = "Too many wrong passwords were tried; wait, then try again."
    one = tries.take(store, guessing.LOG_INS, address, now, told)
    user = None
    if name.isprintable():  # nobody else was ever added, and PostgreSQL chokes on a U+0000
        with store.read() as connection:
            user = people.get(connection, name)
    known = user is not None and user.disabled_at is None
    kept = user.password if user and known else _nobody()
    if not _right(kept, password) or user is None or not known:
        return None
    tries.give_back(store, one)
    cookie = secrets.token_urlsafe(32)
    rehashed = _hasher.hash(password) if _hasher.check_needs_rehash(user.password) else None

    def work(connection: transaction.Transaction) -> None:
        if rehashed:
            people.change(connection, name, password=rehashed)
        people.begin_session(
            connection,
            session_hash=enrolment.fingerprint(cookie),
            name=name,
            csrf=secrets.token_urlsafe(32),
            now=now,
            expires_at=now + SESSION,
        )
        people.note(connection, who=name, what="log in", now=now)

    store.attempt(work)
    return LoggedIn(cookie, name)


def session(store: engine.Store, cookie: str, now: int) -> people.Session | None:
    """Find the session of a cookie, None when there is none (any more)."""
    if not cookie:
        return None
    kept = enrolment.fingerprint(cookie)
    with store.read() as connection:
        found = people.session(connection, kept, now)
    if found and now - found.seen_at > SEEN_EVERY:
        until = found.expires_at
        store.attempt(lambda connection: people.see_session(connection, kept, now, until))
    return found


def log_out(store: engine.Store, cookie: str) -> None:
    """End a session; twice is fine."""
    kept = enrolment.fingerprint(cookie)
    store.attempt(lambda connection: people.end_sessions(connection, session_hash=kept))


def add_key(store: engine.Store, label: str, role: str, now: int) -> str:
    """Make a key for a program and give it: the only time it is seen."""
    if not 1 <= len(label) <= 64 or not label.isprintable():
        raise errors.Wrong(f"label {label!r} will not do: 1 to 64 printable characters")
    key = secrets.token_hex(32)
    kept = enrolment.fingerprint(key)
    store.attempt(
        lambda connection: people.add_key(
            connection, key_hash=kept, label=label, role=role, now=now
        )
    )
    return key


def key_role(store: engine.Store, key: str) -> str | None:
    """Give the role of an office's key, None when it is none (any more)."""
    with store.read() as connection:
        found = people.key(connection, enrolment.fingerprint(key))
    return found.role if found else None


def _right(kept: str, password: str) -> bool:
    try:
        return _hasher.verify(kept, password[:LONGEST])
    except argon2.exceptions.VerificationError:
        return False


@functools.cache
def _nobody() -> str:
    return _hasher.hash(secrets.token_hex(16))
