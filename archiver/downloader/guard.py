"""Only public hosts are asked: an address in a seed, or a redirect, must not reach into the network that we run in.

Why the resolver looks: docs/design.md D31.
"""

from __future__ import annotations

import ipaddress
import socket
import unicodedata
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.error import DNSLookupError

from archiver.config.run_settings import RunSettings
from archiver.downloader.failures import PrivateHost
from archiver.downloader.services import OF_SERVICE
from archiver.urls import DEFAULT_PORTS

if TYPE_CHECKING:
    from twisted.internet.base import ReactorBase
    from twisted.internet.defer import Deferred

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 addresses inside IPv6 (https://www.rfc-editor.org/rfc/rfc6052)."""
_SPECIAL = tuple(
    map(
        ipaddress.ip_network,
        (
            "192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "100:0:0:1::/64", "3fff::/20", "5f00::/16", "fec0::/10",
        ),
    )
)  # fmt: skip
"""Of the registries of special addresses (https://www.iana.org/assignments/iana-ipv4-special-registry, the same for
IPv6, and RFC 3879) those that not every supported Python calls special."""

_LOCAL_DOMAINS = (".localhost", ".localdomain", ".local", ".internal", ".home.arpa")
"""Domains that are each network's own (https://www.iana.org/assignments/special-use-domain-names, and `internal`, which
ICANN keeps free for that)."""


class PublicHostsResolver(CachingThreadedResolver):
    """Scrapy's resolver, to which a name of a private address is unknown.

    The connection is made to what was looked at: a name server that gives another address the next time gains nothing.
    """

    trusted: frozenset[str] | None
    """Names that may be private: those that the operator configured. None: all names may."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        """Called by Scrapy."""
        resolver = super().from_crawler(crawler, reactor)
        run = RunSettings.of(crawler.settings)
        resolver.trusted = None if run.private_hosts else trusted_hosts(run)
        return resolver

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:  # noqa: N802  (Twisted's name)
        """Called by Twisted. Fails with DNSLookupError for a private address."""
        found = super().getHostByName(name, timeout)
        return found if self.trusted is None or name.lower() in self.trusted else found.addCallback(_public, name)


class PublicHostsMiddleware:
    """Raises PrivateHost before anything, robots.txt included, is asked of a private address."""

    def __init__(self, crawler: Crawler) -> None:
        run = RunSettings.of(crawler.settings)
        if run.private_hosts or run.replay:
            raise NotConfigured
        self._services = frozenset(map(_origin, run.service_addresses))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PublicHostsMiddleware:
        """Called by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Called by Scrapy. A host whose name is unknown passes: the download says so better."""
        if request.meta.get(OF_SERVICE) and _origin(request.url) in self._services:
            return
        host = _plain(urlsplit(request.url).hostname or "")
        if _is_local_name(host):
            raise PrivateHost(f"{request.url} leads to {host}")
        address = _literal(host)
        if address is None:
            if request.meta.get("proxy"):
                return  # it is the proxy that looks the name up and connects
            from twisted.internet import reactor  # noqa: PLC0415  (Scrapy chooses the reactor after this module is imported)

            try:
                address = await maybe_deferred_to_future(reactor.resolver.getHostByName(host))
            except _PrivateName as error:
                address = error.address
            except (DNSLookupError, OSError, UnicodeError):
                return
        if address is not None and not is_public(address):
            raise PrivateHost(f"{request.url} leads to {address}")


def trusted_hosts(run: RunSettings) -> frozenset[str]:
    """Names that the operator gave, which may lie in the operator's own network: of proxies and web archives.

    They may be connected to; what is asked of them is looked at request by request.
    """
    addresses = [*getproxies().values(), *run.service_addresses]
    return frozenset(host.lower() for address in addresses if address and (host := urlsplit(address).hostname))


def _origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port: who answers (https://www.rfc-editor.org/rfc/rfc6454)."""
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or DEFAULT_PORTS.get(parts.scheme)


def is_public(address: str) -> bool:
    """True for an IP address that everybody can reach; IPv4 inside IPv6 is judged as IPv4.

    >>> [is_public(a) for a in ("93.184.216.34", "10.0.0.1", "100.64.0.1", "::ffff:127.0.0.1", "169.254.169.254")]
    [True, False, False, False, False]
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inside = ip.ipv4_mapped or ip.sixtofour or (ip.teredo or (None, None))[1]
        if ip in _NAT64:
            inside = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        ip = inside or ip
    if any(ip in network for network in _SPECIAL if network.version == ip.version):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


class _PrivateName(DNSLookupError):
    def __init__(self, name: str, address: str) -> None:
        super().__init__(f"{name} is the private address {address}")
        self.address = address


def _public(address: str, name: str) -> str:
    if not is_public(address):
        raise _PrivateName(name, address)
    return address


def _plain(host: str) -> str:
    """A host as whoever connects to it may read it: without percent-encoding, letters of width, and the last dot.

    >>> _plain("%31%32%37.0.0.1."), _plain("１２７。0。0。1")
    ('127.0.0.1', '127.0.0.1')
    """
    return unicodedata.normalize("NFKC", unquote(host)).replace("。", ".").rstrip(".").lower()


def _is_local_name(host: str) -> bool:
    """Whether a name is never one of the internet; a proxy would look it up in its own network.

    >>> [_is_local_name(host) for host in ("localhost", "db.internal", "router", "gazette.example", "127.1", "::1")]
    [True, True, True, False, False, False]
    """
    if ":" in host or _literal(host) is not None:
        return False
    return "." not in host or host.endswith(_LOCAL_DOMAINS)


def _literal(host: str) -> str | None:
    """The address that a host without a name is, in any spelling that a resolver takes: 127.1, 0x7f000001."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, UnicodeError):
        return None
