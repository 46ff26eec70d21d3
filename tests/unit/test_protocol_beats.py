"""Heartbeats, settings and a new token: each call has its own time and its own pause."""

from __future__ import annotations

import dataclasses
from typing import Any, get_args

import pytest

from sync.feedback import wire
from sync.uplink import beats, exchange, steps

STREAM = "0b51c1de-5f6c-4c39-9d6e-0d7a3a3a3a3a"
MARKS: dict[str, Any] = {"office": "o_1", "server_time": 1_763_719_200_000}
CALLS: tuple[beats.Call, ...] = get_args(beats.Call)
GOOD: dict[beats.Call, exchange.Response] = {
    "heartbeat": exchange.Response(
        200, {}, wire.encode(wire.Heard(stream=STREAM, stored_through=1, **MARKS)), 0.1
    ),
    "config": exchange.Response(200, {"etag": "e"}, wire.encode(wire.Config(version=1, **MARKS))),
    "roll": exchange.Response(201, {}, wire.encode(wire.TokenRolled(kiosk="k", **MARKS))),
}


@dataclasses.dataclass(frozen=True)
class Place:
    """An enrolment."""

    office: str = "o_1"
    token: str = "t"
    url: str = "https://office.example"


def answer(one: beats.Beats, call: beats.Call, reply: exchange.Reply, now: float) -> bool:
    """Take a reply to a call in; whether it was the answer."""
    if call == "heartbeat":
        return one.heard(reply, Place(), STREAM, now, 0.5) is not None
    if call == "config":
        return one.fetched(reply, Place(), now, 0.5) is not None
    return one.rolled(reply, Place(), now, 0.5)


def rests(one: beats.Beats, call: beats.Call, now: float) -> float:
    """Seconds until the call is due again."""
    rest = one.plan([call], now)
    return rest.until - now if isinstance(rest, steps.Rest) else 0.0


def problem(kind: str, retry: str = "") -> exchange.Response:
    """A problem of ours."""
    told = wire.problem(kind, **MARKS)
    return exchange.Response(told.status, {"retry-after": retry}, wire.encode(told))


def test_everything_is_due_at_once() -> None:
    """The office hears of a kiosk as soon as it starts; a new token goes first."""
    one = beats.Beats()
    assert one.plan(["roll", "heartbeat", "config"], 0.0) == "roll"
    assert one.plan(["heartbeat", "config"], 0.0) == "heartbeat"


@pytest.mark.parametrize("call", CALLS)
def test_a_good_answer_rests_five_minutes(call: beats.Call) -> None:
    """And takes away what staff were told."""
    one = beats.Beats()
    answer(one, call, exchange.Failure("cut"), 0.0)
    assert one.problem == "cut"
    assert answer(one, call, GOOD[call], 1.0)
    assert rests(one, call, 1.0) == wire.HEARTBEAT_EVERY
    assert one.problem == ""


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("reply", "wait"),
    [
        (problem(wire.NO_TOKEN), 450),
        (problem(wire.REVOKED), 450),
        (problem(wire.UNSUPPORTED_FORMAT), 450),
        (problem(wire.BUSY, "40"), 40),
        (problem(wire.TOO_MUCH, "Fri, 21 Nov 2025 10:02:00 GMT"), 120),
        (problem(wire.BUSY), 0.5),
        (problem(wire.FAILED), 0.5),
        (exchange.Failure("cut"), 0.5),
        (exchange.Response(200, {}, b"<html>"), 0.5),
        (exchange.Response(302, {}, b""), 0.5),
        (exchange.Response(304, {}, b""), 0.5),
    ],
)
def test_pauses(call: beats.Call, reply: exchange.Reply, wait: float) -> None:
    """What only people can help is tried slowly, Retry-After waited for, the rest backs off."""
    one = beats.Beats()
    assert not answer(one, call, reply, 0.0)
    assert rests(one, call, 0.0) == wait
    assert one.problem
    for other in set(CALLS) - {call}:
        assert rests(one, other, 0.0) == 0, "no call waits for another"
    one.again()
    assert rests(one, call, 0.0) == 0


def test_tries_have_no_limit() -> None:
    """The pause doubles to its cap and stays there."""
    one, now = beats.Beats(), 0.0
    waits = []
    for _ in range(30):
        answer(one, "config", exchange.Failure("cut"), now)
        waits.append(rests(one, "config", now))
        now += waits[-1]
    assert waits[:4] == pytest.approx([0.5, 1, 2, 4])
    assert waits[-1] == pytest.approx(150)


def test_a_304_answers_only_a_look_at_the_settings() -> None:
    """To a heartbeat or a new token it is no answer, whoever it is from."""
    ours = exchange.Response(304, {"smiley-office": "o_1"})
    for call in CALLS:
        one = beats.Beats()
        assert answer(one, call, ours, 0.0) == (call == "config")
        assert rests(one, call, 0.0) == (wire.HEARTBEAT_EVERY if call == "config" else 0.5)


def test_soon_never_postpones() -> None:
    """A heartbeat that is due earlier stays due earlier."""
    one = beats.Beats()
    answer(one, "heartbeat", GOOD["heartbeat"], 0.0)
    one.soon(0.0)
    assert rests(one, "heartbeat", 0.0) == beats.SOON
    one.soon(5.0)
    assert rests(one, "heartbeat", 5.0) == beats.SOON - 5
