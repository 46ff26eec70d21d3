"""The power cut, rehearsed: a kiosk's life on a recording card, cut everywhere, opened again.

For the tests, the benchmark, and whoever wants to see it fail.

1. A :class:`Life` does by chance what a kiosk does: taps, answers, comments, corrections, marks,
   acknowledgements up and down, seals, erasing, purging, clean stops, kills and reboots.
2. Whenever a promise was made (``record`` has returned ``durable``, ``remember`` has returned) it
   notes it on the card, so that each state knows which promises stood when the power went.
3. :mod:`sync.buffer.verdict` opens each state and says which promise does not hold.
"""

import contextlib
import random
from collections.abc import Callable, Iterator
from typing import Any

from sync.buffer import buffer, recording, verdict
from sync.buffer.files import Files
from sync.buffer.identity import Enrolment
from sync.buffer.machine import MemoryMachine
from sync.feedback import events, totals

DAY = 24 * 60 * 60 * 1000


class _Killed(BaseException):
    """The process is no more."""


def _dying(verb: str, path: str) -> None:
    if verb == "sync" and path.endswith(".journal"):
        raise _Killed


def _same(card: Files) -> Files:
    return card


class Life:
    """One kiosk's life. ``wrap`` stands between the buffer and its card: a test of the test.

    ``before`` and ``past``: a card to go on with, and the life it comes from.
    """

    def __init__(
        self,
        seed: int,
        *,
        wrap: Callable[[Files], Files] = _same,
        before: recording.Tree | None = None,
        past: "Life | None" = None,
        notes: int = 0,
    ) -> None:
        self.chance = random.Random(seed)
        self.card = recording.RecordingFiles(before)
        self.wrap = wrap
        self.machine = MemoryMachine(seed=seed, boot_id=f"boot {seed}")
        self.given: dict[verdict.Key, bytes] = dict(past.given) if past else {}
        self.streams: set[str] = set(past.streams) if past else set()
        self.acknowledged: dict[str, int] = dict(past.acknowledged) if past else {}
        self.promises: list[tuple[int, verdict.Key]] = []
        self.erased: list[tuple[int, verdict.Key]] = []
        self.said: list[tuple[int, str, Any]] = []
        self.saying: dict[str, list[Any]] = {}
        self.erasing: bool = past.erasing if past else False
        self.purging: bool = past.purging if past else False
        if past is not None:
            self.promises = [(0, key) for n, key in past.promises if n <= notes]
            self.erased = [(0, key) for n, key in past.erased if n <= notes]
            self.said = [(0, key, value) for n, key, value in past.said if n <= notes]
            self.saying = {key: list(values) for key, values in past.saying.items()}
        self._counted: dict[int, totals.Deltas] = {}
        self.ratings: list[int] = []
        self.buffer = self._open()

    def _open(self) -> buffer.Buffer:
        opened = buffer.Buffer.open(
            verdict.FOLDER,
            files=self.wrap(self.card),
            machine=self.machine,
            app="1.0.0",
            room=verdict.ROOM,
            many=verdict.MANY,
            tending_every=None,
        )
        self.streams.add(opened.stream)
        self.ratings = []
        return opened

    # -- what a kiosk does -------------------------------------------------------------------

    def live(self, steps: int) -> None:
        """Do ``steps`` things, one after the other."""
        for _ in range(steps):
            self.machine.passes(self.chance.randint(10, 9000))
            verb, _ = self.chance.choices(VERBS, [weight for _, weight in VERBS])[0]
            verb(self)

    def record(self, event: events.Event) -> None:
        """Record, and note the promise."""
        stream, seq, durable = self.buffer.record(event)
        if isinstance(event, events.Rating):
            self.ratings.append(seq)
        if durable:
            note = self.card.note()
            # a stream's first event brings others along, which are promised with it
            known = max((n for name, n in self.given if name == stream), default=0)
            for n, raw in enumerate(self.buffer.read(stream, known, limit=seq - known), known + 1):
                self.given[stream, n] = raw
                self.promises.append((note, (stream, n)))

    def tap(self) -> None:
        """A rating."""
        face = self.chance.randint(1, 4)
        self.record(
            events.Rating(
                survey="exit",
                survey_version=1,
                question="visit",
                face=face,
                faces=4,
                language=self.chance.choice(["sv", "en"]),
                via="touch",
            )
        )

    def follow(self) -> None:
        """An answer, a comment, a correction or a mark about a rating of this stream."""
        if not self.ratings:
            self.tap()
            return
        rating = self.chance.choice(self.ratings)
        text = "Lång kö 🙂 " * self.chance.choice([1, 1, 1, 80])
        self.record(
            self.chance.choice(
                [
                    events.Answer(rating=rating, reasons=["waiting"], shown=["waiting"]),
                    events.Comment(rating=rating, text=text.strip(), code="K7-42Q"),
                    events.Correction(rating=rating, face=self.chance.randint(1, 4)),
                    events.Mark(ratings=[rating], as_="test", why="showed a colleague"),
                ]
            )
        )

    def tell(self) -> None:
        """Settings, or a clock that is learnt."""
        self.record(
            self.chance.choice(
                [
                    events.Settings(time_zone="Europe/Stockholm", etag=str(len(self.given))),
                    events.Clock(at=self.machine.wall(), trusted=self.machine.wall(), source="ntp"),
                ]
            )
        )

    def acknowledge(self) -> None:
        """The uplink sends some, and the office says how far it has them: mostly up."""
        for row in self.buffer.outgoing():
            if row.last_seq > row.acknowledged:
                self.buffer.read(row.stream, row.acknowledged, limit=self.chance.randint(1, 40))
                through = max(row.acknowledged + self.chance.randint(-2, 40), 0)
                self.buffer.acknowledge(row.stream, through)
                highest = max(self.acknowledged.get(row.stream, 0), through)
                self.acknowledged[row.stream] = highest

    def remember(self) -> None:
        """Something is to be remembered."""
        key, value = self.chance.choice(["etag", "pin"]), self.chance.randint(1, 10**9)
        self.saying.setdefault(key, []).append(value)
        self.buffer.remember(key, value)
        self.said.append((self.card.note(), key, value))

    def enrol(self) -> None:
        """An office knows the kiosk, or another one does."""
        office = self.chance.choice(["one", "two"])
        self.buffer.enrol(
            Enrolment(url="https://office", office=office, kiosk=f"k_{office}", token="t" * 64)
        )
        self.streams.add(self.buffer.stream)
        self.ratings = []
        self.saying.setdefault("office", []).append(office)
        self.said.append((self.card.note(), "office", office))

    def tend(self) -> None:
        """A round of housekeeping: checkpoints, acknowledgements."""
        self.buffer.tend()

    def erase(self) -> None:
        """A comment in a stream that was closed since, and acknowledged, and a day goes by."""
        self.tap()
        self.record(events.Comment(rating=self.ratings[-1], text="Lång kö", code="K7-42Q"))
        self.stop()
        self.settle()
        self.erasing = True
        for _ in range(2):
            self.machine.passes(DAY)
            self.buffer.tend()
        note = self.card.note()
        for key, there in verdict.read(self.buffer).events.items():
            if there != self.given[key]:
                self.erased.append((note, key))

    def run_short(self) -> None:
        """The card is short of room for one round of housekeeping."""
        self.settle()
        self.buffer.tend()
        self.purging = True
        self.card.room = verdict.ROOM // 2
        self.buffer.tend()
        self.card.room = None

    def settle(self) -> None:
        """The office has everything."""
        for row in self.buffer.outgoing():
            self.buffer.read(row.stream, row.acknowledged, limit=row.last_seq)
            self.acknowledged[row.stream] = row.last_seq
            self.buffer.acknowledge(row.stream, row.last_seq)

    def stop(self) -> None:
        """A clean stop, and a start, perhaps after the power was off."""
        self.buffer.close()
        if self.chance.random() < 0.5:
            self.machine.reboots()
        self.buffer = self._open()

    def kill(self) -> None:
        """The process dies; the kernel keeps what it was given."""
        self.card.unlock(f"{verdict.FOLDER}/lock")
        self.buffer = self._open()

    def kill_in_a_tap(self) -> None:
        """The process dies between an append and its sync: nobody was thanked.

        The next process reads the event all the same, and may send it: from then on it is promised.
        """
        self.card.hook = _dying
        with contextlib.suppress(_Killed):
            self.tap()
        self.card.hook = None
        self.kill()
        self.buffer.tend()
        seen = verdict.read(self.buffer).events
        note = self.card.note()
        for key in seen.keys() - self.given.keys():
            self.given[key] = seen[key]
            self.promises.append((note, key))

    # -- what must hold ----------------------------------------------------------------------

    def states(self, every: int = 1) -> Iterator[recording.State]:
        """Every state that the card may have been left in; see ``RecordingFiles.states``."""
        return self.card.states(self.chance, every)

    def count(self, found: dict[verdict.Key, bytes]) -> totals.Deltas:
        """The cells of these events from scratch; many states hold the same ones."""
        key = hash(frozenset(found.items()))
        if key not in self._counted:
            self._counted[key] = verdict.count(found)
        return self._counted[key]


VERBS: list[tuple[Callable[[Life], None], int]] = [
    (Life.tap, 40),
    (Life.follow, 20),
    (Life.tell, 3),
    (Life.acknowledge, 12),
    (Life.remember, 3),
    (Life.enrol, 1),
    (Life.tend, 6),
    (Life.erase, 2),
    (Life.run_short, 2),
    (Life.stop, 3),
    (Life.kill, 2),
    (Life.kill_in_a_tap, 2),
]
