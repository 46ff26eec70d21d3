"""`smiley-central` as it is run: real processes, real sockets, real files."""

from __future__ import annotations

import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests import databases, office_desk, office_process

SECRET_TEXT = "nobody but the office may read this"
PASSWORD = "a long enough one"


@pytest.fixture
def database(tmp_path: pathlib.Path) -> Iterator[str]:
    """A fresh office on SQLite."""
    folder = tmp_path / "db"
    folder.mkdir()
    with databases.sqlite(folder) as fresh:
        yield fresh()


def enrolled(running: office_process.Process, database: str) -> tuple[str, str, dict[str, str]]:
    """Enrol a kiosk; gives its code, its token and its header."""
    words = ("kiosk", "add", "--site", "Lund", "--touchpoint", "Exit A")
    code = office_process.central(*words, database=database).stdout.strip()
    token = secrets.token_hex(32)
    message = {"format": 1, "code": code, "token": token, "device": {}}
    answer = requests.post(f"{running.url}/v1/enrolments", json=message, timeout=20)
    assert answer.status_code == 201, answer.text
    return code, token, {"Authorization": f"Bearer {token}"}


def batch(stream: str, events: list[dict[str, Any]]) -> dict[str, Any]:
    """Make a batch."""
    return {"format": 1, "stream": stream, "last_seq": events[-1]["seq"], "events": events}


def exported(database: str, folder: pathlib.Path) -> list[dict[str, Any]]:
    """Read the books back through the command."""
    target = folder / "out.jsonl"
    words = ("export", "--to", str(target), "--format", "jsonl")
    done = office_process.central(*words, database=database)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in target.read_text("utf-8").splitlines()]


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


