"""The buffer on the card: what is recorded here survives a power cut, and is kept until it is sent.

Rules (design: events.md §1 and §4):

1. ``record`` returns ``durable`` only when the event would survive a power cut, and costs the same
   however many events wait and however many streams there were.
2. A stream is one opening of the buffer; its first event brings ``start`` along as seq 1. No file
   that existed when the buffer was opened is ever appended to, so no (stream, seq) is given twice.
3. What the card refuses waits in memory and goes first as soon as it is taken.
4. One owner: a second ``open`` of the same folder raises ``errors.Locked``. Beside it a
   :class:`~sync.buffer.reader.BufferReader` reads.
5. Nothing that an office says makes an event leave the card.

The layout of a data folder::

    lock       held while a buffer is open; says which process holds it
    streams/   the events, see sync.buffer.segments
    state/     small state, see sync.buffer.state

What a card does never raises out of a method here but for ``open`` and the ones that say so.
"""

import contextlib
import os
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

import msgspec

from sync.buffer import errors, opening, segments, state
from sync.buffer.files import Files, RealFiles
from sync.buffer.identity import Enrolment as Enrolment, Identity as Identity
from sync.buffer.machine import Machine, RealMachine
from sync.buffer.recorder import Receipt, Recorder, Written
from sync.buffer.salvage import Damage, Library
from sync.buffer.streams import Outgoing, Stream, Streams
from sync.feedback import events

BATCH_BYTES = 4 * 1024 * 1024


