"""Which addresses of the network we send to: public ones, and private networks that whoever runs the server has named."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias
from urllib.parse import urlsplit

from sipetruk.errors import Invalid

Network: TypeAlias = IPv4Network | IPv6Network
URL_LENGTH = 500
LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
"""The names under which a receiver on this very machine is reached."""
_NAT64 = IPv6Network("64:ff9b::/96")


def check_url(url: str, *, may_be_plain: bool) -> str:
    """The address of a receiver without blanks around it: https, and http only to this machine and where `may_be_plain` says so."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Invalid("Alamat ini tidak dapat dibaca.", "url") from None
    if not host or parts.scheme not in {"https", "http"} or len(url) > URL_LENGTH:
        raise Invalid("Isi alamat lengkap yang diawali https://, paling banyak %(most)s karakter.", "url", most=URL_LENGTH)
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise Invalid("Alamat hanya boleh memuat huruf, angka, dan tanda baca ASCII, tanpa spasi.", "url")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Invalid("Alamat tidak boleh memuat nama pengguna, kata sandi, atau tanda #.", "url")
    if parts.scheme == "http" and not (may_be_plain and host in LOCAL_NAMES):
        raise Invalid("Alamat harus diawali https://.", "url")
    if port == 0:
        raise Invalid("Nomor port tidak dikenal.", "url")
    return url


def is_open(address: str, named: Iterable[Network]) -> bool:
    """Whether we may connect to an address: it is one of everybody's, or lies in a network that was named."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    meant = _meant(found)
    if any(each.version == network.version and each in network for network in named for each in (found, meant)):
        return True
    is_special = meant.is_private or meant.is_loopback or meant.is_link_local or meant.is_multicast
    return meant.is_global and not (is_special or meant.is_reserved or meant.is_unspecified)


def _meant(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 one carries, in each of the ways in which that is written; else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else address)
