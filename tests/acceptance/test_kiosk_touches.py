"""Real touches in a real (off-screen) window of the real kiosk, on a real card."""

import json
import os
from typing import Any, NamedTuple

import pytest

from sync.buffer import reader
from sync.feedback import events
from tests.acceptance import off_screen

SECONDS = "60" if os.environ.get("FULL") == "1" else "3"

pytestmark = pytest.mark.timeout(300)


class Played(NamedTuple):
    """What the hands found, and what lies on the card."""

    found: dict[str, list[Any]]
    lines: list[bytes]
    events: list[events.Event]
    said: str


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """All scenes, played once."""
    folder = tmp_path_factory.mktemp("kiosk")
    done = off_screen.play("kiosk_hands.py", folder, SECONDS, seconds=280)
    with reader.BufferReader.open(done.card) as card:
        lines = [raw for _stream, raw in card.iter_pending()]
    return Played(done.found, lines, [events.decode(raw) for raw in lines], done.said)


@pytest.mark.parametrize(
    ("scene", "found"),
    [
        ("single_tap", ["thanks", 1]),
        ("double_tap", ["thanks", 1]),
        ("drag_off", ["ask", 0]),
        ("two_fingers", ["thanks", 1]),
        ("palm_and_tap", ["thanks", 1, "thanks", 1]),
        ("tap_during_thanks", ["reasons", ["staff"]]),
        ("next_customer", ["ask", 2]),
        ("frame_of_the_time_out", ["reasons", ["waiting"]]),
        ("hammering", [True, True, True]),
        ("staff_corner", ["pin"]),
        (
            "mistake",
            ["thanks", 1, "A mistake in the program was met, and noted in its log."],
        ),
    ],
)
def test_touches(played: Played, scene: str, found: list[Any]) -> None:
    """Each scene of `kiosk_hands` ends as its name says: screens, and thank-yous shown."""
    assert played.found[scene] == found


def test_every_thank_you_is_one_rating_on_the_card(played: Played) -> None:
    """What was thanked for is there, nothing else is, and no event would be refused."""
    ratings = [event for event in played.events if isinstance(event, events.Rating)]
    assert len({event.seq for event in ratings}) == len(ratings)
    kinds = [json.loads(raw)["kind"] for raw in played.lines]
    assert kinds[:3] == ["start", "settings", "survey"]
    assert all(events.refusal(raw) is None for raw in played.lines)


def test_answers_name_the_rating_before_them(played: Played) -> None:
    """The recorder put the rating's number into each answer."""
    ratings = {event.seq for event in played.events if isinstance(event, events.Rating)}
    answers = [event for event in played.events if isinstance(event, events.Answer)]
    assert answers
    assert {event.rating for event in answers} <= ratings
    assert any(list(event.reasons) == ["staff"] for event in answers)


def test_the_kiosk_said_nothing_on_the_way(played: Played) -> None:
    """No warning, no traceback but of the three mistakes made on purpose."""
    assert played.said.startswith("A mistake on the screen; the kiosk goes on\nTraceback")
    assert played.said.count("Traceback") == 3
    assert played.said.count("A mistake on the screen; the kiosk goes on") == 3
    assert played.said.endswith("ValueError: a mistake made on purpose\n")
