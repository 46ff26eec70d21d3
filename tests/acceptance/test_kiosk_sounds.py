"""The kiosk's sounds, in a real window."""

import json
import os
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("kiosk_sounds.py")


def test_the_audio_device_is_opened_only_when_there_is_something_to_hear(tmp_path: Path) -> None:
    """A kiosk set to silence leaves it closed; turned up, it opens it without a new start."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(tmp_path / "card"), str(tmp_path / "found.json")],
        env={**os.environ, "SDL_VIDEODRIVER": "offscreen", "PYTHONPATH": str(SCRIPT.parents[2])},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "found.json").read_text())
    assert found == {"silent": [False], "turned_up": [True]}
