"""`smiley-central serve` as it is run: real processes, real sockets, real files."""

from __future__ import annotations

import json
import pathlib
import signal
import socket
import sqlite3
import subprocess
import threading
import time
import uuid
from typing import Any

import pytest
import requests

from tests import office_desk, office_process, senders
from tests.acceptance.served_office import batch, enrolled

SECRET_TEXT = "nobody but the office may read this"
PASSWORD = "a long enough one"


def exported(database: str, folder: pathlib.Path) -> list[dict[str, Any]]:
    """Read the books back through the command."""
    target = folder / "out.jsonl"
    words = ("export", "--to", str(target), "--format", "jsonl")
    done = office_process.central(*words, database=database)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in target.read_text("utf-8").splitlines()]


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
            event = senders.rating(answered + 1)
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
        event = senders.rating(answered + 1)
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
                    json=batch(stream, [senders.rating(seq)]),
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
        # of the whole office, whichever workers were asked before
        for _ in range(6):
            figures = requests.get(f"{running.url}/metrics", timeout=10).text
            told = [line for line in figures.splitlines() if line.startswith("smiley_kiosks")]
            assert sorted(told) == [
                'smiley_kiosks{state="heard"} 1.0',
                'smiley_kiosks{state="never"} 0.0',
                'smiley_kiosks{state="silent"} 0.0',
            ]
        assert running.stop() == 0
    # nothing is left beside the file that would spoil one put in its place
    path = pathlib.Path(database.removeprefix("sqlite:///"))
    assert list(path.parent.glob(f"{path.name}-*")) == []
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


def test_a_fleet_speaks_to_a_running_office(database: str, tmp_path: pathlib.Path) -> None:
    """`simulate --office` plays its kiosks over real sockets; the same database has their taps."""
    with office_process.office(database, tmp_path) as running:
        words = ("simulate", "--kiosks", "3", "--days", "1", "--office", running.url)
        done = office_process.central(*words, database=database)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("simulate: 3 kiosks, 1 days")
    stored = int(done.stdout.split(" events stored")[0].rsplit(" ", 1)[1])
    assert len(exported(database, tmp_path)) == stored
