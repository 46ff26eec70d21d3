"""`python -m kiosk` is `smiley-kiosk`."""

from kiosk import cli

if __name__ == "__main__":
    cli.main(prog_name="smiley-kiosk")
