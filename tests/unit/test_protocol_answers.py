"""An answer is ours or it is none."""

from collections.abc import Mapping

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.feedback import wire
from sync.uplink import answers, exchange

OFFICE = "o_1"
STREAM = "0b51c1de-5f6c-4c39-9d6e-0d7a3a3a3a3a"
OTHER = "1b51c1de-5f6c-4c39-9d6e-0d7a3a3a3a3a"
NOW = 1_763_719_200_000
NONE: Mapping[str, str] = {}


def stored(**changes: object) -> bytes:
    """The office's answer to a batch, perhaps a little wrong."""
    fields: dict[str, object] = {
        "format": 1,
        "stream": STREAM,
        "stored_through": 5,
        "office": OFFICE,
        "server_time": NOW,
    }
    return msgspec.json.encode({**fields, **changes})


def judge(
    body: bytes, status: int = 200, headers: Mapping[str, str] = NONE, elapsed: float = 0.1
) -> answers.Verdict[wire.Stored]:
    """The verdict on this answer to a batch of STREAM."""
    reply = exchange.Response(status, headers, body, elapsed)
    return answers.judge(reply, wire.Stored, office=OFFICE, stream=STREAM)


def test_our_answer_is_believed() -> None:
    """A 200 with our format, office and stream is the message it is."""
    verdict = judge(stored())
    assert isinstance(verdict, answers.Good)
    assert verdict.message.stored_through == 5


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"true",
        b"<html>Log in</html>",
        b'{"stored_through":5}',
        stored()[:-5],
        stored(format=2),
        stored(format="1"),
        stored(office="o_2"),
        stored(office=""),
        stored(office=None),
        stored(stream=OTHER),
        stored(stream=None),
        stored(server_time="now"),
        b'\xff{"format":1}',
        b"[" * 200_000,
    ],
    ids=range(18),
)
def test_anything_else_is_no_answer(body: bytes) -> None:
    """A bare 200, a portal's page, another office, another stream, half an answer: nothing."""
    assert isinstance(judge(body), answers.Nothing)


@pytest.mark.parametrize("status", [201, 202, 204, 206, 301, 302, 303, 304, 307, 308])
def test_another_status_is_no_answer(status: int) -> None:
    """Our own words under a status that the call never has are no answer either."""
    assert isinstance(judge(stored(), status), answers.Nothing)


def test_a_message_that_breaks_its_form_acknowledges_nothing() -> None:
    """Ours, but with a stored_through that is no number: not believed."""
    assert isinstance(judge(stored(stored_through="5")), answers.Unreadable)


def test_a_304_counts_only_from_our_office() -> None:
    """304 is an answer when the office's name stands in its header."""
    reply = exchange.Response(304, {"smiley-office": OFFICE, "smiley-time": str(NOW)})
    assert answers.judge(reply, wire.Config, office=OFFICE) == answers.Unchanged()
    strange = exchange.Response(304, {"smiley-office": "o_2"})
    assert isinstance(answers.judge(strange, wire.Config, office=OFFICE), answers.Nothing)
    bare = exchange.Response(304, {})
    assert isinstance(answers.judge(bare, wire.Config, office=OFFICE), answers.Nothing)


def test_a_problem_of_ours_is_believed_with_or_without_the_stream() -> None:
    """The office may not have been able to read which stream it was, but never names another."""
    plain = wire.problem(wire.MALFORMED, office=OFFICE, server_time=NOW, detail="no")
    assert judge(wire.encode(plain), 422) == answers.Bad(422, "malformed", "no")
    named = wire.problem(wire.GAP, office=OFFICE, server_time=NOW, stream=STREAM, stored_through=3)
    assert judge(wire.encode(named), 409) == answers.Bad(409, "gap", "Gap", 3)
    foreign = wire.problem(wire.GAP, office=OFFICE, server_time=NOW, stream=OTHER, stored_through=3)
    assert isinstance(judge(wire.encode(foreign), 409), answers.Nothing)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 422, 429, 500, 502, 503])
