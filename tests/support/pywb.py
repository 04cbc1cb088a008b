"""pywb, a web archive's own server, over WARC files: on loopback, in an environment of its own.

`make .venv-pywb/.done` installs it; `make interop` does so by itself.
"""

from __future__ import annotations

import http.client
import json
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

from warcio.warcwriter import WARCWriter

from tests.conftest import ROOT
from tests.support.pages import add_page
from tests.support.servers import Answer, Site, free_port

BIN = ROOT / ".venv-pywb" / "bin"
COLLECTION = "saved"
_LONGEST_START = 60.0


class Pywb:
    """The captures in some WARC files, served while this is entered.

    As a web archive (`cdx`, `raw`), and to whoever uses it as a proxy (`proxy`) as if the sites still stood.
    """

    def __init__(self, warcs: Iterable[Path], work: Path) -> None:
        """`work` is a folder for index, log and certificates; it must not be used by another server."""
        self._warcs = sorted(warcs)
        self._work = work
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Pywb:
        self._work.mkdir(parents=True, exist_ok=True)
        (self._work / "templates").mkdir(exist_ok=True)
        self._index()
        self._port = free_port()
        with (self._work / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [BIN / "wayback", "-b", "127.0.0.1", "-p", str(self._port)], cwd=self._work, stdout=log, stderr=log
            )
        try:
            self._wait()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    @property
    def cdx(self) -> str:
        """Where captures are asked for: `?url=…&output=json` gives one JSON object per line."""
        return f"http://127.0.0.1:{self._port}/{COLLECTION}/cdx"

    @property
    def raw(self) -> str:
        """A capture as it was recorded, with places for `{timestamp}` (14 digits) and `{url}`."""
        return f"http://127.0.0.1:{self._port}/{COLLECTION}/{{timestamp}}id_/{{url}}"

    def as_wayback(self) -> dict[str, str]:
        """The settings of a crawl that looks here for what its origin no longer has."""
        return {
            "WAYBACK_CDX": f"{self.cdx}?url={{url}}&matchType={{match}}&output=json&limit={{limit}}",
            "WAYBACK_RAW": self.raw,
        }

    def as_proxy(self) -> dict[str, str]:
        """The environment of a command whose requests are all to be answered by this server."""
        address = f"http://127.0.0.1:{self._port}"
        return {
            **dict.fromkeys(("http_proxy", "https_proxy"), address),
            **dict.fromkeys(("no_proxy", "NO_PROXY"), ""),
            "SSL_CERT_FILE": str(self._work / "proxy-certs" / "pywb-ca.pem"),
        }

    def _index(self) -> None:
        index = self._work / "index.cdxj"
        command: list[str | Path] = [BIN / "cdxj-indexer", "--sort", "--dir-root", "/", "--output", index, *self._warcs]
        subprocess.run(command, check=True, timeout=120)
        proxy = {"coll": COLLECTION, "enable_content_rewrite": False, "enable_banner": False}
        saved = {"index": str(index), "archive_paths": ["/"]}
        # JSON is YAML.
        (self._work / "config.yaml").write_text(json.dumps({"collections": {COLLECTION: saved}, "proxy": proxy}))

    def _wait(self) -> None:
        assert self._process is not None
        end = time.monotonic() + _LONGEST_START
        while time.monotonic() < end and self._process.poll() is None:
            try:
                if asked(f"{self.cdx}?url=http://not.saved.example/&output=json")[0] == 200:
                    return
            except ConnectionError:
                time.sleep(0.1)
        raise AssertionError(f"pywb does not answer: {(self._work / 'log').read_text()}")

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


@contextmanager
def lost(pages: Mapping[str, bytes], now: Mapping[str, Answer], work: Path) -> Iterator[tuple[Site, Pywb]]:
    """A site on loopback that answers `now`, and an archive of it as it was in January 2025; both by path."""
    with Site(now) as site:
        work.mkdir(parents=True, exist_ok=True)
        saved = work / "lost.warc.gz"
        with saved.open("wb") as out:
            writer = WARCWriter(out, gzip=True)
            for path, body in pages.items():
                add_page(writer, site.url(path), body)
        with Pywb([saved], work / "server") as archive:
            yield site, archive


def asked(address: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of what a server on loopback answers; redirects are not followed."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=_LONGEST_START)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}" if parts.query else parts.path)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def checked(tool: str, *args: str | Path) -> str:
    """What an archive tool of that environment, such as `warcio` or `wacz`, says; it must be content."""
    done = subprocess.run([BIN / tool, *args], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
