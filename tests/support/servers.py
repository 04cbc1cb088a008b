"""Web sites on the loopback interface, for tests that crawl over real sockets."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Answer:
    """What a site answers to one address."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0
    """Seconds before the answer."""
    length: int | None = None
    """The Content-Length that is claimed, where it is not the true one; the connection ends after the body."""
    chunked: bool = False
    """Send the body as one chunk and leave out the last one: the answer breaks off."""


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    path: str
    headers: Mapping[str, str]
    at: float
    """`time.monotonic()`."""
    open: int
    """Requests that were being answered at that moment, this one among them."""


class Site:
    """A web site while it is entered: answers from `pages` by path, 404 elsewhere, and remembers what was asked."""

    def __init__(
        self, pages: Mapping[str, Answer], host: str = "127.0.0.1", certificate: tuple[Path, Path] | None = None
    ) -> None:
        self.pages = dict(pages)
        self.asked: list[Asked] = []
        self.posted: list[str] = []
        self.was_asked = threading.Event()
        self.may_answer = threading.Event()
        """Set; while a test has it cleared, nobody gets an answer."""
        self.may_answer.set()
        self._open = 0
        self._lock = threading.Lock()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site._answer(self)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                site.posted.append(body.decode())
                site._answer(self)

            def log_message(self, *_: object) -> None:
                """Be silent."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """A client that hangs up is what some tests are about."""

        self._server = Server((host, 0), Handler)
        scheme = "http"
        if certificate is not None:
            scheme = "https"
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._root = f"{scheme}://{host}:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Site:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, path: str) -> str:
        """The address of a path on this site."""
        return self._root + path

    def answer_to(self, path: str, headers: Mapping[str, str]) -> Answer | None:
        """What goes before `pages`; None for what they say."""
        return None

    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [asked.path for asked in self.asked]

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        with self._lock:
            self._open += 1
            headers = {name.lower(): value for name, value in handler.headers.items()}
            self.asked.append(Asked(handler.path, headers, time.monotonic(), self._open))
        if handler.path != "/robots.txt":
            self.was_asked.set()
        try:
            if handler.path != "/robots.txt":
                self.may_answer.wait(60)
            answer = self.answer_to(handler.path, headers) or self.pages.get(handler.path, Answer(b"nothing here", 404))
            self._send(handler, answer)
        finally:
            with self._lock:
                self._open -= 1

    @staticmethod
    def _send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
        time.sleep(answer.delay)
        handler.send_response(answer.status)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        if answer.chunked:
            handler.send_header("Transfer-Encoding", "chunked")
            handler.close_connection = True
        else:
            handler.send_header("Content-Length", str(len(answer.body) if answer.length is None else answer.length))
            handler.close_connection |= answer.length is not None
        handler.end_headers()
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(answer.body), answer.body) if answer.chunked else answer.body)


def html(title: str, *paragraphs: str, head: str = "") -> bytes:
    """A page with one article."""
    text = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="og:title" content="{title}"><meta property="og:type" content="article">{head}</head>'
        f"<body><nav><a href='/'>Home</a></nav><article><h1>{title}</h1>\n{text}\n</article></body></html>"
    ).encode()


def free_port() -> int:
    """A port of loopback that nobody listens on at the moment, for a server that must be told one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def bomb(megabytes: int) -> bytes:
    """Some kilobytes that gunzip to so many megabytes."""
    return gzip.compress(bytes(1024 * 1024)) * megabytes


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that no authority has signed, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files
