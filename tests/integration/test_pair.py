"""Kiosk and office, both real, over a line that does its worst: each event once, and it is known.

A world (`pair_world.py`) is one seed: two kiosks record, restart, lose power and swap their cards,
while the line loses, repeats, delays, reorders, cuts answers after the commit, answers HTML,
redirects, 500s, 429s and another kiosk's answers, and the office is restored from older back-ups,
told so by `restored` or not, and asked to erase comments.
"""

from __future__ import annotations

import os

import pytest
import sqlalchemy as sa

from sync.central.store import schema
from sync.feedback import wire
from sync.uplink import exchange, protocol, steps
from tests import batches
from tests.integration import pair_kiosk, pair_office, pair_world

FULL = os.environ.get("FULL") == "1"
SEEDS = 2_000 if FULL else 200
CHUNK = 20  # seeds in one test, so that several processes share them
LONGEST = 60  # seeds within which each mutant must be caught


@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
def test_the_books_equal_what_was_recorded(first: int) -> None:
    """Whatever happened, every event is booked once or refused with its reason, and no lie told."""
    recorded = streams = refused = 0
    for seed in range(first, first + CHUNK):
        try:
            world = pair_world.play(seed)
        except pair_office.Broken as broken:
            raise AssertionError(f"seed {seed}: {broken}") from broken
        keys = [key for kiosk in world.kiosks for key in kiosk.recorded]
        recorded, streams = recorded + len(keys), streams + len({stream for stream, _ in keys})
        with world.office.books.read() as connection:
            count = sa.select(sa.func.count(schema.refused.c.seq))
            refused += connection.execute(count).scalar_one()
    assert recorded > 20 * CHUNK, "hardly anybody tapped"
    assert streams > 2 * CHUNK, "hardly any kiosk was ever started again"
    assert refused > 0, "the office never refused anything"


@pytest.mark.parametrize("seed", range(5))
def test_an_office_rebuilt_empty_gets_the_whole_card(seed: int) -> None:
    """After an enrolment with replay everything on the card is sent anew, to the new office."""
    world = pair_world.World(seed)
    world.live(8)
    world.settle()
    office = world.office.rebuild()
    for kiosk in world.kiosks:
        kiosk.enrol(office, replay=True)
    world.settle()
    assert sum(len(kiosk.recorded) for kiosk in world.kiosks) > 20


class CountsTwice(pair_office.Office):
    """An office that counts a batch again when it comes again."""

    def take(self, kiosk: str, body: bytes, now: int) -> wire.Stored | wire.Problem:
        """See Office."""
        batch, spans = batches.read(body)
        again = self.stored(batch.stream) >= spans[0].seq
        reply = super().take(kiosk, body, now)
        if again:
            with self.books.write() as connection:
                more = sa.update(schema.rollups).where(schema.rollups.c.kiosk == kiosk)
                connection.execute(more.values(n=schema.rollups.c.n + 1))
        return reply


class AcknowledgesEarly(pair_office.Office):
    """An office that answers before it has committed, and sometimes does not get that far."""

    def take(self, kiosk: str, body: bytes, now: int) -> wire.Stored | wire.Problem:
        """See Office."""
        if self.world.chance.random() < 0.8:
            return super().take(kiosk, body, now)
        batch, spans = batches.read(body)
        return wire.Stored(
            stream=batch.stream,
            stored_through=spans[-1].through,
            office=self.books.office,
            server_time=now,
        )


class ForgetsWhatItHeard(pair_office.Office):
    """An office that keeps no `last_seq`, and so calls itself complete too soon."""

    def take(self, kiosk: str, body: bytes, now: int) -> wire.Stored | wire.Problem:
        """See Office."""
        reply = super().take(kiosk, body, now)
        with self.books.write() as connection:
            streams = schema.streams
            forget = sa.update(streams).values(heard_seq=streams.c.stored_through, after_seq=None)
            connection.execute(forget)
        return reply


class LeavesOutRestored(pair_office.Office):
    """An office into which a back-up was put back and that does not learn of it."""

    def make_safe(self) -> None:
        """See Office."""
        self.erased, self.safe = set(self.asked), True


class AcknowledgesOnSending(protocol.Uploads):
    """A kiosk that counts what it sent as arrived."""

    def answered(
        self, sent: steps.Sent, reply: exchange.Reply, now: float, chance: float
    ) -> steps.Outcome:
        """See Uploads."""
        super().answered(sent, reply, now, chance)
        return steps.Outcome(heard=True, acknowledge=sent.last)


class TrustsABare200(protocol.Uploads):
    """A kiosk that believes any 200."""

    def answered(
        self, sent: steps.Sent, reply: exchange.Reply, now: float, chance: float
    ) -> steps.Outcome:
        """See Uploads."""
        outcome = super().answered(sent, reply, now, chance)
        if isinstance(reply, exchange.Response) and reply.status == 200:
            return steps.Outcome(heard=True, acknowledge=sent.last)
        return outcome


class KeepsTheMaximum(protocol.Uploads):
    """A kiosk that never goes back."""

    def answered(
        self, sent: steps.Sent, reply: exchange.Reply, now: float, chance: float
    ) -> steps.Outcome:
        """See Uploads."""
        outcome = super().answered(sent, reply, now, chance)
        if (outcome.acknowledge or 0) > sent.stream.acknowledged:
            return outcome
        return steps.Outcome(heard=outcome.heard)

    def told(self, stream: steps.Stream, stored_through: int, since: dict[str, int]) -> int | None:
        """See Uploads."""
        through = super().told(stream, stored_through, since)
        return through if (through or 0) > stream.acknowledged else None


OFFICES: list[type[pair_office.Office]] = [
    CountsTwice,
    AcknowledgesEarly,
    ForgetsWhatItHeard,
    LeavesOutRestored,
]
UPLOADS: list[type[protocol.Uploads]] = [AcknowledgesOnSending, TrustsABare200, KeepsTheMaximum]


@pytest.mark.parametrize("mutant", OFFICES)
def test_an_office_that_is_wrong_is_caught(mutant: type[pair_office.Office]) -> None:
    """The same worlds with a wrong office break, and soon."""
    assert caught(mutant, pair_kiosk.Kiosk)


@pytest.mark.parametrize("mutant", UPLOADS)
def test_a_kiosk_that_is_wrong_is_caught(mutant: type[protocol.Uploads]) -> None:
    """The same worlds with a wrong kiosk break, and soon."""
    kiosk = type("Wrong", (pair_kiosk.Kiosk,), {"uploads": mutant})
    assert caught(pair_office.Office, kiosk)


def caught(office: type[pair_office.Office], kiosk: type[pair_kiosk.Kiosk]) -> str:
    """What gave a mutant away, "" when nothing did."""
    for seed in range(LONGEST):
        try:
            pair_world.play(seed, office=office, kiosk=kiosk)
        except pair_office.Broken as broken:
            return f"seed {seed}: {broken}"
    return ""
