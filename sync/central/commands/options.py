"""Options that several commands share, and what they stand for."""

# ruff: noqa: PLC0415 -- `--help` answers at once because commands import what they need late

from __future__ import annotations

import contextlib
import functools
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click import core

if TYPE_CHECKING:
    from sync.central import store

_IDS = {"kiosk", "stream"}
WIDE = 400  # columns
F = TypeVar("F", bound=Callable[..., Any])


def database(command: F, *, named: bool = True) -> F:
    """Add `--database` to a command, also taken from SMILEY_DATABASE (the place for a password).

    A group has it too, not `named`: it hands it to the command after it.
    """
    return click.option(
        "--database",
        envvar="SMILEY_DATABASE",
        metavar="URL",
        callback=_nearest,
        expose_value=named,
        help="sqlite:///folder/office.db or postgresql://user@host/name; "
        "also SMILEY_DATABASE. Default: SQLite in your data folder.",
    )(command)


before = functools.partial(database, named=False)
"""Adds `--database` to a group of commands."""


def _nearest(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """Take what was typed nearest to the command, before it or after it; else the variable."""
    key = f"smiley-central {option.opts[0]}"
    if context.get_parameter_source(option.name or "") is core.ParameterSource.COMMANDLINE:
        context.meta[key] = value
    found: str | None = context.meta.get(key, value)
    return found


def as_json(command: F) -> F:
    """Add `--json`: JSON on standard output and nothing else."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")(
        command
    )


def default_database() -> str:
    """Name the SQLite file in the user's data folder."""
    import platformdirs

    folder = platformdirs.user_data_path("smiley-central")
    return f"sqlite:///{folder / 'office.db'}"


@contextlib.contextmanager
def books(url: str | None, *, fresh: bool = False) -> Iterator[store.Store]:
    """Open the books; `fresh`: a SQLite file without tables gets them (and its office) now."""
    from sync.central import office, store
    from sync.central.store import migrate
    from sync.central.store import office as founding

    with store.open(url or default_database()) as opened:
        if fresh or (opened.sqlite and migrate.at(opened) is None):
            founding.found(opened, office.now_ms())
            if not fresh:  # the address may have a slip in it
                click.echo(f"{url or default_database()}: a new office is made here", err=True)
        else:
            migrate.check(opened)
        yield opened


def now() -> int:
    """Milliseconds since 1970."""
    from sync.central import office

    return office.now_ms()


def who() -> str:
    """Name who gives the command, for the audit: the system's user, and who became that by sudo."""
    import getpass

    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = f"uid {os.getuid()}"
    person = os.environ.get("SUDO_USER", user)
    return f"{person if person == user else f'{person} as {user}'} (command line)"


def print_json(values: Any) -> None:
    """Print values as JSON, readable by people too."""
    click.echo(json.dumps(values, indent=2, ensure_ascii=False))


def print_table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """Print rows for people; ids are never cut off, for they are typed into the next command.

    What a row says is text, whatever brackets stand in it: a kiosk may have chosen it.
    """
    import rich.console
    import rich.table
    import rich.text

    # in a file, or before another program, each row is a line
    console = rich.console.Console(width=None if sys.stdout.isatty() else WIDE)
    table: Any = rich.table.Table(box=None)
    for head in heads:
        table.add_column(head, no_wrap=head in _IDS, overflow="fold")
    for row in rows:
        table.add_row(*(rich.text.Text(plain(cell)) for cell in row))
    console.print(table)


def is_utf8(word: str) -> bool:
    """Whether what was typed were bytes of UTF-8; Python takes others in as lone surrogates."""
    return not any("\ud800" <= letter <= "\udfff" for letter in word)


def plain(text: str) -> str:
    """Give a kiosk's text without what a terminal would obey."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )


def note(books: store.Store, what: str, about: str = "", detail: str = "") -> None:
    """Write down what was done by whom; never a secret."""
    from sync.central.store import people

    books.attempt(
        lambda connection: people.note(
            connection, who=who(), what=what, about=about, detail=detail, now=now()
        )
    )


def secret(prompt: str) -> str:
    """Take a password from a prompt, or the first line of standard input when nobody types."""
    if sys.stdin.isatty():
        given: str = click.prompt(prompt, hide_input=True, confirmation_prompt=True, err=True)
        return given
    from sync.central.store import errors

    try:
        line = sys.stdin.readline().rstrip("\r\n")
    except UnicodeDecodeError:
        line = "\udcff"
    if not is_utf8(line):
        raise errors.Wrong("the password is not written in UTF-8: give it in that encoding")
    return line
