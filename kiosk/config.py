"""Where settings, survey and data lie, and what is in force when a file is wrong.

A file that cannot be used never keeps a kiosk from taking taps: the last good one is used, else the
default, and `Loaded.notices` says so to staff and to `smiley-kiosk check`.
"""

import datetime
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import msgspec
import platformdirs

from kiosk import resources
from kiosk import settings as settings_
from sync.buffer.identity import Identity
from sync.feedback import clocks, complaints, surveys

LAST_SURVEY, OFFICE, STAFF = "last_survey", "office_config", "staff_settings"
"""The keys under which the card remembers the layers that are in no file."""
SYSTEM_SETTINGS = Path("/etc/smiley-kiosk/kiosk.toml")
SYSTEM_DATA = Path("/var/lib/smiley-kiosk")


class Memory(Protocol):
    """Small durable state: the buffer, or a reader of it."""

    @property
    def identity(self) -> Identity:
        """Where the kiosk is enrolled."""

    def recall(self, key: str) -> Any:
        """Return what was kept, or None."""


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
    if there(SYSTEM_SETTINGS):
        return SYSTEM_SETTINGS
    return platformdirs.user_config_path("smiley-kiosk") / "kiosk.toml"


def there(path: Path) -> bool:
    """Whether a file is there, also one that this user may not look at: reading it says why."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def beside(path: Path, settings: settings_.Settings) -> settings_.Settings:
    """Return the settings of `path` with whole names: a service runs in the root folder."""
    logo, authority = settings.logo, settings.authority
    return msgspec.structs.replace(
        settings,
        logo=str(_beside(path, logo)) if logo else "",
        authority=str(_beside(path, authority)) if authority else "",
    )


def _beside(path: Path, named: str) -> Path:
    try:
        return path.parent / Path(named).expanduser()
    except RuntimeError:  # the ~ of somebody whom this machine does not know
        return path.parent / named


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
        raise settings_.Invalid(f"{path}: {complaints.unread(error)}") from None
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


def in_force(path: Path, memory: Memory, *, named: bool, now_ms: int) -> Loaded:
    """Return what is in force at `now_ms` (since 1970), whatever state the files are in.

    The office's settings and surveys over the staff's over the file's; a survey whose file is wrong
    gives way to the last good one, one whose time has not come or is over to the default.
    """
    notices: list[str] = []
    office = memory.recall(OFFICE) or {}
    values = _file_values(path, named, notices)
    settings = beside(path, _settings(values, memory, office, notices))
    day = datetime.date.fromisoformat(clocks.local(now_ms, settings.time_zone).day)
    try:
        survey = office_survey(office, day)
    except surveys.Invalid as error:  # kept by a newer version of the program
        notices.append(f"{error}. Until then it is ignored.")
        survey = None
    survey = survey or _file_survey(settings, path, memory, notices)
    if not survey.runs_on(day):
        notices.append(
            f"survey {survey.survey!r} runs from {survey.starts or 'ever'} to"
            f" {survey.ends or 'ever'}, not on {day}; change its starts or ends, or show another"
            " survey. Until then the default one is shown."
        )
        survey = default_survey()
    survey = _kept_to_its_version(survey, memory, notices)
    return Loaded(settings, survey, values, tuple(notices))


def _kept_to_its_version(
    survey: surveys.Survey, memory: Memory, notices: list[str]
) -> surveys.Survey:
    """Return the survey, or what was shown under its version before: a number has one content."""
    last = _last_survey(memory)
    if last is None or (last.survey, last.version) != (survey.survey, survey.version):
        return survey
    if last != survey:
        notices.append(
            f"survey {survey.survey!r}: version {survey.version} was shown before with other"
            f" content; set version = {survey.version + 1}. Until then the earlier one is shown."
        )
    return last


def office_survey(office: Mapping[str, Any], day: datetime.date) -> surveys.Survey | None:
    """Return the office's survey for `day`, None when it has none. Raises `surveys.Invalid`."""
    documents = office.get("surveys") or []
    found = [surveys.from_document(one, "survey of the office") for one in documents]
    return surveys.chosen(found, day)


def office_notices(memory: Memory) -> tuple[str, ...]:
    """Return what the office tells staff, in its own words."""
    kept = (memory.recall(OFFICE) or {}).get("notices") or []
    return tuple(one["text"] for one in kept if one["kind"] == "text" and one["text"].strip())


def _file_values(path: Path, named: bool, notices: list[str]) -> dict[str, Any]:
    try:
        values = read_values(path, must_exist=named)
        settings_.from_values(values, str(path))
    except settings_.Invalid as error:
        notices.append(f"{error}. Until then the defaults are used.")
        return {}
    return values


def _settings(
    values: Mapping[str, Any], memory: Memory, office: Mapping[str, Any], notices: list[str]
) -> settings_.Settings:
    staff = memory.recall(STAFF) or {}
    enrolment = memory.identity.current
    # the office said at enrolment where the shop is; what it set later stands over that
    zone = {"time_zone": enrolment.time_zone} if enrolment else {}
    try:
        return settings_.layered(values, staff, {**zone, **(office.get("settings") or {})})
    except settings_.Invalid as error:
        notices.append(f"{error}. Until then the file's are used.")
        return settings_.layered(values, {}, {})


def _file_survey(
    settings: settings_.Settings, path: Path, memory: Memory, notices: list[str]
) -> surveys.Survey:
    """Return the survey of the settings, else the last good one, else the default."""
    if not settings.survey:
        return default_survey()
    try:
        return read_survey(_beside(path, settings.survey))
    except surveys.Invalid as error:
        last = _last_survey(memory)
        instead = "the last good one" if last else "the one that comes with the program"
        notices.append(f"{error}. Until then {instead} is shown.")
        return last or default_survey()


def _last_survey(memory: Memory) -> surveys.Survey | None:
    kept = memory.recall(LAST_SURVEY)
    try:
        return surveys.from_document(kept, "the last good survey") if kept else None
    except surveys.Invalid:  # kept by a version with other rules
        return None
