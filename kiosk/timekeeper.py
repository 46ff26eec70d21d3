"""When a time learnt is worth a `clock` event (events.md §1), and what time it is. PURE.

An event is due when the boot has none yet, when the source improves (staff < office < ntp), or when
the time derived so far is off by more than 2 s and the new time's uncertainty.
"""

from typing import Literal

from sync.feedback import clocks, events

Source = Literal["staff", "office", "ntp"]

_RANK: dict[Source, int] = {"staff": 1, "office": 2, "ntp": 3}
OFF_MS = 2_000


class Timekeeper:
    """The clocks of this boot, as far as this process has learnt them."""

    def __init__(self) -> None:
        self._clockwork = clocks.Clockwork()
        self.source: Source | None = None

    def __repr__(self) -> str:
        return f"<Timekeeper by {self.source or 'belief'}>"

    def resume(self, event: events.Clock | None) -> None:
        """Take up the last clock that this boot already has on the card."""
        if event is not None:
            self._clockwork.add(event)
            self.source = event.source

    def learn(
        self, source: Source, trusted: int, uncertainty: int, *, mono: int, wall: int
    ) -> events.Clock | None:
        """Take a time; return the event to record, or None when it tells nothing new."""
        if not self._due(source, trusted, uncertainty, mono):
            return None
        event = events.Clock(
            mono=mono, at=wall, trusted=trusted, uncertainty=uncertainty, source=source
        )
        self._clockwork.add(event)
        if self.source is None or _RANK[source] > _RANK[self.source]:
            self.source = source
        return event

    def _due(self, source: Source, trusted: int, uncertainty: int, mono: int) -> bool:
        derived = self._clockwork.when(mono)
        if self.source is None or derived is None:
            return True
        if _RANK[source] < _RANK[self.source]:
            return False  # what is known better is not corrected by what is known worse
        off = abs(derived - trusted)
        return _RANK[source] > _RANK[self.source] or off > OFF_MS + uncertainty

    def now(self, *, mono: int, wall: int) -> int:
        """Return the time, ms since 1970: derived, or believed when nothing is known."""
        derived = self._clockwork.when(mono)
        return wall if derived is None else derived
