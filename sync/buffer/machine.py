"""The machine the buffer runs on, behind a seam: its clocks, its boot, its serial, its chance.

The real form and the settable one side by side. Milliseconds everywhere, as in events.
"""

import hashlib
import random
import time
import uuid
from pathlib import Path
from typing import Protocol


class Machine(Protocol):
    """What the buffer asks of a machine."""

    @property
    def boot_id(self) -> str:
        """The kernel's name for this boot: another one after every power-up."""

    @property
    def serial(self) -> str:
        """The machine's own name, the same for ever; the board's where it has one."""

    def mono(self) -> int:
        """Milliseconds since the kernel's boot, suspend included; never goes back in a boot."""

    def wall(self) -> int:
        """What the system believes the time is, milliseconds since 1970; may be wrong by years."""

    def new_stream(self) -> str:
        """A name that no other stream ever had or will have."""


class RealMachine:
    """A Linux machine, a Raspberry Pi for one."""

    def __init__(self) -> None:
        self._boot_id = _text("/proc/sys/kernel/random/boot_id") or _boot_by_clock()
        self._serial = _board_serial() or _machine_serial()

    def __repr__(self) -> str:
        return f"<RealMachine {self._serial}, boot {self._boot_id[:8]}>"

    @property
    def boot_id(self) -> str:
        """See :class:`Machine`."""
        return self._boot_id

    @property
    def serial(self) -> str:
        """See :class:`Machine`."""
        return self._serial

    def mono(self) -> int:
        """See :class:`Machine`; CLOCK_BOOTTIME, which counts while suspended (time(7))."""
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000

    def wall(self) -> int:
        """See :class:`Machine`."""
        return time.time_ns() // 1_000_000

    def new_stream(self) -> str:
        """See :class:`Machine`; a random UUID (RFC 9562, version 4)."""
        return str(uuid.uuid4())


class MemoryMachine:
    """A machine whose every answer is set by hand. ``mono_ms`` and ``wall_ms`` may be assigned.

    ``seed`` makes the names of streams repeatable; two machines that shall not share names take
    two seeds.
    """

    def __init__(
        self,
        *,
        mono: int = 40_000,
        wall: int = 1_763_719_200_000,
        boot_id: str = "00000000-0000-4000-8000-000000000001",
        serial: str = "10000000a1b2c3d4",
        seed: int = 0,
    ) -> None:
        self.mono_ms = mono
        self.wall_ms = wall
        self._boot_id = boot_id
        self._serial = serial
        self._random = random.Random(seed)

    def __repr__(self) -> str:
        return f"<MemoryMachine {self._serial}, mono {self.mono_ms}>"

    @property
    def boot_id(self) -> str:
        """See :class:`Machine`."""
        return self._boot_id

    @property
    def serial(self) -> str:
        """See :class:`Machine`."""
        return self._serial

    def mono(self) -> int:
        """See :class:`Machine`."""
        return self.mono_ms

    def wall(self) -> int:
        """See :class:`Machine`."""
        return self.wall_ms

    def new_stream(self) -> str:
        """See :class:`Machine`."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def passes(self, milliseconds: int) -> None:
        """Let time pass: both clocks go on together."""
        self.mono_ms += milliseconds
        self.wall_ms += milliseconds

    def reboots(self, *, wall: int | None = None) -> None:
        """Power-cycle: a new boot whose mono starts over, the wall clock perhaps set back."""
        self._boot_id = str(uuid.UUID(int=self._random.getrandbits(128), version=4))
        self.mono_ms = 40_000
        if wall is not None:
            self.wall_ms = wall


def _text(path: str) -> str:
    try:
        return Path(path).read_text("ascii", "replace").strip("\0\n ")
    except OSError:
        return ""


def _boot_by_clock() -> str:
    """Without /proc: the second of the boot names it well enough to tell two boots apart."""
    booted = int(time.time() - time.monotonic())
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"boot {booted}"))


def _board_serial() -> str:
    """The serial number burnt into a Raspberry Pi's board."""
    return _text("/proc/device-tree/serial-number")[:64]


def _machine_serial() -> str:
    """A name for other machines, hashed: machine-id(5) asks not to be shown as it is."""
    identity = _text("/etc/machine-id") or f"{uuid.getnode():012x}"
    return hashlib.sha256(f"smiley-kiosk {identity}".encode()).hexdigest()[:16]
