"""An office in this process behind a client, with a clock that a test moves."""

from __future__ import annotations

import contextlib
import dataclasses
import gzip
import json
import secrets
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import requests
from litestar.testing import TestClient

from sync.central import app, enrolment, office, people, store
from tests import databases, senders

NOW = databases.NOW
PASSWORD = "a long enough one"


@dataclasses.dataclass
class Desk:
    """The office, and how to speak to it. `now` is its clock, in ms."""

    books: store.Store
    client: TestClient[Any]
    at: office.Office
    now: int = NOW

    def code(self, site: str = "Lund", touchpoint: str = "Exit A") -> str:
        """Add a kiosk; gives its code."""
        added = enrolment.add(self.books, site, touchpoint, "Europe/Stockholm", self.now)
        return added.code

    def enrol(self, code: str, token: str) -> httpx.Response:
        """Send an enrolment."""
        message = {"format": 1, "code": code, "token": token, "device": {"model": "Pi 5"}}
        return self.client.post("/v1/enrolments", json=message)

    def kiosk(self, site: str = "Lund", touchpoint: str = "Exit A") -> Kiosk:
        """Add and enrol a kiosk."""
        token = secrets.token_hex(32)
        answer = self.enrol(self.code(site, touchpoint), token)
        assert answer.status_code == 201, answer.text
        return Kiosk(self, answer.json()["kiosk"], token)

    def user(self, name: str = "anna", role: str = "reader") -> None:
        """Add somebody who may log in with PASSWORD."""
        people.add(self.books, name, PASSWORD, role, self.now)

    def log_in(self, name: str = "anna", password: str = PASSWORD) -> httpx.Response:
        """Log in through the form, as a browser does."""
        return self.client.post(
            "/log-in",
            data={"csrf": csrf(self.client.get("/log-in")), "name": name, "password": password},
            follow_redirects=False,
        )


@dataclasses.dataclass
class Kiosk:
    """A kiosk that speaks over HTTP."""

    desk: Desk
    id: str
    token: str
    stream: str = dataclasses.field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def bearer(self) -> dict[str, str]:
        """What every call of it carries."""
        return {"Authorization": f"Bearer {self.token}"}

    def send(self, *events: dict[str, Any], **more: Any) -> httpx.Response:
        """Send a batch, packed."""
        body = {"format": 1, "stream": self.stream, "last_seq": len(events), "events": list(events)}
        return self.raw(gzip.compress(json.dumps(body | more).encode()))

    def raw(self, body: bytes, packing: str = "gzip", **headers: str) -> httpx.Response:
        """Send these bytes as a batch."""
        return self.desk.client.post(
            "/v1/batches",
            content=body,
            headers={
                **self.bearer,
                "Content-Encoding": packing,
                "Content-Type": "application/json",
                "Smiley-Stream": self.stream,
                **headers,
            },
        )

    def config(self, etag: str | None = None) -> httpx.Response:
        """Ask for the configuration."""
        known = {"If-None-Match": etag} if etag else {}
        return self.desk.client.get("/v1/config", headers=self.bearer | known)


@contextlib.contextmanager
def desk(url: str) -> Iterator[Desk]:
    """Open the office of a database."""
    with store.open(url) as books:
        at = office.Office(books)
        with TestClient(app.create(at), raise_server_exceptions=False) as client:
            opened = Desk(books, client, at)
            at.now = lambda: opened.now
            yield opened


def csrf(page: httpx.Response | requests.Response) -> str:
    """Find the proof that a page's form carries."""
    return page.text.split('name="csrf" value="', 1)[1].split('"', 1)[0]


def opening(at: int = NOW) -> list[dict[str, Any]]:
    """Make a stream's first four events: its wall time is `at`."""
    return [
        senders.start(at=at, serial="1"),
        senders.settings(2),
        {"seq": 3, "kind": "survey", "mono": 12, "survey": "exit", "version": 1, "document": {}},
        senders.clock(4, at),
    ]
