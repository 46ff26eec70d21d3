"""Where settings, survey and data lie, and what is in force when a file is wrong.

A file that cannot be used never keeps a kiosk from taking taps: the last good one is used, else the
default, and `Loaded.notices` says so to staff and to `smiley-kiosk check`.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import platformdirs

from kiosk import resources
from kiosk import settings as settings_
from sync.feedback import surveys

SYSTEM_SETTINGS = Path("/etc/smiley-kiosk/kiosk.toml")
SYSTEM_DATA = Path("/var/lib/smiley-kiosk")


class Loaded(msgspec.Struct, frozen=True):
    """Settings and survey in force, the file's own values, and what is wrong (sentences)."""

    settings: settings_.Settings
    survey: surveys.Survey
    values: Mapping[str, Any] = {}
    notices: tuple[str, ...] = ()


def settings_path(named: Path | None) -> Path:
    """Return the settings' file: the one named, the system's, else the user's own."""
    if named is not None:
        return named
    if SYSTEM_SETTINGS.exists():
        return SYSTEM_SETTINGS
    return platformdirs.user_config_path("smiley-kiosk") / "kiosk.toml"


def data_path(named: Path | None) -> Path:
    """Return the data folder: the one named, the system's if it may be written, or the user's."""
    if named is not None:
        return named
    if SYSTEM_DATA.is_dir() and os.access(SYSTEM_DATA, os.W_OK):
        return SYSTEM_DATA
    return platformdirs.user_data_path("smiley-kiosk")


def read_values(path: Path, *, must_exist: bool) -> dict[str, Any]:
    """Read a settings file as plain values. Raises `settings.Invalid` with one sentence.

    A file that is not there is an empty one, unless it was named.
    """
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        if must_exist:
            raise settings_.Invalid(
                f"{path}: no such file; write one with `smiley-kiosk config > {path}`"
            ) from None
        return {}
    except OSError as error:
        raise settings_.Invalid(f"{path}: cannot be read ({error.strerror})") from None
    try:
        values = msgspec.toml.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise settings_.Invalid(f"{path}: not TOML ({error}); correct that line") from None
    assert isinstance(values, dict)
    if values.get("screen_mm") == []:
        del values["screen_mm"]
    return values


def read_survey(path: Path) -> surveys.Survey:
    """Read a survey file. Raises `surveys.Invalid` with one sentence."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise surveys.Invalid(
            f"{path}: cannot be read ({error.strerror}); correct `survey` in the settings"
        ) from None
    return surveys.from_toml(text, str(path))


def default_survey() -> surveys.Survey:
    """Return the survey that comes with the program."""
    return read_survey(resources.DEFAULT_SURVEY)


def load(
    path: Path,
    *,
    must_exist: bool = False,
    staff: Mapping[str, Any] = {},
    office: Mapping[str, Any] = {},
    last_survey: surveys.Survey | None = None,
) -> Loaded:
    """Return what is in force, whatever state the files are in.

    `staff` and `office` are layers above the file; `last_survey` is the last good one.
    """
    notices: list[str] = []
    values: dict[str, Any] = {}
    try:
        values = read_values(path, must_exist=must_exist)
        settings_.from_values(values, str(path))
    except settings_.Invalid as error:
        notices.append(f"{error}. Until then the defaults are used.")
        values = {}
    try:
        settings = settings_.layered(values, staff, office)
    except settings_.Invalid as error:
        notices.append(f"{error}. Until then they are ignored.")
        settings = settings_.layered(values, {}, {})
    survey, complaint = _survey(settings, path, last_survey)
    if complaint:
        notices.append(complaint)
    return Loaded(settings, survey, values, tuple(notices))


def _survey(
    settings: settings_.Settings, path: Path, last: surveys.Survey | None
) -> tuple[surveys.Survey, str]:
    """Return the survey of the settings, else the last good one, else the default; and why."""
    if not settings.survey:
        return default_survey(), ""
    file = path.parent / Path(settings.survey).expanduser()
    try:
        return read_survey(file), ""
    except surveys.Invalid as error:
        instead = "the last good one" if last else "the one that comes with the program"
        return last or default_survey(), f"{error}. Until then {instead} is shown."
