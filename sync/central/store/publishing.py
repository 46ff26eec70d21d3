"""Surveys under the numbers that their writers gave them; ends of keys."""

from __future__ import annotations

import sqlalchemy as sa

from sync.central.store import errors, schema, schema_people


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


def revoke_keys(connection: sa.Connection, label: str, now: int) -> int:
    """End every key of this label; gives how many there were."""
    table = schema_people.keys
    ended = sa.update(table).where(table.c.label == label, table.c.revoked_at.is_(None))
    return connection.execute(ended.values(revoked_at=now)).rowcount
