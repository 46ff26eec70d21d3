"""How many calls of one kiosk are at work at once."""

from __future__ import annotations

import asyncio

import pytest

from sync.central import problems, turns
from sync.feedback import wire


def test_a_kiosks_calls_take_turns_and_hold_up_no_others() -> None:
    """Four at work, twelve wait, the next is told to come again; another kiosk goes on."""

    async def story() -> None:
        line = turns.Turns()
        done = asyncio.Event()
        working = most = 0

        async def call(kiosk: str) -> None:
            nonlocal working, most
            async with line.of(kiosk):
                working += 1
                most = max(most, working)
                await done.wait()
                working -= 1

        calls = [asyncio.create_task(call("thief")) for _ in range(turns.AT_ONCE + turns.WAITING)]
        await asyncio.sleep(0)
        with pytest.raises(problems.Problem, match="16 calls of this kiosk") as told:
            await call("thief")
        assert (told.value.status, told.value.kind) == (503, wire.BUSY)
        assert told.value.more == {"retry_after": turns.COME_AGAIN}
        assert working == turns.AT_ONCE
        calls += [asyncio.create_task(call("victim"))]
        await asyncio.sleep(0)
        assert working == turns.AT_ONCE + 1
        calls[-2].cancel()  # who hung up while waiting leaves nothing behind
        done.set()
        await asyncio.gather(*calls, return_exceptions=True)
        assert most == turns.AT_ONCE + 1
        assert repr(line) == "<Turns: 0 calls of 0 kiosks>"
        async with line.of("thief"):
            assert repr(line) == "<Turns: 1 calls of 1 kiosks>"

    asyncio.run(story())


def test_a_call_that_fails_gives_its_turn_back() -> None:
    """Whatever a call raises."""

    async def story() -> None:
        line = turns.Turns()
        for _ in range(3 * turns.AT_ONCE):
            with pytest.raises(KeyError):
                async with line.of("k"):
                    raise KeyError
        assert repr(line) == "<Turns: 0 calls of 0 kiosks>"

    asyncio.run(story())
