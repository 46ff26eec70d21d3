"""The file that carries events to the office by hand, on a USB stick. PURE.

Rules:

1. One file for each office and kiosk: JSON Lines, each ``{"kiosk":…,"stream":…,"event":…}`` with
   the event as it lies on the card, every stream's events ascending.
2. The last line is the HMAC-SHA-256, in hex, of all bytes before it (their newlines included),
   keyed with the 32 bytes of SHA-256(token): what the office keeps of the token.
3. A stream that no office knew yet has no kiosk and no token: its file is unsigned and says so by
   the empty last line.
"""

import hashlib
import hmac

import msgspec


class Line(msgspec.Struct, frozen=True):
    """One event on its way."""

    kiosk: str
    stream: str
    event: msgspec.Raw


class Signature:
    """Grows with each line written or read; `hex` is the last line."""

    def __init__(self, token_hash: bytes) -> None:
        self._hmac = hmac.new(token_hash, digestmod=hashlib.sha256)

    def add(self, data: bytes) -> None:
        """Take the next bytes of the file."""
        self._hmac.update(data)

    @property
    def hex(self) -> str:
        """The signature of everything so far."""
        return self._hmac.hexdigest()

    def signs(self, last_line: str) -> bool:
        """Whether `last_line` is the signature of everything so far."""
        return hmac.compare_digest(self.hex, last_line.strip())


def token_hash(token: str) -> bytes:
    """Return what the office keeps of a token."""
    return hashlib.sha256(token.encode("ascii")).digest()


def written(kiosk: str, stream: str, event: bytes) -> bytes:
    """Return the line for an event, its newline included."""
    # an event's bytes may hold newlines between tokens when another program wrote them
    raw = event.replace(b"\n", b" ").replace(b"\r", b" ")
    return msgspec.json.encode(Line(kiosk, stream, msgspec.Raw(raw))) + b"\n"


def read(line: bytes) -> Line:
    """Return the event on a line. Raises `ValueError` with a sentence for what is none."""
    try:
        return msgspec.json.decode(line, type=Line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"no line of an export of events: {error}") from None
