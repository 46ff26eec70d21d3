"""Tables that people give to `smiley-central` and that it shows them."""

from __future__ import annotations

import pathlib

import pytest
from click import testing

from sync.central import cli, store
from tests import databases
from tests.senders import Kiosk


def run(url: str, *words: str) -> testing.Result:
    """Run a command on a database."""
    return testing.CliRunner().invoke(cli.group, [*words, "--database", url])


@pytest.fixture
def url(fresh_sqlite: databases.Fresh) -> str:
    """Name a fresh office."""
    return fresh_sqlite()


@pytest.mark.parametrize(
    "text",
    [
        "site,touchpoint\nLund,Exit A\nÅbo,Exit B\n",
        "\ufeffsite;touchpoint\r\nLund;Exit A\r\nÅbo;Exit B",
    ],
)
def test_a_spreadsheet_makes_places(url: str, tmp_path: pathlib.Path, text: str) -> None:
    """A table of kiosks is taken with commas or semicolons, as spreadsheets write it."""
    table = tmp_path / "sites.csv"
    table.write_text(text, "utf-8", newline="")
    lines = run(url, "kiosk", "add", "--from", str(table)).stdout.splitlines()
    assert [line.split(",", 2)[2] for line in lines] == ['"Lund","Exit A"', '"Åbo","Exit B"']


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("site,touchpoint\nLund,Exit A\nLund,\n", "line 3: touchpoint ''"),
        ("site,touchpoint,time_zone\nLund,A,\nÅbo,B,Mars/Base\n", "line 3: time zone 'Mars/Base'"),
        ("site,touchpoint\nLund,A\nÅbo\n", "line 3: touchpoint ''"),
        ("place,touchpoint\nLund,A\n", "columns site and touchpoint"),
        ("site,touchpoint\n", "names no kiosk"),
        ("", "columns site and touchpoint"),
    ],
)
def test_a_line_that_will_not_do_stops_all(
    url: str, tmp_path: pathlib.Path, text: str, told: str
) -> None:
    """Half of a table would be made twice once its bad line is mended: so nothing is made of it."""
    table = tmp_path / "sites.csv"
    table.write_text(text, "utf-8")
    done = run(url, "kiosk", "add", "--from", str(table))
    assert told in str(done.exception)
    assert done.stdout == ""
    assert run(url, "kiosk", "list", "--json").stdout == "[]\n"


def test_what_is_typed_on_is_shown_whole(url: str) -> None:
    """Ids are whole beside a long site, each row a line; brackets of a kiosk's are only text."""
    with store.open(url) as books:
        kiosk = Kiosk(books, site="[/b] " + "a long name of a shop " * 4 + "!")
        odd = {"seq": 1, "kind": "rating", "mono": 1, "survey": "[/red]"}
        kiosk.stored(odd)
    for words in (["kiosk", "list"], ["completeness"], ["refused"]):
        lines = run(url, *words).stdout.splitlines()
        assert len(lines) == 2
        assert kiosk.id in lines[1]
        assert ("[/b]" in lines[1]) or (kiosk.stream in lines[1])
