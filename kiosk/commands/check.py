"""`smiley-kiosk check`: what would be shown, what is wrong, what comments still need."""

import ssl
import time
from pathlib import Path
from typing import Any

import click

from kiosk import backlight, config, logos, scenes, window
from kiosk import settings as settings_
from kiosk.commands import reading, saying
from sync.buffer.identity import Identity
from sync.feedback import surveys


class _NoCard:
    """A kiosk that has not run yet remembers nothing."""

    identity = Identity()

    def recall(self, key: str) -> None:
        """Return nothing."""


def run(settings_file: Path | None, data: Path | None) -> int:
    """Print it; 1 when something is wrong."""
    path = config.settings_path(settings_file)
    made: dict[str, Any] | None = None
    try:
        with reading.card(data) as card:
            loaded = reading.loaded(settings_file, card)
            made = card.recall("pin")
    except saying.CouldNot:
        now = time.time_ns() // 1_000_000
        loaded = config.in_force(path, _NoCard(), named=settings_file is not None, now_ms=now)
    click.echo(f"Settings: {path if config.there(path) else 'the defaults'}")
    for sentence in _shown(loaded.settings, loaded.survey):
        click.echo(sentence)
    click.echo(window.touches(loaded.settings.input))
    click.echo(light(loaded.settings.brightness, backlight.RealLight()))
    if made and not made.get("key"):
        click.echo("Staff: the office had the PIN reset; `smiley-kiosk pin` makes a new one.")
    elif not made:
        click.echo("Staff: no PIN was made yet; `smiley-kiosk pin` makes one.")
    wrong = [*loaded.notices, *_files(path, loaded.settings)]
    for sentence in wrong:
        click.echo(f"smiley-kiosk: {sentence}", err=True)
    return 1 if wrong else 0


def _files(path: Path, settings: settings_.Settings) -> list[str]:
    """Say which files and devices that the settings name are not there, or of no use."""
    said = []
    try:
        if settings.logo and (wrong := logos.complaint(Path(settings.logo).read_bytes())):
            said.append(f"{path}: logo = {settings.logo}: {wrong.replace('send', 'name')}.")
    except OSError as error:
        said.append(f"{path}: logo = {settings.logo}: {logos.unread(error)}")
    if settings.authority and (wrong := _no_authority(settings.authority)):
        said.append(
            f"{path}: authority = {settings.authority}: {wrong}; name the certificate's file, or"
            " leave it out."
        )
    device = settings.input
    if device not in ("auto", "sdl") and (not config.there(Path(device)) or Path(device).is_dir()):
        wrong = "is a folder" if Path(device).is_dir() else "is not there"
        said.append(
            f"{path}: input = {device}: {wrong}; name a device below /dev/input, or leave it at"
            ' "auto".'
        )
    return said


def _no_authority(named: str) -> str | None:
    """Say why a file vouches for no office; None when it does."""
    if not config.there(Path(named)):
        return "is not there"
    try:
        ssl.create_default_context(cafile=named)
    except ssl.SSLError:
        return "holds no certificate in PEM form"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    return None


def _shown(settings: settings_.Settings, survey: surveys.Survey) -> list[str]:
    """Say what customers would see."""
    languages = scenes.offered(survey, settings)
    said = [
        f"Survey: {survey.survey}, version {survey.version}, {_span(survey)}",
        f"Languages: {', '.join(languages)} (a visit begins in {languages[0]})",
        f"Open: {_open(settings.hours)} (time zone {settings.time_zone})",
    ]
    for number, question in enumerate(survey.questions, 1):
        words = [question.word(face, languages[0]) for face in range(1, question.faces + 1)]
        told = " · ".join(word for word in words if word)
        said.append(f"Question {number}: {question.text[languages[0]]}")
        said.append(f"  {question.kind}, {question.faces} answers, worst to best: {told}")
    reasons = ", ".join(reason.text[languages[0]] for reason in survey.reasons)
    said.append(f"Reasons: {reasons or 'none'}")
    return said + _comments(survey)


def _open(hours: settings_.Hours | None) -> str:
    if hours is None:
        return "always"
    days = [
        f"{day} {' and '.join('–'.join(span) for span in hours[day])}"
        for day in settings_.WEEKDAYS
        if hours.get(day)
    ]
    return ", ".join(days) or "never: every tap will be set apart as out_of_hours"


def light(percent: int, panel: backlight.Light) -> str:
    """Say how bright the panel will be; changes nothing."""
    try:
        steps = panel.steps()
    except backlight.Unavailable as error:
        return f"Brightness: stays as it is, whatever the settings say: {error}"
    said = f"Brightness: {percent} %, step {backlight.step(percent, steps)} of {steps}"
    return said + (f". But {hurdle}" if (hurdle := panel.hurdle()) else "")


def _comments(survey: surveys.Survey) -> list[str]:
    missing = surveys.missing_for_comments(survey)
    if not survey.comments:
        begin = "Comments: closed (comments = false)"
        return [begin + ("; before they may open:" if missing else "."), *_list(missing)]
    if missing:
        return ["Comments: closed, though comments = true. Missing:", *_list(missing)]
    return ["Comments: open."]


def _list(sentences: list[str]) -> list[str]:
    return [f"  - {sentence}" for sentence in sentences]


def _span(survey: surveys.Survey) -> str:
    if survey.starts is None and survey.ends is None:
        return "always"
    return f"from {survey.starts or 'ever'} to {survey.ends or 'ever'}"
