"""How the machine is: its clock, card, power and heat, as far as Linux tells.

Nothing here raises: what cannot be read is None.
"""

import ctypes
import functools
import os
from pathlib import Path
from typing import Any

import msgspec

_UNSYNCHRONISED = 0x40  # STA_UNSYNC of adjtimex(2)
_ERROR = 5  # TIME_ERROR of adjtimex(2)


class Synchronised(msgspec.Struct, frozen=True):
    """The system's clock is steered by some NTP daemon; `uncertainty` in ms."""

    uncertainty: int


class _Timex(ctypes.Structure):
    """The head of `struct timex` on 64-bit Linux; the rest is room for the kernel to write to."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),
    )


def ntp() -> Synchronised | None:
    """Return how well the system's clock is steered, or None when it is not.

    Asks the kernel (adjtimex(2), which whatever daemon there is keeps informed), changing nothing.
    """
    libc = _libc()
    if libc is None:
        return None
    answer = _Timex()
    state = libc.adjtimex(ctypes.byref(answer))
    if state in (-1, _ERROR) or answer.status & _UNSYNCHRONISED:
        return None
    return Synchronised(answer.maxerror // 1000)


@functools.cache
def _libc() -> Any:
    try:
        found = ctypes.CDLL(None, use_errno=True)
        found.adjtimex  # noqa: B018 - musl and others may lack it
    except (OSError, AttributeError):
        return None
    return found


def temperature() -> float | None:
    """Return the processor's heat in °C."""
    text = _text("/sys/class/thermal/thermal_zone0/temp")
    return int(text) / 1000 if text and text.lstrip("-").isdigit() else None


def under_voltage() -> bool | None:
    """Whether the supply was ever too weak since the boot (a Pi's hwmon alarm)."""
    for name in Path("/sys/class/hwmon").glob("hwmon*/in0_lcrit_alarm"):
        return _text(str(name)) == "1"
    return None


def card_errors(folder: Path) -> int | None:
    """Return how many errors ext4 has seen on the file system that `folder` lies on."""
    try:
        number = os.stat(folder).st_dev  # noqa: PTH116 - the device's number
        device = Path(f"/sys/dev/block/{os.major(number)}:{os.minor(number)}").resolve().name
    except OSError:
        return None
    text = _text(f"/sys/fs/ext4/{device}/errors_count")
    return int(text) if text and text.isdigit() else None


def uptime() -> int:
    """Return the seconds since the boot."""
    return int(float((_text("/proc/uptime") or "0").split()[0]))


def report(folder: Path) -> dict[str, Any]:
    """Return what a heartbeat tells of the machine; what is not known is left out."""
    clock = ntp()
    found = {
        "card": {"errors": card_errors(folder)},
        "power": {"under_voltage": under_voltage()},
        "temperature": temperature(),
        "clock": {"synchronised": clock is not None},
    }
    return {key: value for key, value in found.items() if value is not None}


def _text(path: str) -> str | None:
    try:
        return Path(path).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return None
