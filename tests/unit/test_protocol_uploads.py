"""The table of cases, row by row: what a kiosk does after each answer to a batch."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from sync.feedback import wire
from sync.uplink import exchange, protocol, steps
from tests import batches

OFFICE = "o_1"
NOW_MS = 1_763_719_200_000
A = "aaaaaaaa-0000-4000-8000-000000000000"
B = "bbbbbbbb-0000-4000-8000-000000000000"
C = "cccccccc-0000-4000-8000-000000000000"
QUIET = b'{"seq":%d,"kind":"clock"}'
TAP = b'{"seq":%d,"kind":"rating"}'


@dataclasses.dataclass
class Row:
    """A stream on a card made of numbers."""

    stream: str
    last_seq: int
    acknowledged: int = 0
    current: bool = True
    office: str = OFFICE
    kiosk: str = "k_1"
    sent: int = 0
    form: bytes = TAP

    def read(self, after: int, limit: int) -> list[bytes]:
        """The next events."""
        last = min(self.last_seq, after + limit)
        return [self.form % seq for seq in range(after + 1, last + 1)]


@dataclasses.dataclass(frozen=True)
class Place:
    """An enrolment."""

    office: str = OFFICE
    token: str = "t"
    url: str = "https://office.example"


class Kiosk:
    """A card of rows walked by the protocol, in time that is told."""

    def __init__(self, *rows: Row, chance: float = 0.5) -> None:
        self.rows = {row.stream: row for row in rows}
        self.uploads = protocol.Uploads()
        self.now = 1000.0
        self.chance = chance
        self.outcome = steps.Outcome()

    def place(self, stream: steps.Stream) -> Place | None:
        """Kiosks without a place have an empty name."""
        return Place(stream.office, "token of " + stream.kiosk) if stream.kiosk else None

    def plan(self) -> steps.Read | steps.Rest:
        """What the protocol wants next."""
        waiting = [
            dataclasses.replace(row)
            for row in self.rows.values()
            if row.current or row.acknowledged < row.last_seq
        ]
        return self.uploads.plan(waiting, self.place, self.now)

    def send(self) -> steps.Sent | steps.Rest:
        """Walk to the next batch on its way."""
        read = self.plan()
        if isinstance(read, steps.Rest):
            return read
        events = self.rows[read.stream.stream].read(read.after, read.limit)
        return self.uploads.batch(read, events, self.now)

    def sent(self) -> steps.Sent:
        """As `send`, and there must be one."""
        sent = self.send()
        assert isinstance(sent, steps.Sent), sent
        return sent

    def answer(self, sent: steps.Sent, reply: exchange.Reply) -> steps.Outcome:
        """Take a reply in."""
        self.outcome = self.uploads.answered(sent, reply, self.now, self.chance)
        if self.outcome.acknowledge is not None:
            self.rows[sent.stream.stream].acknowledged = self.outcome.acknowledge
        return self.outcome

    def call(self, reply: Callable[[steps.Sent], exchange.Reply]) -> steps.Sent:
        """One batch and its answer."""
        sent = self.sent()
        self.answer(sent, reply(sent))
        return sent

    def rests(self) -> float:
        """Seconds until the next batch; there must be a rest."""
        rest = self.send()
        assert isinstance(rest, steps.Rest), rest
        return rest.until - self.now


def seqs(sent: steps.Sent) -> list[int]:
    """The numbers in a batch."""
    batch, spans = batches.read(sent.request.body)
    assert batch.stream == sent.stream.stream
    return [span.seq for span in spans]


def ok(sent: steps.Sent, through: int | None = None, **changes: object) -> exchange.Response:
    """The office's 200."""
    stored = wire.Stored(
        office=OFFICE,
        server_time=NOW_MS,
        stream=sent.stream.stream,
        stored_through=sent.last if through is None else through,
    )
    body = msgspec.json.encode({**msgspec.to_builtins(stored), **changes})
    return exchange.Response(200, {}, body, 0.1)


def problem(
    kind: str, status: int | None = None, retry: str = "", **more: Any
) -> Callable[[steps.Sent], exchange.Response]:
    """The office's problem."""

    def reply(sent: steps.Sent) -> exchange.Response:
        told = wire.problem(kind, office=OFFICE, server_time=NOW_MS, **more)
        headers = {"retry-after": retry} if retry else {}
        return exchange.Response(status or told.status, headers, wire.encode(told), 0.1)

    return reply


