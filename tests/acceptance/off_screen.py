"""A real kiosk in a real window that nobody sees, played by a script in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent


class Played(NamedTuple):
    """What the script wrote down, what it said on standard error, and the kiosk's card."""

    found: Any
    said: str
    card: Path


def play(script: str, folder: Path, *words: str, seconds: float = 100) -> Played:
    """Run a script of this folder to its end, on a card in `folder`."""
    card, found = folder / "card", folder / "found.json"
    done = subprocess.run(
        [sys.executable, str(HERE / script), str(card), str(found), *words],
        env={**os.environ, "SDL_VIDEODRIVER": "offscreen", "PYTHONPATH": str(HERE.parents[1])},
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )
    assert done.returncode == 0, done.stderr
    return Played(json.loads(found.read_text()), done.stderr, card)
