"""`smiley-kiosk status`: what waits to be sent, the last contact, the clock, the card."""

from pathlib import Path
from typing import Any

import click
import msgspec

import kiosk
from kiosk import config
from kiosk.commands import reading, saying
from sync.buffer import reader
from sync.uplink import line


def run(settings_file: Path | None, data: Path | None, *, as_json: bool) -> int:
    """Print it."""
    try:
        with reading.card(data) as card:
            zone = reading.loaded(settings_file, card).settings.time_zone
            found, told = status(card, zone), config.office_notices(card)
    except saying.CouldNot as error:
        return saying.could_not(error)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found)).decode())
    else:
        for sentence in _sentences(found):
            click.echo(sentence)
        for notice in told:
            click.echo(f"From the office: {notice}")
    return 0


def status(card: reader.BufferReader, zone: str) -> dict[str, Any]:
    """Return the object of `status --json` (outside.md)."""
    contact = card.recall(line.CONTACT_KEY) or {}
    enrolment = card.identity.current
    _when, source = reading.now(card)
    return {
        "stream": card.stream or None,
        "last_seq": card.last_seq,
        "pending": card.pending(),
        "in_memory": card.in_memory,
        "oldest": reading.shown(card.oldest(), zone),
        "last_contact": reading.shown(contact.get("at"), zone),
        "office": enrolment.url if enrolment else None,
        "enrolled": enrolment is not None,
        "clock": {"source": source or None, "uncertain": not source},
        "card": {
            "free_bytes": card.free(),
            "damaged": [msgspec.to_builtins(one) for one in card.damaged],
        },
        "app": kiosk.VERSION,
    }


def _size(number: int) -> str:
    return f"{number / 1e9:.1f} GB" if number >= 1e9 else f"{number // 1_000_000} MB"


def _sentences(found: dict[str, Any]) -> list[str]:
    pending, oldest = found["pending"], found["oldest"]
    clock = found["clock"]["source"]
    damaged = len(found["card"]["damaged"])
    waits = f"{pending} events wait to be sent" if pending else "Nothing waits to be sent"
    said = [
        waits + (f", the oldest since {oldest}." if oldest else "."),
        f"Office: {found['office']}, last contact {found['last_contact'] or 'never'}."
        if found["enrolled"]
        else "Not enrolled with any office: `smiley-kiosk enrol URL` does that.",
        f"The time is known from: {clock}."
        if clock
        else "The time is only what the clock believes.",
        f"{_size(found['card']['free_bytes'] or 0)} are free on the card.",
    ]
    if found["in_memory"]:
        said.append(f"{found['in_memory']} events are in memory only: the card does not take them.")
    if damaged:
        said.append(f"{damaged} files on the card are damaged; `status --json` names them.")
    return said
