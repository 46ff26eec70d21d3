"""The README names what there is: every command, option, setting and target."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from kiosk import cli as kiosk_cli
from kiosk import settings
from sync.central import cli as central_cli

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
# said once for all commands
COMMON = {"--config", "--data", "--database", "--json", "--help", "--version"}


def commands(command: click.Command, words: str) -> Iterator[tuple[str, list[str]]]:
    """Each command below one, with the options that people may give."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from commands(below, f"{words} {name}")
    else:
        options = [
            parameter.opts[-1]
            for parameter in command.params
            if isinstance(parameter, click.Option) and not parameter.hidden
        ]
        yield words, [option for option in options if option not in COMMON]


ALL = [
    *commands(kiosk_cli.main, "smiley-kiosk"),
    *commands(central_cli.group, "smiley-central"),
]


@pytest.mark.parametrize(("words", "options"), ALL, ids=[words for words, _ in ALL])
def test_every_command_and_option_is_named(words: str, options: list[str]) -> None:
    """A line of the README names the command together with each of its options."""
    lines = [line for line in README.splitlines() if f"`{words}" in line]
    assert lines, f"README.md does not name {words}"
    missing = [option for option in options if not any(option in line for line in lines)]
    assert not missing, f"README.md names {words} without {missing}"


def test_every_setting_is_named() -> None:
    """Each key of the kiosk's settings stands in the README's table."""
    missing = [key for key in settings.Settings.__struct_fields__ if f"`{key}`" not in README]
    assert not missing


def test_every_target_is_named() -> None:
    """Each target that people may make stands in the README."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^\t@echo 'make (\w+)", makefile, re.M)
    assert {"demo", "test", "check", "bench", "screenshots"} <= set(targets)
    assert [target for target in targets if f"`make {target}`" not in README] == []


def test_every_variable_is_named() -> None:
    """Each SMILEY_ variable that the code reads stands in the README."""
    used = {
        name
        for folder in ("kiosk", "sync")
        for path in (ROOT / folder).rglob("*.py")
        for name in re.findall(r"\bSMILEY_[A-Z_]+\b", path.read_text(encoding="utf-8"))
    }
    assert [name for name in sorted(used) if f"`{name}`" not in README] == []


def test_links_lead_somewhere() -> None:
    """Each file that the README links or shows is there."""
    targets = re.findall(r"\]\(([^)#]+)\)", README)
    assert [t for t in targets if "://" not in t and not (ROOT / t).exists()] == []
