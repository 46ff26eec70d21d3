"""Enrolment codes and kiosks' tokens: only their SHA-256 ever comes here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import sqlalchemy as sa

from sync.central.store import schema, withdrawn


class Code(NamedTuple):
    """An enrolment code; `token_hash` is the token that used it up."""

    code_hash: str
    kiosk: str
    made_at: int
    expires_at: int
    token_hash: str | None
    used_at: int | None
    void_at: int | None
    replaces: bool


class Token(NamedTuple):
    """A kiosk's token; `rolls` is the hash of the one that it ends when first used."""

    token_hash: str
    kiosk: str
    made_at: int
    used_at: int | None
    revoked_at: int | None
    rolls: str | None


def add_code(
    connection: sa.Connection,
    *,
    code_hash: str,
    kiosk: str,
    now: int,
    expires_at: int,
    replaces: bool = False,
) -> None:
    """Keep a new code."""
    connection.execute(
        sa.insert(schema.codes).values(
            code_hash=code_hash,
            kiosk=kiosk,
            made_at=now,
            expires_at=expires_at,
            replaces=replaces,
        )
    )


def code(connection: sa.Connection, code_hash: str) -> Code | None:
    """Give a code, locked until the transaction's end, or None."""
    columns = [schema.codes.c[name] for name in Code._fields]
    statement = sa.select(*columns).where(schema.codes.c.code_hash == code_hash)
    row = connection.execute(statement.with_for_update()).first()
    return Code(*row) if row else None


def use_code(connection: sa.Connection, code_hash: str, token_hash: str, now: int) -> None:
    """Mark a code used up by a token."""
    connection.execute(
        sa.update(schema.codes)
        .where(schema.codes.c.code_hash == code_hash)
        .values(token_hash=token_hash, used_at=now)
    )


def void_codes(connection: sa.Connection, now: int, *, kiosk: str | None = None) -> int:
    """Void all open codes, or one kiosk's; gives how many."""
    statement = sa.update(schema.codes).where(
        schema.codes.c.used_at.is_(None), schema.codes.c.void_at.is_(None)
    )
    if kiosk is not None:
        statement = statement.where(schema.codes.c.kiosk == kiosk)
    return connection.execute(statement.values(void_at=now)).rowcount


def add(
    connection: sa.Connection, *, token_hash: str, kiosk: str, now: int, rolls: str | None = None
) -> None:
    """Keep a new token of a kiosk."""
    connection.execute(
        sa.insert(schema.tokens).values(
            token_hash=token_hash, kiosk=kiosk, made_at=now, rolls=rolls
        )
    )


def get(connection: sa.Connection, token_hash: str) -> Token | None:
    """Give a token, or None."""
    columns = [schema.tokens.c[name] for name in Token._fields]
    row = connection.execute(
        sa.select(*columns).where(schema.tokens.c.token_hash == token_hash)
    ).first()
    return Token(*row) if row else None


def of(connection: sa.Connection, kiosk: str) -> list[Token]:
    """Give all tokens a kiosk ever had, oldest first (signed files are checked against them)."""
    columns = [schema.tokens.c[name] for name in Token._fields]
    rows = connection.execute(
        sa.select(*columns).where(schema.tokens.c.kiosk == kiosk).order_by(schema.tokens.c.made_at)
    )
    return [Token(*row) for row in rows]


def forget(connection: sa.Connection, token_hashes: Iterable[str]) -> None:
    """Drop tokens: who speaks with one of them is unknown from now on."""
    table = schema.tokens
    rows = [{"key": token_hash} for token_hash in token_hashes]
    if rows:
        here = table.c.token_hash == sa.bindparam("key")
        connection.execute(sa.delete(table).where(here), rows)


def first_used(connection: sa.Connection, token: Token, now: int) -> None:
    """Note a token's first use; the one that it rolls ends with that."""
    connection.execute(
        sa.update(schema.tokens)
        .where(schema.tokens.c.token_hash == token.token_hash, schema.tokens.c.used_at.is_(None))
        .values(used_at=now)
    )
    if token.rolls is not None:
        revoke(connection, now, token_hash=token.rolls)


def revoke(
    connection: sa.Connection,
    now: int,
    *,
    token_hash: str | None = None,
    kiosk: str | None = None,
    but: str | None = None,
) -> int:
    """Revoke one token, or all of a kiosk's (but one); gives how many.

    All of a kiosk's are withdrawn: that holds after a back-up was put back, too.
    """
    table = schema.tokens
    if kiosk is not None and but is None:
        withdrawn.note(connection, withdrawn.Withdrawal(at=now, kiosk=kiosk))
    statement = sa.update(table).where(table.c.revoked_at.is_(None))
    if token_hash is not None:
        statement = statement.where(table.c.token_hash == token_hash)
    if kiosk is not None:
        statement = statement.where(table.c.kiosk == kiosk)
    if but is not None:
        statement = statement.where(table.c.token_hash != but)
    return connection.execute(statement.values(revoked_at=now)).rowcount


def revoke_until(connection: sa.Connection, kiosk: str, at: int) -> int:
    """Revoke, again, a kiosk's tokens and open codes made until `at`; gives how many tokens."""
    token, code = schema.tokens, schema.codes
    connection.execute(
        sa.update(code)
        .where(
            code.c.kiosk == kiosk,
            code.c.made_at <= at,
            code.c.used_at.is_(None),
            code.c.void_at.is_(None),
        )
        .values(void_at=at)
    )
    connection.execute(
        sa.update(schema.kiosks)
        .where(schema.kiosks.c.kiosk == kiosk, schema.kiosks.c.revoked_at.is_(None))
        .where(sa.func.coalesce(schema.kiosks.c.enrolled_at, 0) <= at)
        .values(revoked_at=at)
    )
    statement = sa.update(token).where(
        token.c.kiosk == kiosk, token.c.made_at <= at, token.c.revoked_at.is_(None)
    )
    return connection.execute(statement.values(revoked_at=at)).rowcount
