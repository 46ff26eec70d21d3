"""`smiley-kiosk run`: the kiosk itself.

How it comes to its first frame quickly: the card is opened, which mostly waits for the card, while
Kivy is imported, which mostly computes. Only what a first tap needs to be drawn and recorded is
loaded by then; the line to the office, the other screens, sounds and languages come after that
frame (`KioskApp`), what single comments or figures need when they are first asked for.
"""

import os
import signal
import sys
import tempfile
from collections.abc import Callable
from concurrent import futures
from pathlib import Path
from typing import Any

import kiosk
from kiosk import assembly, config, window
from kiosk.commands import saying
from sync.buffer import buffer, errors


def run(
    settings_file: Path | None,
    data: Path | None,
    *,
    window_size: window.Size | None = None,
    driver: Callable[[Any], None] | None = None,
) -> int:
    """Run until SIGTERM or SIGINT; return the exit code.

    driver: see `kiosk.app.KioskApp`.
    """
    folder = config.data_path(data)
    # Kivy's own few files are of no use to anyone, least of all on the card
    with tempfile.TemporaryDirectory(prefix="smiley-kiosk-") as home:
        os.environ.update(window.environment(Path(home)))
        try:
            saying.usable(folder)
            _show(folder, settings_file, window_size, driver)
        except (saying.CouldNot, errors.Error) as error:
            return saying.could_not(error)
    return 0


def _show(
    folder: Path,
    settings_file: Path | None,
    size: window.Size | None,
    driver: Callable[[Any], None] | None,
) -> None:
    """Open the card and show the kiosk. Raises `errors.Error` when the card is another's."""
    with futures.ThreadPoolExecutor(1, thread_name_prefix="opening") as desk:
        opening = desk.submit(buffer.Buffer.open, folder, app=kiosk.VERSION)
        from kiosk import app  # noqa: PLC0415 - Kivy, which has read its environment from here on

    shown = app.KioskApp(driver)
    file, named = config.settings_path(settings_file), settings_file is not None
    with assembly.Assembly(opening.result(), file, shown.post, named=named) as made:
        for notice in made.notices():
            print(f"smiley-kiosk: {notice}", file=sys.stderr)
        app.prepare(size, window.provider(made.loaded.settings.input, size))
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: shown.post(shown.stop))
        shown.show(made)
