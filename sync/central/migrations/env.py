"""How Alembic runs our migrations: on the connection of `store.migrate`, in its transaction."""

from alembic import context

from sync.central.store import schema

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=schema.METADATA,
    transactional_ddl=True,
)
context.run_migrations()
