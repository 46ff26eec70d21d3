"""The two legs over a real buffer in memory and an office that is a function, in virtual time."""

from __future__ import annotations

import msgspec
import pytest

from sync.feedback import wire
from sync.uplink import exchange, legs, protocol
from sync.uplink import line as shared
from tests import batches
from tests.integration.legs_bench import (
    MARKS,
    NOW_MS,
    Bench,
    reply,
    unchanged,
)


def test_a_tap_arrives_as_it_lies_on_the_card() -> None:
    """The bytes of the events in the batch are those on the card."""
    bench = Bench()
    bench.tap()
    assert bench.upload.step() == pytest.approx(protocol.LINGER)
    bench.now += protocol.LINGER
    assert bench.upload.step() == 0
    batch, _ = batches.read(bench.calls[0].body)
    assert [bytes(raw) for raw in batch.events] == bench.buffer.read(bench.buffer.stream, 0)
    assert bench.buffer.pending() == 0
    assert bench.upload.step() > 100
    assert len(bench.times) == 1
    assert abs(bench.times[0][0] - NOW_MS) < 1000


def test_before_any_enrolment_nothing_is_sent() -> None:
    """Taps wait; once there is an office they go, and the heartbeat with them."""
    bench = Bench(enrolled=False)
    bench.tap()
    bench.now += 9
    assert bench.upload.step() > 100
    assert bench.beat.step() == legs.UNENROLLED
    bench.enrol()
    bench.upload.step()
    assert bench.beats(1) == [wire.BATCHES, wire.HEARTBEATS, wire.CONFIG]


def test_a_heartbeat_and_a_look_at_the_settings_every_five_minutes() -> None:
    """Both at once after the start, and then twelve an hour."""
    bench = Bench()
    bench.tap()
    assert bench.beats(1) == [wire.HEARTBEATS, wire.CONFIG]
    assert bench.beats(3600).count(wire.HEARTBEATS) == 12
    bench.beat.step()


def test_a_heartbeat_tells_how_the_kiosk_fares() -> None:
    """Stream, numbers, health and the configuration's state are in it."""
    bench = Bench()
    bench.tap()
    bench.beat.step()
    beat = msgspec.json.decode(bench.calls[0].body, type=wire.Heartbeat)
    assert beat == wire.Heartbeat(
        stream=bench.buffer.stream,
        last_seq=2,
        pending=2,
        app="1.2.3",
        uptime=77,
        health={"card": "ok"},
        last_touch=5,
    )
    assert bench.line.status.last_contact == NOW_MS
    assert bench.buffer.recall(shared.CONTACT_KEY) == {"at": NOW_MS, "office": "o_1"}


