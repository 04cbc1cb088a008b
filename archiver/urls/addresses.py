"""Read and compare web addresses: host, port, registered domain, keys, redirects.

address_key   two spellings of one request           what an archive keeps apart
same_page     http or https, `www.`, last slash      what a ledger takes for one page
surt          the key by which CDX files are sorted  https://pypi.org/project/surt/

Whose hosts are one publisher's: docs/design.md D10.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from ipaddress import IPv4Address
from types import MappingProxyType
from urllib.parse import SplitResult, unquote, urljoin, urlsplit, urlunsplit

from w3lib.url import safe_url_string

from archiver.urls.public_suffixes import suffix_length

DEFAULT_PORTS: Mapping[str, int] = MappingProxyType({"http": 80, "https": 443})
"""The port of each scheme that is fetched (https://www.rfc-editor.org/rfc/rfc9110#section-4.2)."""
PERMANENT_REDIRECTS = frozenset({301, 308})
"""Statuses that give a page a new address for good (https://www.rfc-editor.org/rfc/rfc9110#section-15.4)."""
REDIRECTS = PERMANENT_REDIRECTS | {302, 303, 307}
"""Statuses whose Location is followed."""

_IS_KEY = re.compile(r"https?://[a-z][a-z0-9.-]*/[\w/.~-]*(?:\?[\w=&.~-]+)?", re.ASCII)
"""Most addresses, which are their own keys already; to find that out is ten times as fast as to make the key."""
_HAS_PLAIN_HOST = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z-]+(?:[/?#]|$)", re.ASCII | re.IGNORECASE)
_NO_HOST = re.compile(r"[\x00-\x20\x7f#%/:<>?@\[\\\]^|]")
"""What no host has (https://url.spec.whatwg.org/#forbidden-domain-code-point)."""
_WWW = re.compile(r"www\d*\.(?=.*\.)")
_DOTS = re.compile("[\u3002\uff0e\uff61]")
"""What else people type for a dot (https://www.unicode.org/reports/tr46/#Notation)."""
_IP_ADDRESS = re.compile(r"[0-9.]+|.*:.*")


def is_web(url: str) -> bool:
    """Whether an address is one of http or https, the schemes that are fetched. Raises ValueError for none at all."""
    return urlsplit(url).scheme.lower() in DEFAULT_PORTS


def names_host(url: str) -> bool:
    """Whether a web address has a host that can exist and a port that is one: without, builders of sites give up on it.

    >>> names_host("https://a.example/x.jpg"), names_host("https://:0"), names_host("http://a b.example/")
    (True, False, False)
    """
    if _HAS_PLAIN_HOST.match(url):
        return True
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    return ":" in host or (host.strip(".") != "" and not _NO_HOST.search(host) and not _is_cut_address(host))


def _is_cut_address(host: str) -> bool:
    """Whether a host ends in a number, as IP addresses do, and is none (https://url.spec.whatwg.org/#host-parsing)."""
    if not host.rstrip(".").rpartition(".")[2].isdecimal():
        return False
    try:
        IPv4Address(host)
    except ValueError:
        return True
    return False


def hostname(url: str) -> str:
    """Return the host of an address in lower case, without its port; empty where the address cannot be read."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


@lru_cache(maxsize=1024)
def host_of(url: str) -> str:
    """Return the host of an address in lower case, with its port unless that is the scheme's own.

    >>> host_of("https://me@A.example:443/news"), host_of("http://[::1]:8000/")
    ('a.example', '[::1]:8000')
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return ""
    host = f"[{host}]" if ":" in host else host
    try:
        port = parts.port
    except ValueError:  # no number, or too high a one: the download will say so
        return parts.netloc
    return host if port in {None, DEFAULT_PORTS.get(parts.scheme)} else f"{host}:{port}"


def without_default_port(url: str) -> str:
    """Return the address without the port that its scheme has anyway.

    >>> without_default_port("http://a.example:80/news")
    'http://a.example/news'
    """
    return _without_default_port(urlsplit(url)).geturl()


def without_www(host: str) -> str:
    """Return a host without the `www.` or `www2.` before its name.

    >>> without_www("www2.a.example"), without_www("www.example")
    ('a.example', 'www.example')
    """
    return _WWW.sub("", host, count=1) if host.startswith("www") else host


def segments(url: str) -> Sequence[str]:
    """Split an address's path into its parts, decoded, in lower case; empty where it cannot be read."""
    try:
        path = urlsplit(url.strip()).path
    except ValueError:
        return ()
    return [part.lower() for part in unquote(path).split("/") if part]


def redirect_target(url: str, location: str | bytes) -> str | None:
    """Return where a Location header leads from `url`, as a browser follows it; None when that is no page of a site."""
    try:
        target = urljoin(url, safe_url_string(location.strip()))
        return target if is_web(target) else None
    except ValueError:
        return None


def address_key(url: str) -> str:
    """Return the form in which addresses are compared: escaped as a browser would, without fragment and default port.

    >>> address_key("HTTPS://A.example:443#top") == address_key("https://a.example/")
    True
    """
    if _IS_KEY.fullmatch(url):
        return url
    parts = urlsplit(safe_url_string(url.strip()))
    parts = _without_default_port(parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower()))
    return urlunsplit(parts._replace(path=parts.path or "/", fragment=""))


def same_page(one: str, two: str) -> bool:
    """Whether two addresses differ in nothing but scheme, `www.`, a slash at the end, or the fragment.

    >>> same_page("http://a.example/news/1", "https://www.a.example/news/1/#top")
    True
    """
    return page_key(one) == page_key(two)


def surt(url: str) -> str:
    """Return the sort key (SURT) of an http or https address; scheme, `www.`, case and the query's order do not count.

    >>> surt("https://www.Example.com/News/?b=2&a=1")
    'com,example)/news?a=1&b=2'
    """
    parts = urlsplit(address_key(url).lower())
    host = ",".join(reversed(without_www(parts.hostname or "").split(".")))
    port = f":{parts.port}" if parts.port else ""
    path = parts.path.rstrip("/") or "/"
    query = "?" + "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    return f"{host}{port}){path}{query}"


