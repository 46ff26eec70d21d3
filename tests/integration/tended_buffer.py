"""A kiosk whose card is tended: segments small enough to fill, an office that has all."""

from sync.buffer.buffer import Buffer
from sync.buffer.machine import MemoryMachine
from sync.buffer.memory import MemoryFiles

SPAN = ("2025-01-01", "2027-12-301")


class Kiosk:
    """A card in a machine."""

    def __init__(self) -> None:
        self.card = MemoryFiles()
        self.machine = MemoryMachine()

    def open(self, room: int = 0, many: int = 1000) -> Buffer:
        """Take the card up."""
        return Buffer.open(
            "data",
            files=self.card,
            machine=self.machine,
            room=room,
            many=many,
            tending_every=None,
        )

    def dies(self) -> None:
        """The process ends without a word."""
        self.card.unlock("data/lock")

    def on_card(self) -> bytes:
        """Every byte of every file of the streams."""
        return b"".join(bytes(d) for p, d in self.card.files.items() if "/streams/" in p)


def office_has_all(buffer: Buffer) -> None:
    """Send everything; the office has it."""
    for o in buffer.outgoing():
        buffer.read(o.stream, o.acknowledged, 100_000)
        buffer.acknowledge(o.stream, o.last_seq)
