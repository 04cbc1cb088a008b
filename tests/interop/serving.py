"""Files on loopback with byte ranges, as a player asks for them."""

from __future__ import annotations

import mimetypes
import re
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from urllib.parse import unquote, urlsplit

_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


class FileServer:
    """Some folders, each below a path, while this is entered."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        """`folders` are looked at by their paths, the longest first."""
        self._folders = sorted(folders.items(), key=lambda pair: -len(pair[0]))
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server._answer(self, with_body=True)

            def do_HEAD(self) -> None:
                server._answer(self, with_body=False)

            def log_message(self, *_: object) -> None:
                """Be silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.root = f"http://localhost:{self._server.server_port}"
        """A service worker starts here without a certificate."""
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> FileServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _file(self, path: str) -> Path | None:
        for start, folder in self._folders:
            if path.startswith(start):
                file = folder / (path.removeprefix(start) or "index.html")
                return file if file.is_file() else None
        return None

    def _answer(self, handler: BaseHTTPRequestHandler, *, with_body: bool) -> None:
        file = self._file(unquote(urlsplit(handler.path).path))
        if file is None:
            handler.send_response(404)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        content = file.read_bytes()
        asked = _RANGE.fullmatch(handler.headers.get("Range", ""))
        first = int(asked[1]) if asked else 0
        last = min(int(asked[2]), len(content) - 1) if asked and asked[2] else len(content) - 1
        handler.send_response(206 if asked else 200)
        if asked:
            handler.send_header("Content-Range", f"bytes {first}-{last}/{len(content)}")
        handler.send_header("Accept-Ranges", "bytes")
        handler.send_header("Content-Type", mimetypes.guess_type(file.name)[0] or "application/octet-stream")
        handler.send_header("Content-Length", str(last + 1 - first))
        handler.end_headers()
        if with_body:
            handler.wfile.write(content[first : last + 1])
