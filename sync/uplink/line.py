"""What both legs share: the buffer, the protocol with its lock, what staff and the app are told."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import threading
from collections.abc import Callable
from typing import Any

from sync.buffer import buffer as buffers
from sync.buffer import errors, identity
from sync.feedback import wire
from sync.uplink import answers, protocol, steps

log = logging.getLogger(__name__)

CONTACT_KEY = "contact"  # under which the buffer remembers when the office was last heard


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What a heartbeat tells beyond the buffer. Times in ms since 1970, `uptime` in seconds."""

    app: str = ""
    uptime: int = 0
    oldest: int | None = None
    last_touch: int | None = None
    health: dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True)
class Status:
    """What staff are told of the line. `last_contact`: believed ms since 1970, None: never."""

    last_contact: int | None = None
    problem: str = ""
    aside: dict[str, str] = dataclasses.field(default_factory=dict)
    refused: int = 0  # events that the office booked as refused, since the start
    conflicts: int = 0
    config_error: str = ""


@dataclasses.dataclass(slots=True)
class Calls:
    """What the app hands in. Each may be called from either leg's thread, never under a lock.

    `on_time(trusted, uncertainty)`: the office's time now, in ms; the app records a `clock` event
    when events.md says so. `on_config(config)`: gives "" when the settings lie on the card (the app
    puts them in force when nobody is in front of the screen), else why not. `sure`: whether `wall`
    is more than what a clock believes that may have stood still without power.
    """

    wall: Callable[[], int]
    facts: Callable[[], Facts] = Facts
    on_time: Callable[[int, int], None] = lambda _trusted, _uncertainty: None
    on_config: Callable[[wire.Config], str] = lambda _config: ""
    on_status: Callable[[Status], None] = lambda _status: None
    sure: Callable[[], bool] = lambda: True


class Line:
    """What both legs share: the buffer, the uploads' protocol with its lock, the status."""

    def __init__(self, buffer: buffers.Buffer, uploads: protocol.Uploads, calls: Calls) -> None:
        self.buffer = buffer
        self.uploads = uploads
        self.calls = calls
        self.lock = threading.Lock()
        self._told = threading.Lock()
        contact = buffer.recall(CONTACT_KEY) or {}
        self._status = Status(last_contact=contact.get("at"))

    def __repr__(self) -> str:
        return f"<Line of {self.buffer!r}>"

    @property
    def status(self) -> Status:
        """What staff are told now."""
        return self._status

    def tell(
        self, *, heard: bool = False, time: answers.Time | None = None, **changes: Any
    ) -> None:
        """Change the status; the app is told when anything but the time of contact changed."""
        with self._told:
            before = self._status
            if heard:
                unsure = time is not None and not self.calls.sure()
                changes["last_contact"] = time.trusted if time and unsure else self.calls.wall()
            self._status = dataclasses.replace(before, **changes)
            quiet = dataclasses.replace(self._status, last_contact=before.last_contact) == before
            status = self._status
        if status.problem != before.problem:  # who looks after it from afar reads the log
            log.warning(status.problem or "The line to the office is good again.")
        if not quiet or before.last_contact is None:
            self.calls.on_status(status)

    def time(self, time: answers.Time | None) -> None:
        """Hand the office's time on."""
        if time is not None:
            self.calls.on_time(time.trusted, time.uncertainty)

    def place(self, stream: steps.Stream) -> identity.Enrolment | None:
        """Where a stream goes: the newest enrolment of its kiosk."""
        return self.buffer.identity.of(stream.kiosk, stream.office) if stream.kiosk else None

    def acknowledge(self, stream: str, through: int) -> None:
        """Believe the office; the buffer cuts it once more to what was sent."""
        with contextlib.suppress(LookupError):  # a stream that was replayed elsewhere meanwhile
            self.buffer.acknowledge(stream, through)

    def remember(self, key: str, value: Any) -> None:
        """Keep a value on the card if it lets us; the line goes on without."""
        try:
            self.buffer.remember(key, value)
        except errors.Error as error:
            log.warning("The card did not keep %s: %s", key, error)
