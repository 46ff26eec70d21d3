"""Erased is erased: by code, in every copy, after a restore too; and refused ones judged again."""

from __future__ import annotations

import base64
import functools
import json
import pathlib
import shutil
from typing import Any

import pytest
from click import testing

from sync.central import cli, erasure, fold, refused, restored, store
from sync.central.store import errors, events, tokens
from sync.feedback import framing
from tests import databases
from tests.senders import NOW, Kiosk, comment, rating, start


@pytest.fixture
def kiosk(books: store.Store) -> Kiosk:
    """A kiosk of a fresh office."""
    return Kiosk(books)


def everything(books: store.Store) -> str:
    """Give all text in the books, as one text."""
    found: list[Any] = []
    with books.read() as connection:
        for table in ("events", "conflicts", "refused"):
            # as tuples: a row's own repr cuts long texts off
            found += map(tuple, connection.exec_driver_sql(f"SELECT * FROM {table}"))
    return repr(found)


def test_a_comment_is_erased_by_its_code(kiosk: Kiosk) -> None:
    """The text is gone, the event and the figures stay, and the same batch again brings nothing."""
    sent = [start(), rating(2), comment(3, "slow staff"), rating(4)]
    kiosk.stored(*sent)
    assert "slow staff" in everything(kiosk.books)
    done = erasure.erase(kiosk.books, " k7-42q ", by="anna", now=NOW)
    assert [(place.stream, place.seq) for place in done.places] == [(kiosk.stream, 3)]
    assert "slow" not in everything(kiosk.books)
    answer = kiosk.stored(*sent)
    assert (answer.conflicts, answer.refused) == ([], [])
    assert "slow" not in everything(kiosk.books)
    assert [row[2] for row in kiosk.rows()] == [3, 3, 2, 3]
    assert fold.differences(kiosk.books, kiosk.id) == {}


def test_second_copies_and_refused_ones_are_erased_too(kiosk: Kiosk) -> None:
    """Whatever copy of it there is: its text goes."""
    kiosk.stored(start(), rating(2), comment(3, "first"), rating(4))
    kiosk.stored(comment(3, "second"))
    kiosk.stored(comment(5, "third " * 1000, code="K7-43Q"))
    assert len(kiosk.stored(comment(5, "third " * 1000, code="K7-43Q")).refused) == 1
    for code in ("K7-42Q", "K7-43Q"):
        assert erasure.erase(kiosk.books, code, by="anna", now=NOW).places
    for word in ("first", "second", "third"):
        assert word not in everything(kiosk.books)
    for text in ("second", "another"):
        kiosk.stored(comment(3, text))
        assert text not in everything(kiosk.books)


def test_a_wrapped_comment_is_erased_by_its_code(kiosk: Kiosk) -> None:
    """What the office could not read lies in the books as base64: its text goes like any other."""
    raw = json.dumps(comment(3, "slow staff")).encode()
    sent: list[dict[str, Any] | bytes] = [start(), rating(2), framing.wrapped(3, raw)]
    kiosk.stored(*sent, last=3)
    kiosk.stored(rating(4))
    before = everything(kiosk.books)
    coded = base64.b64encode(raw).decode()
    assert coded in before
    assert erasure.erase(kiosk.books, "K7-42Q", by="anna", now=NOW).places
    assert coded not in everything(kiosk.books)
    kiosk.stored(*sent, last=3)
    kiosk.stored(comment(3, "slow staff"))  # the kiosk's next version sends it whole
    assert coded not in everything(kiosk.books)
    assert "slow" not in everything(kiosk.books)
    assert [row[2] for row in kiosk.rows()] == [3, 3, 2, 3]
    assert fold.differences(kiosk.books, kiosk.id) == {}


def test_a_wrapped_comment_without_its_end_goes_with_a_code_that_is_nowhere(kiosk: Kiosk) -> None:
    """Its code was cut off: whoever asks for a code that the office does not know may mean it."""
    long = framing.wrapped(3, json.dumps(comment(3, "slow " * 1000)).encode())
    kiosk.stored(start(), rating(2), long, rating(4), comment(5, "kind staff", "K7-43Q"), last=5)
    erasure.erase(kiosk.books, "K7-43Q", by="anna", now=NOW)
    assert long.decode() in everything(kiosk.books)
    done = erasure.erase(kiosk.books, "K7-42Q", by="anna", now=NOW)
    assert [place.seq for place in done.places] == [3]
    assert long.decode() not in everything(kiosk.books)
    kiosk.stored(long, last=3)
    assert long.decode() not in everything(kiosk.books)


def test_a_comment_that_has_not_come_yet_is_erased_when_it_comes(kiosk: Kiosk) -> None:
    """A kiosk without a line: the code is on the list before the comment is in the books."""
    done = erasure.erase(kiosk.books, "K7-42Q", by="anna", now=NOW)
    assert done.places == []
    kiosk.stored(start(), rating(2), comment(3, "slow staff"))
    assert "slow" not in everything(kiosk.books)
    assert kiosk.raws()[2]["erased"] is True


def test_a_slip_in_a_code_does_not_look_like_an_erasure(kiosk: Kiosk) -> None:
    """Who types a code that nobody knows is asked to look again, and told what is done."""
    url = kiosk.books.engine.url.render_as_string(hide_password=False)
    told = testing.CliRunner().invoke(cli.group, ["comment", "erase", "K7-42Q", "--database", url])
    assert told.exit_code == 0
    assert "no such comment here yet; it will be erased when it comes" in told.output
    assert "look at the code once more" in told.output