@lru_cache(maxsize=1024)
def registered_domain(host: str) -> str:
    """Return the domain that a host's owner registered, by the Public Suffix List (https://publicsuffix.org/list/).

    Its private part counts too: what makes two hosts one publisher is who registered there, and `github.io` is as
    public for that as `co.uk`. A top-level domain that the list lacks is a suffix. A host that is a suffix itself, an
    IP address or a single name is returned as it is.

    >>> registered_domain("news.example.co.uk"), registered_domain("jane.github.io"), registered_domain("127.0.0.1")
    ('example.co.uk', 'jane.github.io', '127.0.0.1')
    """
    host = host.lower().rstrip(".")
    if "." not in host or _IP_ADDRESS.fullmatch(host):
        return host
    labels = _DOTS.sub(".", host).split(".")
    own = labels[-1 - (suffix_length(labels) or 1) :]
    return ".".join(own) if len(own) > 1 and own[0] else host


def registered_label(host: str) -> str:
    """Return the label that a host's owner chose: `example` of `news.example.co.uk`; empty for an IP address.

    It is the same under every suffix that the owner registered it under.
    """
    domain = registered_domain(host)
    return "" if _IP_ADDRESS.fullmatch(domain) else domain.partition(".")[0]


def subdomain_labels(host: str) -> Sequence[str]:
    """Return the labels before the registered domain: `news` of `news.example.co.uk`."""
    before = host.lower().rstrip(".").removesuffix(registered_domain(host)).rstrip(".")
    return before.split(".") if before else ()


def _without_default_port(parts: SplitResult) -> SplitResult:
    port = DEFAULT_PORTS.get(parts.scheme)
    return parts._replace(netloc=parts.netloc.removesuffix(f":{port}")) if port else parts


def page_key(url: str) -> str:
    """Return what addresses of the same page have in common; the address itself where it cannot be read.

    >>> page_key("http://www.a.example/news/1/?x=2#top")
    '//a.example/news/1?x=2'
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    host = without_www(parts.hostname or "")
    # A page that moved to https may keep the other scheme's port in what was noted of it.
    known = port is None or port in DEFAULT_PORTS.values()
    query = f"?{parts.query}" if parts.query else ""
    return f"//{host if known else f'{host}:{port}'}{parts.path.rstrip('/')}{query}"