class Buffer:
    """The offline buffer of one kiosk. Made by :meth:`open`; a context manager."""

    def __init__(self, folder: str, card: Files, machine: Machine, app: str) -> None:
        self.folder = folder
        self.closed = False
        self._card = card
        self._machine = machine
        self._app = app
        self._state = state.State(card, folder)
        self._library = Library(card, f"{folder}/streams")
        self._lock = threading.Lock()
        self._context: dict[str, events.Event] = {}
        self._older: list[Recorder] = []
        self._stopped: opening.Stopped = "unknown"
        document = self._state.load("identity")
        self._identity = msgspec.convert(document or {}, Identity)
        self._memory: dict[str, Any] = self._state.load("memory") or {}
        self._streams = Streams(self._identity)

    @classmethod
    def open(
        cls,
        folder: str | os.PathLike[str],
        *,
        files: Files | None = None,
        machine: Machine | None = None,
        app: str = "",
    ) -> Self:
        """Own the data folder, which is made when it is not there.

        Raises ``errors.Locked`` when another process owns it, another ``errors.Error`` when the
        card does not even let itself be locked. ``app``: the program's version, for ``start``.
        """
        card = files or RealFiles()
        path = os.fspath(folder)
        card.make_folder(f"{path}/streams")
        card.make_folder(f"{path}/state")
        _lock(card, path)
        try:
            buffer = cls(path, card, machine or RealMachine(), app)
            buffer._take_up()
        except BaseException:
            card.unlock(f"{path}/lock")
            raise
        return buffer

    def _take_up(self) -> None:
        self._stopped = opening.stopped(self._state, self._machine)
        self._streams.put(opening.streams(self._card, f"{self.folder}/streams", self._state))
        with contextlib.suppress(errors.Error):
            self._state.save("marker", {"boot_id": self._machine.boot_id, "clean": False})
        self._recorder = self._new_recorder()

    def _new_recorder(self) -> Recorder:
        name = self._machine.new_stream()
        enrolment = self._identity.current
        number = 1 + max((row.opening for row in self._streams), default=0)
        head = segments.Head(
            stream=name,
            opening=number,
            office=enrolment.office if enrolment else "",
            kiosk=enrolment.kiosk if enrolment else "",
        )
        self._streams.put([Stream(name, number, head.office, head.kiosk)])
        self._streams.current = name
        return Recorder(
            self._card,
            f"{self.folder}/streams",
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

    def __repr__(self) -> str:
        return f"<Buffer {self.folder} {'closed' if self.closed else 'open'}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Seal, save the small state, give the folder up. Twice is fine.

        What still waits in memory is tried once more and is lost with the process.
        """
        with self._lock:
            if self.closed:
                return
            self.closed = True
        self._recorder.seal()
        with contextlib.suppress(errors.Error):
            self._save_acknowledged()
            self._state.save("marker", {"boot_id": self._machine.boot_id, "clean": True})
        self._card.unlock(f"{self.folder}/lock")

    # -- recording ---------------------------------------------------------------------------

    def record(self, event: events.Event) -> Receipt:
        """Put an event on the card; returns after the fsync, or when the card has refused.

        ``seq`` is stamped, and ``mono`` where it is 0. A text that makes the event too large is
        cut. Raises ``events.Invalid`` for an event too large all the same, ``errors.Closed`` after
        ``close``; for what a card does, never.
        """
        if self.closed:
            raise errors.Closed(f"{self.folder}: this buffer is closed; open it again")
        receipt = self._recorder.record(event)
        if isinstance(event, events.Settings | events.Clock):
            self._context[type(event).__name__] = event
        elif isinstance(event, events.Survey):
            self._context[f"Survey {event.survey}"] = event
        return receipt

    def _written(self, written: Written) -> None:
        row = self._streams[written.stream]
        if written.segment not in row.files:
            row.files.append(written.segment)
        self._streams.grew(written.stream, written.events[-1][0])

    def retry(self) -> bool:
        """Try again to write what waits in memory; True when nothing is left there."""
        return all([recorder.retry() for recorder in (*self._older, self._recorder)])

    @property
    def in_memory(self) -> int:
        """Events that the card refused, or has kept waiting for more than two seconds."""
        return sum(recorder.in_memory for recorder in (*self._older, self._recorder))

    @property
    def trouble(self) -> str:
        """What the card said when it last refused to write, "" when it took everything."""
        return self._recorder.trouble

    @property
    def stream(self) -> str:
        """The current stream; it has no file before the first event."""
        return self._recorder.head.stream

    @property
    def last_seq(self) -> int:
        """The highest seq of the current stream that is on the card, 0 before the first."""
        return self._recorder.written

    @property
    def comments_open(self) -> bool:
        """Whether comments may be asked for: False while the card is short of room."""
        return not self._recorder.trouble

    @property
    def damaged(self) -> list[Damage]:
        """What reading has found damaged so far: which file, and which seqs of which stream."""
        return self._library.damaged

    # -- for the uplink ----------------------------------------------------------------------

    def outgoing(self) -> list[Outgoing]:
        """The streams with something to send, and the current one; oldest first."""
        return self._streams.outgoing()

    def settled(self) -> list[Outgoing]:
        """The closed streams that their office has wholly, oldest first: a restored one may not."""
        return self._streams.settled()

    def read(
        self, stream: str, after: int, limit: int = 500, max_bytes: int = BATCH_BYTES
    ) -> list[bytes]:
        """The next events after ``after``, as they lie on the card: ascending, without a hole.

        At most ``limit``, and at most ``max_bytes`` together, but one at least while any are left.
        Counts as sending them. Raises ``LookupError`` for a stream that is not on this card.
        """
        found: list[bytes] = []
        size, last = 0, after
        for event in self._library.events(self._streams[stream], after):
            size += len(event.raw)
            if len(found) == limit or (found and size > max_bytes):
                break
            found.append(event.raw)
            last = event.last
        self._streams.sent(stream, last)
        return found

    def acknowledge(self, stream: str, through: int) -> None:
        """Believe the office, lower as well as higher; never beyond what was sent or exported.

        Raises ``LookupError`` for a stream that is not on this card.
        """
        self._streams.acknowledge(stream, through)

    def pending(self) -> int:
        """How many events on the card wait to be sent, over all streams; one step."""
        return self._streams.pending

    def iter_pending(self) -> Iterator[tuple[str, bytes]]:
        """All waiting events as (stream, JSON), oldest stream first; reads a segment at a time."""
        for row in self._streams:
            if row.pending:
                for event in self._library.events(row, row.acknowledged):
                    yield row.name, event.raw

    # -- small state -------------------------------------------------------------------------

    @property
    def identity(self) -> Identity:
        """The enrolments of this card."""
        return self._identity

    def enrol(self, enrolment: Enrolment) -> None:
        """Keep an enrolment durably; at another kiosk's place a new stream begins.

        The new stream begins with the last settings, surveys and clock of the old one. Raises
        ``errors.Error`` when the card does not take it; then nothing has changed.
        """
        self._keep(self._identity.enrol(enrolment))

    def roll_token(self, kiosk: str, token: str) -> None:
        """Keep a kiosk's new token durably. Raises ``errors.Error`` as ``enrol`` does."""
        self._keep(self._identity.roll(kiosk, token))

    def _keep(self, identity: Identity) -> None:
        with self._lock:
            self._state.save("identity", msgspec.to_builtins(identity))
            before, self._identity = self._identity, identity
            self._streams.identity = identity
            if (
                before.current
                and identity.current
                and before.current.kiosk != identity.current.kiosk
            ):
                self._recorder.seal()
                self._older.append(self._recorder)
                self._stopped = "clean"
                self._recorder = self._new_recorder()

    def remember(self, key: str, value: Any) -> None:
        """Keep a JSON value durably under ``key``. Raises ``errors.Error`` if the card refuses."""
        with self._lock:
            memory = {**self._memory, key: value}
            self._state.save("memory", memory)
            self._memory = memory

    def recall(self, key: str) -> Any:
        """What was last remembered under ``key``, None when nothing was."""
        return self._memory.get(key)

    def _save_acknowledged(self) -> None:
        rows = {row.name: row.acknowledged for row in self._streams if row.acknowledged}
        self._state.save("acknowledged", {"streams": rows})


def _lock(card: Files, folder: str) -> None:
    path = f"{folder}/lock"
    try:
        card.lock(path)
    except errors.Locked:
        owner = card.read(path).decode("ascii", "replace").strip()
        raise errors.Locked(
            f"{folder}: process {owner or 'unknown'} has this buffer open; stop it first"
        ) from None
    with contextlib.suppress(errors.Error):
        card.write(path, b"%d\n" % os.getpid())