@pytest.mark.parametrize("typed", ["K742Q", "k7 42q", "K7–42Q"])
def test_a_code_is_typed_as_people_hear_it(kiosk: Kiosk, typed: str) -> None:
    """Over the telephone nobody hears the dash; a code that seemed taken left the text there."""
    erasure.erase(kiosk.books, typed, by="anna", now=NOW)  # before the comment has come
    kiosk.stored(start(), rating(2), comment(3, "slow staff"), comment(4, "slow", code="K7-42R"))
    assert "slow staff" not in everything(kiosk.books)
    done = erasure.erase(kiosk.books, typed.upper().replace("Q", "R"), by="anna", now=NOW)
    assert (done.code, len(done.places)) == ("K7-42R", 1)
    assert "slow" not in everything(kiosk.books)


def test_a_code_of_other_kiosks_is_found_as_it_was_given(kiosk: Kiosk) -> None:
    """Codes of kiosks that are not ours may look as they like."""
    kiosk.stored(start(), rating(2), comment(3, "slow staff", code="K742Q"))
    assert erasure.erase(kiosk.books, "K742Q", by="anna", now=NOW).places
    assert "slow" not in everything(kiosk.books)


def test_a_code_of_two_kiosks_is_told(kiosk: Kiosk) -> None:
    """Nothing is erased until somebody says which."""
    other = Kiosk(kiosk.books)
    for one in (kiosk, other):
        one.stored(start(), rating(2), comment(3, f"of {one.id}"))
    with pytest.raises(errors.Wrong, match="--kiosk"):
        erasure.erase(kiosk.books, "K7-42Q", by="anna", now=NOW)
    assert everything(kiosk.books).count("of k_") == 2
    erasure.erase(kiosk.books, "K7-42Q", by="anna", now=NOW, kiosk=other.id)
    assert f"of {kiosk.id}" in everything(kiosk.books)
    assert f"of {other.id}" not in everything(kiosk.books)


@pytest.mark.parametrize("code", ["", "  ", "x" * 65])
def test_what_is_no_code_is_told(books: store.Store, code: str) -> None:
    """A sentence with what would be right."""
    with pytest.raises(errors.Wrong, match="such as K7-42Q"):
        erasure.erase(books, code, by="anna", now=NOW)


def test_a_restored_backup_stays_erased_and_revoked(fresh_sqlite: databases.Fresh) -> None:
    """What was withdrawn after the back-up is withdrawn again, from beside the database."""
    url = fresh_sqlite()
    path = url.removeprefix("sqlite:///")
    with store.open(url) as books:
        kiosk, thief = Kiosk(books), Kiosk(books)
        kiosk.stored(start(), rating(2), comment(3, "slow staff"))
        for one, token in ((kiosk, "aa" * 32), (thief, "bb" * 32)):
            add = functools.partial(tokens.add, token_hash=token, kiosk=one.id, now=NOW)
            books.attempt(add)
    shutil.copyfile(path, f"{path}.backup")
    with store.open(url) as books:
        erasure.erase(books, "K7-42Q", by="anna", now=NOW + 1)
        books.attempt(lambda connection: tokens.revoke(connection, NOW + 1, kiosk=thief.id))
        erasure.erase(books, "K7-99X", by="anna", now=NOW + 2)
    for left in ("", "-wal", "-shm"):
        pathlib.Path(f"{path}{left}").unlink(missing_ok=True)
    shutil.copyfile(f"{path}.backup", path)
    with store.open(url) as books:
        assert "slow" in everything(books)
        for _ in range(2):  # again is fine
            done = restored.restored(books, NOW + 3)
            assert (done.erasures, done.kiosks) == (2, 2)
            assert "slow" not in everything(books)
        with books.read() as connection:
            assert [one.revoked_at for one in tokens.of(connection, thief.id)] == [NOW + 1]
            assert [one.revoked_at for one in tokens.of(connection, kiosk.id)] == [None]
        kiosk.books = books
        kiosk.stored(
            start(), rating(2), comment(3, "slow staff"), rating(4), comment(5, "X", "K7-99X")
        )
        assert "slow" not in everything(books)
        assert kiosk.raws()[4].get("text") is None


def test_refused_ones_are_judged_again(kiosk: Kiosk) -> None:
    """After an upgrade what is good now is booked as good, and its figures with it."""
    kiosk.stored(start(), rating(2), rating(3, face=9), rating(4))
    assert [(row.seq, row.stream) for row in refused.report(kiosk.books)] == [(3, kiosk.stream)]
    assert refused.retry(kiosk.books) == (1, 0)
    # an older office's verdict on an event that is good by today's rules
    with kiosk.books.write() as connection:
        (row,) = events.refused_of(connection, kiosk.id, kiosk.stream)
        events.rewrite(connection, row._replace(raw=row.raw.replace('"face": 9', '"face": 4')))
    assert refused.retry(kiosk.books) == (1, 1)
    assert refused.report(kiosk.books) == []
    assert kiosk.stored(rating(3, face=4)).refused == []
    assert [row[3] for row in kiosk.rows()] == [False] * 4
    assert fold.differences(kiosk.books, kiosk.id) == {}
