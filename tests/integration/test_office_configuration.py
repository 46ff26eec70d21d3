"""The office hands out settings, surveys and logos, each by its scope, over HTTP."""

from __future__ import annotations

import base64
import json
import pathlib
from collections.abc import Iterator

import pytest
from click import testing

from sync.central import cli, configuration
from sync.central.store import errors
from sync.feedback import wire
from tests import databases, office_desk

SURVEYS = pathlib.Path(__file__).parents[2] / "assets" / "surveys"


@pytest.fixture
def desk(fresh_sqlite: databases.Fresh) -> Iterator[office_desk.Desk]:
    """An office."""
    with office_desk.desk(fresh_sqlite()) as opened:
        yield opened


def written(folder: pathlib.Path, name: str, text: str) -> pathlib.Path:
    """Write a file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_configuration_by_scope(desk: office_desk.Desk, tmp_path: pathlib.Path) -> None:
    """The nearer scope wins key by key; each change is a new ETag; an unchanged one is 304."""
    kiosk, other = desk.kiosk(), desk.kiosk(site="Oslo")
    first = kiosk.config()
    assert (first.status_code, first.json()["settings"]) == (200, {})

    def put(scope: tuple[str, str], text: str) -> None:
        desk.now += 1000
        file = written(tmp_path, "config.toml", text)
        configuration.put(desk.books, scope, file, "test", desk.now)

    put(("office", ""), 'shop = "All"\nsound = 10\n[[notices]]\nid = "a"\ntext = "Hello"\n')
    put(("site", "Lund"), 'shop = "Lund"\npause = 6000\n')
    put(("kiosk", kiosk.id), "pause = 7000\n")
    told = kiosk.config(first.headers["ETag"])
    assert told.status_code == 200
    assert told.json()["settings"] == {"shop": "Lund", "sound": 10, "pause": 7000}
    assert told.json()["notices"] == [{"id": "a", "kind": "text", "text": "Hello"}]
    assert told.json()["version"] == desk.now
    assert other.config().json()["settings"] == {"shop": "All", "sound": 10}
    same = kiosk.config(told.headers["ETag"])
    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["Smiley-Office"] == desk.books.office
    assert same.headers["Smiley-Time"] == str(desk.now)
    assert kiosk.config(f'W/{told.headers["ETag"]}, "x"').status_code == 304


def test_surveys_are_published(desk: office_desk.Desk, tmp_path: pathlib.Path) -> None:
    """A survey reaches the kiosks of its scope; its version is never given other content."""
    kiosk, other = desk.kiosk(), desk.kiosk(site="Oslo")
    file = SURVEYS / "default.toml"
    survey = configuration.publish(desk.books, ("site", "Lund"), file, "test", desk.now)
    told = kiosk.config().json()["surveys"]
    assert [one["survey"] for one in told] == [survey.survey]
    assert told[0] == json.loads(json.dumps(survey.document()))
    assert other.config().json()["surveys"] == []
    configuration.publish(desk.books, ("site", "Lund"), file, "test", desk.now)
    changed = file.read_text("utf-8").replace('"Mycket nöjd"', '"Jättenöjd"')
    assert changed != file.read_text("utf-8")
    with pytest.raises(errors.Taken, match="version = 2"):
        configuration.publish(
            desk.books,
            ("site", "Lund"),
            written(tmp_path, "changed.toml", changed),
            "test",
            desk.now,
        )
    changed = changed.replace("version = 1", "version = 2")
    file = written(tmp_path, "changed.toml", changed)
    configuration.publish(desk.books, ("kiosk", kiosk.id), file, "test", desk.now)
    assert kiosk.config().json()["surveys"][0]["version"] == 2


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("bad.toml", "shop =", "bad.toml: not TOML"),
        ("logo.toml", 'logo = "nothing.png"', "nothing.png"),
        ("logo.toml", 'logo = "bad.toml"', "PNG"),
        ("null.toml", 'shop = "a\\u0000"', "U+0000"),
        ("notice.toml", "notices = 3", r"notices: must be a list in \[ \], not a whole number; w"),
        ("notice.toml", "[[notices]]", r"notices: lacks the key 'id'; write \[\[notices\]\] with"),
        ("sound.toml", "sound = 900", "sound = 900: give a whole number from 0 to 100"),
        ("theme.toml", 'theme = "drak"', "theme: cannot be 'drak'; choose of light, dark"),
    ],
)
def test_wrong_configurations(
    desk: office_desk.Desk, tmp_path: pathlib.Path, name: str, text: str, told: str
) -> None:
    """A file that will not do is told by name, and nothing of it is kept."""
    written(tmp_path, "bad.toml", "x =")
    kiosk = desk.kiosk()
    with pytest.raises(errors.Wrong, match=told.replace("+", r"\+")):
        configuration.put(
            desk.books, ("kiosk", kiosk.id), written(tmp_path, name, text), "test", desk.now
        )
    assert kiosk.config().json()["version"] == 0


def test_keys_that_kiosks_ignore_are_told(desk: office_desk.Desk, tmp_path: pathlib.Path) -> None:
    """What no kiosk of this version obeys is kept, for others may, and said with what was meant."""
    file = written(tmp_path, "c.toml", 'brigthness = 5\nqqq = 1\nsurvey = "x.toml"\nsound = 3\n')
    done = testing.CliRunner().invoke(
        cli.group, ["config", "set", str(file), "--database", desk.books.url]
    )
    ignored = "kiosks of this version do not know it, and ignore it"
    assert done.stderr.splitlines() == [
        f"smiley-central: {file}: brigthness: {ignored}; did you mean brightness?",
        f"smiley-central: {file}: qqq: {ignored}",
        f"smiley-central: {file}: survey: can be set at the kiosk alone; kiosks ignore it",
    ]
    assert (done.exit_code, done.stdout.split()[2:]) == (0, ["for", "all", "kiosks"])
    kept = desk.kiosk().config().json()["settings"]
    assert kept == {"brigthness": 5, "qqq": 1, "survey": "x.toml", "sound": 3}


def test_notices_that_no_kiosk_obeys_are_told(
    desk: office_desk.Desk, tmp_path: pathlib.Path
) -> None:
    """An order with a slip in it looked as if it had been given."""
    text = '[[notices]]\nid = "1"\nkind = "reset-pin"\n[[notices]]\nid = "2"\n'
    file = written(tmp_path, "c.toml", text)
    put = configuration.put(desk.books, ("all", ""), file, "test", desk.now)
    assert put.doubts == [
        f"{file}: notices: no kiosk obeys kind = 'reset-pin'; choose of text, reset_pin,"
        " roll_token",
        f"{file}: notices: '2' has no text, so staff see nothing of it",
    ]


def test_a_logo_travels(desk: office_desk.Desk, tmp_path: pathlib.Path) -> None:
    """A PNG named in the file comes to the kiosk in base64; one that is too large is refused."""
    kiosk = desk.kiosk()
    picture = configuration.PNG + b"0" * 100
    (tmp_path / "logo.png").write_bytes(picture)
    file = written(tmp_path, "config.toml", 'logo = "logo.png"')
    configuration.put(desk.books, ("office", ""), file, "test", desk.now)
    assert base64.b64decode(kiosk.config().json()["logo"]["png"]) == picture
    (tmp_path / "logo.png").write_bytes(picture + bytes(wire.MAX_LOGO))
    with pytest.raises(errors.Wrong, match="64 KiB"):
        configuration.put(desk.books, ("office", ""), file, "test", desk.now)
