"""One opening's writing: which stream is written to, and what a stream begins with.

1. A stream begins with ``start``, and with the settings, surveys and clock that hold: an opening's
   first stream gets them from the app, a later one (after enrolling elsewhere) has them restated.
2. What an earlier stream still has in memory goes on being tried.
"""

import msgspec

from sync.buffer import opening, segments
from sync.buffer.files import Files
from sync.buffer.machine import Machine
from sync.buffer.recorder import Receipt, Recorder
from sync.buffer.streams import Stream, Streams
from sync.feedback import events

_CONTEXT = (events.Settings, events.Survey, events.Clock)
"""Kinds that hold for what follows, so that a new stream begins with the last of each."""


class Writing:
    """The recorders of one opening, the current one last. ``turns``: segments begun or sealed."""

    def __init__(
        self,
        *,
        card: Files,
        folder: str,
        machine: Machine,
        streams: Streams,
        stopped: opening.Stopped,
        app: str,
    ) -> None:
        self.turns = 0
        self._card = card
        self._folder = folder
        self._machine = machine
        self._streams = streams
        self._stopped = stopped
        self._app = app
        self._context: dict[str, events.Event] = {}
        self._recorders = [self._new()]

    def __repr__(self) -> str:
        return f"<Writing {self.current}>"

    @property
    def current(self) -> Recorder:
        """Writes the current stream."""
        return self._recorders[-1]

    def _new(self) -> Recorder:
        enrolment = self._streams.identity.current
        head = segments.Head(
            stream=self._machine.new_stream(),
            opening=1 + max((row.opening for row in self._streams), default=0),
            office=enrolment.office if enrolment else "",
            kiosk=enrolment.kiosk if enrolment else "",
        )
        self._streams.put([Stream(head.stream, head.opening, head.office, head.kiosk)])
        self._streams.current = head.stream
        return Recorder(
            self._card,
            self._folder,
            self._machine,
            head,
            start=lambda: self._first_events(head),
            told=self._written,
        )

    def _first_events(self, head: segments.Head) -> list[events.Event]:
        before = self._streams.before(head.opening, head.office, head.kiosk)
        start = events.Start(
            at=self._machine.wall(),
            boot_id=self._machine.boot_id,
            serial=self._machine.serial,
            app=self._app,
            after=events.After(stream=before.name, seq=before.last_seq) if before else None,
            stopped=self._stopped,
        )
        return [start, *self._context.values()]

    def _written(self, stream: str, segment: segments.Name, last_seq: int) -> None:
        files = self._streams[stream].files
        if not files or files[-1] != segment:
            files.append(segment)
            self.turns += 1
        self._streams.grew(stream, last_seq)

    def record(self, event: events.Event) -> Receipt:
        """See :meth:`sync.buffer.buffer.Buffer.record`."""
        if not isinstance(event, _CONTEXT):
            return self.current.record(event)
        if isinstance(event, events.Clock) and not event.mono:
            event = msgspec.structs.replace(event, mono=self._machine.mono())
        receipt = self.current.record(event)
        if isinstance(event, events.Survey):
            self._context[f"Survey {event.survey}"] = event
        else:
            self._context[type(event).__name__] = event
        return receipt

    def retry(self) -> bool:
        """Try again to write what waits in memory; True when nothing is left there."""
        return not [recorder for recorder in self._recorders if not recorder.retry()]

    def seal(self) -> None:
        """Write on in a new segment."""
        self.current.seal()
        self.turns += 1

    def turn_over(self) -> None:
        """Write on in a new stream, for the office that is in force now."""
        self.current.seal()
        self._stopped = "clean"
        self._recorders.append(self._new())

    def close(self) -> None:
        """Try once more what waits, and let go of the files."""
        for recorder in self._recorders:
            recorder.seal()
        self._streams.current = ""

    @property
    def in_memory(self) -> int:
        """Events that the card refused, or has kept waiting for more than two seconds."""
        return sum(recorder.in_memory for recorder in self._recorders)

    @property
    def trouble(self) -> str:
        """What the card said when it last refused to write, "" when it took everything."""
        return next((r.trouble for r in self._recorders if r.trouble), "")

    def written_to(self) -> list[segments.Name]:
        """The segments that more may be written to."""
        return [r.segment for r in self._recorders if r.segment is not None]

    def now(self) -> int:
        """Ms since 1970, by the boot's last clock where it has one."""
        clock = self._context.get("Clock")
        if isinstance(clock, events.Clock):
            return clock.trusted + self._machine.mono() - clock.mono
        return self._machine.wall()

    @property
    def time_zone(self) -> str:
        """The shop's, by its last settings; UTC before any."""
        found = self._context.get("Settings")
        return found.time_zone if isinstance(found, events.Settings) else "UTC"
