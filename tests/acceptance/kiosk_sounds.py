"""A silent kiosk that is turned up: run as `python kiosk_sounds.py DATA RESULTS`.

Whether the audio device is open, silent and loud, is written to RESULTS as JSON.
"""

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from kiosk import signals
from kiosk.commands import run
from tests.acceptance.kiosk_fingers import Hands


def device_open() -> bool:
    """Whether SDL's thread that mixes sounds is at work."""
    return any(
        task.read_text(encoding="ascii", errors="replace").startswith("SDLAudio")
        for task in Path("/proc/self/task").glob("*/comm")
    )


def silent(hands: Hands) -> Iterator[float]:
    """Everything that could wait is made."""
    yield 0.5
    yield from wait(lambda: all(thread.name != "preparing" for thread in threading.enumerate()))
    hands.note(device_open())


def turned_up(hands: Hands) -> Iterator[float]:
    """The office sends another loudness."""
    kiosk = hands.app.kiosk
    loud = msgspec.structs.replace(kiosk.loaded.settings, sound=40)
    kiosk.terminal.configure(signals.Configured(kiosk.loaded.survey, loud))
    yield from wait(device_open)
    hands.note(device_open())


def wait(until: Callable[[], bool]) -> Iterator[float]:
    """Wait for as long as a busy machine takes."""
    for _ in range(200):
        if until():
            return
        yield 0.05


if __name__ == "__main__":
    data, results = Path(sys.argv[1]), Path(sys.argv[2])
    data.mkdir(parents=True)
    config = data.with_suffix(".toml")
    config.write_text("sound = 0\n", encoding="utf-8")
    sys.exit(
        run.run(
            config,
            data,
            window_size=(800, 480),
            driver=lambda app: Hands(app, results).play([silent, turned_up]),
        )
    )
