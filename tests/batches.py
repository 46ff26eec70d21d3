"""Batches as tests of the kiosk's side read them."""

from __future__ import annotations

import msgspec

from sync.feedback import framing, wire


def read(body: bytes) -> tuple[wire.Batch, list[framing.Span]]:
    """The batch in an unpacked body, and the numbers that each of its events stands for."""
    batch = msgspec.json.decode(body, type=wire.Batch)
    return batch, [framing.span(bytes(raw)) for raw in batch.events]
