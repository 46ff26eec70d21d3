"""A kiosk on a card in memory that is opened, dies and is opened again."""

from sync.buffer.buffer import Buffer
from sync.buffer.machine import MemoryMachine
from sync.buffer.memory import MemoryFiles
from sync.feedback import events


def settings() -> events.Settings:
    """Settings of a Swedish shop."""
    return events.Settings(time_zone="Europe/Stockholm")


class Kiosk:
    """A card in a machine: opened, closed, killed and power-cycled by hand."""

    def __init__(self, room: int | None = None) -> None:
        self.card = MemoryFiles(room=room)
        self.machine = MemoryMachine()

    def open(self, room: int = 1000) -> Buffer:
        """Take the card up."""
        return Buffer.open(
            "data",
            files=self.card,
            machine=self.machine,
            app="1.0.0",
            room=room,
            tending_every=None,
        )

    def dies(self) -> None:
        """The process ends without a word; what it had locked is free."""
        self.card.unlock("data/lock")


def decoded(buffer: Buffer, stream: str, after: int = 0) -> list[events.Event]:
    """The stream's events as values."""
    return [events.decode(raw) for raw in buffer.read(stream, after, 10_000)]
