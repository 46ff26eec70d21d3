"""Streams that two kiosks send: whatever is decided, at a real kiosk, and what people see."""

from __future__ import annotations

import html
import json
import pathlib
import random
from typing import Any

import pytest
from click import testing

from sync.central import claims, cli, completeness, fold, store
from sync.central.store import events as stored
from sync.feedback import wire
from tests import databases, office_desk
from tests.integration import pair_world
from tests.senders import NOW, Kiosk, rating, start


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_given_to_whom_nothing_is_lost(books: store.Store, seed: int) -> None:
    """What was ever taken from a kiosk lies in the books or aside, once; figures stay exact."""
    chance = random.Random(seed)
    pair = [Kiosk(books), Kiosk(books)]
    pair[1].stream = pair[0].stream
    taken: dict[str, list[Any]] = {one.id: [] for one in pair}
    for _ in range(40):
        one = chance.choice(pair)
        if chance.random() < 0.7:
            first = len(taken[one.id]) + 1
            sent = [
                start() if seq == 1 else rating(seq, chance.randrange(1, 5))
                for seq in range(first, first + chance.randrange(1, 4))
            ]
            if isinstance(one.send(*sent), wire.Stored):
                taken[one.id] += sent
        elif any(claim.kiosk == one.id for claim in claims.report(books).claims):
            claims.give(books, one.stream, one.id, NOW)
        with books.read() as connection:
            here = stored.covering(connection, one.stream, 1, wire.MAX_INTEGER)
        found: dict[str, list[Any]] = {kiosk.id: [] for kiosk in pair}
        for row in [*here, *claims.aside(books, one.stream)]:
            found[row.kiosk].append(json.loads(row.raw))
        assert found == taken
        assert len({row.kiosk for row in here}) <= 1
    for one in pair:
        assert fold.differences(books, one.id) == {}


def test_a_real_kiosk_keeps_its_events_and_sends_them_when_the_stream_is_its(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    """Squatted before its first batch: nothing is acknowledged, all arrives after the gift."""
    monkeypatch.setenv("SMILEY_WITHDRAWN", str(tmp_path / "office.withdrawn"))
    world = pair_world.World(7)
    one = world.kiosks[1]
    for _ in range(5):
        one.tap()
    stream, books = one.buffer.stream, world.office.books
    body = b'{"format":1,"stream":"%s","last_seq":1,"events":[{"seq":1,"kind":"x","mono":1}]}'
    answer = world.office.take("k_a", body % stream.encode(), world.wall())
    assert isinstance(answer, wire.Stored)
    world.run(2_000)
    assert one.buffer.pending() == one.buffer.last_seq
    assert stream in one.line.uploads.aside
    one.stop(clean=True)
    one.start()
    one.survey()
    one.tap()
    world.run(2_000)
    (row,) = completeness.report(books, world.wall(), kiosk="k_b")
    assert (row.complete, row.silent, len(row.foreign)) == (False, False, 1)
    claims.give(books, stream, "k_b", world.wall())
    world.settle()
    assert claims.report(books).aside == [claims.Aside(stream, "k_a", 1)]


def test_staff_see_and_decide_by_command(books: store.Store) -> None:
    """`streams list`, `give`, `refuse` and `aside`, for people and as JSON; noted by whom."""
    owner, thief = Kiosk(books), Kiosk(books)
    thief.stream = owner.stream
    url = books.engine.url.render_as_string(hide_password=False)

    def run(*words: str) -> str:
        told = testing.CliRunner().invoke(cli.group, ["streams", *words, "--database", url])
        assert told.exit_code == 0, told.output
        return " ".join(told.output.split())

    assert run("list") == "no stream is claimed by another kiosk, and nothing lies aside"
    thief.stored(start(), rating(2, 1))
    owner.problem(start())
    listed = json.loads(run("list", "--json"))
    assert [one["holder"] for one in listed["claims"]] == [thief.id]
    assert owner.stream in run("list")
    assert f"kiosk replace {thief.id}" in run("give", owner.stream, owner.id)
    assert f"2 events of {thief.id} lie aside" in run("list")
    assert [one["seq"] for one in json.loads(run("aside", owner.stream, "--json"))] == [1, 2]
    assert '"face": 1' in run("aside", owner.stream)
    thief.problem(rating(3))
    assert "no longer waiting" in run("refuse", owner.stream, thief.id)
    with books.read() as connection:
        audit = connection.exec_driver_sql("SELECT what, about FROM audit ORDER BY number").all()
    assert [tuple(row) for row in audit] == [
        ("streams give", owner.stream),
        ("streams refuse", owner.stream),
    ]


def test_the_first_page_and_the_figures_show_it(fresh: databases.Fresh) -> None:
    """Whoever looks at the office sees that a stream is held by another, and what to type."""
    with office_desk.desk(fresh()) as desk:
        owner, thief = desk.kiosk(), desk.kiosk(touchpoint="Exit B")
        thief.stream = owner.stream
        assert thief.send(*office_desk.opening(), rating(5, 1)).status_code == 200
        assert owner.send(*office_desk.opening()).status_code == 409
        desk.user()
        desk.log_in()
        page = desk.client.get("/").text
        assert f"{thief.id} holds a stream of it: `smiley-central streams list`" in html.unescape(
            page
        )
        assert 'smiley_streams{state="foreign"} 1.0' in desk.client.get("/metrics").text
        claims.give(desk.books, owner.stream, owner.id, desk.now)
        assert owner.send(*office_desk.opening()).json()["stored_through"] == 4
        assert "holds a stream" not in desk.client.get("/").text
        assert 'smiley_streams{state="foreign"} 0.0' in desk.client.get("/metrics").text