def test_a_problem_that_is_not_ours_is_no_answer(status: int) -> None:
    """A proxy's 413 or a portal's 401 neither halves a batch nor silences a kiosk."""
    assert isinstance(judge(b"<html>no</html>", status), answers.Nothing)
    other = wire.problem(wire.MALFORMED, office="o_2", server_time=NOW)
    assert isinstance(judge(wire.encode(other), status), answers.Nothing)


def test_enrolment_does_not_know_the_office_yet() -> None:
    """The answer to an enrolment counts by its format and its code."""
    enrolled = wire.Enrolled(
        office="o_9", server_time=NOW, kiosk="k_1", site="s", touchpoint="t", time_zone="UTC"
    )
    body = wire.encode(enrolled)
    for status, good in ((201, True), (200, False)):
        reply = exchange.Response(status, NONE, body)
        verdict = answers.judge(reply, wire.Enrolled, status=201, office=None)
        assert isinstance(verdict, answers.Good) == good


def test_a_failure_says_why() -> None:
    """What the transport says becomes what staff read."""
    reply = exchange.Failure("https://x cannot be reached.")
    verdict = answers.judge(reply, wire.Stored, office=OFFICE, stream=STREAM)
    assert verdict == answers.Nothing("https://x cannot be reached.")


@pytest.mark.parametrize(
    ("elapsed", "time"),
    [
        (0.1, answers.Time(NOW + 50, 50)),
        (9.99, answers.Time(NOW + 4995, 4995)),
        (0.0, answers.Time(NOW + 1, 1)),
        (10.0, None),
        (25.0, None),
        (-1.0, None),
    ],
)
def test_the_time_is_taken_from_quick_answers_only(elapsed: float, time: object) -> None:
    """Half the round trip is the uncertainty, and from ten seconds on nothing is learnt."""
    verdict = judge(stored(), elapsed=elapsed)
    assert isinstance(verdict, answers.Good)
    assert verdict.time == time


@pytest.mark.parametrize("told", [-1, 0, 253_402_300_800_000, 2**53 - 1, 2**70])
def test_a_time_that_no_calendar_has_is_none(told: int) -> None:
    """It would make a `clock` event that nobody can read, and another one at each answer."""
    assert answers.time(told, 0.1) is None


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        (" 7 ", 7.0),
        ("999999999999999999", 86_400.0),
        ("Fri, 21 Nov 2025 10:00:30 GMT", 30.0),
        ("Fri, 21 Nov 2025 09:00:00 GMT", 0.0),
        ("Fri, 21 Nov 2035 09:00:00 GMT", 86_400.0),
        ("", None),
        ("-5", None),
        ("soon", None),
        ("٣", None),
        ("1.5", None),
        ("Fri, 99 Nov 2025 10:00:30 GMT", None),
    ],
)
def test_retry_after_in_both_forms(told: str, seconds: float | None) -> None:
    """Seconds count as they are, a date from the office's own clock, nonsense not at all."""
    assert answers.retry_after({"retry-after": told}, NOW) == seconds


def test_retry_after_in_the_body_will_do() -> None:
    """A proxy that drops the header does not drop the body's copy."""
    busy = wire.problem(wire.BUSY, office=OFFICE, server_time=NOW, retry_after=9)
    verdict = judge(wire.encode(busy), 503)
    assert isinstance(verdict, answers.Bad)
    assert verdict.retry_after == 9.0


@given(st.binary(max_size=300), st.integers(100, 599), st.text(max_size=40))
def test_nothing_that_is_answered_ends_in_an_error(body: bytes, status: int, wait: str) -> None:
    """Whatever bytes, status and Retry-After come, there is a verdict, and it is not Good."""
    verdict = judge(body, status, {"retry-after": wait})
    assert not isinstance(verdict, answers.Good)
