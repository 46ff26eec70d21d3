"""The kiosk's sounds, in a real window."""

from pathlib import Path

from tests.acceptance import off_screen


def test_the_audio_device_is_opened_only_when_there_is_something_to_hear(tmp_path: Path) -> None:
    """A kiosk set to silence leaves it closed; turned up, it opens it without a new start."""
    played = off_screen.play("kiosk_sounds.py", tmp_path)
    assert played.found == {"silent": [False], "turned_up": [True]}