def test_what_is_wrong_with_the_line_stands_in_the_log_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A token that was ended told staff in front of the screen alone why nothing arrives."""
    bench = Bench()
    bench.tap()

    def revoked(_request: exchange.Request) -> exchange.Reply:
        body = {"type": wire.REVOKED, "status": 403, "detail": "ended", "format": 1, **MARKS}
        return exchange.Response(403, {}, msgspec.json.encode(body), 0.1)

    good, bench.answers[wire.BATCHES] = bench.answers[wire.BATCHES], revoked
    for _ in range(3):
        bench.now += 4000
        bench.upload.step()
    bench.answers[wire.BATCHES] = good
    bench.now += 4000
    bench.upload.step()
    first, last = (record.getMessage() for record in caplog.records)
    assert first == bench.statuses[0].problem
    assert last == "The line to the office is good again."


def test_a_heartbeat_of_a_restored_office_brings_back_what_it_lacks() -> None:
    """Streams that the office names as lacking wait again, and the next heartbeat comes soon."""
    bench = Bench()
    bench.tap()
    bench.now += 2
    bench.upload.step()
    before = bench.buffer.stream
    bench = bench.again()
    bench.buffer.tend()
    bench.tap()
    assert bench.buffer.pending() == 2

    def lacking(request: exchange.Request) -> exchange.Reply:
        lacks = [wire.Behind(stream=before, stored_through=1)]
        stream = bench.buffer.stream
        return reply(wire.Heard(stream=stream, stored_through=0, behind=lacks, **MARKS))

    bench.answers[wire.HEARTBEATS] = lacking
    bench.beat.step()
    assert bench.buffer.pending() == 3
    assert [row.stream for row in bench.buffer.outgoing()] == [before, bench.buffer.stream]
    assert bench.beats(30).count(wire.HEARTBEATS) >= 2


def test_settings_are_handed_over_once_and_asked_for_by_etag() -> None:
    """New settings go to the app; then 304, over a restart too."""
    bench = Bench()
    config = wire.Config(version=3, settings={"pause": 4000}, **MARKS)
    bench.answers[wire.CONFIG] = lambda _: reply(config, ETag='"3"')
    bench.beats(1)
    assert bench.configs == [config]
    bench.answers[wire.CONFIG] = unchanged
    bench.beats(301)
    bench = bench.again()
    bench.beats(1)
    bench.beat.step()
    assert [call.headers for call in bench.calls if call.path == wire.CONFIG] == []
    bench.now += 300
    while bench.beat.step() == 0:
        pass
    assert [call.headers for call in bench.calls if call.path == wire.CONFIG] == [
        {"If-None-Match": '"3"'}
    ]
    beat = msgspec.json.decode(bench.calls[0].body, type=wire.Heartbeat)
    assert beat.config == wire.ConfigState(etag='"3"')


def test_refused_settings_are_reported_and_the_last_good_ones_stay() -> None:
    """The heartbeat says which are in force and why the newest are not; they come no more."""
    bench = Bench()
    good = wire.Config(version=3, **MARKS)
    bench.answers[wire.CONFIG] = lambda _: reply(good, ETag='"3"')
    bench.beats(1)
    bench.error = "pause is -1; it must be 0 or more."
    bench.answers[wire.CONFIG] = lambda _: reply(wire.Config(version=4, **MARKS), ETag='"4"')
    bench.beats(300)
    bench.answers[wire.CONFIG] = unchanged
    bench.now += 300
    while bench.beat.step() == 0:
        pass
    beat = msgspec.json.decode(bench.calls[0].body, type=wire.Heartbeat)
    assert beat.config == wire.ConfigState(etag='"3"', error=bench.error)
    assert bench.calls[1].headers == {"If-None-Match": '"4"'}
    assert bench.line.status.config_error == bench.error
    assert bench.buffer.recall(legs.CONFIG_KEY) == {"etag": '"3"'}


@pytest.mark.parametrize(
    "body",
    [
        b'{"format":1,"office":"o_1","server_time":5}',
        b'{"format":1,"office":"o_1","server_time":5,"version":"x"}',
        b'{"format":1,"office":"o_1","server_time":5,"version":1,"surveys":{}}',
        b'{"format":1,"office":"o_1","server_time":5,"version":1,"logo":{"png":5}}',
    ],
)
def test_settings_that_break_their_form_are_refused_whole(body: bytes) -> None:
    """A wrong known key refuses the whole and is reported; unknown keys are ignored."""
    bench = Bench()
    bench.answers[wire.CONFIG] = lambda _: exchange.Response(200, {"etag": "e"}, body, 0.1)
    bench.beats(1)
    assert bench.configs == []
    assert "cannot be read" in bench.line.status.config_error
    more = body[:-1].replace(b'"version":"x"', b'"version":1') + b',"version":1,"new":[1]}'
    if b"surveys" not in body and b"logo" not in body:
        bench.answers[wire.CONFIG] = lambda _: exchange.Response(200, {"etag": "f"}, more, 0.1)
        bench.beats(301)
        assert len(bench.configs) == 1


def test_a_portals_page_is_no_configuration() -> None:
    """What is not ours changes nothing, and is tried again with backoff."""
    bench = Bench()
    bench.answers[wire.CONFIG] = lambda _: exchange.Response(200, {}, b"<html>", 0.1)
    calls = bench.beats(60)
    assert calls.count(wire.CONFIG) > 4
    assert calls.count(wire.HEARTBEATS) == 1, "neither call waits for the other"
    assert bench.line.status.config_error == ""
