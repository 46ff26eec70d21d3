"""A connection's patience: a request's head must be whole soon, or the connection ends.

The web server waits for ever for the first byte of a connection and for the rest of a head. So who
opens connections and says nothing, or a byte a minute, would keep the office's sockets to himself.
The body's patience is in `web.bodies`, that between two requests `serve.KEPT_ALIVE`.
"""

from __future__ import annotations

import asyncio
from typing import Final

import h11
from uvicorn.protocols.http import h11_impl

HEAD: Final = 15.0
"""Seconds from a connection's beginning, or a head's first byte, to the head's end: enough for slow
lines."""


class Connection(h11_impl.H11Protocol):
    """The web server's connection, with a timer while a head is awaited."""

    patience = HEAD
    _awaited: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        """Begin: the first head is awaited from now on."""
        super().connection_made(transport)
        self._look()

    def data_received(self, data: bytes) -> None:
        """Take bytes; a head that has begun is awaited, one that is whole no longer."""
        super().data_received(data)
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """End the timer too."""
        super().connection_lost(exc)
        self._rest()

    def _look(self) -> None:
        if self.conn.their_state is not h11.IDLE or self.transport.is_closing():
            self._rest()
        elif self._awaited is None:  # more bytes of one head earn no more time
            self._awaited = self.loop.call_later(self.patience, self._end)

    def _rest(self) -> None:
        if self._awaited is not None:
            self._awaited.cancel()
            self._awaited = None

    def _end(self) -> None:
        self._awaited = None
        # the whole head may have come while this waited for its turn
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            self.transport.close()
