"""`smiley-kiosk config`: the commented default settings."""

import click

from kiosk import resources


def run() -> int:
    """Print them."""
    click.echo(resources.DEFAULT_SETTINGS.read_text(encoding="utf-8"), nl=False)
    return 0
