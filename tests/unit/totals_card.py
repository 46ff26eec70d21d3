"""A card that is folded as it is written."""

from __future__ import annotations

import datetime

import msgspec

from sync.feedback import cells, events, totals

NOON = int(datetime.datetime(2025, 11, 21, 11, tzinfo=datetime.UTC).timestamp() * 1000)
HOUR = 3_600_000


def rating(**fields: object) -> events.Rating:
    """A rating with some fields as the test wants them."""
    usual = {"survey": "exit", "survey_version": 1, "question": "visit", "face": 4, "faces": 4}
    usual |= {"kind": "rating", "language": "sv", "via": "touch", **fields}
    return msgspec.convert(usual, events.Rating)


class Card:
    """Writes streams and folds each event as it comes, the book put away after every one."""

    def __init__(self) -> None:
        self.streams: dict[str, list[bytes]] = {}
        self.table: dict[cells.Cell, int] = {}
        self.blob = totals.Book(history=self.streams.__getitem__).dump()

    @classmethod
    def at_noon(cls) -> Card:
        """A card whose first boot knows the time: Friday noon in Stockholm."""
        card = cls()
        card.boot()
        card.clock(NOON, 2000)
        return card

    def put(self, stream: str, event: events.Event, mono: int) -> int:
        """Fold the next event of a stream; its seq."""
        raws = self.streams.setdefault(stream, [])
        raws.append(events.encode(msgspec.structs.replace(event, seq=len(raws) + 1, mono=mono)))
        book = totals.Book.load(self.blob, history=self.streams.__getitem__, window=2)
        cells.add(self.table, book.apply(stream, raws[-1:]))
        self.blob = book.dump()
        return len(raws)

    def boot(
        self,
        stream: str = "a",
        at: int = NOON,
        mono: int = 1000,
        after: str = "",
        settings: events.Settings | None = None,
    ) -> None:
        """Begin a stream, in a boot of its own."""
        last = events.After(stream=after, seq=len(self.streams[after])) if after else None
        self.put(stream, events.Start(at=at, boot_id=f"boot-{stream}", after=last), mono)
        self.put(stream, settings or events.Settings(time_zone="Europe/Stockholm"), mono)

    def clock(self, trusted: int, mono: int, stream: str = "a") -> None:
        """The kiosk learns the time."""
        self.put(stream, events.Clock(at=0, trusted=trusted, source="ntp"), mono)

    def tap(self, mono: int, face: int = 4, stream: str = "a", **more: object) -> int:
        """A rating; its seq."""
        event = rating(face=face, **more)
        return self.put(stream, event, mono)

    @property
    def rules(self) -> list[tuple[int, str]]:
        """(face, rule) of every tap, in order of the face."""
        return sorted(
            (cell.face, cell.rule)
            for cell, number in self.table.items()
            if not cell.reason
            for _ in range(number)
        )

    @property
    def hours(self) -> list[tuple[str, int, bool]]:
        """(day, hour, uncertain) of every tap."""
        return sorted(
            (cell.day, cell.hour, cell.uncertain)
            for cell, number in self.table.items()
            for _ in range(number)
        )
