"""Settings and survey in force, whatever state their files are in."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk import config, resources
from sync.buffer.identity import Enrolment, Identity
from sync.feedback import surveys

NOON = 1_795_262_400_000  # 2026-11-21 12:00 UTC


class Memory:
    """What a card remembers."""

    def __init__(self, **values: Any) -> None:
        self.values = values
        self.identity = Identity()

    def recall(self, key: str) -> Any:
        """Return what was kept."""
        return self.values.get(key)


def survey(version: int = 1, **changes: Any) -> surveys.Survey:
    """The default survey under another name."""
    return msgspec.structs.replace(
        config.default_survey(), survey="mine", version=version, **changes
    )


def loaded(path: Path, memory: Memory | None = None, named: bool = True) -> config.Loaded:
    """What is in force at noon."""
    return config.in_force(path, memory or Memory(), named=named, now_ms=NOON)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A settings file that names a survey beside it."""
    path = tmp_path / "kiosk.toml"
    path.write_text('survey = "mine.toml"\nsound = 7\n', encoding="utf-8")
    text = resources.DEFAULT_SURVEY.read_text(encoding="utf-8")
    (tmp_path / "mine.toml").write_text(text.replace('"exit"', '"mine"', 1), encoding="utf-8")
    return path


def test_good_files_are_in_force(file: Path) -> None:
    """The file's values, the survey beside it, nothing to say."""
    found = loaded(file)
    assert (found.settings.sound, found.survey.survey, found.notices) == (7, "mine", ())


def test_no_file_at_all_is_the_defaults(tmp_path: Path) -> None:
    """A kiosk without settings asks the default question."""
    found = loaded(tmp_path / "none.toml", named=False)
    assert (found.survey.survey, found.notices) == ("exit", ())


def test_a_named_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    """The sentence names the file and how to make one."""
    path = tmp_path / "none.toml"
    assert loaded(path).notices == (
        f"{path}: no such file; write one with `smiley-kiosk config > {path}`."
        " Until then the defaults are used.",
    )


@pytest.mark.parametrize("text", ["sound = ", "sound = 900", "nothing = 1", "\x00"])
def test_a_wrong_settings_file_leaves_the_defaults(file: Path, text: str) -> None:
    """The kiosk asks all the same, and says what is wrong."""
    file.write_text(text, encoding="utf-8")
    found = loaded(file)
    assert found.settings.sound == 50
    (notice,) = found.notices
    assert str(file) in notice


def test_a_wrong_survey_gives_way_to_the_last_good_one(file: Path) -> None:
    """First the last good one, without any the default; always with a sentence."""
    (file.parent / "mine.toml").write_text("survey = 5", encoding="utf-8")
    found = loaded(file)
    assert found.survey.survey == "exit"
    assert found.notices[0].endswith("Until then the one that comes with the program is shown.")
    last = survey(4)
    found = loaded(file, Memory(last_survey=last.document()))
    assert found.survey == last
    assert found.notices[0].endswith("Until then the last good one is shown.")


def test_a_survey_that_is_not_there_is_said(file: Path) -> None:
    """The sentence names the file and the key."""
    (file.parent / "mine.toml").unlink()
    assert loaded(file).notices[0] == (
        f"{file.parent / 'mine.toml'}: cannot be read (No such file or directory); correct"
        " `survey` in the settings. Until then the one that comes with the program is shown."
    )


def test_a_certificate_lies_beside_the_settings(file: Path) -> None:
    """A service runs in the root folder, where nobody puts it."""
    file.write_text('authority = "ca.pem"\nlogo = "shop.png"\n', encoding="utf-8")
    found = loaded(file).settings
    assert (found.authority, found.logo) == (
        str(file.parent / "ca.pem"),
        str(file.parent / "shop.png"),
    )


def test_a_version_keeps_its_content(file: Path) -> None:
    """Other words under a number that was shown already wait for a new number."""
    last = survey(comments=True)
    found = loaded(file, Memory(last_survey=last.document()))
    assert found.survey == last
    assert "set version = 2" in found.notices[0]


def test_a_survey_out_of_its_dates_gives_way_to_the_default(file: Path) -> None:
    """By the shop's own day."""
    path = file.parent / "mine.toml"
    path.write_text(path.read_text(encoding="utf-8") + "", encoding="utf-8")
    text = path.read_text(encoding="utf-8").replace("# ends = 2026-12-31", "ends = 2026-11-20")
    path.write_text(text, encoding="utf-8")
    found = loaded(file)
    assert found.survey.survey == "exit"
    assert "not on 2026-11-21" in found.notices[0]


def test_the_office_stands_over_all(file: Path) -> None:
    """Its survey is shown, its settings count, the enrolment's time zone under them."""
    office = {"settings": {"sound": 9}, "surveys": [survey(8).document()]}
    memory = Memory(office_config=office, staff_settings={"sound": 8, "pause": 1})
    memory.identity = Identity(
        (Enrolment(url="u", office="o", kiosk="k", token="t", time_zone="Europe/Helsinki"),)
    )
    found = loaded(file, memory)
    assert (found.settings.sound, found.settings.pause) == (9, 1)
    assert found.settings.time_zone == "Europe/Helsinki"
    assert (found.survey.survey, found.survey.version) == ("mine", 8)


def test_an_office_config_that_no_longer_fits_is_said_and_left(file: Path) -> None:
    """What a card remembers of another version of the program stops nothing."""
    memory = Memory(
        office_config={"settings": {"sound": 900}, "surveys": [{"odd": 1}]}, last_survey={"odd": 1}
    )
    found = loaded(file, memory)
    assert (found.settings.sound, found.survey.survey) == (7, "mine")
    assert len(found.notices) == 2
