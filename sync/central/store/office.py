"""The office itself: its id, made with the database, kept in its back-ups."""

from __future__ import annotations

import sqlalchemy as sa

from sync.central.store import engine, errors, migrate, schema


def found(store: engine.Store, now: int) -> str:
    """Bring the tables to our version and give the office's id, made now if there is none yet."""
    migrate.to(store)

    def work(connection: sa.Connection) -> str:
        existing = connection.execute(sa.select(schema.office.c.office)).scalar()
        if existing is not None:
            return str(existing)
        made = engine.new_id("o")
        connection.execute(sa.insert(schema.office).values(office=made, made_at=now))
        return made

    return store.attempt(work)


def read(connection: sa.Connection) -> str:
    """Give the office's id; raises errors.Unusable when there is none yet."""
    found = connection.execute(sa.select(schema.office.c.office)).scalar()
    if found is None:
        raise errors.Unusable("the database has no office in it: run `smiley-central migrate`")
    return str(found)


def restored_at(connection: sa.Connection) -> int | None:
    """Give when a back-up was last put back, None: never."""
    return connection.execute(sa.select(schema.office.c.restored_at)).scalar()


def unheard(connection: sa.Connection, now: int) -> int:
    """Note a restore: no kiosk was heard from since, nor any claim met; gives how many kiosks."""
    connection.execute(sa.update(schema.office).values(restored_at=now))
    connection.execute(
        sa.update(schema.streams).values(heard_at=None, open_seq=None, open_at=None, whole_at=None)
    )
    return connection.execute(sa.update(schema.accounts).values(heard_at=None)).rowcount
