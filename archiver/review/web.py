"""Serve a report to one person on this machine, and carry out what its buttons send.

Whoever else runs programs here, and every page that the person's browser has open, may send requests to the port. So
nothing is answered without the token, which only the printed address has; a name that leads to this machine by DNS is
told by its Host, another site by its Origin (https://owasp.org/www-community/attacks/csrf). The socket is bound to
loopback.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import socket
import socketserver
import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from itertools import chain
from typing import Any

from archiver.decisions import ReviewDecision
from archiver.errors import ArchiverError
from archiver.review.saved import DecisionReader

LOOPBACK = "127.0.0.1"
DECISIONS, QUIT = "decisions", "quit"
"""What is posted to, below the token."""
_MAX_BODY_BYTES = 4 * 1024 * 1024
"""Bytes of one decision, whose value may be the text of an article; the longest on the acceptance pages has 0.2 MB."""
_SOCKET_SECONDS = 10
"""Seconds without a byte after which a connection is closed: browsers open some that they do not use. Chosen."""
_TOKEN_BYTES = 24
"""Random bytes of the token; 16 are beyond guessing. Chosen, not measured."""
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",  # the rest stands in the page, where this has no effect
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

Page = Callable[[str], Iterable[str]]
"""Gives the page in pieces; it is told the path that its decisions go to."""


class ReviewServer(socketserver.ThreadingTCPServer):
    """Serves until `stop`, or until somebody presses Quit. Leaving it ends all its threads."""

    daemon_threads = False
    block_on_close = True
    allow_reuse_address = True

    def __init__(self, page: Page, decisions: DecisionReader) -> None:
        """Raises OSError where no port can be had."""
        self.page = page
        self.decisions = decisions
        self.turn = threading.Lock()
        """Held while a decision is carried out: seeds and decisions are written one at a time."""
        self.token = secrets.token_urlsafe(_TOKEN_BYTES)
        self.problem: ArchiverError | None = None
        """Why no answer can be noted any more."""
        self._open: set[socket.socket] = set()
        super().__init__((LOOPBACK, 0), _Handler)

    @property
    def host(self) -> str:
        """The value of Host, and of Origin behind its scheme."""
        return f"{LOOPBACK}:{self.server_address[1]}"

    @property
    def address(self) -> str:
        """What a person opens."""
        return f"http://{self.host}/{self.token}/"

    def process_request(self, request: Any, client_address: Any) -> None:
        """Called for each connection."""
        self._open.add(request)
        super().process_request(request, client_address)

    def close_request(self, request: Any) -> None:
        """Called when a connection ends."""
        self._open.discard(request)
        super().close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Called for what a handler did not catch: a connection that broke off concerns nobody else."""

    def server_close(self) -> None:
        """Let the port go, and end the threads: those that wait for a request would do so until their time is over."""
        for request in list(self._open):
            with contextlib.suppress(OSError):
                request.shutdown(socket.SHUT_RD)
        super().server_close()


class _Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: ReviewServer
    timeout = _SOCKET_SECONDS
    server_version = "seed-archiver"
    sys_version = ""

    def do_GET(self) -> None:
        """Give the page."""
        if self._path(("",)) is None:
            return
        pieces = iter(self.server.page(f"/{self.server.token}/{DECISIONS}"))
        try:
            first = next(pieces, "")
        except OSError as error:
            self._say(HTTPStatus.INTERNAL_SERVER_ERROR, f"the run cannot be read ({error.strerror})")
            return
        self._begin(HTTPStatus.OK, "text/html; charset=utf-8")
        for piece in chain([first], pieces):
            self.wfile.write(piece.encode("utf-8", "replace"))

    def do_POST(self) -> None:
        """Carry out a decision, or end the server."""
        # Read in any case: a connection that is closed on unread bytes may lose the answer too.
        body = self._body()
        name = self._path((DECISIONS, QUIT)) if body is not None else None
        if body is None or name is None:
            return
        if self.headers.get("Origin") != f"http://{self.server.host}":
            self._say(HTTPStatus.FORBIDDEN, "decisions are taken from the page itself only")
        elif self.headers.get_content_type() != "application/json":
            self._say(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a decision is sent as application/json")
        elif name == DECISIONS:
            self._decide(body)
        else:
            self._say(HTTPStatus.OK, "The review has ended")
            self.server.shutdown()

    def _path(self, names: tuple[str, ...]) -> str | None:
        """The name behind the token; None for every request that is refused, which is answered then."""
        _, _, rest = self.path.partition("/")
        token, _, name = rest.partition("/")
        if self.headers.get("Host") != self.server.host:
            self._say(HTTPStatus.MISDIRECTED_REQUEST, "this address is served by another name only")
        elif not secrets.compare_digest(token.encode(), self.server.token.encode()) or name not in names:
            self._say(HTTPStatus.NOT_FOUND, "there is nothing here; open the address that the command has printed")
        else:
            return name
        return None

    def _body(self) -> bytes | None:
        """What was posted; None where it is refused, which is answered then."""
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdecimal()) or self.headers.get("Transfer-Encoding"):
            self._say(HTTPStatus.LENGTH_REQUIRED, "a decision needs a Content-Length")
        elif int(length) > _MAX_BODY_BYTES:
            self._say(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a decision has at most {_MAX_BODY_BYTES:,} bytes")
        elif len(body := self.rfile.read(int(length))) < int(length):
            self._say(HTTPStatus.BAD_REQUEST, "the decision was cut off")
        else:
            return body
        return None

    def _decide(self, body: bytes) -> None:
        try:
            decision = ReviewDecision.of_line(body.decode())
        except UnicodeDecodeError:
            self._say(HTTPStatus.BAD_REQUEST, "the decision is not UTF-8")
            return
        except ValueError as error:
            self._say(HTTPStatus.BAD_REQUEST, f"the decision {error}")
            return
        with self.server.turn:
            try:
                applied = self.server.decisions.apply(decision)
            except ArchiverError as error:
                self.server.problem = error
                self._say(HTTPStatus.INTERNAL_SERVER_ERROR, str(error).rstrip("."))
                return
        if applied.clause:
            self._say(HTTPStatus.CONFLICT, applied.clause)
        else:
            self._begin(HTTPStatus.OK, "application/json")
            self.wfile.write(
                json.dumps({"written": bool(applied.done and applied.done.before != applied.done.after)}).encode()
            )

    def _say(self, status: HTTPStatus, clause: str) -> None:
        self._begin(status, "text/plain; charset=utf-8")
        self.wfile.write(f"{clause.rstrip('.')}.\n".encode("utf-8", "replace"))

    def _begin(self, status: HTTPStatus, kind: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Connection": "close", **_HEADERS}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the name in the standard library)
        """Say nothing: the address has the token in it."""


def serve(server: ReviewServer) -> None:
    """Serve until Ctrl-C or Quit; afterwards no thread and no port is left."""
    with server, contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()
