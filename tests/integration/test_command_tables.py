"""Tables that people give to `smiley-central` and that it shows them."""

from __future__ import annotations

import pathlib

import pytest
from click import testing

from sync.central import cli, store
from tests import databases, office_desk
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
        odd = {"seq": 1, "kind": "rating", "mono": 1, "survey": "[/red]\x1b[2J"}
        kiosk.stored(odd)
    for words in (["kiosk", "list"], ["completeness"], ["refused"]):
        lines = run(url, *words).stdout.splitlines()
        assert len(lines) == 2
        assert kiosk.id in lines[1]
        assert "\x1b" not in lines[1]
        assert ("[/b]" in lines[1]) or (kiosk.stream in lines[1])


def test_settings_that_kiosks_refuse_are_told(fresh: databases.Fresh) -> None:
    """The first page and `kiosk list` say which kiosk goes on with older settings, and why."""
    with office_desk.desk(url := fresh()) as desk:
        kiosk, other = desk.kiosk(), desk.kiosk(touchpoint="Exit B")
        desk.user()
        desk.log_in()
        why = "`pause` is <b>\x1b[31m: milliseconds would be right"
        for error in (why, None):
            for one in (kiosk, other):
                said = {"etag": None, "error": error if one is kiosk else None}
                beat = {"format": 1, "stream": one.stream, "last_seq": 0, "pending": 0}
                sent = desk.client.post(
                    "/v1/heartbeats", json=beat | {"config": said}, headers=one.bearer
                )
                assert sent.status_code == 200
            page = desk.client.get("/").text
            assert page.count("refuses its settings") == (error is not None)
            assert ("`pause` is &lt;b&gt;" in page) == (error is not None)
            told = run(url, "kiosk", "list").stdout
            assert (f"{kiosk.id} refuses its settings: `pause` is <b>" in told) is bool(error)
            assert "\x1b" not in told
            assert f"{other.id} refuses" not in told
