"""The commands of `smiley-kiosk`: sentences, exit codes, JSON and nothing else."""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import kiosk
from kiosk import cli, config, pin
from sync.buffer import buffer
from sync.feedback import byhand, events
from tests.taps import tap

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    """Run a command in this process."""

    def call(*words: str | Path, given: str | None = None) -> Result:
        result = CliRunner().invoke(cli.main, [str(word) for word in words], input=given)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return call


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """A data folder with six taps of today, stopped cleanly."""
    folder = tmp_path / "card"
    survey = config.default_survey()
    with buffer.Buffer.open(folder) as opened:
        opened.record(events.Settings(time_zone="UTC"))
        opened.record(events.Survey(survey="exit", version=1, document=survey.document()))
        for face in (4, 4, 4, 3, 4, 1):
            opened.record(tap(face, began="next"))
    return folder


def test_help_answers_without_loading_a_screen_or_a_card() -> None:
    """`--help` imports neither Kivy nor the buffer, the line or the office."""
    code = (
        "import sys, click.testing; from kiosk import cli\n"
        "for words in (['--help'], ['run', '--help'], ['totals', '--help']):\n"
        "    assert click.testing.CliRunner().invoke(cli.main, words).exit_code == 0\n"
        "print(*{name.split('.')[0] for name in sys.modules},"
        " *[n for n in sys.modules if n.startswith('sync.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert {"kivy", "litestar", "sqlalchemy", "requests", "tinydb", "msgspec"} & loaded == set()
    assert {"sync.buffer", "sync.uplink", "sync.central"} & loaded == set()


def test_the_version_is_the_packages() -> None:
    """What every start writes into the stream is what was installed."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["version"] == kiosk.VERSION


def test_totals_say_what_lies_on_the_card(run: Run, card: Path) -> None:
    """The shape of outside.md, today's taps in it."""
    (row,) = json.loads(run("totals", "--json", "--data", card).stdout)
    assert set(row) == {
        *("survey", "question", "from", "to", "faces", "counts", "n"),
        *("set_apart", "uncertain", "index", "interval", "enough"),
    }
    assert row["counts"] == {"1": 1, "2": 0, "3": 1, "4": 4}
    assert row["from"] == row["to"]
    shown = run("totals", "--data", card, "--days", "3").stdout
    assert "1 0 1 4" in shown


def test_totals_fit_eighty_columns(run: Run, card: Path) -> None:
    """No word is cut off or broken, with an interval, two days and every rule beside it."""
    with buffer.Buffer.open(card) as opened:
        opened.record(events.Settings(time_zone="UTC", run=3))
        for face in (4, 4, 3, 2, 1, *[4] * 40):
            opened.record(tap(face, began="next"))
        for _ in range(5):
            opened.record(tap(1))
    shown = run("totals", "--data", card, "--days", "3").stdout
    assert "…" not in shown
    assert "by chance alone" in shown
    assert re.search(r"\d+ run *$", shown, re.MULTILINE)
    assert max(map(len, shown.splitlines())) <= 80


def test_status_of_a_short_card_says_how_much_is_left(run: Run, card: Path) -> None:
    """Below a gigabyte in megabytes: 0.0 GB says nothing."""
    free = json.loads(run("status", "--json", "--data", card).stdout)["card"]["free_bytes"]
    unit = "GB" if free >= 1e9 else "MB"
    assert f" {unit} are free on the card." in run("status", "--data", card).stdout


def test_status_says_how_the_kiosk_is(run: Run, card: Path) -> None:
    """The shape of outside.md."""
    found = json.loads(run("status", "--json", "--data", card).stdout)
    assert set(found) == {
        *("stream", "last_seq", "pending", "in_memory", "oldest", "last_contact", "office"),
        *("enrolled", "clock", "card", "app"),
    }
    assert (found["last_seq"], found["pending"], found["enrolled"]) == (9, 9, False)
    assert found["clock"] == {"source": None, "uncertain": True}
    assert set(found["card"]) == {"free_bytes", "damaged"}
    assert "9 events wait to be sent" in run("status", "--data", card).stdout


def test_status_tells_what_the_office_tells_staff(run: Run, card: Path) -> None:
    """A text of the office's notices; orders are none."""
    notices = [
        {"id": "n1", "kind": "text", "text": "Closed on Friday."},
        {"id": "n2", "kind": "reset_pin", "text": "for the kiosk"},
    ]
    with buffer.Buffer.open(card) as opened:
        opened.remember(config.OFFICE, {"notices": notices})
    said = run("status", "--data", card).stdout.splitlines()
    assert said[-1] == "From the office: Closed on Friday."


def test_export_writes_what_the_card_holds(run: Run, card: Path, tmp_path: Path) -> None:
    """Events with their stream, counts as CSV; each file is named."""
    stick = tmp_path / "stick"
    said = run("export", "--to", stick, "--format", "events", "--data", card).stdout
    (file,) = stick.glob("*.jsonl")
    assert said.startswith(f"{file}: 9 events")
    *lines, signature = file.read_bytes().splitlines()
    kinds = [events.decode(bytes(byhand.read(line).event)) for line in lines]
    assert sum(isinstance(event, events.Rating) for event in kinds) == 6
    assert signature == b""
    assert run("export", "--to", stick, "--data", card).exit_code == 0
    (table,) = stick.glob("*.csv")
    assert "exit,1,visit,4,best_first" in table.read_text(encoding="utf-8-sig")


def test_export_to_what_is_no_folder_is_a_sentence(run: Run, card: Path, tmp_path: Path) -> None:
    """The stick is named, and what may be the matter."""
    (tmp_path / "file").touch()
    result = run("export", "--to", tmp_path / "file" / "x", "--data", card)
    assert result.exit_code == 1
    assert result.stderr == (
        f"smiley-kiosk: {tmp_path / 'file' / 'x'}: cannot be written to (Not a directory);"
        " is the stick in?\n"
    )


@pytest.mark.parametrize("words", [("totals",), ("status",), ("export", "--to", ".")])
def test_a_folder_without_data_is_a_sentence(
    run: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """Exit code 1, the folder named."""
    result = run(*words, "--data", tmp_path / "none")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"smiley-kiosk: {tmp_path / 'none'}: ")


def test_wrong_words_are_exit_code_two(run: Run) -> None:
    """A size that is none, a command that is none."""
    assert run("run", "--window", "big").exit_code == 2
    assert "write width and height like 1280x800" in run("run", "--window", "9x9").stderr
    assert run("tap").exit_code == 2


def test_pin_makes_a_new_one_and_says_it_once(run: Run, tmp_path: Path) -> None:
    """The printed digits are the PIN from then on."""
    folder = tmp_path / "card"
    digits = run("pin", "--data", folder).stdout.split("The new PIN is ")[1][: pin.DIGITS]
    with buffer.Buffer.open(folder) as opened:
        assert pin.Pins(opened).check(digits, 0).right
        result = run("pin", "--data", folder)
    assert result.exit_code == 1
    assert "is the kiosk running?" in result.stderr


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://127.0.0.1:9", "http://127.0.0.1:9 cannot be reached."),
        ("http://office.example", "'http://office.example' is not encrypted;"),
        ("office", "'office' is no office's address;"),
    ],
)
def test_enrolment_that_cannot_be_is_a_sentence(
    run: Run, tmp_path: Path, url: str, sentence: str
) -> None:
    """An office that is not there, an address that is none."""
    result = run("enrol", url, "--data", tmp_path / "card", given="brave-purple-elephant\n")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"smiley-kiosk: {sentence}")


