"""The two legs over a real buffer in memory and an office that is a function, in virtual time."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from sync.buffer import identity, machine
from sync.buffer import memory as cards
from sync.buffer.buffer import Buffer
from sync.feedback import events, wire
from sync.uplink import enrol, exchange, legs, protocol, transport
from sync.uplink import line as shared
from tests import batches

NOW_MS = 1_763_719_200_000
MARKS: dict[str, Any] = {"office": "o_1", "server_time": NOW_MS}
Answer = Callable[[exchange.Request], exchange.Reply]


def reply(message: wire.Message, status: int = 200, **headers: str) -> exchange.Response:
    """An answer."""
    names = {name.lower().replace("_", "-"): value for name, value in headers.items()}
    return exchange.Response(status, names, wire.encode(message), 0.1)


def stored(request: exchange.Request) -> exchange.Reply:
    """The office takes everything."""
    batch, spans = batches.read(request.body)
    return reply(wire.Stored(stream=batch.stream, stored_through=spans[-1].through, **MARKS))


def heard(request: exchange.Request) -> exchange.Reply:
    """The office hears a heartbeat, and stored nothing."""
    beat = msgspec.json.decode(request.body, type=wire.Heartbeat)
    return reply(wire.Heard(stream=beat.stream, stored_through=0, **MARKS))


def unchanged(_: exchange.Request) -> exchange.Reply:
    """No new settings."""
    return exchange.Response(304, {"smiley-office": "o_1"}, b"", 0.1)


class Bench:
    """A kiosk's line without threads."""

    def __init__(
        self, card: cards.MemoryFiles | None = None, *, enrolled: bool = True, seed: int = 0
    ) -> None:
        self.seed = seed
        self.now = 0.0
        self.card = card or cards.MemoryFiles()
        self.calls: list[exchange.Request] = []
        self.answers: dict[str, Answer] = {
            wire.BATCHES: stored,
            wire.HEARTBEATS: heard,
            wire.CONFIG: unchanged,
        }
        self.configs: list[wire.Config] = []
        self.times: list[tuple[int, int]] = []
        self.statuses: list[shared.Status] = []
        self.error = ""
        self.facts = shared.Facts(app="1.2.3", uptime=77, health={"card": "ok"}, last_touch=5)
        self.buffer = Buffer.open(
            "card", files=self.card, machine=machine.MemoryMachine(seed=seed), tending_every=None
        )
        if enrolled and not self.buffer.identity.enrolled:
            self.enrol()
        self.line = shared.Line(
            self.buffer,
            protocol.Uploads(),
            shared.Calls(
                wall=lambda: NOW_MS + round(self.now * 1000),
                facts=lambda: self.facts,
                on_time=lambda trusted, uncertainty: self.times.append((trusted, uncertainty)),
                on_config=self._configured,
                on_status=self.statuses.append,
            ),
        )
        wires = transport.MemoryTransport(self._call)
        self.upload = legs.Upload(self.line, wires, now=lambda: self.now, chance=lambda: 0.5)
        self.beat = legs.Beat(self.line, wires, now=lambda: self.now, chance=lambda: 0.5)

    def enrol(self) -> None:
        """Take a place."""
        self.buffer.enrol(identity.Enrolment(url="https://x", office="o_1", kiosk="k", token="t"))

    def again(self) -> Bench:
        """After a restart."""
        self.buffer.close()
        return Bench(self.card, seed=self.seed + 1)

    def tap(self) -> None:
        """A customer."""
        self.buffer.record(
            events.Rating(
                survey="exit",
                survey_version=1,
                question="visit",
                face=4,
                faces=4,
                language="sv",
                via="touch",
            )
        )
        self.line.uploads.nudge(self.now)

    def _call(self, request: exchange.Request) -> exchange.Reply:
        self.calls.append(request)
        return self.answers[request.path](request)

    def _configured(self, config: wire.Config) -> str:
        self.configs.append(config)
        return self.error

    def paths(self) -> list[str]:
        """What was called since the last look."""
        found = [call.path for call in self.calls]
        self.calls.clear()
        return found

    def beats(self, seconds: float) -> list[str]:
        """Let the second leg live for so long."""
        until = self.now + seconds
        while self.now <= until:
            wait = self.beat.step()
            if self.now + wait > until:
                break
            self.now += wait
        self.now = until
        return self.paths()


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


def test_a_token_is_rolled() -> None:
    """The new token lies on the card before it is told, and is used from the office's 201 on."""
    bench = Bench()
    legs.ask_for_new_token(bench.buffer)
    waiting = bench.buffer.recall(legs.ROLL_KEY)["token"]
    assert re.fullmatch(wire.TOKEN_PATTERN, waiting)
    bench.answers[wire.TOKENS] = lambda _: exchange.Failure("cut")
    bench.beats(1)
    bench = bench.again()
    told = wire.TokenRolled(kiosk="k", **MARKS)
    bench.answers[wire.TOKENS] = lambda _: reply(told, 201)
    bench.beat.step()
    assert (bench.calls[0].path, bench.calls[0].token) == (wire.TOKENS, "t")
    assert msgspec.json.decode(bench.calls[0].body)["token"] == waiting
    bench.calls.clear()
    bench.beat.step()
    assert (bench.calls[0].path, bench.calls[0].token) == (wire.HEARTBEATS, waiting)
    assert bench.buffer.recall(legs.ROLL_KEY) is None


