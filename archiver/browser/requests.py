"""What a page in the browser fetches: each request answered by the crawl's downloader, or refused.

So guard, robots.txt, pauses, pace and archive hold for it as for everything else, HTTPS among it.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from archiver.browser.containment import WITHOUT_WAYS_OUT
from archiver.downloader.headers import headers_of
from archiver.downloader.services import RESOURCE_TYPE_KEY
from archiver.errors import CaptureError, NotRendered
from archiver.urls import same_page

if TYPE_CHECKING:
    from playwright.async_api import Page, Route
    from playwright.async_api import Request as PlaywrightRequest

MAX_PAGE_REQUESTS = 150
"""Requests that one page may send to anybody; the pages of large news sites send 40 to 120 that are no image, font or
style. With fewer some do not come to their text, with more a page that asks without end does so for longer. Chosen, not
measured."""
_MAX_OPEN_REQUESTS = 12
"""Requests of one page that the downloader has at once; those of a page that is over are still sent, so more would let
a page that asked in vain hold up its hosts. With fewer hosts that could answer at the same time wait for each other.
Chosen, not measured."""
_MAX_CACHED_BYTES = 64 * 1024 * 1024
"""Bytes of scripts that are kept for the other pages of the run; a site's are 1 to 5 MB. With fewer the scripts of a
run over several sites are fetched again for every page, more cost memory. Chosen, not measured."""
_MAX_ASKED_REQUESTS = 2000
"""Requests of one page, answered or refused, after which it is read as it is: each costs this process a millisecond.
With fewer a page with hundreds of images is cut short, with more one that asks in a circle slows the run down for
longer. Chosen, not measured."""
_QUIET_SECONDS = 1.0
"""Seconds without an open request after which a page is taken for complete; with fewer one is missed that draws itself
after a timer, more are waited for on every page. Chosen, not measured."""
_NOTICE_SECONDS = 0.3
"""Seconds in which the crawl hears of a request that a script has sent before it ended; with fewer the request of a
script that worked for long is missed, and its page is taken for complete, more are waited for on every page. Chosen,
not measured."""
_LOOK_SECONDS = 0.1
"""Seconds between two looks whether a page is complete; nothing but time depends on it. Chosen, not measured."""

_FETCHED = frozenset({"script", "xhr", "fetch"})
"""Kinds of resources, as playwright names them, that are asked for. A document in a frame is not part of the page's
own, and what WebSockets and event streams bring never ends."""
_METHODS = frozenset({"GET", "HEAD", "POST"})
"""A page is read, and others delete and change; by POST many applications ask for their data."""
_NOT_SENT = frozenset({"cookie", "host", "content-length", "accept-encoding", "user-agent", "referer", "connection"})
"""Headers of the browser that the downloader writes itself, or that name what this crawl does not send."""
_NOT_HANDED_ON = frozenset(
    {
        "alt-svc", "connection", "content-encoding", "content-length", "link", "nel", "refresh", "report-to",
        "reporting-endpoints", "set-cookie", "strict-transport-security", "transfer-encoding",
    }
)  # fmt: skip
"""Headers that describe bytes on the wire, or make the browser ask for more by itself."""


class ScriptCache:
    """Answers to requests for scripts, which the pages of one site have in common."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Response] = OrderedDict()
        self._bytes = 0
        self._asked: dict[str, tuple[asyncio.Lock, int]] = {}
        """By address, what is held by whoever asks for it, and how many wait for that or hold it."""

    def get(self, url: str) -> Response | None:
        """What the run was answered before; None when it has not asked."""
        if (found := self._known.get(url)) is not None:
            self._known.move_to_end(url)
        return found

    @contextlib.asynccontextmanager
    async def lock(self, url: str) -> AsyncIterator[None]:
        """Held by whoever asks for a script, so that no other page does."""
        held, users = self._asked.get(url, (asyncio.Lock(), 0))
        self._asked[url] = held, users + 1
        try:
            async with held:
                yield
        finally:
            users = self._asked[url][1] - 1
            if users:
                self._asked[url] = held, users
            else:
                del self._asked[url]

    def keep(self, url: str, answer: Response) -> None:
        """Keep a script; the ones that were not asked for the longest go."""
        if answer.status != 200 or url in self._known:
            return
        # With its request the answer would hold the room in memory that it has on the way.
        self._known[url] = answer.replace(request=None)
        self._bytes += len(answer.body)
        while self._bytes > _MAX_CACHED_BYTES:
            _, gone = self._known.popitem(last=False)
            self._bytes -= len(gone.body)


