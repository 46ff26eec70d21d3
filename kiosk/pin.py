"""The staff's PIN: made per kiosk, known to no office, kept as a scrypt hash.

Five wrong PINs lock the pad for a minute, doubling, also across restarts (`kiosk.staff.Lockout`):
how long a lock still lasts is not known after a power cut, so it then begins again.

The office can order a reset, obeyed once for each order's id: then no digits open, until somebody
at the machine makes a new PIN with `smiley-kiosk pin`. A pad that let whoever stands before it
choose one would let a customer choose.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from kiosk import signals, staff

DIGITS = 6
# RFC 7914's interactive cost: 16 MiB and some 100 ms on a Pi 4. No cost keeps 8 digits for
# long once the card is out: a PIN guards figures of one kiosk and no person's data
_COST = {"n": 2**14, "r": 8, "p": 1}
_KEY, _TRIES = "pin", "pin_tries"
_ORDERS = 64  # ids of obeyed resets that are kept beside those that stand


class Memory(Protocol):
    """Small durable state: the buffer, or its in-memory twin."""

    def remember(self, key: str, value: Any) -> None:
        """Keep a JSON value durably."""

    def recall(self, key: str) -> Any:
        """Return what was kept, or None."""


class Kept(msgspec.Struct):
    """A PIN as it lies on the card, "" after a reset; and the orders to reset it, obeyed so far.

    All in one value: an order is obeyed and known to be obeyed in the same write.
    """

    salt: str = ""
    key: str = ""
    orders: list[str] = []


class Pins:
    """The PIN of one kiosk, in its memory. `now_ms` counts as the session's time does."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._locked_until = 0
        self._started = False

    def exists(self) -> bool:
        """Whether a PIN was ever made, be it reset since."""
        return self._memory.recall(_KEY) is not None

    def renew(self) -> str:
        """Make a new PIN and return it: the only time it is ever seen."""
        digits = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
        salt = secrets.token_bytes(16)
        kept = Kept(salt.hex(), _hashed(digits, salt), self._kept().orders)
        self._memory.remember(_KEY, msgspec.to_builtins(kept))
        self._memory.remember(_TRIES, 0)
        return digits

    def obey(self, orders: Sequence[str]) -> None:
        """Void the PIN if one of these orders was not obeyed before. Raises what the memory does.

        orders: the ids of all resets that the office's settings hold now.
        """
        done = self._kept().orders
        if set(orders) <= set(done):
            return
        past = [one for one in done if one not in orders]
        kept = Kept(orders=[*past[-_ORDERS:], *dict.fromkeys(orders)])
        self._memory.remember(_KEY, msgspec.to_builtins(kept))

    def check(self, digits: str, now_ms: int) -> signals.PinChecked:
        """Say whether `digits` is the PIN, and for how long the pad is now locked.

        The wrong try is on the card before the answer is given, so that pulling the plug wins none.
        """
        if self.exists() and not self._kept().key:
            return signals.PinChecked(False, reset=True)
        tries = staff.Lockout(int(self._memory.recall(_TRIES) or 0))
        if not self._started:
            self._started = True
            self._locked_until = now_ms + tries.lock_ms()
        if now_ms < self._locked_until:
            return signals.PinChecked(False, self._locked_until - now_ms)
        missed = tries.missed()
        self._memory.remember(_TRIES, missed.wrong)
        if self._matches(digits):
            self._memory.remember(_TRIES, 0)
            return signals.PinChecked(True)
        self._locked_until = now_ms + missed.lock_ms()
        return signals.PinChecked(False, missed.lock_ms())

    def _matches(self, digits: str) -> bool:
        row = self._kept()
        return bool(row.key) and hmac.compare_digest(
            row.key, _hashed(digits, bytes.fromhex(row.salt))
        )

    def _kept(self) -> Kept:
        return msgspec.convert(self._memory.recall(_KEY) or {}, Kept)


def _hashed(digits: str, salt: bytes) -> str:
    return hashlib.scrypt(digits.encode(), salt=salt, dklen=32, **_COST).hex()
