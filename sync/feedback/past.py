"""What a book has folded, once more: for a boot whose visits are no longer at hand."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from sync.feedback import codec, timeline

History: TypeAlias = Callable[[str], Iterable[bytes]]
"""Gives a stream's raw events that were handed to ``apply`` so far, in order. Those of the call
in hand may be among them; events that are gone from the card may be missing."""


class Past:
    """The raw events that were folded: from history, then from the call in hand."""

    def __init__(self, history: History | None) -> None:
        self._history = history
        self._stream = ""
        self._before = 0
        self.taken: list[bytes] = []
        """Of the call in hand."""

    def __repr__(self) -> str:
        return f"<Past {'with' if self.kept else 'without'} history, {len(self.taken)} in hand>"

    @property
    def kept(self) -> bool:
        """Whether there is a history: else nothing may be let go."""
        return self._history is not None

    def begin(self, stream: str, through: int) -> None:
        """A call begins, with events of ``stream`` after ``through``."""
        self._stream, self._before, self.taken = stream, through, []

    def end(self) -> None:
        """The call has ended."""
        self.begin("", 0)

    def read(self, stream: timeline.Stream) -> Iterator[bytes]:
        """Give a stream's events in order."""
        assert self._history is not None
        is_in_hand = stream.id == self._stream
        through = self._before if is_in_hand else stream.through
        for raw in self._history(stream.id):
            if codec.seq(raw) > through:
                break
            yield raw
        if is_in_hand:
            yield from (raw for raw in self.taken if codec.seq(raw) > through)
