"""`smiley-central`'s commands as they are run: helps, complaints, back-ups, the unit file."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import socket
import sqlite3
import subprocess
import sys
import uuid

import pytest
import requests

from tests import office_desk, office_process, senders
from tests.acceptance.served_office import batch, enrolled


def test_help_answers_at_once() -> None:
    """`--help` imports neither the web framework nor SQL, nor does the help of a command."""
    look = (
        "import sys\n"
        "from sync.central import cli\n"
        "for words in (['--help'], ['serve', '--help'], ['kiosk', 'add', '--help']):\n"
        "    try: cli.group(words)\n"
        "    except SystemExit as end: assert end.code == 0\n"
        "heavy = {'litestar', 'sqlalchemy', 'uvicorn', 'alembic', 'argon2', 'rich', 'requests'}\n"
        "print('heavy:', sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", look], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.endswith("heavy: []\n")


def test_every_promised_command_is_there(database: str) -> None:
    """The outside face names these commands; each has its help and knows its options."""
    promised = {
        "serve": ["--host", "--port", "--workers"],
        "migrate": [],
        "kiosk add": ["--site", "--touchpoint", "--time-zone", "--from"],
        "kiosk list": ["--json"],
        "kiosk revoke": [],
        "kiosk replace": [],
        "user add": ["--role"],
        "import": ["--trust"],
        "totals": ["--site", "--days", "--json"],
        "completeness": ["--json"],
        "refused": ["--retry", "--json"],
        "export": ["--to", "--format"],
        "simulate": ["--kiosks", "--days"],
        "config set": ["--site"],
        "survey publish": ["--site"],
        "comment erase": [],
        "restored": [],
    }
    from click.testing import CliRunner

    from sync.central import cli

    for words, options in promised.items():
        told = CliRunner().invoke(cli.group, [*words.split(), "--help"])
        assert told.exit_code == 0, words
        for option in ("--database", *options):
            assert option in told.output, (words, option)
    for words in ("totals --json", "completeness --json", "refused --json", "kiosk list --json"):
        done = office_process.central(*words.split(), database=database)
        assert json.loads(done.stdout) == [], words


@pytest.mark.parametrize(
    ("words", "database", "code", "told"),
    [
        (["serve", "--host", "192.0.2.1"], "", 1, "cannot listen at 192.0.2.1:8080"),
        (["serve"], "mysql://x/y", 1, "'mysql' is no database we know"),
        (["serve"], "sqlite:////proc/nothing/x.db", 1, "/proc/nothing"),
        (["totals"], "postgresql://x:secretword@127.0.0.1:1/y", 1, "cannot be reached"),
        (["serve", "--port", "x"], "", 2, "--port"),
        (["kiosk", "revoke", "k_none"], "", 1, "k_none"),
        (["kiosk", "add"], "", 2, "--site"),
        (["kiosk", "add", "--from", "x.csv", "--site", "A"], "", 2, "leave the others out"),
        (["kiosk", "revoke", "\udcff"], "", 1, r"'\udcff' is not written in UTF-8"),
        (["totals", "--site", "Lnud"], "", 1, "there is no site 'Lnud'"),
        (["comment", "erase", "K7-42Q", "--kiosk", "k_none"], "", 1, "no kiosk 'k_none'"),
        (["export", "--to", "/tmp"], "", 1, "/tmp is a folder: name a file in it, such as"),
        (
            ["simulate", "--kiosks", "1", "--days", "1", "--office", "http://127.0.0.1:9"],
            "",
            1,
            "http://127.0.0.1:9 does not enrol. http://127.0.0.1:9 cannot be reached. Is it this",
        ),
        (["kiosk", "add", "--from", "/nowhere.csv"], "", 1, "/nowhere.csv"),
        (["kiosk", "add", "--site", "A", "--touchpoint", "B", "--time-zone", "X"], "", 1, "'X'"),
        (["user", "add", "anna", "--role", "reader"], "", 1, "10 to 200"),
        (["config", "set", "/nowhere.toml"], "", 1, "/nowhere.toml"),
        (["survey", "publish", "/nowhere.toml"], "", 1, "/nowhere.toml"),
        (["export", "--to", "/nowhere/x.csv"], "", 1, "/nowhere"),
        (["import", "/nowhere.jsonl"], "", 1, "/nowhere.jsonl"),
        (["nothing"], "", 2, "nothing"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    tmp_path: pathlib.Path, words: list[str], database: str, code: int, told: str
) -> None:
    """What a user did wrong ends as one sentence with the right exit code, never a traceback."""
    done = office_process.central(
        *words, database=database or f"sqlite:///{tmp_path}/o.db", given="short\n"
    )
    assert done.returncode == code, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert "secretword" not in done.stderr
    sentences = [line for line in done.stderr.splitlines() if line.startswith("smiley-central: ")]
    assert len(sentences) == (1 if code == 1 else 0)


@pytest.mark.parametrize("way", ["strict", "surrogateescape"])
def test_a_password_in_another_encoding_is_told(database: str, way: str) -> None:
    """It cannot be kept as it was meant, and is not repeated."""
    done = subprocess.run(
        [office_process.CENTRAL, "user", "add", "anna", "--role", "reader"],
        input="långt nog ord\n".encode("latin-1"),
        capture_output=True,
        env={**os.environ, "SMILEY_DATABASE": database, "PYTHONIOENCODING": f"utf-8:{way}"},
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (
        1,
        b"smiley-central: the password is not written in UTF-8: give it in that encoding\n",
    )


def test_a_log_level_is_told(database: str) -> None:
    """It may be written small; one that there is none of is told before anything begins."""
    for level, port, told in (
        ("frob", "8080", "SMILEY_LOG_LEVEL='frob' is no level: choose of DEBUG, INFO, WARNING,"),
        ("debug", "1", "cannot listen at 192.0.2.1:1"),
    ):
        done = subprocess.run(
            [office_process.CENTRAL, "serve", "--host", "192.0.2.1", "--port", port],
            capture_output=True,
            text=True,
            env={**os.environ, "SMILEY_DATABASE": database, "SMILEY_LOG_LEVEL": level},
            timeout=60,
            check=False,
        )
        assert told in done.stderr
        assert "Traceback" not in done.stderr


def test_a_new_office_is_told(tmp_path: pathlib.Path) -> None:
    """A slip in the address makes another office: whoever made it is told where, once."""
    database = f"sqlite:///{tmp_path}/ofice.db"
    first, second = (office_process.central("kiosk", "list", database=database) for _ in "12")
    assert first.stderr == f"{database}: a new office is made here\n"
    assert (first.returncode, second.returncode, second.stderr) == (0, 0, "")


def test_a_taken_port_is_told(database: str, tmp_path: pathlib.Path) -> None:
    """A port that somebody has is one sentence, at once."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        port = str(door.getsockname()[1])
        done = office_process.central("serve", "--port", port, database=database)
    assert done.returncode == 1
    assert f"127.0.0.1:{port}" in done.stderr
    assert "choose another" in done.stderr


