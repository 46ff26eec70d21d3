"""The office's address: checked once, before anything is sent to it. PURE.

Rules

1. https everywhere; plain http only to this machine itself, or where someone said `insecure`.
2. No name, password, query or fragment: nothing secret is ever part of an address.
"""

from __future__ import annotations

import ipaddress
import urllib.parse


class Wrong(ValueError):
    """An address that cannot be an office's; its text says why and what would be right."""


def check(url: str, *, insecure: bool = False) -> str:
    """The address without its last slash. Raises Wrong with a sentence for people."""
    text = url.strip()
    try:
        parts = urllib.parse.urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Wrong(f"{text!r} is no address: {error}.") from None
    if parts.scheme not in ("http", "https") or not host or not _is_name(host):
        raise Wrong(f"{text!r} is no office's address; it should look like https://office.example.")
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise Wrong(
            f"The address of {host} has more than scheme, host, port and path; leave that out."
        )
    if parts.scheme == "http" and not (insecure or is_loopback(host)):
        raise Wrong(
            f"{text!r} is not encrypted; use https://{host}, or --insecure where that is meant."
        )
    shown = f"[{host}]" if ":" in host else host
    port_text = f":{port}" if port is not None else ""
    return f"{parts.scheme}://{shown}{port_text}{parts.path.rstrip('/')}"


def _is_name(host: str) -> bool:
    """Whether a host can be looked up at all: no blanks, and no longer than names may be."""
    plain = not any(letter.isspace() or not letter.isprintable() for letter in host)
    return (
        plain
        and len(host) <= 253
        and all(0 < len(part) <= 63 for part in host.rstrip(".").split("."))
    )


def is_loopback(host: str) -> bool:
    """Whether a host's name or address is this machine itself."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
