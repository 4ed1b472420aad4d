"""One message goes out: to an address that was looked up once and checked, without redirects and proxies, and within bounds."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from urllib.parse import urlsplit

from sipetruk.errors import Invalid
from sipetruk.rules.addresses import LOCAL_NAMES, LOOPBACK, Network, check_url, is_open

STEP_SECONDS = 5
"""So long a single step (connecting, a part of the answer) may take."""
SECONDS = 10
"""So long a whole try may take, from the first step to the last."""
MOST_ANSWER = 4_096
"""So many bytes of an answer are read."""

_networks: tuple[Network, ...] = ()
_may_be_plain = False


@dataclass(frozen=True)
class Outcome:
    """What came of one try: `error` is a key of `rules.webhooks.ERRORS`, empty when the receiver took the message."""

    error: str
    duration_ms: int
    status: int | None = None
    answer: bytes = b""


class _Refused(Exception):
    """The name leads nowhere, or to an address to which nothing is sent; the text is a key of ERRORS."""


def use(networks: Sequence[str], *, is_production: bool) -> None:
    """Private networks to which messages may go as well; outside production this machine under its own name, without TLS too."""
    global _networks, _may_be_plain  # noqa: PLW0603  # the settings of this process, as the store of evidence is
    _networks = tuple(ip_network(each) for each in networks)
    _may_be_plain = not is_production


def checked_url(url: str) -> str:
    """The address of a receiver, when messages may go there as things stand now; `Invalid` says why not."""
    url = check_url(url, may_be_plain=_may_be_plain)
    parts = urlsplit(url)
    try:
        _addresses(str(parts.hostname), _port(url))
    except _Refused as refused:
        if str(refused) == "name":
            raise Invalid("Nama server pada alamat ini tidak ditemukan.", "url") from None
        raise Invalid("Alamat ini menuju jaringan yang tidak boleh dikirimi.", "url") from None
    return url


def post(url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
    """Send a message and say what came of it; never raises for what the receiver or the network does."""
    began = time.monotonic()
    try:
        status, answer = _exchange(url, headers, body)
    except (_Refused, OSError, http.client.HTTPException, Invalid) as problem:
        took = time.monotonic() - began
        return Outcome("timeout" if took >= SECONDS else _named(problem), round(1000 * took))
    error = "" if 200 <= status < 300 else "redirect" if 300 <= status < 400 else "status"
    return Outcome(error, round(1000 * (time.monotonic() - began)), status, answer)


def _exchange(url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
    url = check_url(url, may_be_plain=_may_be_plain)
    parts = urlsplit(url)
    host, port = str(parts.hostname), _port(url)
    connection = _Pinned(host, port, _addresses(host, port), is_secure=parts.scheme == "https")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    over = threading.Timer(SECONDS, connection.cut)
    over.daemon = True
    over.start()
    try:
        connection.request("POST", path, body, {**headers, "Connection": "close", "Accept-Encoding": "identity"})
        answer = connection.getresponse()
        if connection.is_cut:
            raise TimeoutError
        return answer.status, _beginning(answer)
    finally:
        over.cancel()
        connection.end()


def _beginning(answer: http.client.HTTPResponse) -> bytes:
    """What a receiver says after its status; that it never comes to an end changes nothing of what the status said."""
    try:
        return answer.read(MOST_ANSWER)
    except (OSError, http.client.HTTPException):
        return b""


class _Pinned(http.client.HTTPConnection):
    """A connection to one of the addresses that were checked, whatever the name leads to by now; TLS still asks for the name."""

    def __init__(self, host: str, port: int, addresses: Sequence[str], *, is_secure: bool) -> None:
        super().__init__(host, port, timeout=STEP_SECONDS)
        self._addresses = addresses
        self._twin: socket.socket | None = None
        self.is_cut = False
        self._context = ssl.create_default_context() if is_secure else None
        self.default_port = 443 if is_secure else 80  # so that Host names the port only where it is another

    def connect(self) -> None:
        self.sock = self._reached()
        self._twin = self.sock.dup()  # of what is under TLS, so that it can be cut in the middle of a handshake as well
        if self._context is not None:
            self.sock = self._context.wrap_socket(self.sock, server_hostname=self.host)

    def _reached(self) -> socket.socket:
        """The first of the addresses that answers."""
        problem = OSError("no address was left")
        for address in self._addresses:
            try:
                return socket.create_connection((address, self.port), STEP_SECONDS)
            except OSError as found:
                problem = found
            if self.is_cut:
                break
        raise problem

    def end(self) -> None:
        self.close()
        if self._twin is not None:
            self._twin.close()

    def cut(self) -> None:
        """End the connection from another thread: whoever waits for a slow receiver waits no longer."""
        self.is_cut = True
        try:
            if self._twin is not None:
                self._twin.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # over already


def _addresses(host: str, port: int) -> list[str]:
    """All addresses of a name, each of which must be one to which messages may go."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise _Refused("name") from None
    named = (*_networks, *(LOOPBACK if _may_be_plain and host in LOCAL_NAMES else ()))
    addresses = [str(each[4][0]) for each in found]
    if not addresses or not all(is_open(each, named) for each in addresses):
        raise _Refused("address")
    return addresses


def _port(url: str) -> int:
    parts = urlsplit(url)
    return parts.port or (443 if parts.scheme == "https" else 80)


_NAMES: tuple[tuple[type[Exception], str], ...] = (
    (Invalid, "address"),
    (TimeoutError, "timeout"),
    (ssl.SSLError, "certificate"),
    (ConnectionError, "connection"),
    (http.client.HTTPException, "answer"),
)


def _named(problem: Exception) -> str:
    if isinstance(problem, _Refused):
        return str(problem)
    return next((name for kind, name in _NAMES if isinstance(problem, kind)), "connection")
