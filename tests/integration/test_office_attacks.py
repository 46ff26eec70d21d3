"""The office before callers who mean no good, or whose machines went wrong."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import databases, office_desk


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
        answer = kiosk.send(*office_desk.opening(), odd, office_desk.rating(6))
        assert answer.status_code == 200, answer.text
        assert answer.json()["stored_through"] == 6
        assert [one["seq"] for one in answer.json()["refused"]] == [5]
