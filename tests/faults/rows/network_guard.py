"""Ways to make the program connect to what nobody named: private addresses in all spellings, by every door."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.conftest import scrapy
from tests.crawl.test_live import QUICK
from tests.downloader.spellings import SPELLINGS
from tests.faults.fault import Fault, Figures
from tests.faults.fenced import PROGRAM, PUBLIC_ADDRESS, STAND_IN
from tests.support.servers import Answer, Site, html

_TEXT = [f"The boats of the harbour went out at {hour} and came back with the tide, as they do." for hour in range(6)]
_STATUSES = (301, 302, 303, 307, 308)
_PAST = "20240101000000"


class Canary(Site):
    """Whoever asks it for anything has got where nobody may: it answers all with an article."""

    def answer_to(self, path: str, headers: Mapping[str, str]) -> Answer | None:
        return Answer(b"", 404) if path == "/robots.txt" else Answer(html("A secret of this machine", *_TEXT))


class Gazette(Site):
    """The public server of all names: what it answers depends on host and path."""

    by_host: Mapping[tuple[str, str], Answer]

    def answer_to(self, path: str, headers: Mapping[str, str]) -> Answer | None:
        host = headers.get("host", "").partition(":")[0]
        path = "/" + path.split("/", 3)[3] if path.startswith("http:") else path  # a proxy is asked for addresses
        return self.by_host.get((host, path))


@dataclass
class Plan:
    """One run: its seeds, what servers answer, the settings."""

    folder: Path
    port: int
    """Of the public server."""
    canary: int
    """The port of the one on loopback."""
    pages: dict[tuple[str, str], Answer] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    allowed: set[tuple[str, int]] = field(default_factory=set)

    def private(self, number: int) -> str:
        """An address that nobody may be asked for."""
        return f"http://{SPELLINGS[number]}:{self.canary}/secret/{number}"

    def page(self, number: int, answer: Answer, host: str = "gazette.example", path: str = "") -> str:
        """The address of a public page with that answer."""
        path = path or f"/news/{number}"
        self.pages[host, path] = answer
        return f"http://{host}:{self.port}{path}"

    def plant(self, number: int, url: str, image: str = "", body: str = "Text.") -> None:
        """A seed of that address."""
        image = f'image: "{image}"\n' if image else ""
        (self.folder / "seeds").mkdir(exist_ok=True)
        seed = self.folder / "seeds" / f"{number:03}.md"
        seed.write_text(f'---\norigin_url: "{url}"\ntitle: ""\n{image}---\n\n{body}\n', encoding="utf-8")


def _all(what: Callable[[Plan, int], None]) -> Callable[[Plan], None]:
    def way(plan: Plan) -> None:
        for number in range(len(SPELLINGS)):
            what(plan, number)

    return way


def _seed(plan: Plan, number: int) -> None:
    plan.plant(number, plan.private(number))


def _redirect(plan: Plan, number: int) -> None:
    moved = Answer(b"", _STATUSES[number % 5], {"Location": plan.private(number)})
    plan.plant(number, plan.page(number, moved))


def _robots(plan: Plan, number: int) -> None:
    host = f"h{number}.gazette.example"
    plan.page(number, Answer(b"", 302, {"Location": plan.private(number)}), host, "/robots.txt")
    plan.plant(number, plan.page(number, Answer(html(f"Boats {number}", *_TEXT)), host))


def _links(plan: Plan, number: int) -> None:
    inside = plan.private(number)
    kinds = ("next", "canonical", "amphtml", "alternate", "preload", "stylesheet")
    head = "".join(f'<link rel="{kind}" href="{inside}">' for kind in kinds)
    head += f'<meta http-equiv="refresh" content="0; url={inside}"><meta property="og:url" content="{inside}">'
    head += f'<base href="{inside}"><iframe src="{inside}"></iframe><script src="{inside}"></script>'
    plan.plant(number, plan.page(number, Answer(html(f"Boats {number}", *_TEXT, head=head))))


def _picture(plan: Plan, number: int) -> None:
    inside = f"{plan.private(number)}.png"
    plan.settings["IMAGES"] = "all"
    head = f'<meta property="og:image" content="{inside}">'
    page = html(f"Boats {number}", f'<img src="{inside}">', *_TEXT, head=head)
    plan.plant(number, plan.page(number, Answer(page)), inside, f"![A boat]({inside})")


def _moved_picture(plan: Plan, number: int) -> None:
    plan.settings["IMAGES"] = "all"
    moved = Answer(b"", _STATUSES[number % 5], {"Location": plan.private(number)})
    picture = plan.page(number, moved, path=f"/picture/{number}.png")
    plan.plant(number, plan.page(number, Answer(html(f"Boats {number}", *_TEXT))), picture, f"![A boat]({picture})")


def _archive_settings(plan: Plan, root: str) -> None:
    plan.settings |= {
        "WAYBACK": 1, "WAYBACK_CDX": f"{root}/cdx?url={{url}}", "WAYBACK_RAW": f"{root}/web/{{timestamp}}id_/{{url}}",
        "WAYBACK_CDX_PER_MINUTE": 60000, "WAYBACK_COPIES_PER_SECOND": 1000,
    }  # fmt: skip


def _archive(plan: Plan, number: int) -> None:
    """A web archive of one host: each page's list names private originals, and its copies redirect there."""
    host, inside = f"a{number}.gazette.example", plan.private(number)
    rows = [["timestamp", "original", "statuscode", "digest"], [_PAST, inside, "200", "A"], [_PAST, inside, "302", "B"]]
    lost = plan.page(number, Answer(b"", 404), host)
    rows.append([_PAST, lost, "200", "C"])
    plan.pages["archive.example", f"/cdx?url={quote(lost, safe='')}"] = Answer(json.dumps(rows).encode())
    for url in (inside, lost):
        plan.page(0, Answer(b"", 302, {"Location": inside}), "archive.example", f"/web/{_PAST}id_/{url}")
    plan.plant(number, lost)
    _archive_settings(plan, f"http://archive.example:{plan.port}")