def test_a_back_up_is_put_back(database: str, tmp_path: pathlib.Path) -> None:
    """A back-up made while the office runs is put back: what was revoked since stays revoked, what
    was taken since is asked for again, and nothing is called complete until it was heard.
    """
    path = pathlib.Path(database.removeprefix("sqlite:///"))
    back_up = tmp_path / "back-up.db"
    stream = str(uuid.uuid4())
    with office_process.office(database, tmp_path) as running:
        _, _, bearer = enrolled(running, database)
        _, _, thief = enrolled(running, database)
        url = f"{running.url}/v1/batches"
        requests.post(url, json=batch(stream, office_desk.opening()), headers=bearer, timeout=20)
        with sqlite3.connect(path) as live:
            live.execute("VACUUM INTO ?", (str(back_up),))
        live.close()
        events = [senders.rating(5), senders.rating(6)]
        requests.post(url, json=batch(stream, events), headers=bearer, timeout=20)
        kiosks = json.loads(
            office_process.central("kiosk", "list", "--json", database=database).stdout
        )
        lost = max(kiosks, key=lambda row: row["enrolled_at"])["kiosk"]
        assert office_process.central("kiosk", "revoke", lost, database=database).returncode == 0
        assert running.stop() == 0
    for name in (path, *path.parent.glob(f"{path.name}-*")):
        name.unlink()
    shutil.copyfile(back_up, path)
    done = office_process.central("restored", database=database)
    assert done.returncode == 0, done.stderr
    with office_process.office(database, tmp_path) as running:
        url = f"{running.url}/v1/batches"
        refused = requests.get(f"{running.url}/v1/config", headers=thief, timeout=20)
        assert refused.status_code == 403
        rows = json.loads(
            office_process.central("completeness", "--json", database=database).stdout
        )
        assert not any(row["complete"] for row in rows)
        gap = requests.post(
            url, json=batch(stream, [senders.rating(7)]), headers=bearer, timeout=20
        )
        assert (gap.status_code, gap.json()["stored_through"]) == (409, 4)
        events = [senders.rating(seq) for seq in (5, 6, 7)]
        told = requests.post(url, json=batch(stream, events), headers=bearer, timeout=20)
        assert told.json()["stored_through"] == 7


def test_the_unit_file_starts_what_there_is() -> None:
    """The systemd unit names commands and options that exist, and puts no password into `ps`."""
    unit = pathlib.Path(__file__).parents[2] / "assets" / "systemd" / "smiley-central.service"
    text = unit.read_text("utf-8")
    assert "smiley-central serve --host 127.0.0.1 --port 8080 --workers 2" in text
    assert "Restart=always" in text
    assert "StartLimitIntervalSec=0" in text
    assert not any("--database" in line for line in text.splitlines() if "Exec" in line)
    assert os.sep in text
