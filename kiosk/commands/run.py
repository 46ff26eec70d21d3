"""`smiley-kiosk run`: the kiosk itself."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk import assembly, config, window
from kiosk.commands import saying
from sync.buffer import errors


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
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return saying.could_not(saying.folder_trouble(folder, error))
    os.environ.update(window.environment(folder / "kivy"))
    from kiosk import app  # noqa: PLC0415 - Kivy, which has read its environment from here on

    shown = app.KioskApp(driver)
    file = config.settings_path(settings_file)
    try:
        kiosk = assembly.Assembly.open(folder, file, shown.post, named=settings_file is not None)
    except errors.Error as error:
        return saying.could_not(saying.CouldNot(str(error)))
    with kiosk:
        for notice in kiosk.notices():
            print(f"smiley-kiosk: {notice}", file=sys.stderr)
        app.prepare(window_size, window.provider(kiosk.loaded.settings.input, window_size))
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: shown.post(shown.stop))
        shown.show(kiosk)
    return 0