class PageRequests:
    """The requests of one page, from its document to the moment in which it is complete."""

    def __init__(self, crawler: Crawler, scripts: ScriptCache, document: Response, seconds: float) -> None:
        """`document` is the answer that is rendered; after `seconds` the page gets no more answers."""
        self._crawler = crawler
        self._scripts = scripts
        self._document = document
        self._deadline = time.monotonic() + seconds
        self._places = asyncio.Semaphore(_MAX_OPEN_REQUESTS)
        self._asked = 0
        self._sent = 0
        self._open = 0
        self._last_change = time.monotonic()
        self._is_shown = False
        self._is_over = False
        self.page: Page | None = None
        self.ended: asyncio.Future[CaptureError] = asyncio.get_running_loop().create_future()
        """Why the page was ended before it was complete; done when it was."""

    async def install(self, page: Page) -> None:
        """Take over all requests of a new page, before its address is opened."""
        self.page = page
        await page.add_init_script(WITHOUT_WAYS_OUT)
        # The context's serves what is no part of this page, such as a window that it opens; its own route, registered
        # last, goes before that of scrapy-playwright, which would let requests out.
        await page.context.route("**/*", self._refuse)
        await page.route("**/*", self._answer)

    def on_crash(self, *_: object) -> None:
        """Called by playwright when the page's process has ended."""
        self.give_up(
            NotRendered(
                f"{self._document.url} was ended in a browser, as happens to what takes too much memory; "
                "raise BROWSER_MEMORY_MB, or leave it out"
            )
        )

    def give_up(self, why: CaptureError) -> None:
        """Wait for the page no longer."""
        if not self.ended.done():
            self.ended.set_result(why)

    async def settle(self) -> None:
        """Wait until the page has asked for nothing for some time, at most until its time is over."""
        while time.monotonic() < self._deadline and not self._is_over:
            if not self._open and time.monotonic() - self._last_change >= _QUIET_SECONDS and await self._has_paused():
                break
            await asyncio.sleep(_LOOK_SECONDS)
        self.end()

    async def _has_paused(self) -> bool:
        """Whether the scripts have nothing to do, and asked for nothing when they had."""
        last_change, left = self._last_change, self._deadline - time.monotonic()
        assert self.page is not None
        # The answer to anything comes when the script that runs now has ended.
        answering = asyncio.ensure_future(self.page.evaluate("0"))
        done, _ = await asyncio.wait([answering], timeout=max(left, 0.0))
        if not done:
            answering.cancel()
            return False
        answering.exception()
        await asyncio.sleep(_NOTICE_SECONDS)
        return not self._open and self._last_change == last_change

    def end(self) -> None:
        """Answer nothing any more; what is open fails, so that the page does not wait for it."""
        self._is_over = True

    @staticmethod
    async def _refuse(route: Route) -> None:
        with contextlib.suppress(Exception):  # the page may be gone by now
            # Any other reason would show an error page in the place of the one that wanted to go elsewhere.
            await route.abort("aborted")

    async def _answer(self, route: Route) -> None:
        self._open += 1
        self._asked += 1
        if self._asked >= _MAX_ASKED_REQUESTS:
            self.end()
        try:
            answer = await self._answer_to(route)
            if answer is None:
                await self._refuse(route)
            else:
                await route.fulfill(**answer)
        except asyncio.CancelledError:
            raise
        except Exception:  # noqa: BLE001  (whatever keeps an answer from the page, it goes on without)
            await self._refuse(route)
        finally:
            self._open -= 1
            self._last_change = time.monotonic()

    async def _answer_to(self, route: Route) -> dict[str, Any] | None:
        """What playwright is to answer; None for a request that is refused."""
        asked = route.request
        if self._is_over:
            return None
        if asked.is_navigation_request():
            # The page itself, once; where its scripts or frames want to go from there, nobody follows.
            if self._is_shown or self.page is None or asked.frame != self.page.main_frame:
                return None
            self._is_shown = True
            return _handed_on(self._document)
        if asked.resource_type == "stylesheet":
            # An application that loads its style with its parts fails without; the text needs none.
            return {"status": 200, "content_type": "text/css", "body": ""}
        if asked.resource_type not in _FETCHED or asked.method not in _METHODS:
            return None
        if same_page(asked.url, self._document.url):
            # What a script gets for the page's own address must not stand in the archive in the page's place.
            return _handed_on(self._document) if asked.method == "GET" else None
        return await self._fetch(route)

    async def _fetch(self, route: Route) -> dict[str, Any] | None:
        asked = route.request
        if asked.resource_type != "script" or asked.method != "GET":
            answer = await self._download(asked)
            return _handed_on(answer) if answer is not None else None
        # Pages that are open at once ask for the same scripts at once.
        async with self._scripts.lock(asked.url):
            answer = self._scripts.get(asked.url)
            if answer is None and (answer := await self._download(asked)) is not None:
                self._scripts.keep(asked.url, answer)
        return _handed_on(answer) if answer is not None else None

    async def _download(self, asked: PlaywrightRequest) -> Response | None:
        """The answer, after redirects; None where the page may have no more. Raises what keeps the crawl from it."""
        if self._sent >= MAX_PAGE_REQUESTS:
            return None
        self._sent += 1
        async with self._places:
            return None if self._is_over else await self._ask(asked)

    async def _ask(self, asked: PlaywrightRequest) -> Response:
        sent = {
            name: value
            for name, value in asked.headers.items()
            if name not in _NOT_SENT and not name.startswith(("sec-", ":"))
        }
        request = Request(
            asked.url,
            method=asked.method,
            headers=sent,
            body=asked.post_data_buffer or b"",
            meta={RESOURCE_TYPE_KEY: asked.resource_type, "dont_retry": True},
            dont_filter=True,
        )
        assert self._crawler.engine is not None
        return await self._crawler.engine.download_async(request)


def _handed_on(answer: Response) -> dict[str, Any]:
    headers = {name: value for name, value in headers_of(answer) if name.lower() not in _NOT_HANDED_ON}
    return {"status": answer.status, "headers": headers, "body": answer.body}
