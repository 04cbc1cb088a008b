"""nginx on loopback: a site as most are, with validators of its own, compression and an access log.

`make .nginx/.done` sees to it that there is one; `make test` does so by itself.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from tests.conftest import ROOT
from tests.support.pywb import asked
from tests.support.servers import free_port

FIRST_MODIFIED = datetime(2026, 1, 1, tzinfo=UTC)
_UNPACKED = ROOT / ".nginx" / "usr" / "sbin"
_LONGEST_START = 20.0
_WRITTEN = "/.is-the-log-written"
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")

# One process, which runs as who starts it: a worker's user of its own could not read a test's folder.
_CONFIGURATION = """
daemon off; master_process off; pid {work}/pid; error_log {work}/error.log;
events {{ worker_connections 512; }}
http {{
    {temporary}
    types {{ text/plain txt; }} default_type text/html; charset utf-8;
    gzip on; gzip_vary on; etag on; keepalive_requests 100000;
    log_format lines escape=json '{{"path":"$request_uri","status":$status,"sent":$bytes_sent,"at":$msec,'
        '"agent":"$http_user_agent","if_none_match":"$http_if_none_match",'
        '"if_modified_since":"$http_if_modified_since","etag":"$sent_http_etag"}}';
    access_log {work}/access.log lines;
    server {{
        listen 127.0.0.1:{port}; root {work}/pages;
        location = {written} {{ access_log off; return 204; }}
    }}
}}
"""


@dataclass(frozen=True, slots=True)
class Logged:
    """One answered request."""

    path: str
    status: int
    sent: int
    """Bytes, headers included."""
    at: float
    """Seconds since the epoch, when the answer had been sent."""
    agent: str
    if_none_match: str
    if_modified_since: str
    etag: str
    """Of the answer; "" where there is none, as in the others."""


class Nginx:
    """Serves `pages` by path while it is entered; an ETag and a Last-Modified are the file's, as nginx makes them."""

    def __init__(self, pages: Mapping[str, bytes], work: Path) -> None:
        """`work` is a folder for pages, configuration and logs; it must not be used by another server."""
        self._work = work
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None
        for folder in ("pages", *_TEMPORARY):
            (work / folder).mkdir(parents=True)
        for path, body in pages.items():
            self.put(path, body)

    def __enter__(self) -> Nginx:
        self._port = free_port()
        temporary = " ".join(f"{name}_temp_path {self._work}/{name};" for name in _TEMPORARY)
        text = _CONFIGURATION.format(work=self._work, port=self._port, temporary=temporary, written=_WRITTEN)
        (self._work / "nginx.conf").write_text(text)
        command: list[str | Path] = [
            program(),
            "-p",
            self._work,
            "-c",
            self._work / "nginx.conf",
            "-e",
            self._work / "error.log",
        ]
        with (self._work / "output").open("wb") as output:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
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

    def url(self, path: str) -> str:
        """The address of a path on this site."""
        return f"http://127.0.0.1:{self._port}{path}"

    def put(self, path: str, body: bytes, modified: datetime = FIRST_MODIFIED) -> None:
        """Serve `body` from now on; with the same time and length, it has the validators that were there before."""
        file = self._work / "pages" / path.removeprefix("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
        os.utime(file, (modified.timestamp(), modified.timestamp()))

    def log(self) -> list[Logged]:
        """Every request that was answered so far, robots.txt among them, in order."""
        # nginx logs after it has answered; its one process does so before it takes up the next request.
        assert asked(self.url(_WRITTEN))[0] == 204
        lines = (self._work / "access.log").read_text(encoding="utf-8").splitlines()
        return [Logged(**json.loads(line)) for line in lines]

    def _wait(self) -> None:
        assert self._process is not None
        end = time.monotonic() + _LONGEST_START
        while time.monotonic() < end and self._process.poll() is None:
            try:
                # Whoever else might have taken the port does not answer this.
                if asked(self.url(_WRITTEN))[0] == 204:
                    return
            except ConnectionError:
                time.sleep(0.02)
        said = [file.read_text() for name in ("output", "error.log") if (file := self._work / name).exists()]
        raise AssertionError(f"nginx does not answer: {''.join(said)}")

    def _stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()


def program() -> str:
    """The nginx of this machine, or the one that `make` has unpacked."""
    places = [*os.environ.get("PATH", "").split(os.pathsep), "/usr/sbin", "/usr/local/sbin", str(_UNPACKED)]
    found = shutil.which("nginx", path=os.pathsep.join(places))
    assert found is not None, "there is no nginx; run `make .nginx/.done`, or install it"
    return found