def test_the_office_may_order_a_new_token_once() -> None:
    """A notice of kind roll_token is obeyed once for its id, over a restart too."""
    bench = Bench()
    order = wire.Config(version=1, notices=[wire.Notice(id="n1", kind="roll_token")], **MARKS)
    bench.answers[wire.CONFIG] = lambda _: reply(order)
    bench.answers[wire.TOKENS] = lambda _: reply(wire.TokenRolled(kiosk="k", **MARKS), 201)
    assert bench.beats(1) == [wire.HEARTBEATS, wire.CONFIG, wire.TOKENS]
    place = bench.buffer.identity.current
    assert place is not None
    assert place.token != "t"
    assert wire.TOKENS not in bench.beats(3600)
    bench = bench.again()
    bench.answers[wire.CONFIG] = lambda _: reply(order)
    assert wire.TOKENS not in bench.beats(3600)


def test_what_staff_are_told() -> None:
    """A line that fails is said in a sentence, and no longer once it works again."""
    bench = Bench()
    bench.tap()
    bench.now += 2
    bench.answers[wire.BATCHES] = lambda _: exchange.Failure("https://x cannot be reached.")
    bench.upload.step()
    assert bench.statuses[-1].problem == "https://x cannot be reached."
    assert bench.statuses[-1].last_contact is None
    bench.answers[wire.BATCHES] = stored
    bench.now += 2
    bench.upload.step()
    assert bench.statuses[-1].problem == ""
    assert bench.statuses[-1].last_contact == NOW_MS + 4000


def enrolled(request: exchange.Request) -> exchange.Reply:
    """The office lets a kiosk in."""
    place = wire.Enrolled(kiosk="k_9", site="Växjö", touchpoint="exit", time_zone="UTC", **MARKS)
    return reply(place, 201)


def test_enrolment_keeps_the_token_before_it_is_told() -> None:
    """The token in the request already lies on the card, and becomes the kiosk's with the 201."""
    bench = Bench(enrolled=False)
    seen: list[Any] = []

    def office(request: exchange.Request) -> exchange.Reply:
        sent = msgspec.json.decode(request.body, type=wire.Enrolment)
        assert bench.buffer.recall(enrol.KEY)["token"] == sent.token
        assert re.fullmatch(wire.TOKEN_PATTERN, sent.token)
        seen.append((sent.code, sent.token))
        return exchange.Failure("cut") if len(seen) == 1 else enrolled(request)

    line = transport.MemoryTransport(office)
    with pytest.raises(enrol.NoAnswer, match="try again with the same code"):
        enrol.enrol("https://x/", "Brave  purple Elephant", buffer=bench.buffer, line=line)
    place = enrol.enrol("https://x", "brave-purple-elephant", buffer=bench.buffer, line=line)
    assert seen[0] == seen[1], "the same code goes again with the same token"
    assert seen[0][0] == "brave-purple-elephant"
    assert place.site == "Växjö"
    current = bench.buffer.identity.current
    assert current is not None
    assert (current.kiosk, current.token, current.url) == ("k_9", seen[0][1], "https://x")
    assert bench.buffer.recall(enrol.KEY) is None


def test_another_code_gets_another_token() -> None:
    """A token belongs to one code at one address."""
    bench, tokens = Bench(enrolled=False), []

    def office(request: exchange.Request) -> exchange.Reply:
        tokens.append(msgspec.json.decode(request.body)["token"])
        return exchange.Failure("cut")

    line = transport.MemoryTransport(office)
    for url, code in (("https://x", "a b c"), ("https://x", "a b d"), ("https://y", "a b d")):
        with pytest.raises(enrol.NoAnswer):
            enrol.enrol(url, code, buffer=bench.buffer, line=line)
    assert len(set(tokens)) == 3


@pytest.mark.parametrize("status", [200, 204, 302, 304, 404, 500])
def test_a_portal_enrols_nobody(status: int) -> None:
    """What is not the office's 201 leaves the kiosk without a place, its token kept."""
    bench = Bench(enrolled=False)
    line = transport.MemoryTransport(lambda _: exchange.Response(status, {}, b"<html>"))
    with pytest.raises(enrol.NoAnswer):
        enrol.enrol("https://x", "a b c", buffer=bench.buffer, line=line)
    assert not bench.buffer.identity.enrolled


def test_a_refused_code_is_said() -> None:
    """The office's own words reach the person who typed the code."""
    bench = Bench(enrolled=False)
    told = wire.problem(wire.WRONG_CODE, detail="this code is not open.", **MARKS)
    line = transport.MemoryTransport(lambda _: reply(told, 403))
    with pytest.raises(enrol.Refused, match=r"this code is not open\.$"):
        enrol.enrol("https://x", "a b c", buffer=bench.buffer, line=line)
