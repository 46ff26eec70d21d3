"""A server on loopback and a line to it, for whatever the transport is tried with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sync.uplink import transport
from tests.integration.bad_server import Server


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on loopback."""
    one = Server()
    yield one
    one.close()


@pytest.fixture
def line() -> Iterator[transport.RequestsTransport]:
    """The real transport, with short time-outs and no proxy of the machine."""
    with transport.RequestsTransport(proxy="", timeouts=(0.5, 0.3)) as one:
        yield one
