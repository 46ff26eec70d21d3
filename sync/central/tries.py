"""One try at a secret: counted before it is judged, given back when right (`guessing.py`)."""

from typing import NamedTuple

from sync.central import guessing, problems
from sync.central.store import attempts, engine


class Try(NamedTuple):
    """A try that was counted and may be judged."""

    limit: guessing.Limit
    whose: str
    window: int


def take(store: engine.Store, limit: guessing.Limit, address: str, now: int, told: str) -> Try:
    """Count one more try. Raises the 429 that says `told` when too many were counted before it."""
    one = Try(limit, guessing.origin(address), guessing.window(limit, now))
    mine, everybody = attempts.take(
        store,
        limit.what,
        one.whose,
        one.window,
        per_address=limit.per_address,
        in_all=limit.in_all,
    )
    if (seconds := guessing.wait(limit, mine, everybody, now)) is not None:
        raise problems.slow_down(seconds, told)
    return one


def give_back(store: engine.Store, one: Try) -> None:
    """Uncount a try that was no guess: it was right."""
    attempts.give_back(store, one.limit.what, one.whose, one.window)
