"""What keeps a run from asking what nobody named, and servers from filling its memory."""

from __future__ import annotations

from tests.faults.defences.defence import Defence

_GUARD = "downloader/guard.py"
_IN_GUARD = "tests/downloader/test_guard.py::"
_LIVE = "tests/crawl/test_live.py::"
_STOPPED = "tests/crawl/test_stopping.py::test_a_signal_ends_a_run_and_loses_nothing"
_ANSWERS = f"{_LIVE}test_every_kind_of_answer_gets_its_verdict_and_only_articles_change_seeds"
_ROBOTS = "tests/downloader/test_robots.py::"

DEFENCES = (
    Defence(
        "a name whose address is private, and one that changes it",
        _GUARD,
        "return found if self.trusted is None or name.lower() in self.trusted else found.addCallback(_public, name)",
        "return found",
        (f"{_IN_GUARD}test_a_name_is_looked_at_each_time_it_is_connected_to",),
    ),
    Defence(
        "a private address that is spelled out",
        _GUARD,
        "if address is not None and not is_public(address):",
        "if False:",
        (
            f"{_IN_GUARD}test_no_spelling_of_a_private_address_is_asked",
            f"{_IN_GUARD}test_behind_a_proxy_a_redirect_does_not_lead_inside",
        ),
    ),
    Defence(
        "special addresses that a Python takes for public",
        _GUARD,
        "if any(ip in network for network in _SPECIAL if network.version == ip.version):\n        return False",
        "pass",
        (f"{_IN_GUARD}test_which_addresses_are_public",),
    ),
    Defence(
        "private IPv4 inside IPv6",
        _GUARD,
        "ip = inside or ip",
        "ip = ip",
        (f"{_IN_GUARD}test_which_addresses_are_public",),
    ),
    Defence(
        "multicast and reserved addresses",
        _GUARD,
        "return ip.is_global and not ip.is_multicast and not ip.is_reserved",
        "return ip.is_global",
        (f"{_IN_GUARD}test_which_addresses_are_public",),
    ),
    Defence(
        "a private address behind a proxy",
        _GUARD,
        "        if address is None:\n            if request.meta.get",
        '        if address is None or request.meta.get("proxy"):\n            if request.meta.get',
        (f"{_IN_GUARD}test_behind_a_proxy_a_redirect_does_not_lead_inside",),
    ),
    Defence(
        "another port of a host that was named",
        _GUARD,
        'parts.scheme, (parts.hostname or "").lower(), parts.port or DEFAULT_PORTS.get(parts.scheme)',
        'parts.scheme, (parts.hostname or "").lower(), None',
        (f"{_IN_GUARD}test_another_port_of_a_service_is_not_asked",),
    ),
    Defence(
        "a service that was named, asked for a page",
        _GUARD,
        "if request.meta.get(OF_SERVICE) and _origin(request.url) in self._services:",
        "if _origin(request.url) in self._services:",
        (f"{_IN_GUARD}test_a_web_archive_that_was_named_is_asked_for_copies_and_for_nothing_else",),
    ),
    Defence(
        "a service's redirect with its credentials",
        "downloader/services.py",
        '        "dont_redirect": True,\n',
        "",
        ("tests/downloader/test_slots.py::test_an_endless_list_is_cut_off_and_a_redirect_is_handed_on",),
    ),
    Defence(
        "file:, data: and ftp: in seeds and redirects",
        "settings.py",
        '    **dict.fromkeys(("file", "data", "ftp", "s3")),\n',
        "",
        (f"{_IN_GUARD}test_only_http_and_https_have_a_handler",),
    ),
    Defence(
        "cookies that follow from page to page",
        "settings.py",
        "COOKIES_ENABLED = False",
        "COOKIES_ENABLED = True",
        (_ANSWERS,),
    ),
    Defence(
        "a certificate that nobody vouches for",
        "settings.py",
        "DOWNLOAD_VERIFY_CERTIFICATES = True",
        "DOWNLOAD_VERIFY_CERTIFICATES = False",
        (f"{_LIVE}test_a_certificate_that_nobody_vouches_for_is_refused",),
    ),
    Defence(
        "consoles of Scrapy that run code",
        "settings.py",
        "TELNETCONSOLE_ENABLED = False",
        "TELNETCONSOLE_ENABLED = True",
        ("tests/config/test_run_settings.py::test_a_console_that_is_off_is_not_even_imported",),
    ),
    Defence(
        "credentials in the archive",
        "downloader/recording/exchange.py",
        '_CREDENTIALS = frozenset({b"authorization", b"cookie", b"proxy-authorization"})',
        "_CREDENTIALS: frozenset[bytes] = frozenset()",
        ("tests/archive/test_recording.py::test_what_is_known_is_kept_as_a_revisit_and_credentials_are_not_kept",),
    ),
    Defence(
        "a head without end",
        "downloader/scrapy_internals.py",
        "if self.noted_bytes > _MAX_HEAD_BYTES:",
        "if False:",
        ("tests/downloader/test_heads.py::test_an_answer_whose_head_never_ends_is_given_up",),
    ),
    Defence(
        "a head of countless lines",
        "downloader/scrapy_internals.py",
        "if self.noted_lines > _MAX_HEAD_LINES:",
        "if False:",
        ("tests/downloader/test_heads.py::test_an_answer_whose_head_never_ends_is_given_up",),
    ),
    Defence(
        "an answer that holds up the end of a run",
        "downloader/run_end.py",
        "            limit.reschedule(asyncio.get_running_loop().time())\n",
        "            pass\n",
        (_STOPPED,),
    ),
    Defence(
        "a body without end, plain or unpacked",
        "settings.py",
        "DOWNLOAD_MAXSIZE = 32 * 1024 * 1024",
        "DOWNLOAD_MAXSIZE = 0",
        (f"{_LIVE}test_a_gzip_bomb_does_not_fill_the_memory",),
    ),
    Defence(
        "a bomb in the archive",
        "downloader/scrapy_internals.py",
        "self._max_size = max_size",
        "self._max_size = 0",
        ("tests/downloader/test_scrapy_internals.py::test_compression_middleware_max_size",),
    ),
    Defence(
        "an endless robots.txt",
        "downloader/robots.py",
        'body if len(body) <= _MAX_BYTES else body[:_MAX_BYTES].rpartition(b"\\n")[0]',
        "body",
        (f"{_ROBOTS}test_an_endless_robots_txt_is_read_up_to_its_last_whole_line",),
    ),
    Defence(
        "a robots.txt that is a bomb",
        "downloader/robots.py",
        'if isinstance(error, IgnoreRequest) and reason_of(error) != "size":',
        "if isinstance(error, IgnoreRequest):",
        (f"{_ROBOTS}test_without_its_robots_txt_no_page_is_asked_for[bomb]",),
    ),
    Defence(
        "pages whose robots.txt cannot be had",
        "downloader/robots.py",
        "if response.status == 429 or response.status >= 500:",
        "if False:",
        (f"{_ROBOTS}test_without_its_robots_txt_no_page_is_asked_for",),
    ),
    Defence(
        "what robots.txt forbids",
        "downloader/robots.py",
        "if not rules.parser.allowed(request.url, self._agent):",
        "if False:",
        (f"{_LIVE}test_all_who_wait_for_a_robots_txt_obey_it",),
    ),
    Defence(
        "a pace that robots.txt does not want",
        "downloader/robots.py",
        "self._pauses.slow_down(host, rules.delay)",
        "pass",
        (f"{_ROBOTS}test_the_pace_of_a_robots_txt_is_kept_whatever_autothrottle_thinks",),
    ),
    Defence(
        "keeping what a page asks not to be archived",
        "downloader/noarchive.py",
        "if not self._honours or NO_ARCHIVE not in found:",
        "if True:",
        ("tests/downloader/test_noarchive.py::test_a_payload_is_left_out_where_that_is_honoured",),
    ),
    Defence(
        "asking again before Retry-After",
        "downloader/pauses.py",
        "stated = retry_after(response, datetime.now(UTC))",
        "stated = None",
        ("tests/downloader/test_retry.py::test_a_host_that_says_when_is_asked_then",),
    ),
    Defence(
        "a host that fails again and again",
        "downloader/pauses.py",
        "if not 0 < self._breaks_after <= count:",
        "if True:",
        ("tests/downloader/test_pauses.py::test_a_host_that_fails_again_and_again_is_left_alone",),
    ),
    Defence(
        "many requests at once to one host",
        "settings.py",
        "CONCURRENT_REQUESTS_PER_DOMAIN = 1",
        "CONCURRENT_REQUESTS_PER_DOMAIN = 8",
        (f"{_LIVE}test_a_host_is_asked_for_one_page_at_a_time_and_not_at_once",),
    ),
    Defence(
        "an address that was taken down, fetched again",
        "settings.py",
        '    "archiver.downloader.removed.RemovedAddressesMiddleware": 40,\n',
        "",
        ("tests/commands/test_archive_upkeep.py::test_an_address_is_taken_down_and_stays_down",),
    ),
    Defence(
        "a replay that asks the network",
        "downloader/recording/replay.py",
        'settings.getdict("DOWNLOAD_HANDLERS"), "http": handler, "https": handler}',
        'settings.getdict("DOWNLOAD_HANDLERS")}; assert handler',
        ("tests/crawl/test_crawl.py::test_a_replay_opens_no_socket",),
    ),
)
