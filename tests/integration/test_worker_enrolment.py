"""Tokens rolled, what staff are told, and enrolment, over the same bench in virtual time."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

from sync.feedback import wire
from sync.uplink import enrol, exchange, legs, transport
from tests.integration.legs_bench import (
    MARKS,
    NOW_MS,
    Bench,
    reply,
    stored,
)


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
