"""Cards as kiosks might write them, drawn by chance from a seed."""

import random

import msgspec

from sync.feedback import events

Card = dict[str, list[events.Event]]


class Kiosk:
    """Draws a card: wrong clocks, hurried children, staff with second thoughts."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.card: Card = {}
        self.now = self.chance.choice([1761436000000, 1743293000000, 1763719200000])
        self.ratings: list[tuple[str, int, int]] = []
        self.last: events.After | None = None

    def write(self) -> Card:
        """All events of its streams, in the order of the chain."""
        for boot in range(self.chance.choice([1, 2, 3, 5, 8])):
            self._boot(f"boot{boot}")
        return self.card

    def _boot(self, boot: str) -> None:
        chance = self.chance
        self.mono = chance.randint(1_000, 90_000)
        self.begun = self.now - self.mono
        wrong = [0, -7 * 86_400_000, 3_650 * 86_400_000, chance.randint(-9_000_000, 9_000_000)]
        self.offset = chance.choice(wrong)
        self.clock = chance.choice(["none", "none", "soon", "late", "staff", "both"])
        for _ in range(chance.randint(1, 3)):
            self._stream(boot)
        self.now = self.begun + self.mono + chance.choice([60_000, 5_000_000, 40_000_000])

    def _stream(self, boot: str) -> None:
        chance = self.chance
        self.name = f"{chance.choice('abcdefgh')}{len(self.card)}"
        self.card[self.name] = []
        after = self.last
        if self.card and chance.random() < 0.15:  # an image was restored: an older event again
            name = chance.choice(list(self.card))
            after = events.After(stream=name, seq=1) if name != self.name else after
        self._put(events.Start(at=self._believed, boot_id=boot, after=after))
        if chance.random() < 0.95:
            self._settings()
        self.mine: list[int] = []
        for _ in range(chance.choice([2, 5, 20, 40])):
            self._step()
        self.last = events.After(stream=self.name, seq=len(self.card[self.name]))

    @property
    def _believed(self) -> int:
        return max(self.begun + self.mono + self.offset, 0)

    def _put(self, event: events.Event, back: int = 0) -> int:
        told = self.card[self.name]
        seq = 1
        if told:
            last = told[-1]
            seq = (last.through if isinstance(last, events.Lost) else last.seq) + 1
        told.append(_replaced(event, seq, max(self.mono - back, 0)))
        return seq

    def _settings(self) -> None:
        chance = self.chance
        hours: list[events.Hours | None] = [
            None,
            None,
            {day: [("09:00", "20:00")] for day in events.WEEKDAYS},
            {day: [("20:00", "03:00"), ("10:00", "10:30")] for day in events.WEEKDAYS[2:]},
        ]
        self._put(
            events.Settings(
                time_zone=chance.choice(["Europe/Stockholm", "Europe/Stockholm", "Asia/Kathmandu"]),
                hours=chance.choice(hours),
                pause=chance.choice([5000, 5000, 2000]),
                run=chance.choice([5, 3]),
                order=chance.choice(["best_first", "worst_first"]),
            )
        )

    def _step(self) -> None:
        chance = self.chance
        self.mono += chance.choice([300, 1_500, 3_000, 4_999, 5_000, 60_000, 1_800_000])
        kinds = [self._rate] * 8 + [self._speak] * 3 + [self._tell_time] * 2 + [self._other]
        chance.choice(kinds)()

    def _rate(self) -> None:
        chance = self.chance
        faces, question = chance.choice([(4, "visit"), (4, "visit"), (2, "again"), (11, "nps")])
        visit, stream = 0, ""
        if self.mine and chance.random() < 0.3:
            visit = self.mine[-1] if chance.random() < 0.8 else chance.choice(self.mine)
        elif self.ratings and chance.random() < 0.03:
            stream, visit, _ = chance.choice(self.ratings)
        seq = self._put(
            events.Rating(
                survey="exit",
                survey_version=chance.randint(1, 2),
                question=question,
                face=chance.randint(1, faces),
                faces=faces,
                language=chance.choice(["sv", "en"]),
                via="touch",
                visit=visit,
                stream=stream,
                began="next" if chance.random() < 0.1 and not visit else None,
            ),
            back=chance.choice([0] * 9 + [400, 2_000]),
        )
        self.ratings.append((self.name, seq, faces))
        if not visit:
            self.mine.append(seq)

    def _speak(self) -> None:
        if not self.ratings:
            return
        chance = self.chance
        stream, seq, faces = self.ratings[-chance.randint(1, min(len(self.ratings), 30))]
        where = "" if stream == self.name else stream
        face = chance.randint(1, faces + 1)
        words: list[events.Event] = [
            events.Correction(rating=seq, stream=where, face=face),
            events.Answer(rating=seq, stream=where, reasons=chance.choice([[], ["a"], ["a", "b"]])),
            events.Comment(rating=seq, stream=where, text="x"),
            events.Mark(
                ratings=[seq, max(seq - 1, 1)],
                stream=where,
                as_=chance.choice(["test", "cleaning", "customer"]),
            ),
        ]
        self._put(chance.choice(words))

    def _tell_time(self) -> None:
        chance = self.chance
        source = {"soon": "ntp", "late": "office", "staff": "staff", "both": "staff"}.get(
            self.clock
        )
        if self.clock == "both" and chance.random() < 0.5:
            source = "ntp"
        if source is None or (self.clock == "late" and chance.random() < 0.8):
            return
        self._put(
            events.Clock(
                at=self._believed,
                trusted=max(self.begun + self.mono + chance.choice([0, 0, 2500, -3_600_000]), 0),
                uncertainty=chance.randint(0, 500),
                source="ntp" if source == "ntp" else "office" if source == "office" else "staff",
            ),
            back=chance.choice([0, 0, 0, 1_000]),
        )

    def _other(self) -> None:
        seq = self._put(events.Count(passers=3, from_=0, to=1, source="ir"))
        words: list[events.Event] = [
            events.Lost(through=seq + 3, why="damaged"),
            events.Wrapped(bytes="AAAA"),
            events.Survey(survey="exit", version=1, document={}),
        ]
        event = self.chance.choice(words)
        if isinstance(event, events.Lost):
            event = events.Lost(through=seq + self.chance.randint(1, 4))
        self._put(event)
        if self.chance.random() < 0.3:
            self._settings()


def _replaced(event: events.Event, seq: int, mono: int) -> events.Event:
    return msgspec.structs.replace(event, seq=seq, mono=mono)
