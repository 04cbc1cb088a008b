"""Web addresses, read and compared."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from tldextract import TLDExtract

from archiver import urls
from archiver.urls import public_suffixes

DOMAINS = {
    "news.bbc.co.uk": ("bbc.co.uk", "bbc"),
    "www.abc.net.au": ("abc.net.au", "abc"),
    "www.smh.com.au": ("smh.com.au", "smh"),
    "www.gov.uk": ("www.gov.uk", "www"),
    "tax.service.gov.uk": ("tax.service.gov.uk", "tax"),
    "www3.nhk.or.jp": ("nhk.or.jp", "nhk"),
    "www.asahi.co.jp": ("asahi.co.jp", "asahi"),
    "city.kawasaki.jp": ("city.kawasaki.jp", "city"),
    "www.bangkokpost.com": ("bangkokpost.com", "bangkokpost"),
    "www.thaigov.go.th": ("thaigov.go.th", "thaigov"),
    "vnexpress.edu.vn": ("vnexpress.edu.vn", "vnexpress"),
    "www.folha.uol.com.br": ("uol.com.br", "uol"),
    "g1.jus.br": ("g1.jus.br", "g1"),
    "www.ynet.co.il": ("ynet.co.il", "ynet"),
    "news.or.kr": ("news.or.kr", "news"),
    "co.example.com": ("example.com", "example"),
    "www.com.com": ("com.com", "com"),
    "info.at": ("info.at", "info"),
    "orf.or.at": ("orf.or.at", "orf"),
    "www.ft.lk": ("ft.lk", "ft"),
    "www.news.lk": ("news.lk", "news"),
    "jane.github.io": ("jane.github.io", "jane"),
    "paper.blogspot.com": ("paper.blogspot.com", "paper"),
    "github.io": ("github.io", "github"),
    "WWW.Nordblatt.Example.": ("nordblatt.example", "nordblatt"),
    "localhost": ("localhost", "localhost"),
    "127.0.0.1": ("127.0.0.1", ""),
    "::1": ("::1", ""),
    "": ("", ""),
}


@pytest.mark.parametrize("host", DOMAINS)
def test_the_domain_that_somebody_registered(host: str) -> None:
    assert (urls.registered_domain(host), urls.registered_label(host)) == DOMAINS[host]


def test_the_suffix_list_needs_neither_network_nor_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("the suffix list is to come from the package")

    public_suffixes._rules.cache_clear()
    urls.registered_domain.cache_clear()
    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    monkeypatch.setattr("os.makedirs", refuse)
    assert urls.registered_domain("www.smh.com.au") == "smh.com.au"


def test_suffixes_are_those_that_tldextract_finds() -> None:
    peer = TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
    rules = public_suffixes._rules().rules
    assert len(rules) > 9000
    hosts = [host for rule in rules for name in [rule.lstrip("*!.")] for host in (f"a.{name}", rule.replace("*", "b"))]
    hosts += ["c.xn--55qx5d.cn", "d.city.kobe.jp", "e.f.ck", "www.ck", "g\u3002co.jp", "xn--zz9.com", "h..com", ".com"]
    for host in hosts:
        labels = host.replace("\u3002", ".").split(".")
        suffix = labels[len(labels) - public_suffixes.suffix_length(labels) :]
        assert ".".join(suffix) == peer.extract_str(host).suffix, host


@pytest.mark.parametrize(
    ("host", "labels"),
    [("login.example.co.uk", ["login"]), ("login.co.uk", []), ("a.b.example.com", ["a", "b"]), ("10.0.0.1", [])],
)
def test_labels_below_a_domain(host: str, labels: list[str]) -> None:
    assert list(urls.subdomain_labels(host)) == labels


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/news/2", "https://a.example/news/2"),
        (" ../b?c=d ", "https://a.example/b?c=d"),
        ("//b.example/x", "https://b.example/x"),
        ("/é".encode(), "https://a.example/%C3%A9"),
        ("mailto:desk@a.example", None),
        ("javascript:void(0)", None),
        ("http://[", None),
    ],
)
def test_where_a_redirect_leads(location: str | bytes, target: str | None) -> None:
    assert urls.redirect_target("https://a.example/news/1", location) == target


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("http://a.example:80/1", "https://www2.a.example/1/#x", True),
        ("https://a.example/1?b=1", "https://a.example/1?b=2", False),
        ("https://a.example:8443/1", "https://a.example/1", False),
        ("http://[", "http://[", True),
    ],
)
def test_addresses_of_one_page(one: str, two: str, same: bool) -> None:
    assert urls.same_page(one, two) is same


def test_an_address_without_the_port_that_goes_without_saying() -> None:
    kept = ["http://a.example:443/1", "https://a.example:8080/", "https://a.example/x:443"]
    assert [urls.without_default_port(url) for url in kept] == kept
    assert urls.without_default_port("https://a.example:443/1?b#c") == "https://a.example/1?b#c"


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("https://a.example/x.jpg", True),
        ("https://a.example:8080/x.jpg", True),
        ("https://münchen.example", True),
        ("http://127.0.0.1/x", True),
        ("http://[::1]:8000/", True),
        ("http://me@localhost/", True),
        ("https://:0", False),
        ("https:///x.jpg", False),
        ("https://./x.jpg", False),
        ("https://a.example:99999/", False),
        ("https://a b.example/", False),
        ("https://a%20b.example/", False),
        ("http://1.2.3.999/", False),
        ("http://[x", False),
    ],
)
def test_an_address_that_no_browser_can_ask_names_no_host(url: str, names: bool) -> None:
    assert urls.names_host(url) is names
