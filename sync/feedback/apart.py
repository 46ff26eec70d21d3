"""What is set apart, and by which rule (events.md §3). The first rule that fits names it.

Nothing is dropped: a figure exists with and without what is set apart.
"""

from typing import Final, NamedTuple

VERSION: Final = 1
"""Of the rules below. ``settings.rules`` names the one that a kiosk ran with; all are judged by
this one, so a changed rule recomputes history."""

RULES: Final = ("mark", "out_of_hours", "all_faces", "run", "repeat")


class Chained(NamedTuple):
    """A chain of visits."""

    visits: int
    every_face: bool
    """Whether it held every face of a question."""


ALONE: Final = Chained(1, False)
"""A chain of one visit, as most are."""


def rule(mark: str, is_open: bool, chain: Chained, first: bool, run: int) -> str:
    """The rule that sets a tap apart, or "".

    ``mark`` is staff's last word (``customer`` frees from every rule); ``first`` whether the
    visit is the first of its chain; ``run`` the length from which a chain is a run.
    """
    if mark:
        return "" if mark == "customer" else "mark"
    if not is_open:
        return "out_of_hours"
    if chain.visits >= 2 and chain.every_face:
        return "all_faces"
    if first:
        return ""
    return "run" if chain.visits >= run else "repeat"
