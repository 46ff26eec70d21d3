"""How much a kiosk may send in a day."""

from __future__ import annotations

from typing import Final

from sync.central import verdicts
from sync.central.store import accounts
from sync.feedback import wire

DAY: Final = 86_400_000  # ms


def charge(
    account: accounts.Account,
    now: int,
    *,
    events: int = 0,
    size: int = 0,
    stream_made: bool = False,
) -> accounts.Account:
    """Count what came into the kiosk's day (UTC), and that it was heard.

    Raises verdicts.TooMuch when that is more than a day's share.
    """
    today = now // DAY
    if account.day != today:
        account = account._replace(day=today, events=0, bytes=0, streams=0)
    charged = account._replace(
        events=account.events + events,
        bytes=account.bytes + size,
        streams=account.streams + stream_made,
        heard_at=now,
    )
    if (
        charged.events > wire.DAY_EVENTS
        or charged.bytes > wire.DAY_BYTES
        or charged.streams > wire.DAY_STREAMS
    ):
        raise verdicts.TooMuch(
            f"a kiosk may send {wire.DAY_EVENTS:,} events or {wire.DAY_BYTES:,} bytes and begin "
            f"{wire.DAY_STREAMS:,} streams a day: go on tomorrow",
            retry_after=(DAY - now % DAY) // 1000 + 1,
        )
    return charged