def test_a_batch_is_at_most_500_and_the_next_follows_at_once() -> None:
    """While more wait, batches follow each other without a pause."""
    kiosk = Kiosk(Row(A, 1203))
    assert [seqs(kiosk.call(ok))[-1] for _ in range(3)] == [500, 1000, 1203]
    assert kiosk.rests() == protocol.IDLE
    assert kiosk.rows[A].acknowledged == 1203


def test_a_batch_names_what_was_recorded() -> None:
    """Every batch carries last_seq, the highest recorded, and its stream also in a header."""
    sent = Kiosk(Row(A, 777)).sent()
    assert batches.read(sent.request.body)[0].last_seq == 777
    assert sent.request.headers == {"Smiley-Stream": A}
    assert sent.request.token == "token of k_1"


def test_already_stored_moves_on() -> None:
    """Row 1: an answer further than the batch is believed as far as was ever sent."""
    kiosk = Kiosk(Row(A, 900, sent=700))
    kiosk.call(lambda sent: ok(sent, 650))
    assert kiosk.rows[A].acknowledged == 650


def test_acknowledged_is_cut_to_what_was_sent() -> None:
    """An office that acknowledges the future is believed up to the batch's end."""
    kiosk = Kiosk(Row(A, 900))
    kiosk.call(lambda sent: ok(sent, 10**9))
    assert kiosk.rows[A].acknowledged == 500


def test_conflicts_and_refusals_move_on() -> None:
    """Rows 2 and 4: what the office lists is passed on, and the kiosk goes on."""
    kiosk = Kiosk(Row(A, 900))
    refused, conflicts = [{"seq": 7, "reason": "face 9"}], [{"seq": 8}]
    kiosk.call(lambda sent: ok(sent, refused=refused, conflicts=conflicts))
    assert [one.seq for one in kiosk.outcome.refused] == [7]
    assert [one.seq for one in kiosk.outcome.conflicts] == [8]
    assert seqs(kiosk.sent())[0] == 501


def test_a_gap_goes_back() -> None:
    """Row 3: after 409 gap the kiosk goes on from what is stored, lower than before."""
    kiosk = Kiosk(Row(A, 900, acknowledged=600))
    kiosk.call(problem(wire.GAP, stored_through=100, stream=A))
    assert kiosk.rows[A].acknowledged == 100
    assert seqs(kiosk.sent())[0] == 101


def test_a_gap_where_there_is_none_backs_off() -> None:
    """A gap that changes nothing must not be answered with the same batch at once."""
    kiosk = Kiosk(Row(A, 900, acknowledged=600))
    kiosk.call(problem(wire.GAP, stored_through=600, stream=A))
    assert 0 < kiosk.rests() <= 1
    assert "gap" in kiosk.uploads.problem
    kiosk.now += 2
    kiosk.call(problem(wire.GAP, stream=A))
    assert 0 < kiosk.rests() <= 2


@pytest.mark.parametrize("kind", [wire.MALFORMED, wire.TOO_LARGE])
def test_a_batch_is_halved_until_the_bad_event_stands_alone(kind: str) -> None:
    """Rows 5 and 6: the bad event is found by halving, wrapped, and the others go on as before."""
    kiosk, bad, wrapped, calls = Kiosk(Row(A, 600)), 137, [], 0

    def office(sent: steps.Sent) -> exchange.Response:
        batch, spans = batches.read(sent.request.body)
        for raw, span in zip(batch.events, spans, strict=True):
            kind_of = msgspec.json.decode(raw)["kind"]
            if kind_of == "wrapped":
                wrapped.append(span.seq)
            elif span.seq == bad:
                return problem(kind)(sent)
        return ok(sent)

    while kiosk.rows[A].acknowledged < 600:
        kiosk.call(office)
        calls += 1
    assert wrapped == [bad]
    assert calls < 30
    assert kiosk.uploads.problem == ""


def test_a_lone_event_that_cannot_even_go_wrapped_backs_off() -> None:
    """An office that calls even the wrapping malformed is tried again, more and more slowly."""
    kiosk = Kiosk(Row(A, 1))
    assert b"wrapped" not in kiosk.call(problem(wire.MALFORMED)).request.body
    assert b"wrapped" in kiosk.call(problem(wire.MALFORMED)).request.body
    assert kiosk.rests() == 0.5
    kiosk.now += 1
    assert b"wrapped" in kiosk.call(problem(wire.MALFORMED)).request.body
    assert kiosk.rests() == 1.0


