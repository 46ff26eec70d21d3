"""The first frame of a real kiosk: it takes a tap, and nothing is loaded that it does not need."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sync.buffer import reader
from sync.feedback import events

SCRIPT = Path(__file__).with_name("kiosk_first_frame.py")
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
def started(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """What one start wrote down, and its card."""
    folder = tmp_path_factory.mktemp("kiosk")
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(folder / "card"), str(folder / "found.json")],
        env={**os.environ, "SDL_VIDEODRIVER": "offscreen", "PYTHONPATH": str(SCRIPT.parents[2])},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    return json.loads((folder / "found.json").read_text()), folder / "card"


def test_what_can_wait_is_not_loaded_by_then(started: tuple[dict[str, Any], Path]) -> None:
    """None of `LATER` is imported when the first frame can be tapped."""
    found, _card = started
    loaded = set(found["loaded"])
    assert {"kiosk.screens.ask", "sync.buffer.recorder"} <= loaded
    early = [
        name
        for name in loaded
        if name in LATER or name.startswith(tuple(f"{later}." for later in LATER))
    ]
    assert not early


def test_it_looks_at_the_glass_as_often_as_a_panel_shows(
    started: tuple[dict[str, Any], Path],
) -> None:
    """Sixty times a second, and nothing of Kivy's looks for gestures that mean nothing."""
    found, _card = started
    assert found["frame"] == pytest.approx(1 / 60)
    assert found["looking"] == 0


def test_a_tap_on_the_first_frame_is_recorded(started: tuple[dict[str, Any], Path]) -> None:
    """The rating that was thanked for lies on the card."""
    found, folder = started
    stream, seq = found["thanked"]
    with reader.BufferReader.open(folder) as card:
        taps = [
            (of, event.seq)
            for of, raw in card.iter_pending()
            if isinstance(event := events.decode(raw), events.Rating)
        ]
    assert taps == [(stream, seq)]
