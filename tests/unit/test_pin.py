"""The staff's PIN: kept as a hash, slow to guess, also across restarts."""

from typing import Any

from kiosk import pin, signals


class Memory:
    """Small durable state, in memory."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def remember(self, key: str, value: Any) -> None:
        """Keep a value."""
        self.values[key] = value

    def recall(self, key: str) -> Any:
        """Return what was kept."""
        return self.values.get(key)


def test_a_new_pin_is_right_and_the_old_one_no_longer() -> None:
    """A PIN has six digits; making another voids it."""
    pins = pin.Pins(Memory())
    assert not pins.exists()
    first = pins.renew()
    assert len(first) == pin.DIGITS
    assert first.isdigit()
    assert pins.check(first, 0) == signals.PinChecked(True)
    second = pins.renew()
    assert second == first or pins.check(first, 0) == signals.PinChecked(False)
    assert pins.check(second, 0) == signals.PinChecked(True)


def test_the_card_holds_no_pin() -> None:
    """What lies on the card does not say the digits."""
    memory = Memory()
    digits = pin.Pins(memory).renew()
    assert digits not in repr(memory.values)


def test_without_a_pin_nobody_comes_in() -> None:
    """A kiosk that has none opens to no digits."""
    assert pin.Pins(Memory()).check("0000", 0) == signals.PinChecked(False)


def test_five_wrong_ones_lock_also_for_the_right_one() -> None:
    """The fifth locks for a minute: the right one is not even tried before it is over."""
    pins = pin.Pins(Memory())
    right = pins.renew()
    answers = [pins.check("x", 1_000) for _ in range(5)]
    assert [answer.locked_ms for answer in answers] == [0, 0, 0, 0, 60_000]
    assert pins.check(right, 31_000) == signals.PinChecked(False, 30_000)
    assert pins.check(right, 61_000) == signals.PinChecked(True)
    assert pins.check("x", 61_000) == signals.PinChecked(False)


def test_an_order_to_reset_is_obeyed_once() -> None:
    """The old PIN opens no longer, none does; one made since is not voided by the same order."""
    memory = Memory()
    pins = pin.Pins(memory)
    old = pins.renew()
    pins.obey(["n1"])
    assert pins.exists()
    assert pins.check(old, 0) == signals.PinChecked(False, reset=True)
    new = pins.renew()
    pin.Pins(memory).obey(["n1"])
    assert pins.check(new, 0) == signals.PinChecked(True)
    pins.obey(["n1", "n2"])
    assert pins.check(new, 0) == signals.PinChecked(False, reset=True)


def test_orders_that_stand_stay_known_and_old_ones_are_forgotten() -> None:
    """However many stand, none is obeyed twice; the card does not fill with those withdrawn."""
    memory = Memory()
    pins = pin.Pins(memory)
    standing = [f"n{i}" for i in range(200)]
    pins.obey(standing)
    new = pins.renew()
    pins.obey(standing)
    assert pins.check(new, 0).right
    for i in range(100):
        pins.obey([f"m{i}"])
    assert len(memory.values["pin"]["orders"]) < 100


def test_the_lock_doubles() -> None:
    """The sixth wrong one locks for two minutes."""
    pins = pin.Pins(Memory())
    pins.renew()
    for _ in range(5):
        pins.check("x", 0)
    assert pins.check("x", 60_000) == signals.PinChecked(False, 120_000)


def test_a_restart_does_not_open_a_lock() -> None:
    """Pulling the plug begins the lock again, whatever the clock says now."""
    memory = Memory()
    right = pin.Pins(memory).renew()
    first = pin.Pins(memory)
    for _ in range(5):
        first.check("x", 1_000_000)
    again = pin.Pins(memory)
    assert again.check(right, 5) == signals.PinChecked(False, 60_000)
    assert again.check(right, 60_005) == signals.PinChecked(True)