def test_batches_grow_again_after_halving() -> None:
    """One bad stretch does not make small batches for ever."""
    kiosk = Kiosk(Row(A, 5000))
    for _ in range(4):
        kiosk.call(problem(wire.TOO_LARGE))
    sizes = [len(seqs(kiosk.call(ok))) for _ in range(6)]
    assert sizes == [31, 62, 124, 248, 496, 500]


def test_an_unknown_format_keeps_everything() -> None:
    """Row 7: staff are told, and the next try comes in minutes."""
    kiosk = Kiosk(Row(A, 9))
    kiosk.call(problem(wire.UNSUPPORTED_FORMAT, formats=[2], detail="formats: 2"))
    assert kiosk.rows[A].acknowledged == 0
    assert kiosk.rests() == 450
    assert "formats: 2" in kiosk.uploads.problem


@pytest.mark.parametrize("kind", [wire.NO_TOKEN, wire.REVOKED])
def test_a_kiosk_that_is_not_let_in_keeps_everything(kind: str) -> None:
    """Row 8: 401 and 403 are tried again slowly, for ever, and said."""
    kiosk = Kiosk(Row(A, 9))
    for _ in range(30):
        kiosk.call(problem(kind, detail="the token was revoked"))
        assert kiosk.rests() == 450
        kiosk.now += 450
    assert "the token was revoked" in kiosk.uploads.problem
    kiosk.call(ok)
    assert kiosk.uploads.problem == ""


def test_another_kiosks_stream_is_kept_aside_and_shown() -> None:
    """Row 9: the stream waits, is shown, holds up no other, and is tried again after an hour."""
    kiosk = Kiosk(Row(A, 9, current=False), Row(B, 5))
    kiosk.call(problem(wire.FOREIGN_STREAM, stream=A, detail="of k_7"))
    assert "of k_7" in kiosk.uploads.aside[A]
    assert kiosk.call(ok).stream.stream == B
    assert kiosk.rests() == protocol.IDLE
    kiosk.now += protocol.ASIDE
    assert kiosk.call(ok).stream.stream == A
    assert kiosk.uploads.aside == {}


@pytest.mark.parametrize("chance", [0.0, 0.5, 0.99])
@pytest.mark.parametrize("kind", [wire.FAILED, wire.MALFORMED])
def test_a_stream_at_which_the_office_fails_holds_up_no_other(kind: str, chance: float) -> None:
    """A batch that an office always answers with its own fault waits; other streams go on.

    The oldest stream was tried first, for ever, and what customers tapped today never went.
    """
    kiosk = Kiosk(Row(A, 9, current=False), Row(B, 5), chance=chance)

    def office(sent: steps.Sent) -> exchange.Response:
        return problem(kind, stream=A)(sent) if sent.stream.stream == A else ok(sent)

    tried = {A: 0, B: 0}
    while kiosk.now < 1000 + 4 * 3600:
        sent = kiosk.send()
        if isinstance(sent, steps.Rest):
            kiosk.now = max(sent.until, kiosk.now + 0.1)
            continue
        tried[sent.stream.stream] += 1
        kiosk.answer(sent, office(sent))
        kiosk.now += 1
        if kiosk.now > 1000 + 3 * 3600:
            kiosk.rows[B].last_seq += 1  # somebody taps
            kiosk.uploads.nudge(kiosk.now)
    assert kiosk.rows[B].acknowledged >= kiosk.rows[B].last_seq - 2 > 5
    assert tried[A] > 40
    assert A in kiosk.uploads.aside
    kiosk.now += wire.BACKOFF_CAP
    kiosk.rows[B].acknowledged = kiosk.rows[B].last_seq
    assert kiosk.call(ok).stream.stream == A
    assert kiosk.uploads.aside == {}


def test_a_200_below_the_batch_is_no_answer() -> None:
    """Row 10: an answer that stored nothing of the batch backs off and acknowledges nothing."""
    kiosk = Kiosk(Row(A, 900, acknowledged=600))
    kiosk.call(lambda sent: ok(sent, 600))
    assert kiosk.rows[A].acknowledged == 600
    assert kiosk.rests() == 0.5


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
