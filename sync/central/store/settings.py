"""What kiosks show and how they behave: configurations and surveys, each version kept for ever.

A scope is ("office", ""), ("site", S) or ("kiosk", K). A version's number is never used twice.
"""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from sync.central.store import errors, schema, statements

OFFICE = ("office", "")


class Config(NamedTuple):
    """A version of one scope's configuration; `document` is JSON."""

    scope: str
    name: str
    version: int
    document: str
    made_at: int
    made_by: str


class Survey(NamedTuple):
    """A version of a survey; `document` is JSON."""

    survey: str
    version: int
    document: str
    made_at: int
    made_by: str


def put_config(
    connection: sa.Connection, scope: tuple[str, str], document: str, *, by: str, now: int
) -> int:
    """Keep a scope's new configuration and give its version."""
    table = schema.configs
    version = 1 + int(
        connection.execute(
            sa.select(sa.func.coalesce(sa.func.max(table.c.version), 0)).where(
                table.c.scope == scope[0], table.c.name == scope[1]
            )
        ).scalar_one()
    )
    connection.execute(
        sa.insert(table).values(
            scope=scope[0],
            name=scope[1],
            version=version,
            document=document,
            made_at=now,
            made_by=by,
        )
    )
    return version


def config(connection: sa.Connection, scope: tuple[str, str]) -> Config | None:
    """Give a scope's newest configuration, or None."""
    table = schema.configs
    row = connection.execute(
        sa.select(*[table.c[name] for name in Config._fields])
        .where(table.c.scope == scope[0], table.c.name == scope[1])
        .order_by(table.c.version.desc())
        .limit(1)
    ).first()
    return Config(*row) if row else None


def keep_survey(
    connection: sa.Connection, survey: str, version: int, document: str, *, by: str, now: int
) -> None:
    """Keep a survey's version; the same document again is fine. Raises errors.Taken."""
    table = schema.surveys
    known = connection.execute(
        sa.select(table.c.document).where(table.c.survey == survey, table.c.version == version)
    ).scalar()
    if known is not None and known != document:
        newest = connection.execute(
            sa.select(sa.func.max(table.c.version)).where(table.c.survey == survey)
        ).scalar_one()
        raise errors.Taken(
            f"version {version} of survey {survey!r} was published with other content: "
            f"give this one version = {newest + 1}"
        )
    if known is None:
        connection.execute(
            sa.insert(table).values(
                survey=survey, version=version, document=document, made_at=now, made_by=by
            )
        )


def place(
    connection: sa.Connection,
    scope: tuple[str, str],
    survey: str,
    version: int,
    *,
    by: str,
    now: int,
) -> None:
    """Show a version of a survey in a scope from now on."""
    table = schema.placements
    statement = statements.upsert(
        connection,
        table,
        lambda new: {"version": new.version, "made_at": new.made_at, "made_by": new.made_by},
    )
    values = {"version": version, "made_at": now, "made_by": by, "survey": survey}
    connection.execute(statement, [{"scope": scope[0], "name": scope[1], **values}])


def placed(connection: sa.Connection, scopes: list[tuple[str, str]]) -> list[Survey]:
    """Give the surveys shown in these scopes, by name; a later scope wins over an earlier one."""
    chosen: dict[str, Survey] = {}
    own, surveys = schema.placements, schema.surveys
    for scope, name in scopes:
        rows = connection.execute(
            sa.select(*[surveys.c[field] for field in Survey._fields])
            .join_from(
                own,
                surveys,
                (own.c.survey == surveys.c.survey) & (own.c.version == surveys.c.version),
            )
            .where(own.c.scope == scope, own.c.name == name)
        )
        chosen |= {row.survey: Survey(*row) for row in rows}
    return [chosen[name] for name in sorted(chosen)]


def newest_change(connection: sa.Connection, scopes: list[tuple[str, str]]) -> int:
    """Give when (in ms) anything shown in one of these scopes was last changed; 0: never."""
    newest = 0
    for table in (schema.configs, schema.placements):
        for scope, name in scopes:
            at = connection.execute(
                sa.select(sa.func.max(table.c.made_at)).where(
                    table.c.scope == scope, table.c.name == name
                )
            ).scalar()
            newest = max(newest, int(at or 0))
    return newest