def _time_map(plan: Plan, number: int) -> None:
    lost = plan.page(number, Answer(b"", 404))
    memento = '<{}>; rel="memento"; datetime="Mon, 01 Jan 2024 00:00:{:02} GMT"'
    mementos = ",\n".join(memento.format(plan.private(one), one % 60) for one in range(number + 1))
    plan.page(0, Answer(f'<{lost}>; rel="original",\n{mementos}\n'.encode()), "maps.example", f"/timemap/link/{lost}")
    root = f"http://maps.example:{plan.port}"
    maps = {"name": "maps", "kind": "timemap", "timemap": root + "/timemap/link/{url}", "lists_per_minute": 60000}
    plan.settings["WEB_ARCHIVES"] = json.dumps([{**maps, "copies_per_second": 1000}])
    plan.plant(number, lost)


def _service(plan: Plan) -> None:
    """The web archive lies on loopback: it is asked for lists and copies, and its neighbours for nothing."""
    _all(_redirect)(plan)
    _archive_settings(plan, f"http://127.0.0.1:{plan.port}")
    plan.allowed.add(("127.0.0.1", plan.port))
    for number, host in enumerate(("127.0.0.1", "localhost", "127.1", "2130706433"), len(SPELLINGS)):
        plan.plant(number, f"http://{host}:{plan.canary}/news/neighbour")
        plan.plant(number + 10, f"http://{host}:{plan.port}/secret/itself")


def _proxy(plan: Plan) -> None:
    _all(_seed)(plan)
    for number in range(len(SPELLINGS)):
        moved = Answer(b"", 302, {"Location": plan.private(number)})
        plan.plant(100 + number, plan.page(100 + number, moved, path=f"/moved/{number}"))
    plan.environment |= {
        "http_proxy": f"http://{STAND_IN}:{plan.port}",
        "https_proxy": f"http://{STAND_IN}:{plan.port}",
    }
    plan.allowed.add((STAND_IN, plan.port))


def _no_proxy(plan: Plan) -> None:
    _proxy(plan)
    plan.environment["no_proxy"] = plan.environment["NO_PROXY"] = "127.0.0.1,localhost,gazette.example,10.9.8.7"


_INSIDE = ("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0")


def _rebinding(plan: Plan, number: int) -> None:
    """A name that is public when it is looked at, and another the next time, in every order."""
    name, inside = f"n{number}.example", _INSIDE[number % len(_INSIDE)]
    plan.allowed.add((PUBLIC_ADDRESS, plan.canary))
    orders = ([inside], [PUBLIC_ADDRESS, inside], [inside, PUBLIC_ADDRESS], [PUBLIC_ADDRESS, PUBLIC_ADDRESS, inside])
    plan.names[name] = orders[number % 4]
    plan.plant(number, f"http://{name}:{plan.canary}/news/{number}")


def _scheme(plan: Plan, number: int) -> None:
    secret = plan.folder / "local.html"
    secret.write_bytes(html("A secret of this machine", *_TEXT))
    inside = (
        secret.as_uri(), f"file://localhost{secret}", "data:text/html,<h1>A secret of this machine</h1>",
        f"ftp://127.0.0.1:{plan.canary}/secret", f"gopher://127.0.0.1:{plan.canary}/1secret", "s3://secret/secret",
        f"view-source:http://127.0.0.1:{plan.canary}/", f"//127.0.0.1:{plan.canary}/secret", str(secret),
        f"jar:http://127.0.0.1:{plan.canary}/!/a", "javascript:alert(1)", f"dict://127.0.0.1:{plan.canary}/",
    )[number % 12]  # fmt: skip
    target = inside if number % 2 else plan.page(number, Answer(b"", 302, {"Location": inside}))
    plan.plant(number, target)


def _credentials(plan: Plan, number: int) -> None:
    """A page that sets a cookie and redirects to another host, or to another scheme with a password in the address."""
    scheme, host = ("https", "reader:word@gazette.example") if number % 2 else ("http", f"other{number}.example")
    cookies = {"Set-Cookie": f"met=gazette{number}; Path=/; Domain=example"}
    moved = Answer(b"", 302, {"Location": f"{scheme}://{host}:{plan.port}/after/{number}", **cookies})
    plan.page(number, Answer(html(f"Boats {number}", *_TEXT)), host, f"/after/{number}")
    plan.plant(number, plan.page(number, moved))


