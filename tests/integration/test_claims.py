"""Two kiosks send one stream: nothing is lost, nobody is called complete, a person decides."""

from __future__ import annotations

import json
import pathlib
import shutil

import pytest

from sync.central import (
    by_hand,
    claims,
    completeness,
    erasure,
    fold,
    heartbeats,
    refused,
    restored,
    store,
)
from sync.central.store import errors
from sync.feedback import byhand, wire
from tests import databases
from tests.senders import NOW, Kiosk, comment, lost, rating, start

MINUTE = 60_000


@pytest.fixture
def owner(books: store.Store) -> Kiosk:
    """The kiosk that records the stream."""
    return Kiosk(books)


@pytest.fixture
def thief(owner: Kiosk) -> Kiosk:
    """Somebody with another kiosk's token, who knows the stream's name."""
    other = Kiosk(owner.books)
    other.stream = owner.stream
    return other


def proof(kiosk: Kiosk, now: int = NOW) -> completeness.Row:
    """What the office says of a kiosk."""
    (row,) = completeness.report(kiosk.books, now, kiosk=kiosk.id)
    return row


def beat(kiosk: Kiosk, last_seq: int, pending: int) -> wire.Heard | wire.Problem:
    """Send a heartbeat."""
    told = wire.Heartbeat(stream=kiosk.stream, last_seq=last_seq, pending=pending)
    return heartbeats.hear(kiosk.books, kiosk.id, told, NOW)


def test_a_squatted_stream_is_given_to_its_owner(owner: Kiosk, thief: Kiosk) -> None:
    """It shows at once; given, the squatter's events lie aside and the owner's are all stored."""
    thief.stored(start(), rating(2, 1), rating(3, face=9), rating(4, 1))
    mine = [start(), rating(2), rating(3)]
    assert owner.problem(*mine).type == wire.FOREIGN_STREAM
    row = proof(owner)
    assert (row.complete, row.silent, row.complete_through) == (False, False, None)
    assert row.foreign == [completeness.Foreign(owner.stream, thief.id, 3)]
    (claim,) = claims.report(owner.books).claims
    assert (claim.holder, claim.kiosk, claim.last_seq, claim.stored) == (thief.id, owner.id, 3, 4)
    given = claims.give(owner.books, owner.stream, owner.id, NOW)
    assert (given.before, given.stored_through) == (thief.id, 0)
    assert not proof(owner).complete
    assert beat(owner, 3, 3).stored_through == 0
    owner.stored(*mine)
    assert owner.raws() == mine
    assert (proof(owner).complete, proof(owner).foreign, proof(owner).missing) == (True, [], [])
    report = claims.report(owner.books)
    assert (report.claims, report.aside) == ([], [claims.Aside(owner.stream, thief.id, 4)])
    aside = claims.aside(owner.books, owner.stream)
    assert [json.loads(one.raw)["face"] for one in aside[1:]] == [1, 9, 1]
    for one in (owner, thief):
        assert fold.differences(owner.books, one.id) == {}
    # what lies aside is not judged again among another's events
    assert refused.retry(owner.books) == (0, 0)
    assert owner.raws() == mine


def test_the_squatter_is_the_foreign_one_then(owner: Kiosk, thief: Kiosk) -> None:
    """Its next batch is turned away, harms its own kiosk alone, and can be dropped."""
    thief.stored(start(), rating(2, 1))
    owner.problem(start())
    claims.give(owner.books, owner.stream, owner.id, NOW)
    owner.stored(start(), rating(2))
    assert thief.problem(rating(3, 1)).type == wire.FOREIGN_STREAM
    assert (proof(owner).complete, proof(thief).complete) == (True, False)
    claims.refuse(owner.books, owner.stream, thief.id)
    assert proof(thief).foreign == []
    with pytest.raises(errors.Unknown, match="streams list"):
        claims.refuse(owner.books, owner.stream, thief.id)


def test_giving_is_undone_by_giving_back(owner: Kiosk, thief: Kiosk) -> None:
    """A wrong decision loses nothing: what lay aside is in its place again, figures included."""
    sent = [start(after={"stream": "7a2e44b0-93c1-4f0e-8a55-1f2e3d4c5b6a", "seq": 4}), rating(2)]
    owner.stored(*sent, rating(3, face=9), last=5)
    before = (owner.raws(), owner.rows(), proof(owner).missing)
    thief.problem(start())
    claims.give(owner.books, owner.stream, thief.id, NOW)
    thief.stored(start(), rating(2, 1))
    assert owner.problem(rating(4), last=5).type == wire.FOREIGN_STREAM
    claims.give(owner.books, owner.stream, owner.id, NOW)
    assert (owner.raws(), owner.rows(), proof(owner).missing) == before
    assert owner.stored(rating(4), rating(5)).stored_through == 5
    assert [one.seq for one in refused.report(owner.books)] == [3]
    for one in (owner, thief):
        assert fold.differences(owner.books, one.id) == {}


def test_only_a_claimant_is_given_a_stream(owner: Kiosk, thief: Kiosk) -> None:
    """A slip of the keyboard moves nothing, and is told in a sentence."""
    thief.stored(start())
    for stream, kiosk, words in (
        ("nothing", owner.id, "there is no stream 'nothing'"),
        (owner.stream, "k_nobody", "there is no kiosk 'k_nobody'"),
        (owner.stream, owner.id, "does not send"),
        (owner.stream, thief.id, "holds .* already"),
    ):
        with pytest.raises(errors.Wrong, match=words):
            claims.give(owner.books, stream, kiosk, NOW)
    assert thief.rows() == [(1, 1, 3, False)]


