"""Reading a request's body, no further than its limits.

Rule 1: never more than `MAX_COMPRESSED` bytes of a packed body, or the call's limit of a plain one,
are taken from the line, and never more than the limit come out of the unpacking: a gzip bomb stops
there, in memory that the limit bounds.
Rule 2: a body must have arrived within `PATIENCE` seconds; a line that drips holds nobody up.
Rule 3: unpacking and reading run in a thread; the loop that answers everybody else goes on.
"""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from litestar import Request

from sync.central import problems
from sync.feedback import framing, wire

PATIENCE = 30.0
FORM = 64 << 10
T = TypeVar("T")
Message = TypeVar("Message", bound=wire.Message)


async def read(request: Request[Any, Any, Any], limit: int, reader: Callable[[bytes], T]) -> T:
    """Give a call's body as `reader` understands it; the reader raises framing's errors.

    Raises problems: 400 format, 408 too slow, 413 too large, 415 unknown packing, 422 malformed.
    """
    packing = request.headers.get("content-encoding", "identity").strip().lower()
    if packing not in {"gzip", "x-gzip", "identity", ""}:
        raise problems.Problem(
            problems.UNSUPPORTED_ENCODING,
            f"Content-Encoding is {packing[:40]!r}; it must be gzip or identity.",
        )
    packed = packing.endswith("gzip")
    body = await collect(request, wire.MAX_COMPRESSED if packed else limit)
    return await asyncio.to_thread(_read, body, packed, limit, reader)


def _read(body: bytes, packed: bool, limit: int, reader: Callable[[bytes], T]) -> T:
    try:
        return reader(framing.unpack(body, limit) if packed else body)
    except framing.TooLarge as error:
        raise problems.Problem(wire.TOO_LARGE, str(error)) from None
    except framing.UnsupportedFormat as error:
        raise problems.Problem(wire.UNSUPPORTED_FORMAT, str(error), formats=wire.FORMATS) from None
    except framing.Malformed as error:
        raise problems.Problem(wire.MALFORMED, str(error)) from None


def reader(kind: type[Message]) -> Callable[[bytes], Message]:
    """Make the reader of one kind of message: UTF-8, format, then the message itself."""
    decoder = msgspec.json.Decoder(kind)

    def read_message(body: bytes) -> Message:
        framing.check_text(body)
        framing.check_format(body)
        try:
            return decoder.decode(body)
        except (msgspec.DecodeError, RecursionError) as error:
            raise framing.Malformed(f"The body is no {kind.__name__.lower()}: {error}.") from None

    return read_message


async def collect(request: Request[Any, Any, Any], limit: int) -> bytes:
    """Take the body from the line as it comes, at most `limit` bytes; raises 413 and 408."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise problems.Problem(
            wire.TOO_LARGE, f"The body has {announced[:20]} bytes; at most {limit} are read."
        )
    try:
        async with asyncio.timeout(PATIENCE):
            return await _received(request, limit)
    except TimeoutError:
        raise problems.Problem(
            problems.TOO_SLOW, f"The body did not arrive within {PATIENCE:.0f} seconds."
        ) from None


async def _received(request: Request[Any, Any, Any], limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    more = True
    while more:
        event = await request.receive()
        if event["type"] != "http.request":
            raise problems.Gone
        parts.append(event["body"])
        size += len(event["body"])
        more = event["more_body"]
        if size > limit:
            raise problems.Problem(
                wire.TOO_LARGE, f"The body goes on; at most {limit} bytes are read."
            )
    return b"".join(parts)