DOORS: dict[str, Callable[[Plan], None]] = {
    "seeds": _all(_seed),
    "redirects": _all(_redirect),
    "redirects of robots.txt": _all(_robots),
    "links of pages": _all(_links),
    "pictures": _all(_picture),
    "redirects of pictures": _all(_moved_picture),
    "a web archive": _all(_archive),
    "a TimeMap": _all(_time_map),
    "a service on loopback": _service,
    "a proxy": _proxy,
    "a proxy with no_proxy": _no_proxy,
    "names that change": _all(_rebinding),
    "other schemes": _all(_scheme),
    "credentials": _all(_credentials),
}


def _knock_all(tries: range, folder: Path) -> Figures:
    return sum((_knock(number, folder / str(number)) for number in tries), Figures())


def _knock(number: int, folder: Path) -> Figures:
    folder.mkdir()
    door = list(DOORS)[number % len(DOORS)]
    with ExitStack() as stack:
        gazette = Gazette({}, host=STAND_IN)
        canary = stack.enter_context(Canary({}))
        ports = [int(site.url("").rpartition(":")[2]) for site in (gazette, canary)]
        plan = Plan(folder, ports[0], ports[1], allowed={(PUBLIC_ADDRESS, ports[0])})
        plan.names |= {"*.gazette.example": [PUBLIC_ADDRESS], "*.example": [PUBLIC_ADDRESS]}
        DOORS[door](plan)
        gazette.by_host = plan.pages
        stack.enter_context(gazette)
        said = _crawl(plan)
    notes = [f"try {number}, {door}: {one.path} of the canary was asked" for one in canary.asked]
    lines = (folder / "notes").read_text().splitlines() if (folder / "notes").exists() else []
    made = {(str(host), int(port)) for host, port in map(json.loads, lines)}
    notes += [f"try {number}, {door}: a connection to {host}:{port}" for host, port in made - plan.allowed]
    for one in gazette.asked:
        if "cookie" in one.headers or ("authorization" in one.headers and not one.path.startswith("/news")):
            notes.append(f"try {number}, {door}: {one.path} was asked with credentials")
        if "secret" in one.path.partition("/cdx")[0] and "/web/" not in one.path:
            notes.append(f"try {number}, {door}: {one.path} was asked of the proxy, or the service")
    notes += [f"try {number}, {door}: a secret in {seed.name}" for seed in (folder / "seeds").iterdir()
              if "secret of this" in seed.read_text("utf-8")]  # fmt: skip
    seeds = len(list((folder / "seeds").iterdir()))
    lost = [f"try {number}, {door}: {seeds} seeds, {said[1]} results, exit code {said[0]}: {said[2][-300:]}"]
    lost = [] if said[1] == seeds and said[0] in {0, 2} and "Traceback" not in said[2] else lost
    return Figures(1, lost=len(lost), leaked=len(notes), notes=(*notes, *lost))


def _crawl(plan: Plan) -> tuple[int, int, str]:
    """The exit code of a run, its results, and what it complained of."""
    given = {
        **QUICK, "PRIVATE_HOSTS": 0, "HOST_BREAKER_FAILURES": 0, "SEEDS_DIR": plan.folder / "seeds",
        "ARCHIVE_DIR": plan.folder / "archive", "EXTRACT_WORKERS": 1, "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        **plan.settings,
    }  # fmt: skip
    options = [word for name, value in given.items() for word in ("-s", f"{name}={value}")]
    feed = plan.folder / "results.jsonl"
    fence = json.dumps({"names": plan.names, "notes": str(plan.folder / "notes")})
    own = {name: "" for name in os.environ if name.lower().endswith("_proxy")}
    run = scrapy("-c", PROGRAM, fence, "crawl", "seeds", *options, "-O", feed, env={**own, **plan.environment})
    return run.code, len(feed.read_text().splitlines()) if feed.exists() else 0, run.stderr


FAULTS = (
    Fault(
        "private addresses",
        f"one of {len(DOORS)} ways in, each with {len(SPELLINGS)} spellings or names; a connection to what was not "
        "named, a cookie or password for another host, or a byte of a local file is leaked",
        full=len(DOORS),
        short=0,
        run=_knock_all,
        tests=(
            "tests/downloader/test_guard.py::test_no_spelling_of_a_private_address_is_asked",
            "tests/downloader/test_guard.py::test_behind_a_proxy_a_redirect_does_not_lead_inside",
            "tests/downloader/test_guard.py::test_a_web_archive_that_was_named_is_asked_for_copies_and_for_nothing_else",
            "tests/downloader/test_guard.py::test_a_name_is_looked_at_each_time_it_is_connected_to",
            "tests/crawl/test_live.py::test_every_kind_of_answer_gets_its_verdict_and_only_articles_change_seeds",
        ),
    ),
)
