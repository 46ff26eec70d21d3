"""Events that came on a stick are taken exactly as batches are."""

from __future__ import annotations

import hashlib
import json
import pathlib
import uuid
from typing import Any

import pytest

from sync.central import by_hand, completeness, fold, store
from sync.central.store import errors, tokens
from sync.feedback import byhand
from tests.senders import NOW, Kiosk, lost, rating, start

TOKEN = "ab" * 32
OTHER = "cd" * 32


@pytest.fixture
def kiosk(books: store.Store) -> Kiosk:
    """An enrolled kiosk."""
    made = Kiosk(books)
    give(made, TOKEN)
    return made


def give(kiosk: Kiosk, token: str, rolls: str | None = None) -> None:
    """Have a kiosk speak with a token, perhaps in place of another."""

    def add(connection: Any) -> None:
        tokens.add(connection, token_hash=hashed(token), kiosk=kiosk.id, now=NOW, rolls=rolls)

    kiosk.books.attempt(add)


def hashed(token: str) -> str:
    """Give what the office keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def stick(
    folder: pathlib.Path,
    kiosk: str,
    *streams: tuple[str, list[dict[str, Any]]],
    token: str | None = TOKEN,
) -> pathlib.Path:
    """Write a file as a kiosk does."""
    data = b"".join(
        byhand.written(kiosk, stream, json.dumps(event).encode())
        for stream, events in streams
        for event in events
    )
    signature = byhand.Signature(byhand.token_hash(token)) if token else None
    if signature:
        signature.add(data)
    path = folder / f"{uuid.uuid4().hex}.jsonl"
    path.write_bytes(data + (signature.hex if signature else "").encode() + b"\n")
    return path


def test_a_signed_file_is_taken_and_taken_again(kiosk: Kiosk, tmp_path: pathlib.Path) -> None:
    """All its events are in the books once, however often it comes and whatever came by line."""
    events = [start(), *[rating(seq) for seq in range(2, 1203)], lost(1203, 1210)]
    kiosk.stored(*events[:700])
    path = stick(tmp_path, kiosk.id, (kiosk.stream, events))
    for _ in range(2):
        report = by_hand.take(kiosk.books, path, NOW)
        assert (report.signed, report.complete) == (True, True)
        (one,) = report.streams
        assert (one.stored_through, one.events, one.refused) == (1210, 1203, 0)
    assert [row[0] for row in kiosk.rows()] == list(range(1, 1204))
    assert fold.differences(kiosk.books, kiosk.id) == {}


def test_it_is_no_contact(kiosk: Kiosk, tmp_path: pathlib.Path) -> None:
    """Who carried a stick is not the kiosk: it stays unheard, and nothing is called complete."""
    path = stick(tmp_path, kiosk.id, (kiosk.stream, [start(), rating(2)]))
    by_hand.take(kiosk.books, path, NOW)
    (row,) = completeness.report(kiosk.books, NOW)
    assert (row.stored, row.complete, row.silent, row.complete_through) == (2, False, True, None)


def test_a_changed_file_needs_trust(kiosk: Kiosk, tmp_path: pathlib.Path) -> None:
    """One face changed on the stick: refused, word for word told, unless somebody vouches."""
    path = stick(tmp_path, kiosk.id, (kiosk.stream, [start(), rating(2, face=1)]))
    path.write_bytes(path.read_bytes().replace(b'"face": 1', b'"face": 4'))
    with pytest.raises(errors.Wrong) as refused:
        by_hand.take(kiosk.books, path, NOW)
    assert str(refused.value) == (
        f"{path.name} is not signed by a token of kiosk '{kiosk.id}', or was changed since: "
        "if you know where it comes from, take it with --trust"
    )
    assert kiosk.rows() == []
    report = by_hand.take(kiosk.books, path, NOW, trust=True)
    assert (report.signed, report.complete) == (False, True)
    assert len(kiosk.rows()) == 2


def test_a_rolled_token_signs_a_revoked_one_does_not(kiosk: Kiosk, tmp_path: pathlib.Path) -> None:
    """A file written before its kiosk rolled its token is good; a stolen kiosk's is not."""
    path = stick(tmp_path, kiosk.id, (kiosk.stream, [start()]))
    give(kiosk, OTHER, rolls=hashed(TOKEN))
    kiosk.books.attempt(lambda connection: tokens.revoke(connection, NOW, token_hash=hashed(TOKEN)))
    assert by_hand.take(kiosk.books, path, NOW).signed
    kiosk.books.attempt(lambda connection: tokens.revoke(connection, NOW, kiosk=kiosk.id))
    late = stick(tmp_path, kiosk.id, (kiosk.stream, [start(), rating(2)]), token=OTHER)
    with pytest.raises(errors.Wrong, match="--trust"):
        by_hand.take(kiosk.books, late, NOW)
    early = stick(tmp_path, kiosk.id, (kiosk.stream, [start(), rating(2)]), token=TOKEN)
    with pytest.raises(errors.Wrong, match="--trust"):  # it went on signing for ever
        by_hand.take(kiosk.books, early, NOW)