def test_a_kiosk_whose_stream_is_squatted_was_heard_from(owner: Kiosk, thief: Kiosk) -> None:
    """Its heartbeat is turned away and kept: it is not called silent, and shows as foreign."""
    thief.stored(start(), rating(2, 1))
    assert isinstance(beat(owner, 7, 7), wire.Problem)
    row = proof(owner)
    assert (row.silent, row.complete, row.missing) == (False, False, [])
    silent = proof(owner, NOW + 8 * MINUTE)
    assert silent.missing == [completeness.Runs(owner.stream, [(1, 7)])]


def test_what_a_squatter_has_never_counts_as_the_owners(owner: Kiosk, thief: Kiosk) -> None:
    """The owner's next stream names the squatted one: its number there is not told as stored."""
    thief.stored(start(), rating(2, 1))
    owner.problem(start(), rating(2), rating(3))
    later = Kiosk(owner.books)
    later.id, tie = owner.id, {"stream": owner.stream, "seq": 3}
    later.stored(start(after=tie))
    told = beat(later, 1, 3)
    assert isinstance(told, wire.Heard)
    assert told.behind == []
    assert not proof(owner).complete
    claims.give(owner.books, owner.stream, owner.id, NOW)
    told = beat(later, 1, 3)
    assert isinstance(told, wire.Heard)
    assert told.behind == [wire.Behind(stream=owner.stream, stored_through=0)]


def test_what_was_given_in_the_meantime_is_no_claim(owner: Kiosk, thief: Kiosk) -> None:
    """A batch that was turned away while the stream was being given leaves nothing behind."""
    thief.stored(start())
    owner.problem(start())
    claims.give(owner.books, owner.stream, owner.id, NOW)
    claims.note(owner.books, owner.id, owner.stream, 1, NOW)
    assert claims.report(owner.books).claims == []
    owner.stored(start())
    assert proof(owner).complete


def test_nobody_makes_another_kiosk_incomplete(owner: Kiosk, thief: Kiosk) -> None:
    """A start that names another's stream and a number to come is held against its own kiosk."""
    owner.stored(start(), rating(2))
    other = Kiosk(owner.books)
    other.id = thief.id
    other.stored(start(after={"stream": owner.stream, "seq": 10**9}))
    assert proof(owner).complete
    assert proof(thief).missing == [completeness.Runs(owner.stream, [(3, 10**9)])]


def test_a_stick_has_claims_too(owner: Kiosk, thief: Kiosk, tmp_path: pathlib.Path) -> None:
    """Without a line the owner's events come by hand: that is noted, and is no contact."""
    thief.stored(start(), rating(2, 1))
    lines = [
        byhand.written(owner.id, owner.stream, json.dumps(one).encode())
        for one in (start(), rating(2))
    ]
    file = tmp_path / "stick.jsonl"
    file.write_bytes(b"".join(lines) + b"\n")
    (one,) = by_hand.take(owner.books, file, NOW, trust=True).streams
    assert "belongs to kiosk" in one.problem
    assert proof(owner).foreign == [completeness.Foreign(owner.stream, thief.id, 2)]
    assert proof(owner).silent
    claims.give(owner.books, owner.stream, owner.id, NOW)
    (one,) = by_hand.take(owner.books, file, NOW, trust=True).streams
    assert (one.problem, one.stored_through) == ("", 2)


def test_what_lies_aside_is_erased_too(owner: Kiosk, thief: Kiosk) -> None:
    """A comment's text goes wherever it lies, and only there."""
    thief.stored(start(), rating(2, 1), comment(3, "of the thief", "K7-99X"))
    owner.problem(start())
    claims.give(owner.books, owner.stream, owner.id, NOW)
    owner.stored(start(), rating(2), comment(3, "of a customer", "K7-42Q"))
    erasure.erase(owner.books, "K7-99X", by="anna", now=NOW)
    assert owner.raws()[2]["text"] == "of a customer"
    assert "thief" not in repr(claims.aside(owner.books, owner.stream))
    claims_of = [one.seq for one in claims.aside(owner.books, owner.stream)]
    assert claims_of == [1, 2, 3]


def test_a_restored_back_up_gives_again(tmp_path: pathlib.Path) -> None:
    """A back-up from before the gift: after `restored` the stream is its owner's, and wanted."""
    path, kept = tmp_path / "office.db", tmp_path / "kept.db"
    with databases.sqlite(tmp_path) as fresh:
        shutil.move(fresh().removeprefix("sqlite:///"), path)
    with store.open(f"sqlite:///{path}") as books:
        owner, thief = Kiosk(books), Kiosk(books)
        # so much that its figures are not folded anew within a transaction of others
        thief.stored(start(boot_id="its own"), lost(2, fold.AT_ONCE + 10))
        thief.stream = owner.stream
        thief.stored(start(), rating(2, 1), rating(3, 1))
    shutil.copyfile(path, kept)
    with store.open(f"sqlite:///{path}") as books:
        owner.books = thief.books = books
        owner.problem(start(), rating(2), last=2)
        claims.give(books, owner.stream, owner.id, NOW)
        owner.stored(start(), rating(2))
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)
    shutil.copyfile(kept, path)
    with store.open(f"sqlite:///{path}") as books:
        owner.books = thief.books = books
        for gifts in (1, 0):
            assert restored.restored(books, NOW).gifts == gifts
            assert fold.differences(books, thief.id) == {}
            assert not proof(owner).complete
        told = beat(owner, 2, 0)
        assert isinstance(told, wire.Heard)
        assert told.behind == [wire.Behind(stream=owner.stream, stored_through=0)]
        owner.stored(start(), rating(2))
        assert proof(owner).complete
        assert thief.problem(rating(4)).type == wire.FOREIGN_STREAM
        for one in (owner, thief):
            assert fold.differences(books, one.id) == {}
