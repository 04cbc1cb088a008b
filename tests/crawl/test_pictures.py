"""Pictures of seeds, over real sockets: which are asked for, what is taken, what is kept."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.conftest import Crawl, Run, scrapy
from tests.images.pictures import even, hostile, picture
from tests.support.servers import Answer, Site, html

TEXT = [f"The boats of the harbour went out at {hour} and came back with the tide, as they do." for hour in range(6)]
JPEG = {"Content-Type": "image/jpeg", "ETag": '"1"'}
QUICK = {"DOWNLOAD_DELAY": 0.001, "AUTOTHROTTLE_ENABLED": 0, "RETRY_ENABLED": 0}
QUICK |= {"WAYBACK_CDX_PER_MINUTE": 60000, "WAYBACK_COPIES_PER_SECOND": 1000}


def page(title: str, image: str, body: str = "") -> Answer:
    """An article that names its lead image in three places."""
    data = json.dumps({"@type": "NewsArticle", "headline": title, "image": image})
    head = f"""<meta property="og:image" content="{image}"><meta name="twitter:image" content="{image}">
    <script type="application/ld+json">{data}</script>"""
    return Answer(html(title, *TEXT[:3], body, *TEXT[3:], head=head), headers={"Content-Type": "text/html"})


ROOT = "http://harbour.example"


class Harbour(Site):
    """A proxy to the site, and to a web archive that has one picture: what it is asked for by name is public."""

    def url(self, path: str) -> str:
        return ROOT + path

    def paths(self) -> list[str]:
        return [path.removeprefix(ROOT) for path in super().paths()]

    @property
    def environment(self) -> dict[str, str]:
        return {"http_proxy": super().url(""), "no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1"}

    def answer_to(self, path: str, headers: Mapping[str, str]) -> Answer | None:
        path = path.removeprefix(ROOT)
        parts = urlsplit(path)
        if parts.path == "/img/alive.jpg" and headers.get("if-none-match") == '"1"':
            return Answer(status=304)
        if parts.path == "/cdx":
            (url,) = parse_qs(parts.query)["url"]
            rows = [["timestamp", "original", "statuscode", "digest"]]
            rows += [["20240101000000", url, "200", "A"]] if url.endswith("/img/archived.jpg") else []
            return Answer(json.dumps(rows).encode(), headers={"Content-Type": "application/json"})
        if parts.path.startswith("/web/20240101000000id_/"):
            return Answer(picture(8), headers={**JPEG, "Memento-Datetime": "Mon, 01 Jan 2024 00:00:00 GMT"})
        return self.pages.get(path)


@dataclass
class Visited:
    """What a crawl of the site gave."""

    run: Run
    site: Harbour
    inner: Site
    seeds: Path
    settings: dict[str, Any]

    def front(self, name: str) -> str:
        return (self.seeds / f"{name}.md").read_text("utf-8").partition("\n---\n")[0]

    def verdicts(self, name: str) -> dict[str, str]:
        images = self.run.result(f"{name}.md")["images"]
        return {one["url"].rpartition("/")[2]: one["verdict"] for one in images}


def plant(seeds: Path, site: Site, name: str, image: str | None, body: str = "A text of its own.") -> None:
    lines = ["---", f"origin_url: {site.url(f'/news/{name}')}", f"title: The {name} of the harbour"]
    lines += [] if image is None else [f"image: {image}"]
    (seeds / f"{name}.md").write_text("\n".join([*lines, "---", "", body, ""]), "utf-8")


@pytest.fixture
def visited(crawl: Crawl, seeds: Path, tmp_path: Path) -> Any:
    pages = {f"/img/{name}": Answer(body, headers=JPEG) for name, body in hostile().items()}
    secret = {"/secret.jpg": Answer(picture(1), headers=JPEG)}
    site = Harbour(pages)
    with site, Site(secret, "127.0.0.2") as inner:
        pages = site.pages
        pages["/img/huge.jpg"] = Answer(b"\xff\xd8\xff", headers=JPEG, length=50_000_000)
        pages["/img/private.jpg"] = Answer(status=302, headers={"Location": inner.url("/secret.jpg")})
        for number, name in enumerate(("alive", "boat", "lazy", "inline")):
            pages[f"/img/{name}.jpg"] = Answer(picture(number), headers=JPEG)
        pages["/img/boat-large.jpg"] = pages["/img/boat.jpg"]
        pages["/img/even.png"] = Answer(even((600, 400)))
        pages["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /closed/\n")
        traps = [*hostile(), "huge.jpg", "private.jpg"]
        for name in traps:
            pages[f"/news/{name}"] = page(f"The {name} of the harbour", site.url(f"/img/{name}"))
            plant(seeds, site, name, '""')
        shown = {
            "alive": (site.url("/img/alive.jpg"), "/img/boat.jpg"),
            "blank": ('""', "/img/alive.jpg"),
            "page": (site.url("/img/lost.jpg"), "/img/boat.jpg"),
            "even": (site.url("/img/even.png"), "/img/boat.jpg"),
            "size": (site.url("/img/boat-640x400.jpg"), "/img/lost.jpg"),
            "archived": (site.url("/img/archived.jpg"), "/img/lost.jpg"),
            "nowhere": (site.url("/img/lost.jpg"), "/img/lost.jpg"),
            "closed": (site.url("/closed/a.jpg"), "/img/boat.jpg"),
            "own": ("http://own.example/img/lost.jpg", "/img/boat.jpg"),
            "file": ("pics/boat.jpg", "/img/boat.jpg"),
            "broken": ('"http://[broken/a.jpg"', "/img/boat.jpg"),
            "outside": ("../../../../../../../../etc/hostname", "/img/boat.jpg"),
        }
        shown["several"] = (f"[{site.url('/img/lost.jpg')}, {site.url('/img/boat.jpg')}]", "/img/alive.jpg")
        shown["captioned"] = (f'{{"url": "{site.url("/img/lost.jpg")}", "alt": "A boat"}}', "/img/alive.jpg")
        for name, (named, offered) in shown.items():
            pages[f"/news/{name}"] = page(f"The {name} of the harbour", site.url(offered))
            plant(seeds, site, name, named)
        plant(seeds, site, "gone", site.url("/img/archived.jpg"))
        pictures = f'<img src="{site.url("/img/inline.jpg")}" alt="In"><img src="data:image/gif;base64,R0lGOD" '
        pictures += f'data-src="{site.url("/img/lazy.jpg")}" alt="Lazy">'
        pages["/news/text"] = page("The text of the harbour", site.url("/img/boat.jpg"), pictures)
        plant(seeds, site, "text", None, "")
        (seeds / "pics").mkdir()
        (seeds / "pics" / "boat.jpg").write_bytes(picture(1))
        settings = {
            **QUICK, "IMAGES": "all", "IMAGE_OWN_HOSTS": "own.example", "FIELD_POLICY": '{"image": "fill"}',
            "WAYBACK": 1, "WAYBACK_CDX": site.url("/cdx?url={url}"),
            "WAYBACK_RAW": site.url("/web/{timestamp}id_/{url}"), "PRIVATE_HOSTS": 0,
        }  # fmt: skip
        run = crawl(seeds, replay=None, settings=settings, env=site.environment)
        yield Visited(run, site, inner, seeds, settings)


def test_pictures_are_judged_replaced_where_dead_and_kept(visited: Visited, crawl: Crawl, tmp_path: Path) -> None:
    run, site = visited.run, visited.site
    (warning,) = run.stderr.splitlines()
    assert (run.code, "max size (20000000)" in warning) == (0, True)
    # Nothing hostile is taken, and nobody private is asked.
    for name in [*hostile(), "huge.jpg", "private.jpg"]:
        assert 'image: ""' in visited.front(name), name
        assert f"/img/{name}" in site.paths(), name
        assert "The page's picture is left out" in run.result(f"{name}.md")["detail"], name
    assert visited.inner.asked == []
    assert not [path for path in site.paths() if path.startswith(visited.inner.url(""))]

    # A dead one has another address, by the first way that leads to one; each was seen alive.
    found = {
        "blank": ("meta:og:image", "/img/alive.jpg"),
        "page": ("image:page", "/img/boat.jpg"),
        "even": ("image:page", "/img/boat.jpg"),
        "size": ("image:size", "/img/boat.jpg"),
        "archived": ("image:wayback", f"/web/20240101000000id_/{site.url('/img/archived.jpg')}"),
        "gone": ("image:wayback", f"/web/20240101000000id_/{site.url('/img/archived.jpg')}"),
    }
    for name, (source, path) in found.items():
        (change,) = run.result(f"{name}.md")["changes"]
        assert (change["field"], change["source"], change["new"]) == ("image", source, site.url(path)), name
        assert "image:alive" in change["witnesses"]
        assert f"image: {site.url(path)}" in visited.front(name).replace('"', "")
    assert visited.verdicts("even") == {"even.png": "placeholder", "boat.jpg": "alive"}
    dead, alive = run.result("archived.md")["images"]
    assert (dead["verdict"], dead["replaced_by"], alive["url"]) == ("gone", alive["url"], alive["url"])

    # What is alive, the site's own, or not to be had, is kept.
    kept = {
        "alive": {"alive.jpg": "alive"}, "own": {"lost.jpg": "gone"}, "closed": {"a.jpg": "unknown"},
        "file": {"boat.jpg": "alive"}, "outside": {"hostname": "gone"}, "nowhere": {"lost.jpg": "gone"},
        "broken": {}, "several": {"lost.jpg": "gone", "boat.jpg": "alive"}, "captioned": {"lost.jpg": "gone"},
    }  # fmt: skip
    for name, verdicts in kept.items():
        result = run.result(f"{name}.md")
        assert (result["outcome"], visited.verdicts(name)) == ("unchanged", verdicts), name
    assert "nothing may stand in its place" in run.result("nowhere.md")["detail"]
    assert not [path for path in site.paths() if path.startswith("/closed/")]

    # The body's are looked at too, those that wait for a script among them.
    assert visited.verdicts("text") == {"inline.jpg": "alive", "lazy.jpg": "alive"}
    assert all(one["place"] == "body" for one in run.result("text.md")["images"])
    assert [line.split() for line in run.stdout.splitlines() if line.startswith("images: ")] == [
        ["images:", "replaced", "5"], ["images:", "alive", "11"], ["images:", "gone", "5"], ["images:", "unknown", "1"],
    ]  # fmt: skip

    # Each was asked for once, and is in the archive as a part of a page.
    assert site.paths().count("/img/boat.jpg") == 1
    assert _recorded(tmp_path / "archive")[site.url("/img/boat.jpg")] == "image"

    # Seeds and dead pictures, without asking anybody.
    asked = len(site.asked)
    where = ["-s", f"SEEDS_DIR={visited.seeds}", "-s", f"ARCHIVE_DIR={tmp_path / 'archive'}"]
    audit = scrapy("audit", "--images", "--json", *where)
    problems = [json.loads(line) for line in audit.stdout.splitlines()]
    named = {Path(one["path"]).stem: one["detail"] for one in problems if one["problem"] == "dead image"}
    assert named.keys() == {"own", "nowhere", "outside", "several", "captioned"}
    assert named["nowhere"] == f"{site.url('/img/lost.jpg')}: it answered 404."
    assert audit.code == 2

    # A replay finds the same in the archive.
    (visited.seeds / "page.md").unlink()
    plant(visited.seeds, site, "page", site.url("/img/lost.jpg"))
    plant(visited.seeds, site, "archived", site.url("/img/archived.jpg"))
    replayed = crawl(visited.seeds, replay=Path("archive"), settings=visited.settings, args={"only": "page.md,arch*"})
    for name in ("page", "archived"):
        assert replayed.result(f"{name}.md")["changes"] == run.result(f"{name}.md")["changes"]
    assert len(site.asked) == asked

    # What is known is not asked for again, and its page only if it has changed; what is due is, and its page is read.
    with closing(sqlite3.connect(tmp_path / "archive" / "ledger.sqlite")) as ledger, ledger:
        ledger.execute("UPDATE picture SET due = 0 WHERE url LIKE '%/img/alive.jpg'")
    again = crawl(visited.seeds, replay=None, settings=visited.settings, env=site.environment)
    later = [one for one in site.asked[asked:] if one.path.startswith((f"{ROOT}/img/", f"{ROOT}/web/"))]
    assert [(one.path.removeprefix(ROOT), one.headers["if-none-match"]) for one in later] == [("/img/alive.jpg", '"1"')]
    assert visited.verdicts("alive") == {"alive.jpg": "alive"}
    unread = [Path(one["path"]).stem for one in again.results if one["detail"].startswith("The page is as it was")]
    assert ("even" in unread, "alive" in unread) == (True, False)


def _recorded(archive: Path) -> dict[str, str | None]:
    """By address, as what it was asked for."""
    found = {}
    for file in archive.rglob("*.warc.gz"):
        with file.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type == "response":
                    address = record.rec_headers.get_header("WARC-Target-URI")
                    found[address] = record.rec_headers.get_header("WARC-Resource-Type")
    return found