def test_large_events_are_taken_some_at_a_time(kiosk: Kiosk, tmp_path: pathlib.Path) -> None:
    """A stream of many long surveys comes in by hand as it does over the line.

    Five hundred of them were one body, larger than any that is taken.
    """
    long = {"kind": "survey", "mono": 1, "survey": "exit", "document": {"words": "x" * 60_000}}
    surveys = [long | {"seq": seq, "version": seq} for seq in range(2, 162)]
    path = stick(tmp_path, kiosk.id, (kiosk.stream, [start(), *surveys]))
    report = by_hand.take(kiosk.books, path, NOW)
    assert [(one.events, one.problem) for one in report.streams] == [(161, "")]


def test_another_kiosks_token_does_not_sign(kiosk: Kiosk, tmp_path: pathlib.Path) -> None:
    """A stolen token does no harm beyond its own kiosk, on a stick neither."""
    other = Kiosk(kiosk.books)
    path = stick(tmp_path, other.id, (other.stream, [start()]))
    with pytest.raises(errors.Wrong, match="not signed"):
        by_hand.take(kiosk.books, path, NOW)


@pytest.mark.parametrize("events", [[start(), rating(3)], [rating(2), rating(3)]])
def test_a_gap_is_told_and_nothing_of_that_stream_is_taken(
    kiosk: Kiosk, tmp_path: pathlib.Path, events: list[dict[str, Any]]
) -> None:
    """The other streams of the file are taken."""
    fine = str(uuid.uuid4())
    path = stick(tmp_path, kiosk.id, (kiosk.stream, events), (fine, [start(), rating(2)]))
    report = by_hand.take(kiosk.books, path, NOW)
    assert not report.complete
    told = {one.stream: one.problem for one in report.streams}
    assert told[fine] == ""
    assert "missing" in told[kiosk.stream]
    assert kiosk.rows() == []
    kiosk.stream = fine
    assert len(kiosk.rows()) == 2


def test_another_kiosks_stream_is_told(kiosk: Kiosk, tmp_path: pathlib.Path) -> None:
    """A stream belongs to the kiosk that first named it, whoever signs."""
    other = Kiosk(kiosk.books)
    other.stored(start())
    path = stick(tmp_path, kiosk.id, (other.stream, [start(), rating(2)]))
    (one,) = by_hand.take(kiosk.books, path, NOW).streams
    assert one.problem == f"it belongs to kiosk {other.id}: see `smiley-central streams list`"
    assert len(other.rows()) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"hello\nworld\n", "line 1"),
        (b'{"kiosk":"k","stream":"s"}\n\n', "line 1"),
        (b"x" * (1 << 21), "bytes"),
        (b"\n", "holds no events"),
    ],
)
def test_what_is_no_export_is_told_in_a_sentence(
    books: store.Store, tmp_path: pathlib.Path, content: bytes, words: str
) -> None:
    """Whatever file somebody names, they are told what is wrong with it."""
    path = tmp_path / "holiday.jsonl"
    path.write_bytes(content)
    with pytest.raises(errors.Wrong, match=words):
        by_hand.take(books, path, NOW)
    with pytest.raises(errors.Wrong, match="cannot be read"):
        by_hand.take(books, tmp_path / "nothing.jsonl", NOW)


def test_a_file_without_a_kiosk_is_given_one(kiosk: Kiosk, tmp_path: pathlib.Path) -> None:
    """What was recorded before any enrolment names no kiosk: who trusts it says whose it is."""
    path = stick(tmp_path, "", (kiosk.stream, [start(), rating(2)]), token=None)
    with pytest.raises(errors.Wrong, match="--kiosk"):
        by_hand.take(kiosk.books, path, NOW, trust=True)
    report = by_hand.take(kiosk.books, path, NOW, trust=True, kiosk=kiosk.id)
    assert report.complete
    assert len(kiosk.rows()) == 2


def test_a_file_whose_signature_was_cut_off_loses_no_event(
    kiosk: Kiosk, tmp_path: pathlib.Path
) -> None:
    """The last line of a cut file was taken for the signature: its event was dropped, unsaid."""
    path = stick(tmp_path, kiosk.id, (kiosk.stream, [start(), rating(2)]))
    path.write_bytes(path.read_bytes().rpartition(b"\n")[0].rpartition(b"\n")[0] + b"\n")
    with pytest.raises(errors.Wrong, match="not signed"):
        by_hand.take(kiosk.books, path, NOW)
    assert by_hand.take(kiosk.books, path, NOW, trust=True).complete
    assert len(kiosk.rows()) == 2