def test_enrolment_without_a_code_is_a_sentence(run: Run, tmp_path: Path) -> None:
    """Nothing on standard input is no code."""
    result = run("enrol", "http://127.0.0.1:9", "--data", tmp_path / "card", given="")
    assert (result.exit_code, result.stderr) == (
        1,
        "smiley-kiosk: no code: give the three words after the address or on standard input\n",
    )


def test_enrolment_beside_a_running_kiosk_says_to_stop_it(run: Run, card: Path) -> None:
    """One owner of a card at a time."""
    with buffer.Buffer.open(card):
        result = run("enrol", "http://127.0.0.1:9", "a-b-c", "--data", card)
    assert result.exit_code == 1
    assert "stop it first" in result.stderr


def test_a_data_folder_that_cannot_be_is_a_sentence(run: Run, tmp_path: Path) -> None:
    """Whatever wants to write there ends with 1 and names it."""
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "card"
    result = run("pin", "--data", folder)
    assert result.exit_code == 1
    assert str(folder) in result.stderr
    assert "name another with --data" in result.stderr


def test_config_prints_what_can_be_used_at_once(run: Run, tmp_path: Path) -> None:
    """The commented default is a settings file."""
    settings = tmp_path / "kiosk.toml"
    settings.write_text(run("config").stdout, encoding="utf-8")
    assert run("check", "--config", settings, "--data", tmp_path / "none").exit_code == 0


def test_run_on_a_folder_that_cannot_be_ends_with_a_sentence(tmp_path: Path) -> None:
    """The kiosk itself says it too, without a traceback and without a window."""
    (tmp_path / "file").touch()
    words = ["run", "--window", "800x480", "--data", str(tmp_path / "file" / "card")]
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "cannot be used as data folder (Not a directory)" in done.stderr


def test_run_on_a_card_in_use_ends_with_a_sentence(card: Path) -> None:
    """A second kiosk on the same card is told whose it is."""
    words = ["run", "--window", "800x480", "--data", str(card)]
    with buffer.Buffer.open(card):
        done = subprocess.run(
            [sys.executable, "-m", "kiosk", *words], capture_output=True, text=True, check=False
        )
    assert done.returncode == 1
    assert "has this buffer open; stop it first" in done.stderr
    assert "Traceback" not in done.stderr
