"""People of the office, and keys for programs."""

# ruff: noqa: PLC0415 -- `--help` answers at once because commands import what they need late

from __future__ import annotations

import click

from sync.central.commands import options

ROLES = ("reader", "manager", "admin")


@click.group("user")
@options.before
def user_() -> None:
    """Add people who may log in."""


@user_.command("add")
@click.argument("name")
@click.option("--role", required=True, type=click.Choice(ROLES))
@options.database
def add(name: str, role: str, database: str | None) -> None:
    """Add a user; the password comes from a prompt or from standard input."""
    from sync.central import people

    password = options.secret("Password")
    with options.books(database) as books:
        people.add(books, name, password, role, options.now())
        options.note(books, "user add", name, role)
    click.echo(f"{name} may log in as {role}")


@user_.command("list")
@options.database
def list_(database: str | None) -> None:
    """Show everybody who may or might log in."""
    from sync.central.store import people

    with options.books(database) as books, books.read() as connection:
        for user in people.every(connection):
            click.echo(f"{user.name}: {user.role}{', disabled' if user.disabled_at else ''}")


@user_.command("disable")
@click.argument("name")
@options.database
def disable(name: str, database: str | None) -> None:
    """Let somebody log in no more, and end their sessions."""
    from sync.central import people

    with options.books(database) as books:
        people.disable(books, name, options.now())
        options.note(books, "user disable", name)
    click.echo(f"{name} may log in no more")


@click.group("key")
@options.before
def key_() -> None:
    """Make and end keys for programs that read figures over the API."""


@key_.command("add")
@click.argument("label")
@click.option("--role", default="reader", show_default=True, type=click.Choice(ROLES))
@options.database
def key_add(label: str, role: str, database: str | None) -> None:
    """Print a new key, once: send it as `Authorization: Bearer KEY`."""
    from sync.central import people

    with options.books(database) as books:
        key = people.add_key(books, label, role, options.now())
        options.note(books, "key add", label, role)
    click.echo(key)


@key_.command("revoke")
@click.argument("label")
@options.database
def key_revoke(label: str, database: str | None) -> None:
    """End all keys of this label."""
    from sync.central.store import errors, people

    with options.books(database) as books:
        now = options.now()
        if not books.attempt(lambda connection: people.revoke_keys(connection, label, now)):
            raise errors.Unknown(f"no key is called {label!r}, or it has ended already")
        options.note(books, "key revoke", label)
    click.echo(f"{label} is ended")
