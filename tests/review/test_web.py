"""`scrapy review --web`: what the page's requests do, and what others' do not."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from archiver.decisions import digest_of
from tests.conftest import scrapy_in_terminal, tree
from tests.review.runs import change, record, run_folder, seed_text
from tests.support.terminal import Terminal


@dataclass(frozen=True)
class Page:
    """The page that is served, and the terminal of the command."""

    port: int
    token: str
    terminal: Terminal

    def ask(self, method: str, name: str = "", body: Any = None, **headers: str | None) -> tuple[int, str]:
        """Send a request as the page itself would, but for these headers; None leaves one out."""
        host = f"127.0.0.1:{self.port}"
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        usual: dict[str, str | None] = {"Host": host}
        if data is not None:
            usual |= {"Origin": f"http://{host}", "Content-Type": "application/json", "Content-Length": str(len(data))}
        sent = usual | {key.replace("_", "-"): value for key, value in headers.items()}
        path = name if name.startswith("/") else f"/{self.token}/{name}"
        with contextlib.closing(http.client.HTTPConnection(host, timeout=30)) as connection:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for key, value in sent.items():
                if value is not None:
                    connection.putheader(key, value)
            # What is refused for its length is not read.
            connection.endheaders(None if "Content_Length" in headers else data)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def decide(self, path: str, answer: str, field: str = "title", **more: str) -> tuple[int, str]:
        offered = digest_of(field, "One")
        said = {"path": path, "address": "https://www.a.example/a", "field": field, "offered": offered}
        return self.ask("POST", "decisions", {**said, "answer": answer, "at": "2026-01-01T00:00:00Z", **more})


@pytest.fixture
def waiting(tmp_path: Path, seeds: Path) -> Path:
    for name in "ab":
        (seeds / f"{name}.md").write_text(seed_text(name, title='""', author='""'))
    offers = [change("title", "One", "Two"), change("author", "One")]
    run_folder(tmp_path / "archive" / "runs", [record(name, offers) for name in "ab"])
    return seeds


@contextlib.contextmanager
def served(seeds: Path) -> Iterator[Page]:
    where = ["-s", f"SEEDS_DIR={seeds}", "-s", f"ARCHIVE_DIR={seeds.parent / 'archive'}"]
    with scrapy_in_terminal("review", *where, "--web") as terminal:
        shown = terminal.wait_for("ends it)")
        found = re.search(r"open http://127\.0\.0\.1:(\d+)/([\w-]{20,})/ ", shown)
        assert found is not None, shown
        yield Page(int(found[1]), found[2], terminal)


def test_the_page_is_served_and_its_decisions_are_carried_out(waiting: Path) -> None:
    before = tree(waiting)
    with served(waiting) as page:
        status, text = page.ask("GET")
        assert status == 200
        assert f'content="/{page.token}/decisions"' in text
        assert "connect-src 'self'" in text

        assert page.decide("a.md", "accept")[0] == 200
        after = before["a.md"].replace(b'title: ""', b'title: "One"').replace(b"\n# ", b"\n# One")
        assert (waiting / "a.md").read_bytes() == after
        assert page.decide("a.md", "accept", "author") == (200, '{"written": true}')
        # A second thought about the first field leaves the second.
        assert page.decide("a.md", "value", value="Two")[0] == 200
        written = after.replace(b"One", b"Two").replace(b'author: ""', b'author: "One"')
        assert (waiting / "a.md").read_bytes() == written
        assert page.decide("a.md", "open")[0] == 200
        assert (waiting / "a.md").read_bytes() == before["a.md"].replace(b'author: ""', b'author: "One"')
        assert page.decide("a.md", "open", "author")[0] == 200
        assert (waiting / "a.md").read_bytes() == before["a.md"]

        assert page.decide("b.md", "keep")[0] == 200
        (waiting / "b.md").write_bytes(before["b.md"].replace(b'author: ""', b'author: "Mine"'))
        status, text = page.decide("b.md", "accept", "author")
        assert (status, "nothing waits for author of b.md" in text) == (409, True)
        assert page.decide("../x.md", "accept")[0] == 409
        assert page.decide("a.md", "accept", offered="0")[0] == 409

        assert page.ask("POST", "quit", {})[0] == 200
        assert "0 accepted, 1 kept, 2 still wait" in page.terminal.wait_for("wait\n")
        assert page.terminal.end() == 0
    with pytest.raises(ConnectionError):
        page.ask("GET")


def test_nobody_else_is_answered(waiting: Path) -> None:
    before = tree(waiting)
    with served(waiting) as page:
        said = {"path": "a.md", "address": "", "field": "title", "offered": digest_of("title", "One"),
                "answer": "accept", "at": "2026-01-01T00:00:00Z"}  # fmt: skip
        refused: list[tuple[int, dict[str, Any]]] = [
            (421, {"Host": "evil.example"}),
            (421, {"Host": f"localhost:{page.port}"}),
            (403, {"Origin": "https://evil.example"}),
            (403, {"Origin": "null"}),
            (403, {"Origin": None}),
            (415, {"Content_Type": "text/plain"}),
            (415, {"Content_Type": "application/x-www-form-urlencoded"}),
            (411, {"Content_Length": None}),
            (413, {"Content_Length": str(1 << 40)}),
        ]
        for status, headers in refused:
            assert (page.ask("POST", "decisions", said, **headers)[0], headers) == (status, headers)
        for path in ("/", "/decisions", "/wrong/decisions", f"/{page.token}x/decisions", f"/{page.token}/other"):
            assert page.ask("POST", path, said)[0] == 404
            assert page.ask("GET", path)[0] == 404
        assert page.ask("GET", Host="evil.example")[0] == 421
        assert page.ask("GET", "decisions")[0] == 404
        assert page.ask("PUT", "decisions", said)[0] == 501
        for body in (b"{", b"[]", b"\xff", json.dumps({**said, "answer": "burn"}).encode()):
            assert page.ask("POST", "decisions", body)[0] == 400
        assert tree(waiting) == before
        # A connection that says nothing keeps nobody waiting, and no thread alive.
        with socket.create_connection(("127.0.0.1", page.port)):
            assert page.ask("GET")[0] == 200
            assert page.terminal.command is not None
            os.kill(page.terminal.command.pid, signal.SIGINT)
            assert "0 accepted, 0 kept, 4 still wait" in page.terminal.wait_for("wait\n")
            assert page.terminal.end() == 0
