"""`smiley-central`: the office's commands (outside.md is the promise they keep).

Exit codes: 0 done, 1 could not (one sentence on standard error), 2 wrong words.
"""

# ruff: noqa: PLC0415 -- `--help` answers at once because commands import what they need late

import contextlib
import importlib
import os
import sys
from collections.abc import Iterator

import click

from sync.central.commands import options

_MODULES = {
    "serve": "running",
    "migrate": "running",
    "kiosk": "kiosks",
    "user": "people",
    "key": "people",
    "import": "books",
    "totals": "books",
    "completeness": "books",
    "refused": "books",
    "streams": "streams",
    "export": "books",
    "simulate": "running",
    "config": "settings",
    "survey": "settings",
    "comment": "books",
    "restored": "running",
}


class Commands(click.Group):
    """Looks a command up in its module only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name all commands, in the order they are read about."""
        return list(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the one module that has this command."""
        if cmd_name not in _MODULES:
            return None
        module = importlib.import_module(f"sync.central.commands.{_MODULES[cmd_name]}")
        command: click.Command = getattr(module, f"{cmd_name}_")
        return command


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="smiley-kiosk", prog_name="smiley-central")
@options.before
def group() -> None:
    """Run the central office that kiosks send their taps to."""


def main() -> None:
    """Run one command; whatever it could not do ends as one sentence and exit code 1."""
    with told_in_a_sentence():
        group(prog_name="smiley-central")


@contextlib.contextmanager
def told_in_a_sentence() -> Iterator[None]:
    """End the process with 1 and a sentence for what a user, a disk or a database did."""
    try:
        yield
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            # whoever read our output has seen enough: say nothing, also not at the exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        name = f"{error.filename}: " if error.filename else ""
        _end(f"{name}{error.strerror or error}")
    except UnicodeEncodeError:
        odd = [word for word in sys.argv[1:] if not options.is_utf8(word)]
        _end(f"{ascii(odd[0]) if odd else 'what was given'} is not written in UTF-8")
    except Exception as error:
        # imported here: `--help` needs none of the store
        from sync.central.store import errors

        if not isinstance(error, errors.Error):
            raise
        _end(str(error))


def _end(sentence: str) -> None:
    click.echo(f"smiley-central: {' '.join(sentence.split())}", err=True)
    sys.exit(1)
