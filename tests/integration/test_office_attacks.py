"""The office before callers who mean no good, or whose machines went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import exc

from sync.central import store
from sync.central.store import errors, people
from tests import databases, office_desk, senders


@pytest.fixture
def desk(fresh: databases.Fresh) -> Iterator[office_desk.Desk]:
    """An office on each database."""
    with office_desk.desk(fresh()) as opened:
        yield opened


def test_half_a_surrogate_pair_is_answered_after_it_was_booked(desk: office_desk.Desk) -> None:
    """A batch with an event that no parser likes gets its 200, or its stream ends here.

    It was booked, then counting its events for the log failed: 500, again and again, and the
    kiosk's stream never got past that event.
    """
    kiosk = desk.kiosk()
    odd = {"seq": 5, "kind": "new", "mono": 1, "words": "\ud800"}
    for _ in range(2):
        answer = kiosk.send(*office_desk.opening(), odd, senders.rating(6))
        assert answer.status_code == 200, answer.text
        assert answer.json()["stored_through"] == 6
        assert [one["seq"] for one in answer.json()["refused"]] == [5]


def test_a_token_that_no_header_can_say(desk: office_desk.Desk) -> None:
    """A token with a newline behind it is refused, and burns no code."""
    code = desk.code()
    assert desk.enrol(code, "a" * 64 + "\n").status_code == 422
    assert desk.enrol(code, "a" * 64).status_code == 201


def test_a_name_that_no_database_holds(desk: office_desk.Desk) -> None:
    """A log-in as a name with U+0000 is a wrong one on either database, not a database away."""
    desk.user("anna")
    assert [desk.log_in(name).status_code for name in ("anna\0", "nobody")] == [403, 403]
    assert desk.log_in("anna").status_code == 303


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:/user:sesame@host/db",
        "postgresql://user:sesame@host:port/db",
        "postgresql://user:se@sesame@127.0.0.1:1/db",
        "postgresql://user:se/sesame@127.0.0.1:1/db",
        "postgresql://127.0.0.1:1/db?user=u&password=sesame",
        "mysql://user:sesame@host/db",
        "sqlite://user:sesame@host/db",
    ],
)
def test_a_mistyped_database_is_a_sentence_without_its_password(url: str) -> None:
    """However wrong the URL is: no traceback, and the password goes into no log."""
    with pytest.raises(errors.Error) as raised:
        store.open(url)
    assert "sesame" not in str(raised.value)


def test_a_mistake_in_a_statement_tells_the_log_no_comment(desk: office_desk.Desk) -> None:
    """What an error of the database says of its statement has none of the values in it."""
    said: dict[str, Any] = {"key_hash": "0" * 64, "label": "unseen", "role": "reader", "now": 0}
    with desk.books.write() as connection:
        people.add_key(connection, **said)
    with pytest.raises(exc.IntegrityError) as raised, desk.books.write() as connection:
        people.add_key(connection, **said)
    assert "INSERT INTO" in str(raised.value)
    assert "unseen" not in str(raised.value)
