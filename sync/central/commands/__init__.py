"""The commands of `smiley-central`, by what they are about.

These modules import click and the standard library alone; each command imports what it needs when
it runs, so that `--help` answers at once.
"""
