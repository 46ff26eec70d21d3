"""`smiley-kiosk check`: what would be shown, and each slip in a settings file as one sentence."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kiosk import cli, pin
from sync.buffer import buffer

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    """Run a command in this process."""

    def call(*words: str | Path) -> Result:
        result = CliRunner().invoke(cli.main, [str(word) for word in words])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return call


def test_check_says_what_would_be_shown(run: Run, tmp_path: Path) -> None:
    """The question, the words, the reasons, what comments lack; all well is exit code 0."""
    result = run("check", "--data", tmp_path / "none")
    assert result.exit_code == 0
    assert "Question 1: How satisfied are you with your visit today?" in result.stdout
    assert "worst to best: Very dissatisfied · Dissatisfied" in result.stdout
    assert "notice.responsible is empty" in result.stdout
    assert "Touches: " in result.stdout
    assert "no PIN was made yet" in result.stdout


def test_check_says_that_the_pin_was_reset(run: Run, tmp_path: Path) -> None:
    """Whoever looks why no PIN opens learns what to do."""
    card = tmp_path / "card"
    with buffer.Buffer.open(card) as opened:
        pins = pin.Pins(opened)
        pins.renew()
        pins.obey(["n1"])
    assert "the office had the PIN reset" in run("check", "--data", card).stdout
    run("pin", "--data", card)
    assert "Staff:" not in run("check", "--data", card).stdout


def test_check_of_a_wrong_survey_names_it_and_what_is_shown_instead(
    run: Run, tmp_path: Path
) -> None:
    """Exit code 1, one sentence, and still what would be shown."""
    settings = tmp_path / "kiosk.toml"
    settings.write_text('survey = "mine.toml"\n', encoding="utf-8")
    (tmp_path / "mine.toml").write_text("survey = 'x'\n", encoding="utf-8")
    result = run("check", "--config", settings, "--data", tmp_path / "none")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"smiley-kiosk: {tmp_path / 'mine.toml'}: the file: lacks")
    assert "Survey: exit" in result.stdout


def test_check_names_files_and_devices_that_are_not_there(run: Run, tmp_path: Path) -> None:
    """A logo, a certificate or a screen with a slip in its name is found before it is missed."""
    settings = tmp_path / "kiosk.toml"
    settings.write_text(
        'logo = "logo.png"\nauthority = "/nowhere/ca.pem"\ninput = "/dev/input/event99"\n',
        encoding="utf-8",
    )
    result = run("check", "--config", settings, "--data", tmp_path / "none")
    assert result.exit_code == 1
    logo = tmp_path / "logo.png"
    assert result.stderr.splitlines() == [
        f"smiley-kiosk: {settings}: logo = {logo}: cannot be read (No such file or directory);"
        " name a PNG. Until then the shop's name is shown.",
        f"smiley-kiosk: {settings}: authority = /nowhere/ca.pem: is not there; name the"
        " certificate's file, or leave it out.",
        f"smiley-kiosk: {settings}: input = /dev/input/event99: is not there; name a device below"
        ' /dev/input, or leave it at "auto".',
    ]
    logo.write_bytes(b"GIF89a")
    settings.write_text('logo = "logo.png"\n', encoding="utf-8")
    result = run("check", "--config", settings, "--data", tmp_path / "none")
    assert result.stderr == (
        f"smiley-kiosk: {settings}: logo = {logo}: 6 bytes, no small PNG;"
        " name one of at most 64 KiB.\n"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('authority = "."', "cannot be read (Is a directory); name the certificate's file, or"),
        ('authority = "kiosk.toml"', "holds no certificate in PEM form; name the certificate's"),
        ('authority = "~nobodyhere/ca.pem"', "is not there; name the certificate's file, or"),
        ('input = "/dev"', "input = /dev: is a folder; name a device below /dev/input, or leave"),
        ('logo = "~nobodyhere/logo.png"', "cannot be read (No such file or directory); name a"),
        ('survey = "~nobodyhere/s.toml"', "cannot be read (No such file or directory); correct"),
    ],
)
def test_check_says_what_is_of_no_use(run: Run, tmp_path: Path, text: str, said: str) -> None:
    """What is there but can never do its work is found, too; a ~ of nobody's is a name like any."""
    settings = tmp_path / "kiosk.toml"
    settings.write_text(text, encoding="utf-8")
    result = run("check", "--config", settings, "--data", tmp_path / "none")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert said in result.stderr


def test_check_of_settings_that_cannot_be_looked_at_is_a_sentence(run: Run, tmp_path: Path) -> None:
    """A folder closed to the kiosk's user, say: it says so, and what is shown until then."""
    settings = tmp_path / ("k" * 300)  # as closed for root as for anybody
    result = run("check", "--config", settings, "--data", tmp_path / "none")
    assert result.exit_code == 1
    assert result.stderr == (
        f"smiley-kiosk: {settings}: cannot be read (File name too long)."
        " Until then the defaults are used.\n"
    )


def test_check_says_when_the_shop_is_open(run: Run, tmp_path: Path) -> None:
    """A shop that is never open, since only [hours] itself was written, sleeps for ever."""
    settings = tmp_path / "kiosk.toml"
    for text, said in (
        ("", "Open: always (time zone Europe/Stockholm)"),
        ('[hours]\nsat = [["10:00", "12:00"], ["13:00", "18:00"]]', "sat 10:00–12:00 and 13:00–18"),
        ("[hours]", "Open: never: every tap will be set apart as out_of_hours"),
    ):
        settings.write_text(text, encoding="utf-8")
        result = run("check", "--config", settings, "--data", tmp_path / "none")
        assert said in result.stdout
