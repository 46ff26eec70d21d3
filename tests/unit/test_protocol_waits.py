"""When the next batch goes: waits, pushes, and streams that take turns."""

from __future__ import annotations

import pytest

from sync.feedback import wire
from sync.uplink import exchange, protocol, steps
from tests.unit.uploads_kiosk import OFFICE, TAP, A, B, Kiosk, Row, ok, problem, seqs

C = "cccccccc-0000-4000-8000-000000000000"
QUIET = b'{"seq":%d,"kind":"clock"}'


@pytest.mark.parametrize("kind", [wire.TOO_MUCH, wire.OFFICE_FULL, wire.BUSY])
@pytest.mark.parametrize(
    ("retry", "wait"),
    [("40", 40.0), ("Fri, 21 Nov 2025 10:02:00 GMT", 120.0), ("", 0.5), ("soon", 0.5)],
)
def test_retry_after_is_waited_for(kind: str, retry: str, wait: float) -> None:
    """Row 11: seconds or a date, and jitter where nothing readable stands."""
    kiosk = Kiosk(Row(A, 9))
    kiosk.call(problem(kind, retry=retry))
    assert kiosk.rests() == wait
    assert kiosk.rows[A].acknowledged == 0


@pytest.mark.parametrize(
    "reply",
    [
        exchange.Failure("refused"),
        exchange.Response(500, {}, b"oops"),
        exchange.Response(502, {"retry-after": "99999"}, b"<html>"),
        exchange.Response(503, {"retry-after": "99999"}, b"<html>"),
        exchange.Response(302, {"location": "http://portal"}, b""),
        exchange.Response(200, {}, b"<html>"),
        exchange.Response(204, {}, b""),
        exchange.Response(304, {"smiley-office": OFFICE}, b""),
        exchange.Response(413, {}, b"<html>"),
        exchange.Response(401, {}, b"<html>"),
    ],
)
def test_whatever_is_not_ours_backs_off_without_end(reply: exchange.Reply) -> None:
    """Row 12: full jitter under a doubling ceiling of at most five minutes, no limit on tries."""
    kiosk = Kiosk(Row(A, 9), chance=0.999)
    waits = []
    for _ in range(40):
        assert seqs(kiosk.call(lambda _: reply)) == list(range(1, 10))
        waits.append(kiosk.rests())
        kiosk.now += waits[-1]
    assert waits == pytest.approx([0.999 * min(300, 2**n) for n in range(40)])
    assert kiosk.rows[A].acknowledged == 0
    kiosk.call(ok)
    kiosk.rows[A].last_seq = 10
    kiosk.call(lambda _: reply)
    assert kiosk.rests() <= 1, "one answer of ours begins the count anew"


def test_a_nudge_does_not_cut_a_wait_short() -> None:
    """Taps during an outage do not hammer the office."""
    kiosk = Kiosk(Row(A, 9), chance=0.9)
    for _ in range(5):
        kiosk.now += 300
        kiosk.call(lambda _: exchange.Failure("refused"))
    kiosk.uploads.nudge(kiosk.now)
    assert kiosk.rests() > 14


def test_staff_may_try_at_once() -> None:
    """Testing the line does not wait for a pause to end, nor for a stream's hour aside."""
    kiosk = Kiosk(Row(A, 9, current=False), Row(B, 5))
    kiosk.call(problem(wire.FOREIGN_STREAM, stream=A))
    kiosk.call(problem(wire.TOO_MUCH, retry="4000"))
    assert kiosk.rests() == protocol.IDLE
    kiosk.uploads.again()
    assert [kiosk.call(ok).stream.stream for _ in range(2)] == [A, B]


def test_a_tap_is_pushed_within_five_seconds() -> None:
    """After a nudge the batch follows within a second, so that its reason may come along."""
    kiosk = Kiosk(Row(A, 1))
    kiosk.call(ok)
    kiosk.rows[A].last_seq = 2
    kiosk.uploads.nudge(kiosk.now)
    assert kiosk.rests() == protocol.LINGER < wire.PUSH_WITHIN
    kiosk.now += 0.5
    kiosk.rows[A].last_seq = 3
    kiosk.uploads.nudge(kiosk.now)
    kiosk.now += 0.5
    assert seqs(kiosk.sent()) == [2, 3]


def test_quiet_events_alone_cause_no_batch_for_five_minutes() -> None:
    """start, settings, survey and clock travel with the next tap, or within five minutes."""
    kiosk = Kiosk(Row(A, 4, form=QUIET))
    assert kiosk.rests() == wire.QUIET_WITHIN
    kiosk.now += 299
    assert kiosk.rests() == 1
    kiosk.now += 1
    assert seqs(kiosk.call(ok)) == [1, 2, 3, 4]
    assert kiosk.rests() == protocol.IDLE


def test_quiet_events_travel_with_the_next_tap() -> None:
    """A tap takes along what waited."""
    kiosk = Kiosk(Row(A, 3, form=QUIET))
    assert kiosk.rests() == wire.QUIET_WITHIN
    kiosk.rows[A].last_seq, kiosk.rows[A].form = 4, TAP
    kiosk.uploads.nudge(kiosk.now)
    kiosk.now += protocol.LINGER
    assert seqs(kiosk.sent()) == [1, 2, 3, 4]


def test_closed_streams_drain_first_each_under_its_own_token() -> None:
    """Oldest first, whatever kiosk and office they are of, each with its kiosk's newest token."""
    kiosk = Kiosk(
        Row(A, 700, current=False, kiosk="k_0", office="o_0"),
        Row(B, 5, current=False, kiosk="k_2"),
        Row(C, 5),
    )
    sent = kiosk.sent()
    assert (sent.place.office, sent.request.token, len(seqs(sent))) == ("o_0", "token of k_0", 500)
    kiosk.answer(sent, exchange.Failure("the old office is gone"))
    assert [kiosk.call(ok).request.token for _ in range(2)] == ["token of k_2", "token of k_1"]
    assert 0 < kiosk.rests() <= 1, "one office that is away does not hold up another"


def test_a_stream_without_an_office_waits() -> None:
    """What was recorded before any enrolment is kept until there is one."""
    assert Kiosk(Row(A, 5, kiosk="", office="")).rests() == protocol.IDLE


def test_an_unreadable_stream_is_set_aside_and_holds_up_no_other() -> None:
    """A card that gives nothing back for a stream that waits does not make the uplink spin."""
    kiosk = Kiosk(Row(A, 5, current=False), Row(B, 5))
    read = kiosk.plan()
    assert isinstance(read, steps.Read)
    assert isinstance(kiosk.uploads.batch(read, [], kiosk.now), steps.Rest)
    assert kiosk.call(ok).stream.stream == B
    assert "cannot be read" in kiosk.uploads.aside[A]


def test_a_heartbeat_that_is_older_than_a_batchs_answer_is_left_aside() -> None:
    """A lower number counts unless a batch was answered since the heartbeat was sent."""
    kiosk = Kiosk(Row(A, 900))
    since = kiosk.uploads.epochs()
    kiosk.call(ok)
    assert kiosk.uploads.told(kiosk.rows[A], 0, since) is None
    since = kiosk.uploads.epochs()
    assert kiosk.uploads.told(kiosk.rows[A], 500, since) is None
    assert kiosk.uploads.told(kiosk.rows[A], 100, since) == 100
    assert kiosk.uploads.told(kiosk.rows[A], 900, since) is None, "cut to what was sent"
