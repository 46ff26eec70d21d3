"""What kiosks show: configurations and surveys, put here by command."""

# ruff: noqa: PLC0415 -- `--help` answers at once because commands import what they need late

from __future__ import annotations

import pathlib

import click

from sync.central.commands import options

FILE = click.Path(path_type=pathlib.Path, dir_okay=False)


def _scope(kiosk: str | None, site: str | None) -> tuple[str, str]:
    if kiosk is not None and site is not None:
        raise click.UsageError("name a kiosk or a --site, not both")
    if kiosk is not None:
        return ("kiosk", kiosk)
    return ("site", site) if site is not None else ("office", "")


@click.group("config")
@options.before
def config_() -> None:
    """Set what kiosks are told to be."""


@config_.command("set")
@click.argument("arguments", nargs=-1, required=True, metavar="[KIOSK] FILE")
@click.option("--site", help="All kiosks of a site. Without it and KIOSK: all of the office.")
@options.database
def set_(arguments: tuple[str, ...], site: str | None, database: str | None) -> None:
    """Give a kiosk, a site or all kiosks the settings of a TOML file."""
    if len(arguments) > 2:
        raise click.UsageError("give one FILE, and before it at most one KIOSK")
    from sync.central import configuration

    kiosk = arguments[0] if len(arguments) == 2 else None
    scope = _scope(kiosk, site)
    file = pathlib.Path(arguments[-1])
    with options.books(database) as books:
        done = configuration.put(books, scope, file, options.who(), options.now())
        options.note(books, "config set", " ".join(scope).strip(), f"version {done.version}")
    for doubt in done.doubts:
        click.echo(f"smiley-central: {doubt}", err=True)
    click.echo(f"version {done.version} for {_named(scope)}")


@click.group("survey")
@options.before
def survey_() -> None:
    """Publish surveys to kiosks."""


@survey_.command("publish")
@click.argument("file", type=FILE)
@click.option("--site", help="Only at this site.")
@click.option("--kiosk", help="Only at this kiosk.")
@options.database
def publish(file: pathlib.Path, site: str | None, kiosk: str | None, database: str | None) -> None:
    """Show the survey of a TOML file at kiosks from now on."""
    from sync.central import configuration

    scope = _scope(kiosk, site)
    with options.books(database) as books:
        survey = configuration.publish(books, scope, file, options.who(), options.now())
        told = f"{survey.survey} version {survey.version}"
        options.note(books, "survey publish", " ".join(scope).strip(), told)
    click.echo(f"{told} for {_named(scope)}")


def _named(scope: tuple[str, str]) -> str:
    return "all kiosks" if scope[0] == "office" else f"{scope[0]} {scope[1]}"
