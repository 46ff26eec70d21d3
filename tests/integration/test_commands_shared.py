"""What commands share: options given before the command or after it, and who gave it."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from kiosk import cli as kiosk_cli
from sync.buffer import buffer
from sync.central import cli as central_cli
from sync.central import store
from sync.central.store import schema_people
from tests import databases


@pytest.fixture
def kiosk(tmp_path: Path) -> list[str]:
    """The settings and the card of a kiosk, as options."""
    (tmp_path / "kiosk.toml").write_text('shop = "Mine"\n', encoding="utf-8")
    buffer.Buffer.open(tmp_path / "card").close()
    return ["--config", str(tmp_path / "kiosk.toml"), "--data", str(tmp_path / "card")]


def test_a_kiosks_places_stand_before_the_command_or_after_it(kiosk: list[str]) -> None:
    """Both orders do the same, and so does one of each."""
    told = []
    for words in (
        ["status", "--json", *kiosk],
        [*kiosk, "status", "--json"],
        [*kiosk[:2], "status", "--json", *kiosk[2:]],
    ):
        done = CliRunner().invoke(kiosk_cli.main, words)
        assert done.exit_code == 0, done.stderr
        told.append(done.stdout)
    assert told == told[:1] * 3
    checked = CliRunner().invoke(kiosk_cli.main, [*kiosk, "check"])
    assert checked.stdout.startswith(f"Settings: {kiosk[1]}\n")


def test_a_kiosks_place_nearer_to_the_command_goes_first(kiosk: list[str], tmp_path: Path) -> None:
    """What stands after the command counts where both are given."""
    words = ["--data", str(tmp_path / "none"), "status", *kiosk]
    assert CliRunner().invoke(kiosk_cli.main, words).exit_code == 0
    words = [*kiosk, "status", "--data", str(tmp_path / "none")]
    assert f"{tmp_path / 'none'}: there is no" in CliRunner().invoke(kiosk_cli.main, words).stderr


@pytest.mark.parametrize("before", [0, 1, 2])
@pytest.mark.parametrize("variable", ["", "sqlite:////proc/nothing/x.db"])
def test_the_database_stands_anywhere_and_over_the_variable(
    fresh_sqlite: databases.Fresh, before: int, variable: str
) -> None:
    """Before the group, before the command, after it: it is the one that is used."""
    words = ["kiosk", "list"]
    words[before:before] = ["--database", fresh_sqlite()]
    done = CliRunner().invoke(central_cli.group, words, env={"SMILEY_DATABASE": variable})
    assert done.exit_code == 0, done.exception


def test_the_database_nearer_to_the_command_goes_first(fresh_sqlite: databases.Fresh) -> None:
    """What stands after the command counts where both are given."""
    words = ["--database", "sqlite:////proc/nothing/x.db", "key", "--database", "mysql://x/y"]
    words += ["add", "till", "--database", fresh_sqlite()]
    assert CliRunner().invoke(central_cli.group, words).exit_code == 0


@pytest.mark.parametrize(
    ("sudo", "who"),
    [("kim", "kim as smiley-central"), ("", "smiley-central"), ("smiley-central",) * 2],
)
def test_the_audit_names_the_person(fresh_sqlite: databases.Fresh, sudo: str, who: str) -> None:
    """Where all give commands as the service's user, it says who became that one."""
    url, words = fresh_sqlite(), ["key", "add", "till", "--database"]
    env = {"LOGNAME": "smiley-central", "SUDO_USER": sudo or None}
    assert CliRunner().invoke(central_cli.group, [*words, url], env=env).exit_code == 0
    with store.open(url) as books, books.read() as connection:
        told = connection.execute(sa.select(schema_people.audit.c.who)).scalars().all()
    assert told == [f"{who} (command line)"]
