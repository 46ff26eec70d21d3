"""The real uplink and the real office over real sockets, a bad line and sudden death between."""

from __future__ import annotations

import collections
import contextlib
import json
import os
import pathlib
import random
import threading
import time
from collections.abc import Callable, Iterator

import msgspec
import pytest

from sync.buffer.buffer import Buffer
from sync.feedback import framing
from sync.uplink import enrol, transport, worker
from sync.uplink import line as shared
from tests.acceptance import dying_office
from tests.acceptance import proxy as proxies
from tests.taps import tap

FULL = os.environ.get("FULL") == "1"
SECONDS = 30 if FULL else 6  # of bad weather

pytestmark = [pytest.mark.timeout(150)]


@pytest.fixture
def kiosk(tmp_path: pathlib.Path) -> Iterator[Buffer]:
    """A card."""
    with Buffer.open(tmp_path / "card", app="1.0.0") as buffer:
        yield buffer


def recorded(buffer: Buffer) -> set[tuple[str, int]]:
    """All that lies on the card."""
    found = set()
    for row in [*buffer.settled(), *buffer.outgoing()]:
        after = 0
        while batch := buffer.read(row.stream, after, 500):
            found |= {(row.stream, framing.span(raw).seq) for raw in batch}
            after = framing.span(batch[-1]).through
    return found


def weather(buffer: Buffer, kill: Callable[[], None], line: worker.Worker, seconds: float) -> int:
    """Customers tap while the office dies again and again; gives how often it died."""
    chance, deaths = random.Random(7), 0
    until, next_death = time.monotonic() + seconds, time.monotonic() + 1.5
    while time.monotonic() < until:
        for _ in range(chance.randrange(1, 40)):
            assert buffer.record(tap(chance.randrange(1, 5))).durable
        line.nudge()
        if time.monotonic() > next_death:
            deaths += 1
            kill()
            next_death = time.monotonic() + 0.8 + 1.5 * chance.random()
        time.sleep(0.05)
    return deaths


def arrived(
    office: dying_office.Office, folder: pathlib.Path
) -> collections.Counter[tuple[str, int]]:
    """What the office exports."""
    return collections.Counter((row["stream"], row["seq"]) for row in office.events(folder))


def enrolled(office: dying_office.Office, buffer: Buffer) -> None:
    """Take a place."""
    code = office.run("kiosk", "add", "--site", "Lund", "--touchpoint", "Exit").split()[0]
    with transport.RequestsTransport(proxy="") as wire_line:
        enrol.enrol(f"http://127.0.0.1:{office.port}", code, buffer=buffer, line=wire_line)


def through(buffer: Buffer, port: int) -> None:
    """From now on the kiosk calls the proxy."""
    place = buffer.identity.current
    assert place is not None
    buffer.enrol(msgspec.structs.replace(place, url=f"http://127.0.0.1:{port}"))


def uplink(buffer: Buffer) -> worker.Worker:
    """The real worker; chance is small, so that waits fit into a test."""
    return worker.Worker(
        buffer,
        lambda: transport.RequestsTransport(proxy="", timeouts=(1.0, 2.0)),
        shared.Calls(wall=lambda: time.time_ns() // 1_000_000),
        linger=0.05,
        chance=lambda: 0.02,
    )


def check(office: dying_office.Office, buffer: Buffer, folder: pathlib.Path) -> None:
    """Nothing is missing, nothing doubled, and the office says so."""
    there, here = arrived(office, folder), recorded(buffer)
    assert len(here) > 500
    assert here - set(there) == set(), "missing"
    assert set(there) - here == set(), "nobody recorded these"
    assert max(there.values()) == 1, "doubled"
    (row,) = json.loads(office.run("completeness", "--json"))
    assert row["complete"] is True
    assert row["missing"] == row["refused"] == row["conflicts"] == row["lost"] == []
    assert row["stored"] == len(here)


def test_an_office_killed_again_and_again(tmp_path: pathlib.Path, kiosk: Buffer) -> None:
    """SIGKILL in mid-batch and a line that cuts, delays, throttles and lies: each event once."""
    office = dying_office.Office(f"sqlite:///{tmp_path}/office.db", tmp_path)
    office.start()
    try:
        assert dying_office.wait_for(office.ready)
        enrolled(office, kiosk)

        def die() -> None:
            office.kill()
            office.start()

        with proxies.Proxy(office.port, seed=1, bad=0.25) as proxy:
            through(kiosk, proxy.port)
            with uplink(kiosk) as line:
                deaths = weather(kiosk, die, line, SECONDS)
                proxy.bad = 0.0
                assert dying_office.wait_for(lambda: kiosk.pending() == 0), line.status()
        assert deaths >= 2
        assert proxy.harmed >= 5
        check(office, kiosk, tmp_path)
    finally:
        office.kill()


def test_a_postgresql_that_stops_and_starts(tmp_path: pathlib.Path, kiosk: Buffer) -> None:
    """Two workers, a PostgreSQL that goes away in the middle, a bad line: each event once."""
    with contextlib.ExitStack() as closing:
        server = closing.enter_context(dying_office.postgresql())
        office = dying_office.Office(server.get_uri(), tmp_path, workers=2)
        office.start()
        closing.callback(office.kill)
        assert dying_office.wait_for(office.ready)
        enrolled(office, kiosk)
        away: list[threading.Thread] = []

        def die() -> None:
            def stop_and_start() -> None:
                server.stop()
                time.sleep(0.3)
                server.ensure_postgres_running()

            if not away or not away[-1].is_alive():
                away.append(threading.Thread(target=stop_and_start))
                away[-1].start()

        with proxies.Proxy(office.port, seed=2, bad=0.1) as proxy:
            through(kiosk, proxy.port)
            with uplink(kiosk) as line:
                weather(kiosk, die, line, SECONDS)
                proxy.bad = 0.0
                for one in away:
                    one.join()
                assert dying_office.wait_for(lambda: kiosk.pending() == 0), line.status()
        assert len(away) >= 1
        check(office, kiosk, tmp_path)
