"""A kiosk that is tapped on its first frame: run as `python kiosk_first_frame.py DATA RESULTS`.

What was loaded at that frame, at which pace frames come, and which rating the tap was thanked for,
is written to RESULTS as JSON.
"""

import json
import sys
from pathlib import Path
from typing import Any

from kiosk.commands import run
from tests.acceptance.kiosk_fingers import Hands


def tap_at_once(app: Any, results: Path) -> None:
    """Note what is loaded, and tap the best face in the very first frame."""
    from kivy.base import EventLoop
    from kivy.clock import Clock

    found = {
        "loaded": sorted(sys.modules),
        # what Kivy's clock sleeps between two looks at the glass
        "frame": 1 / Clock._max_fps - 4 / 5 * Clock.get_resolution(),
        "looking": len(EventLoop.postproc_modules),
    }
    hands = Hands(app, results)

    def shown(stream: str, seq: int) -> None:
        results.write_text(json.dumps({**found, "thanked": [stream, seq]}))
        app.stop()

    app.shown = shown
    hands.up(hands.down(*hands.place("face:4")))


if __name__ == "__main__":
    data, results = Path(sys.argv[1]), Path(sys.argv[2])
    sys.exit(
        run.run(None, data, window_size=(1280, 800), driver=lambda app: tap_at_once(app, results))
    )
