"""`smiley-kiosk enrol`: take this kiosk's place at an office."""

import sys
from pathlib import Path

import click

import kiosk
from kiosk import config
from kiosk import settings as settings_
from kiosk.commands import saying
from sync.buffer import errors, machine
from sync.feedback import wire
from sync.uplink import address, enrol, transport


def run(
    settings_file: Path | None,
    data: Path | None,
    url: str,
    code: str | None,
    *,
    replay: bool,
    insecure: bool,
) -> int:
    """Enrol; say which place it is."""
    try:
        url = address.check(url, insecure=insecure)
        path = config.settings_path(settings_file)
        values = config.read_values(path, must_exist=settings_file is not None)
        settings = config.beside(path, settings_.from_values(values, str(path)))
        words = _asked() if code is None else code
        with (
            saying.owned(data, kiosk.VERSION) as buffer,
            transport.RequestsTransport(
                verify=settings.authority or True, proxy=settings.proxy
            ) as line,
        ):
            enrolled = enrol.enrol(
                url,
                words,
                buffer=buffer,
                line=line,
                device=_device(),
                insecure=insecure,
                replay=replay,
            )
    except (
        saying.CouldNot,
        settings_.Invalid,
        address.Wrong,
        enrol.Error,
        errors.Error,
    ) as error:
        return saying.could_not(error)
    click.echo(f"Enrolled at {url}: {enrolled.site}, {enrolled.touchpoint}, {enrolled.time_zone}.")
    return 0


def _asked() -> str:
    """Return the code from a person, or from standard input."""
    if sys.stdin.isatty():
        return str(click.prompt("The code of three words", hide_input=True))
    found = sys.stdin.readline().strip()
    if not found:
        raise saying.CouldNot(
            "no code: give the three words after the address or on standard input"
        )
    return found


def _device() -> wire.Device:
    here = machine.RealMachine()
    try:
        model = Path("/proc/device-tree/model").read_text(encoding="utf-8").strip("\0\n ")
    except OSError:
        model = ""
    return wire.Device(model=model, serial=here.serial, app=kiosk.VERSION)
