"""Two verbs to the office, `send` and `close`: over requests, and in memory (`memory.py`).

Rules

1. `send` always returns: an answer, whoever gave it, or a Failure with a sentence. The errors of
   requests end here.
2. Redirects are never followed, nothing is tried twice, no more than `limit` bytes are unpacked.
3. One transport belongs to one thread: a session keeps one connection alive.
4. No token in an address, a log or an error.

`MemoryTransport` is re-exported: the twin that ships with the product.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import Protocol, Self

import requests
import requests.adapters
import urllib3.exceptions

from sync.feedback import framing, wire
from sync.uplink import exchange
from sync.uplink.memory import Faults, MemoryTransport

__all__ = ["Faults", "MemoryTransport", "RequestsTransport", "Transport"]

ENVIRONMENT = "environment"  # proxies as the environment says (HTTPS_PROXY, NO_PROXY, …)
SMALL = 200  # bytes: below this gzip makes a body no smaller
LONGEST_ANSWER = 60.0  # seconds for a whole answer, however slowly its pieces come
PIECE = 16 << 10


class Transport(Protocol):
    """The seam between the uplink and the world."""

    def send(self, request: exchange.Request) -> exchange.Reply:
        """One call; never raises for what the network or the office does."""

    def close(self) -> None:
        """Give the connection up; twice is fine."""


class RequestsTransport:
    """The office over HTTP(S).

    `verify`: True for the system's authorities, or the path of a file with one's own. `proxy`:
    "environment", "" for none, or a proxy's address. `timeouts`: connect and read, in seconds.
    """

    def __init__(
        self,
        *,
        verify: bool | str = True,
        proxy: str = ENVIRONMENT,
        timeouts: tuple[float, float] = (wire.CONNECT_TIMEOUT, wire.READ_TIMEOUT),
        agent: str = "smiley-kiosk",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._verify = verify
        self._proxy = proxy
        self._timeouts = timeouts
        self._agent = agent
        self._clock = clock
        self._session: requests.Session | None = None

    def __repr__(self) -> str:
        return f"<RequestsTransport {'open' if self._session else 'closed'}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; the next `send` opens one again."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def send(self, request: exchange.Request) -> exchange.Reply:
        """See Transport."""
        began = self._clock()
        try:
            return self._send(request, began)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            self.close()  # what is left of that connection belongs to no later answer
            return exchange.Failure(_sentence(error, request.url), self._clock() - began)
        except ValueError as error:  # what requests makes of a wrong proxy or host
            self.close()
            return exchange.Failure(f"{request.url} cannot be called: {error}.")

    def _send(self, request: exchange.Request, began: float) -> exchange.Reply:
        session = self._session = self._session or self._open()
        body, headers = _packed(request)
        verify = self._verify if request.url.startswith("https:") else True
        with contextlib.closing(
            session.request(
                request.method,
                request.url + request.path,
                data=body or None,
                headers=headers,
                timeout=self._timeouts,
                allow_redirects=False,
                stream=True,
                verify=verify,
            )
        ) as response:
            text = self._read(response, request.limit, began)
        if text is None:
            self.close()
            why = f"{request.url} answered with more than {request.limit} bytes, or endlessly."
            return exchange.Failure(why, self._clock() - began)
        names = {name.lower(): value for name, value in response.headers.items()}
        return exchange.Response(response.status_code, names, text, self._clock() - began)

    def _open(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = self._proxy == ENVIRONMENT
        if self._proxy and self._proxy != ENVIRONMENT:
            session.proxies = {"http": self._proxy, "https": self._proxy}
        session.headers.clear()
        session.headers.update({"User-Agent": self._agent, "Accept-Encoding": "gzip"})
        session.auth = _no_netrc
        adapter = requests.adapters.HTTPAdapter(pool_connections=2, pool_maxsize=1, max_retries=0)
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        return session

    def _read(self, response: requests.Response, limit: int, began: float) -> bytes | None:
        """The unpacked body, None when it is larger than `limit` or takes too long."""
        pieces, size = [], 0
        while piece := response.raw.read1(PIECE, decode_content=False):
            pieces.append(piece)
            size += len(piece)
            if size > limit or self._clock() - began > LONGEST_ANSWER:
                return None
        body = b"".join(pieces)
        if response.headers.get("Content-Encoding", "").lower() != wire.GZIP:
            return body
        try:
            return framing.unpack(body, limit)
        except framing.TooLarge:
            return None
        except framing.Malformed:
            return body  # no message of ours, and judged as such


def _packed(request: exchange.Request) -> tuple[bytes, dict[str, str]]:
    headers = dict(request.headers)
    if request.token:
        headers["Authorization"] = f"Bearer {request.token}"
    if not request.body:
        return b"", headers
    headers["Content-Type"] = wire.JSON
    if len(request.body) < SMALL:
        return request.body, headers
    headers["Content-Encoding"] = wire.GZIP
    return framing.pack(request.body), headers


def _no_netrc(prepared: requests.PreparedRequest) -> requests.PreparedRequest:
    """With an `auth` of one's own requests leaves ~/.netrc alone, which would replace the token."""
    return prepared


def _sentence(error: Exception, url: str) -> str:
    """An error of the line in words; requests' own text holds addresses of memory and of pools."""
    told = {
        requests.exceptions.SSLError: f"The certificate of {url} is not trusted.",
        requests.exceptions.ProxyError: f"The proxy on the way to {url} does not answer.",
        requests.exceptions.ConnectTimeout: f"{url} did not answer in time.",
        requests.exceptions.ReadTimeout: f"{url} took too long to answer.",
        requests.exceptions.ChunkedEncodingError: f"The answer of {url} was cut short.",
        urllib3.exceptions.ReadTimeoutError: f"{url} took too long to answer.",
        urllib3.exceptions.ProtocolError: f"The answer of {url} was cut short.",
        requests.exceptions.ConnectionError: f"{url} cannot be reached.",
        requests.exceptions.InvalidProxyURL: f"The proxy on the way to {url} is no address.",
        requests.exceptions.InvalidURL: f"{url} is no address that can be called.",
    }
    for kind, sentence in told.items():
        if isinstance(error, kind):
            return sentence
    if isinstance(error, OSError) and not isinstance(error, requests.RequestException):
        return f"{url} cannot be called: {error.strerror or error}."  # the authority's file, say
    return f"The line to {url} failed ({type(error).__name__})."
