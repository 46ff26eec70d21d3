"""Bringing the tables to a version: forward when the program is newer, back when it has to be."""

from __future__ import annotations

import pathlib

import alembic.command
import alembic.config
import alembic.script
from alembic.runtime import migration

from sync.central import migrations
from sync.central.store import engine, errors

HEAD = "head"
EMPTY = "base"


def to(store: engine.Store, revision: str = HEAD) -> None:
    """Bring the tables to `revision`, in one transaction: all of it or nothing.

    Raises errors.Unusable when the tables are of a newer program than this one.
    """
    script = alembic.script.ScriptDirectory.from_config(_config())
    with store.write() as connection:
        context = migration.MigrationContext.configure(connection)
        current = context.get_current_revision()
        known = [one.revision for one in script.walk_revisions()]
        if current is not None and current not in known:
            raise errors.Unusable(
                f"{store.url} is of a newer smiley-central (tables of version {current}, this one "
                f"knows up to {known[0]}): install that one"
            )
        config = _config()
        config.attributes["connection"] = connection
        target = script.get_revision(revision) if revision not in {HEAD, EMPTY} else None
        back = revision == EMPTY or (target is not None and current in _after(known, revision))
        (alembic.command.downgrade if back else alembic.command.upgrade)(config, revision)


def at(store: engine.Store) -> str | None:
    """Which version the tables are of; None when there are none."""
    with store.read() as connection:
        return migration.MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The version that this program works with."""
    head = alembic.script.ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise errors.Unusable("the installation has no migrations in it: install it again")
    return head


def check(store: engine.Store) -> None:
    """Raise errors.Unusable, with what would be right, unless the tables are of our version."""
    found = at(store)
    if found != newest():
        raise errors.Unusable(
            f"{store.url} has tables of version {found or 'none'}, this smiley-central needs "
            f"{newest()}: run `smiley-central migrate`"
        )


def _after(known: list[str], revision: str) -> list[str]:
    return known[: known.index(revision)]  # walk_revisions gives the newest first


def _config() -> alembic.config.Config:
    config = alembic.config.Config()
    folder = pathlib.Path(migrations.__file__).parent
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
