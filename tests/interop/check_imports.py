"""What wget and warcit have written goes in, and is read as the pages that they saw."""

from __future__ import annotations

import subprocess
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.interop.sample import HTML, PROSE, on_archive
from tests.support.servers import Answer, Site, html

TOOLS = ROOT / ".venv-interop" / "bin"
PAGES = {
    "/first": Answer(html("The first bridge", PROSE), 200, HTML),
    "/twin": Answer(html("The first bridge", PROSE), 200, HTML),
    "/chunked": Answer(html("A bridge in parts", PROSE), 200, HTML),
}


class Chunked(Site):
    """Sends its pages in chunks, as most servers do."""

    @staticmethod
    def _send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
        handler.send_response(answer.status)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        half = len(answer.body) // 2
        for part in (answer.body[:half], answer.body[half:], b""):
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))


def wget(folder: Path, *arguments: str) -> None:
    """Run wget; what it saves beside the WARC is thrown away."""
    command = ["wget", "--quiet", "--no-proxy", "--tries=1", "--delete-after", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("site", [Site(PAGES), Chunked(PAGES)], ids=["lengths", "chunks"])
def test_wgets_files_go_in_and_every_page_is_read(site: Site, tmp_path: Path) -> None:
    addresses = []
    with site:
        addresses = [site.url(path) for path in PAGES]
        wget(tmp_path, "--warc-file=first", "--warc-cdx", *addresses)
        # A second run that repeats no payload which the first has: its records refer to those.
        wget(tmp_path, "--warc-file=second", "--warc-dedup=first.cdx", *addresses)
    archive = tmp_path / "archive"
    run = on_archive(archive, "import", tmp_path / "first.warc.gz", tmp_path / "second.warc.gz")
    assert run.code == 0, run.stdout
    for path, address in zip(PAGES, addresses, strict=True):
        assert on_archive(archive, "show", address).stdout.encode() == PAGES[path].body, path
    assert on_archive(archive, "check").code == 0
    # Of two pages with one payload wget refers to the last.
    assert "revisit" in on_archive(archive, "list", addresses[1], "--json").stdout


def test_warcits_files_go_in_and_every_page_is_read(tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    (saved / "news").mkdir(parents=True)
    (saved / "news" / "bridge.html").write_bytes(html("A bridge on disk", PROSE))
    done = subprocess.run(
        [TOOLS / "warcit", "--name", "saved", "https://nordblatt.example/", saved],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    archive = tmp_path / "archive"
    run = on_archive(archive, "import", *tmp_path.glob("saved*.warc.gz"))
    assert run.code == 0, run.stdout
    shown = on_archive(archive, "show", "https://nordblatt.example/news/bridge.html")
    assert shown.stdout.encode() == html("A bridge on disk", PROSE)
