"""Batches and what the office says to them: sans-I/O, so every reply there is is handed in."""

from __future__ import annotations

import msgspec
import pytest

from sync.feedback import wire
from sync.uplink import exchange, protocol, steps
from tests import batches
from tests.unit.uploads_kiosk import A, B, Kiosk, Row, ok, problem, seqs


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


def test_of_another_kiosks_stream_nothing_counts_as_acknowledged() -> None:
    """None of it leaves the card; once the office speaks of it as ours it goes out at once."""
    kiosk = Kiosk(Row(A, 900, acknowledged=600, sent=600, current=False))
    kiosk.call(problem(wire.FOREIGN_STREAM, stream=A))
    assert kiosk.rows[A].acknowledged == 0
    assert kiosk.rests() == protocol.IDLE
    assert kiosk.uploads.told(kiosk.rows[A], 0, kiosk.uploads.epochs()) is None
    assert seqs(kiosk.call(ok))[0] == 1


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
