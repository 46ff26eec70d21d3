"""The first frame of a real kiosk: it takes a tap, and nothing is loaded that it does not need."""

import pytest

from sync.buffer import reader
from sync.feedback import events
from tests.acceptance import off_screen

LATER = (
    # libraries: the line, pins, comments' personal data, the notice's QR code, tables, metadata
    *("requests", "urllib3", "gpiozero", "phonenumbers", "stdnum", "segno", "rich", "email"),
    *("PIL", "importlib.metadata", "kivy.core.audio", "kivy.core.image.img_pil"),
    # and of ours: the line, what other commands do, every other screen
    *("sync.uplink", "sync.central", "sync.buffer.export", "sync.feedback.privacy"),
    *("kiosk.buttons", "kiosk.catalogues", "kiosk.crowd", "kiosk.demo", "kiosk.layouts"),
    *(
        f"kiosk.screens.{name}"
        for name in (
            *("about", "answer", "comment", "easier", "glimpse", "keyboard", "languages", "pin"),
            *("qr", "sent", "sleep", "strip", "thanks"),
        )
    ),
)
"""What has its time after the first frame, or when it is first asked for."""


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> off_screen.Played:
    """What one start wrote down, and its card."""
    return off_screen.play("kiosk_first_frame.py", tmp_path_factory.mktemp("kiosk"))


def test_what_can_wait_is_not_loaded_by_then(started: off_screen.Played) -> None:
    """None of `LATER` is imported when the first frame can be tapped."""
    loaded = set(started.found["loaded"])
    assert {"kiosk.screens.ask", "sync.buffer.recorder"} <= loaded
    early = [
        name
        for name in loaded
        if name in LATER or name.startswith(tuple(f"{later}." for later in LATER))
    ]
    assert not early


def test_it_looks_at_the_glass_as_often_as_a_panel_shows(started: off_screen.Played) -> None:
    """Sixty times a second, and nothing of Kivy's looks for gestures that mean nothing."""
    assert started.found["frame"] == pytest.approx(1 / 60)
    assert started.found["looking"] == 0


def test_a_tap_on_the_first_frame_is_recorded(started: off_screen.Played) -> None:
    """The rating that was thanked for lies on the card."""
    stream, seq = started.found["thanked"]
    with reader.BufferReader.open(started.card) as card:
        taps = [
            (of, event.seq)
            for of, raw in card.iter_pending()
            if isinstance(event := events.decode(raw), events.Rating)
        ]
    assert taps == [(stream, seq)]
