"""What staff are told when something is wrong: each kind in plain words, in each language."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

import sync.uplink
from kiosk import i18n, logos, troubles
from kiosk import settings as settings_
from sync.buffer import errors
from sync.feedback import surveys

UPLINK = Path(sync.uplink.__file__).parent
URL = "https://feedback.example.com"


def literals(node: ast.AST) -> Iterator[str]:
    """The sentences in an expression, every value in them replaced by what such a value may be."""
    if isinstance(node, ast.JoinedStr):
        yield "".join(
            str(piece.value) if isinstance(piece, ast.Constant) else filled(piece)
            for piece in node.values
        )
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    else:
        for part in ast.iter_child_nodes(node):
            yield from literals(part)


def filled(piece: ast.AST) -> str:
    """A value's stand-in: an address for an address, a number for all else."""
    return URL if "url" in ast.unparse(piece) else "418"


def sentences_of_the_line() -> set[str]:
    """Every sentence that the line may tell staff, as its code has them."""
    found: set[str] = set()
    for name in ("answers", "transport", "protocol", "beats"):
        for node in ast.walk(ast.parse((UPLINK / f"{name}.py").read_text(encoding="utf-8"))):
            told: ast.AST | None = None
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
                ("Nothing", "Failure", "_failed", "_stuck", "_wait", "Settings")
            ):
                told = node
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in ("why", "told"):
                told = node.value
            elif isinstance(node, ast.FunctionDef) and node.name in ("_sentence", "_stranger"):
                told = ast.Module(body=node.body[1:], type_ignores=[])
            found |= set(literals(told)) if told is not None else set()
    return {one for one in found if re.search(r" .* .*", one)}


def test_every_sentence_of_the_line_has_plain_words() -> None:
    """Also those that a later version of the code adds: they are read from it."""
    sentences = sentences_of_the_line()
    assert len(sentences) > 20
    assert [one for one in sorted(sentences) if troubles.kind(one) is None] == []


def complaints(**values: object) -> str:
    """What is wrong with settings of a file."""
    with pytest.raises(settings_.Invalid) as wrong:
        settings_.from_values(values, "/etc/smiley-kiosk/kiosk.toml")
    return f"{wrong.value}. Until then the defaults are used."


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"sound": 900}, "sound"),
        ({"sound": "loud"}, "sound"),
        ({"languages": []}, "languages"),
        ({"hours": {"monday": []}}, "hours.monday"),
        ({"accent": "red"}, "accent"),
        ({"palette": ["#000000"] * 5}, "palette"),
        ({"time_zone": "Mars"}, "time_zone"),
        ({"screen_mm": [1, 1]}, "screen_mm"),
        ({"proxy": "nowhere"}, "proxy"),
    ],
)
def test_a_wrong_setting_is_named_by_file_and_key(values: dict[str, object], where: str) -> None:
    """And staff are told what holds meanwhile."""
    assert troubles.plainly("en", complaints(**values)) == (
        f"/etc/smiley-kiosk/kiosk.toml: {where} is wrong."
        " Until it is put right, the defaults are used."
    )


@pytest.mark.parametrize(
    "cause",
    [
        "no such file; write one with `smiley-kiosk config > /etc/k.toml`",
        "cannot be read (Permission denied)",
        "not TOML (Expected '=' at line 3: xx); correct that line",
    ],
)
def test_a_file_that_cannot_be_read_is_named(cause: str) -> None:
    """Without a key, as there is none to blame."""
    told = troubles.plainly("en", f"/etc/k.toml: {cause}. Until then the defaults are used.")
    assert told == "/etc/k.toml is wrong. Until it is put right, the defaults are used."


def test_surveys_settings_and_logos_that_cannot_be_used_have_plain_words() -> None:
    """The survey's file by name; what the office sent in one sentence."""
    with pytest.raises(surveys.Invalid) as wrong:
        surveys.from_toml(b"survey = 'x'", "exit.toml")
    for instead in ("the last good one", "the one that comes with the program"):
        found = troubles.kind(f"{wrong.value}. Until then {instead} is shown.")
        assert found is not None
        assert found[1]["where"].startswith("exit.toml")
    with pytest.raises(logos.Invalid) as bad:
        logos.decoded("no base64")
    for one in (str(bad.value), f"{bad.value}. Until then it is ignored."):
        assert troubles.plainly("en", one).startswith("What the office set cannot be used.")
    for one in (
        "survey 'exit' runs from ever to 2026-01-01, not on 2026-11-22."
        " Until then the default one is shown.",
        "survey 'exit': version 3 was shown before with other content; set version = 4."
        " Until then the earlier one is shown.",
    ):
        assert "The survey exit " in troubles.plainly("en", one)


@pytest.mark.parametrize(
    ("number", "begins"),
    [
        (28, "The card is full."),
        (30, "The card cannot be written to."),
        (13, "The card cannot be written to."),
        (5, "The card is failing."),
    ],
)
def test_a_cards_errors_have_plain_words(number: int, begins: str) -> None:
    """Full, not to be written to, failing: told apart, without a path."""
    import os

    error = errors.of(OSError(number, os.strerror(number)), "append", "/var/lib/x/1.jsonl")
    assert troubles.plainly("en", str(error)).startswith(begins)


def test_what_is_of_no_known_kind_is_told_as_it_is() -> None:
    """The office's own words, for one."""
    assert troubles.plainly("de", "Bitte am Freitag anlassen.") == "Bitte am Freitag anlassen."


@pytest.mark.parametrize("language", [tag for tag in i18n.NAMES if tag != "en"])
def test_no_kind_is_told_in_english_elsewhere(language: str) -> None:
    """Each message is another one in each language, with its values in it."""
    for one in troubles.KINDS:
        values = dict.fromkeys(re.findall(r"{(\w+)}", one.told), "kiosk.toml")
        told = i18n.text(language, one.told, **values)
        assert told != one.told.format(**values)
        assert ("kiosk.toml" in told) == bool(values)


def test_a_body_that_breaks_its_form_has_plain_words() -> None:
    """What msgspec says of it is no sentence for staff."""
    for body in (b"{", b"[]", b'{"kiosk": 4}', b"nonsense"):
        with pytest.raises(msgspec.DecodeError) as error:
            msgspec.json.decode(body, type=surveys.Reason)
        assert troubles.kind(str(error.value)) is not None
