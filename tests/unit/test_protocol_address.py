"""The office's address: encrypted but on this machine itself, and nothing secret in it."""

import pytest

from sync.uplink import address


@pytest.mark.parametrize(
    ("told", "used"),
    [
        ("https://office.example", "https://office.example"),
        ("https://office.example/", "https://office.example"),
        (" https://Office.Example:8443/smiley/ ", "https://office.example:8443/smiley"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_good_addresses(told: str, used: str) -> None:
    """https, or plain http to this machine."""
    assert address.check(told) == used


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ("office.example", "should look like https://office.example"),
        ("", "should look like"),
        ("ftp://office.example", "should look like"),
        ("https://", "should look like"),
        ("https://office .example", "should look like"),
        ("https://office..example", "should look like"),
        (f"https://{'a' * 64}.example", "should look like"),
        ("https://a:b@office.example", "leave that out"),
        ("https://office.example/?token=x", "leave that out"),
        ("https://office.example/#x", "leave that out"),
        ("http://office.example", "use https://office.example"),
        ("http://10.0.0.1:8080", "--insecure"),
        ("http://127.0.0.1.example", "--insecure"),
        ("https://office.example:99999", "is no address"),
        ("https://[::1", "is no address"),
    ],
)
def test_wrong_addresses(told: str, why: str) -> None:
    """Each is refused with what would be right."""
    with pytest.raises(address.Wrong, match=why):
        address.check(told)


def test_insecure_is_a_persons_word() -> None:
    """Plain http elsewhere only when somebody said so."""
    assert address.check("http://10.0.0.1:8080", insecure=True) == "http://10.0.0.1:8080"


def test_a_password_in_an_address_is_not_repeated() -> None:
    """The sentence about it does not show it."""
    with pytest.raises(address.Wrong) as error:
        address.check("https://user:hunter2@office.example")
    assert "hunter2" not in str(error.value)
