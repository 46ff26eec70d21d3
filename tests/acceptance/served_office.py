"""An enrolled kiosk and its batches for the tests of `smiley-central` as it is run."""

from __future__ import annotations

import secrets
from typing import Any

import requests

from tests import office_process


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
