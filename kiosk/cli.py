"""The command `smiley-kiosk`. Each command loads what it needs only when it runs."""

import functools
import importlib
from pathlib import Path
from typing import Any

import click

_SIZE = 2


class _Size(click.ParamType[Any]):
    name = "WxH"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value
        sides = str(value).lower().split("x")
        digits = str(value).isascii() and all(side.isdigit() for side in sides)
        if not digits or len(sides) != _SIZE or not all(200 <= int(s) <= 8000 for s in sides):
            self.fail(f"{value!r} is no size; write width and height like 1280x800", param, ctx)
        return int(sides[0]), int(sides[1])


def _nearest(context: click.Context, option: click.Parameter, value: Any) -> Any:
    """Take an option given before the command as if it stood after it; what does goes first."""
    key = f"kiosk.{option.name}"
    if value is not None:
        context.meta[key] = value
    return context.meta.get(key)


def _places(command: Any, *, named: bool = True) -> Any:
    """Add the options that every command takes, to a command or (not `named`) before it."""
    file = click.Path(dir_okay=False, path_type=Path)
    folder = click.Path(file_okay=False, path_type=Path)
    for name, kind, told in (
        ("--data", folder, "The data folder (the card)."),
        ("--config", file, "The settings' file."),
    ):
        option = click.option(name, type=kind, help=told, callback=_nearest, expose_value=named)
        command = option(command)
    return command


def _command(module: str) -> Any:
    """Return a module of `kiosk.commands`, loaded now."""
    return importlib.import_module(f"kiosk.commands.{module}")


def _crowd(noted: Path, app: Any) -> None:
    """Let the demo's customers in; Kivy has been told all it must know by now."""
    importlib.import_module("kiosk.crowd").driver(noted)(app)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="smiley-kiosk", message="%(version)s")
@functools.partial(_places, named=False)
def main() -> None:
    """A smiley-feedback terminal: every tap is kept on the card and sent to the office."""


@main.command()
@_places
@click.option("--window", type=_Size(), help="In a window of this size instead of full screen.")
@click.option("--customers", type=click.Path(dir_okay=False, path_type=Path), hidden=True)
def run(
    config: Path | None, data: Path | None, window: tuple[int, int] | None, customers: Path | None
) -> None:
    """Run the kiosk until it is stopped."""
    driver = functools.partial(_crowd, customers) if customers is not None else None
    raise SystemExit(_command("run").run(config, data, window_size=window, driver=driver))


@main.command()
@_places
@click.option("--seconds", type=click.FloatRange(min=1), help="End by itself after N seconds.")
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True)
def demo(config: Path | None, data: Path | None, seconds: float | None, port: int) -> None:
    """Run an office, a kiosk and simulated customers on this machine."""
    if config or data:
        click.echo("the demo makes its own card and settings, and throws them away", err=True)
    raise SystemExit(importlib.import_module("kiosk.demo").run(seconds, port))


@main.command()
@_places
@click.argument("url")
@click.argument("code", required=False)
@click.option("--replay", is_flag=True, help="Send the whole card to an office rebuilt empty.")
@click.option("--insecure", is_flag=True, help="Allow plain http beyond this machine.")
def enrol(
    *,
    config: Path | None,
    data: Path | None,
    url: str,
    code: str | None,
    replay: bool,
    insecure: bool,
) -> None:
    """Enrol with the office at URL by its CODE of three words (asked for when left out)."""
    enrol_ = _command("enrol")
    raise SystemExit(enrol_.run(config, data, url, code, replay=replay, insecure=insecure))


@main.command()
@_places
def pin(config: Path | None, data: Path | None) -> None:
    """Make a new PIN for staff and print it, this once."""
    del config
    raise SystemExit(_command("pin").run(data))


@main.command()
@_places
@click.option("--days", type=click.IntRange(1, 3660), default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
def totals(config: Path | None, data: Path | None, days: int, as_json: bool) -> None:
    """Show today's taps, or those of the last N days, with the index."""
    raise SystemExit(_command("totals").run(config, data, days=days, as_json=as_json))


@main.command()
@_places
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
def status(config: Path | None, data: Path | None, as_json: bool) -> None:
    """Show what waits to be sent, the last contact, the clock and the card."""
    raise SystemExit(_command("status").run(config, data, as_json=as_json))


@main.command()
@_places
@click.option(
    "--to",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder (a USB stick) to write to.",
)
@click.option(
    "--format",
    "kind",
    type=click.Choice(["csv", "events"]),
    default="csv",
    show_default=True,
    help="Counts for people, or signed events for the office.",
)
@click.option("--all", "everything", is_flag=True, help="Events: also those the office has.")
def export(config: Path | None, data: Path | None, to: Path, kind: str, everything: bool) -> None:
    """Write counts, or the events that wait for the office, to a folder."""
    export_ = _command("export")
    raise SystemExit(export_.run(config, data, to=to, kind=kind, everything=everything))


@main.command()
@_places
def check(config: Path | None, data: Path | None) -> None:
    """Check settings and survey; say what would be shown, and what is missing for comments."""
    raise SystemExit(_command("check").run(config, data))


@main.command("config")
@_places
def config_(config: Path | None, data: Path | None) -> None:
    """Print the commented default settings."""
    del config, data
    raise SystemExit(_command("config").run())