@pytest.mark.parametrize("workers", [1, 2])
def test_a_clean_stop_finishes_what_has_begun(
    database: str, tmp_path: pathlib.Path, workers: int
) -> None:
    """SIGTERM in the middle of a body: the batch is taken and answered, then the end is 0."""
    with office_process.office(database, tmp_path, workers=workers) as running:
        _, token, _ = enrolled(running, database)
        body = json.dumps(batch(str(uuid.uuid4()), office_desk.opening())).encode()
        with socket.create_connection(("127.0.0.1", running.port), timeout=30) as line:
            head = (
                "POST /v1/batches HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                f"Authorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            line.sendall(head.encode() + body[:40])
            time.sleep(0.5)
            running.process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            line.sendall(body[40:])
            answer = b""
            while piece := line.recv(65_536):
                answer += piece
        assert b"200 OK" in answer
        assert b'"stored_through":4' in answer
        assert running.process.wait(30) == 0
    assert len(exported(database, tmp_path)) == 4


def test_a_killed_office_lost_nothing_it_had_answered(
    database: str, tmp_path: pathlib.Path
) -> None:
    """SIGKILL in the middle of a stream of batches: whatever was answered is in the books, once."""
    stream = str(uuid.uuid4())
    answered = 0
    with office_process.office(database, tmp_path) as running:
        _, _, bearer = enrolled(running, database)
        threading.Timer(1.0, running.process.kill).start()
        while True:
            event = office_desk.rating(answered + 1)
            try:
                told = requests.post(
                    f"{running.url}/v1/batches",
                    json=batch(stream, [event]),
                    headers=bearer,
                    timeout=20,
                )
            except requests.RequestException:
                break
            assert told.status_code == 200
            answered = told.json()["stored_through"]
        assert running.process.wait(20) == -signal.SIGKILL
    with office_process.office(database, tmp_path, port=running.port) as again:
        event = office_desk.rating(answered + 1)
        told = requests.post(
            f"{again.url}/v1/batches", json=batch(stream, [event]), headers=bearer, timeout=20
        )
        assert told.json()["stored_through"] in {answered + 1, answered + 2}
    seqs = [row["seq"] for row in exported(database, tmp_path)]
    assert seqs == list(range(1, answered + 2))


def test_workers_end_with_their_supervisor(database: str, tmp_path: pathlib.Path) -> None:
    """After SIGKILL of the first process no worker is left behind that holds the port."""
    with office_process.office(database, tmp_path, workers=2) as running:
        assert running.stop(signal.SIGKILL) == -signal.SIGKILL
        until = time.monotonic() + 20
        held = True
        while held and time.monotonic() < until:
            with socket.socket() as door:
                held = door.connect_ex(("127.0.0.1", running.port)) == 0
            time.sleep(0.1)
        assert not held
    with office_process.office(database, tmp_path, port=running.port, workers=2) as again:
        assert again.stop(signal.SIGINT) == 0
        assert "Traceback" not in again.log.read_text("utf-8")


def test_workers_share_the_figures_and_the_work(database: str, tmp_path: pathlib.Path) -> None:
    """Two workers on SQLite take batches at once, each once, and one page adds both up."""
    with office_process.office(database, tmp_path, workers=2) as running:
        _, _, bearer = enrolled(running, database)
        streams = [str(uuid.uuid4()) for _ in range(4)]
        failures: list[str] = []

        def send(stream: str) -> None:
            for seq in range(1, 11):
                answer = requests.post(
                    f"{running.url}/v1/batches",
                    json=batch(stream, [office_desk.rating(seq)]),
                    headers=bearer,
                    timeout=30,
                )
                if answer.status_code != 200:
                    failures.append(answer.text)

        # each stream is sent by two threads at once
        threads = [threading.Thread(target=send, args=(stream,)) for stream in streams * 2]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        gaps = [told for told in failures if "/problems/gap" not in told]
        assert gaps == []
        figures = requests.get(f"{running.url}/metrics", timeout=10).text
        stored = [line for line in figures.splitlines() if line.startswith("smiley_batches_total")]
        assert sum(float(line.rsplit(" ", 1)[1]) for line in stored) == 80
        assert running.stop() == 0
    rows = [(row["stream"], row["seq"]) for row in exported(database, tmp_path)]
    assert sorted(rows) == sorted((stream, seq) for stream in streams for seq in range(1, 11))


def test_nothing_secret_is_told(database: str, tmp_path: pathlib.Path) -> None:
    """No token, code, password or comment's text stands in the log, and `ps` shows no database."""
    with office_process.office(database, tmp_path) as running:
        added = office_process.central(
            "user", "add", "anna", "--role", "reader", database=database, given=PASSWORD
        )
        assert added.returncode == 0
        code, token, bearer = enrolled(running, database)
        comment = {
            "seq": 5,
            "kind": "comment",
            "mono": 90_000,
            "rating": 4,
            "text": SECRET_TEXT,
            "code": "K7-42Q",
        }
        sent = batch(str(uuid.uuid4()), [*office_desk.opening(), comment])
        requests.post(f"{running.url}/v1/batches", json=sent, headers=bearer, timeout=20)
        broken = json.dumps(sent)[:-3]
        for body in (broken, broken.replace("comment", "\\ud800")):
            requests.post(f"{running.url}/v1/batches", data=body, headers=bearer, timeout=20)
        requests.get(f"{running.url}/v1/config?token={token}", timeout=20)
        with socket.create_connection(("127.0.0.1", running.port), timeout=30) as line:
            head = "POST /v1/enrolments HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n"
            line.sendall(head.encode() + broken[:20].encode())
        visitor = requests.Session()
        page = visitor.get(f"{running.url}/log-in", timeout=20)
        form = {"csrf": office_desk.csrf(page), "name": "anna", "password": PASSWORD}
        assert "Today" in visitor.post(f"{running.url}/log-in", data=form, timeout=20).text
        cookie = visitor.cookies["smiley_session"]
        listed = subprocess.run(
            ["ps", "-o", "args=", "-p", str(running.process.pid)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert database not in listed
        assert running.stop() == 0
        log = running.log.read_text("utf-8")
    for secret in (token, code, PASSWORD, SECRET_TEXT, "K7-42Q", cookie):
        assert secret not in log
    lines = [json.loads(line) for line in log.splitlines()]
    assert any(line["event"] == "answered" and line["status"] == 200 for line in lines)
    # who hung up in the middle of a body is noted, and is no error of ours
    assert any(line["event"] == "answered" and line["status"] == 499 for line in lines)
    assert not any(line["level"] == "error" for line in lines)
    # the books themselves hold neither tokens nor codes nor passwords
    with sqlite3.connect(database.removeprefix("sqlite:///")) as raw:
        dump = "\n".join(raw.iterdump())
    raw.close()
    for secret in (token, code, PASSWORD, cookie):
        assert secret not in dump


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
        events = [office_desk.rating(5), office_desk.rating(6)]
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
            url, json=batch(stream, [office_desk.rating(7)]), headers=bearer, timeout=20
        )
        assert (gap.status_code, gap.json()["stored_through"]) == (409, 4)
        events = [office_desk.rating(seq) for seq in (5, 6, 7)]
        told = requests.post(url, json=batch(stream, events), headers=bearer, timeout=20)
        assert told.json()["stored_through"] == 7


def test_a_fleet_speaks_to_a_running_office(database: str, tmp_path: pathlib.Path) -> None:
    """`simulate --office` plays its kiosks over real sockets; the same database has their taps."""
    with office_process.office(database, tmp_path) as running:
        words = ("simulate", "--kiosks", "3", "--days", "1", "--office", running.url)
        done = office_process.central(*words, database=database)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("simulate: 3 kiosks, 1 days")
    stored = int(done.stdout.split(" events stored")[0].rsplit(" ", 1)[1])
    assert len(exported(database, tmp_path)) == stored


def test_the_unit_file_starts_what_there_is() -> None:
    """The systemd unit names commands and options that exist, and puts no password into `ps`."""
    unit = pathlib.Path(__file__).parents[2] / "assets" / "systemd" / "smiley-central.service"
    text = unit.read_text("utf-8")
    assert "smiley-central serve --host 127.0.0.1 --port 8080 --workers 2" in text
    assert "Restart=always" in text
    assert "StartLimitIntervalSec=0" in text
    assert not any("--database" in line for line in text.splitlines() if "Exec" in line)
    assert os.sep in text
