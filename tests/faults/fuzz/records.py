"""Archive files whose records are broken, beside others that are whole."""

from __future__ import annotations

import base64
import bz2
import gzip
import hashlib
import re
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from tests.faults.fuzz.mutations import mutate
from tests.support.warcs import arc_header, arc_record, block_digest, chunked, warc_record, zstd_warc

TOKENS = tuple(
    token.encode("latin-1")
    for token in (
        "WARC/1.0\r\n", "WARC/1.1\r\n", "WARC/9.9\r\n", "WARC/", "\r\n\r\n", "\r\n", "\n\n", "\r\n\r\n\r\n\r\n",
        ": ", ":", "Content-Length: 0\r\n", "Content-Length: 5\r\n", "Content-Length: -1\r\n",
        "Content-Length: 99999999999999999999\r\n", "Content-Length: x\r\n", "Content-Length: 1e3\r\n",
        "content-length:\t7 \r\n", "WARC-Type: revisit\r\n", "WARC-Type: \r\n", "WARC-Type: request\r\n",
        "WARC-Type: resource\r\n", "WARC-Type: continuation\r\n", "WARC-Segment-Number: 2\r\n",
        "WARC-Truncated: length\r\n", "WARC-Date: 0000-00-00T00:00:00Z\r\n", "WARC-Date: 2025-02-30\r\n",
        "WARC-Date: \xff\r\n", "WARC-Block-Digest: sha1:\r\n", "WARC-Block-Digest: md9:AAAA\r\n",
        "WARC-Block-Digest: sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n", "WARC-Payload-Digest: x\r\n",
        "WARC-Record-ID: <>\r\n", "WARC-Target-URI: \r\n", "WARC-Target-URI: http://[\r\n",
        "WARC-Target-URI: <https://x.example/y>\r\n", "WARC-Target-URI: file:///etc/passwd\r\n",
        "WARC-Profile: x\r\n", " folded\r\n", "Content-Type: application/http\r\n", "Content-Type: \r\n",
        "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200\r\n", "HTTP/1.1 -1 x\r\n", "HTTP/1.1 000\r\n",
        "HTTP/1.1 \xb2\xb2\xb2 x\r\n", "HTTP/1.1\r\n", "HTTP/0.9\r\n", "ICY 200 OK\r\n", "200 OK\r\n",
        "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip, chunked\r\n", "Content-Encoding: gzip\r\n",
        "Content-Encoding: br\r\n", "Content-Encoding: zstd\r\n", "Content-Encoding: x, y\r\n",
        "Content-Range: bytes 0-5/9\r\n", "ffffffff\r\n", "-5\r\n", "0\r\n\r\n", "zz\r\n", "\x1f\x8b\x08",
        "\x1f\x8b\x08\x00", "\x1f\x8b\x08\x1c", "\x28\xb5\x2f\xfd", "PK\x03\x04", "\x00" * 40, "x" * 70_000,
        "A: b\r\n" * 300, "\xe9: \xe9\r\n",
    )
)  # fmt: skip
_STATUSES = (
    b"HTTP/1.1 200 OK",
    b"HTTP/1.1 200",
    b"HTTP/1.0 200 \xff",
    b"HTTP/1.1 301 Moved",
    b"HTTP/1.1 999 x",
    b"HTTP/2 200",
    b"http/1.1 200 ok",
)


@dataclass(frozen=True)
class Answer:
    """What was recorded of one address."""

    url: str
    body: bytes
    """As it was stored, freed of chunks."""
    is_whole: bool
    """Whether its record was left as it is."""


@dataclass(frozen=True)
class ArchiveFile:
    """One archive file, of which some is broken."""

    name: str
    content: bytes
    answers: tuple[Answer, ...]
    urls: frozenset[str]
    """All addresses of its records."""
    plain: bytes
    """Its records before they were packed; nothing where the packed bytes were broken."""
    is_read_alone: bool
    """Whether a broken record leaves the others readable: each is packed alone, or not at all."""

    def has_head_of(self, answer: Answer) -> bool:
        """Whether the kind and the address of an answer still stand in the file: what else is gone leaves no trace."""
        head = rb"\nWARC-Type: (?:response|resource)\r\nWARC-Record-ID: [^\r\n]*\r\nWARC-Target-URI: %s\r\n"
        return re.search(head % re.escape(answer.url.encode()), self.plain) is not None


def archive_file(number: int) -> ArchiveFile:
    """The file of a number, always the same."""
    random = Random(number)  # noqa: S311  a reproducible choice, nothing secret
    if random.random() < 0.08:
        return _arc(random)
    records, answers = _records(random)
    broken = set(random.sample(range(len(records)), random.choice((0, 1, 1, 1, 2)))) if random.random() < 0.7 else set()
    for at in broken:
        records[at] = _break(random, records[at], records)
    form = random.choice(("gz", "gz", "gz", "plain", "plain", "whole", "zst", "bz2"))
    packed = [_pack(random, record, at in broken) if form == "gz" else record for at, record in enumerate(records)]
    content, name = _join(form, packed)
    plain = b"".join(records)
    if not broken or random.random() < 0.15:
        # Whatever the bytes of the file are, not of a record.
        content = mutate(random, content, TOKENS, most=2) if random.random() < 0.9 else content
        plain = content if form == "plain" else b""
        broken = set(range(len(records)))
    said = tuple(Answer(url, body, at not in broken) for at, (url, body) in enumerate(answers) if body)
    return ArchiveFile(name, content, said, frozenset(url for url, _ in answers), plain, form in {"gz", "plain"})


def _join(form: str, records: list[bytes]) -> tuple[bytes, str]:
    match form:
        case "whole":
            return gzip.compress(b"".join(records), mtime=0), "a.warc.gz"
        case "zst":
            return zstd_warc(*records), "a.warc.zst"
        case "bz2":
            return bz2.compress(b"".join(records)), "a.warc.bz2"
        case "gz":
            return b"".join(records), "a.warc.gz"
    return b"".join(records), "a.warc"


def _body(random: Random, url: str) -> bytes:
    """A body that says whose it is, at its start and at its end."""
    mark = f"[[{url}]]".encode()
    middle = b"<p>word word word</p>" * random.choice((1, 5, 200)) if random.random() < 0.8 else random.randbytes(300)
    return b"<html>" + mark + middle + mark + b"</html>"


def _records(random: Random) -> tuple[list[bytes], list[tuple[str, bytes]]]:
    """The records of a file, and the address and body of each that is an answer."""
    records, answers = [], []
    for at in range(random.randint(3, 6)):
        name = hashlib.sha1(random.randbytes(8), usedforsecurity=False).hexdigest()
        url = f"https://{name[:12]}.example/{name}"
        body = _body(random, url)
        kind = random.choice(("response",) * 5 + ("chunked", "packed", "odd", "resource", "revisit"))
        if random.random() < 0.15:
            media = "application/http; msgtype=request"
            records.append(warc_record("request", url, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", media=media))
            answers.append((url, b""))
        records.append(_record(random, kind, url, body, at))
        stored = gzip.compress(body, mtime=0) if kind == "packed" else body
        answers.append((url, stored) if kind not in {"odd", "revisit"} else (url, b""))
    return records, answers


def _record(random: Random, kind: str, url: str, body: bytes, at: int) -> bytes:
    date = f"2025-03-{at + 1:02}T10:00:00Z"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
    if kind == "resource":
        return warc_record("resource", url, body, date=date, media="text/html", WARC_Block_Digest=block_digest(body))
    if kind == "revisit":
        digest = "sha1:" + base64.b32encode(random.randbytes(20)).decode()
        profile = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
        return warc_record("revisit", url, head + b"\r\n", date=date, WARC_Payload_Digest=digest, WARC_Profile=profile)
    if kind == "chunked":
        block = head + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(body)
    elif kind == "packed":
        block = head + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(body, mtime=0)
    elif kind == "odd":
        block = random.choice(_STATUSES) + b"\r\n" + mutate(random, head + b"\r\n" + body, TOKENS)
    else:
        block = head + b"\r\n" + body
    return warc_record("response", url, block, date=date, WARC_Block_Digest=block_digest(block))


def _break(random: Random, record: bytes, others: Sequence[bytes]) -> bytes:
    """Break one record: its bytes, its head, or where it ends."""
    end = record.find(b"\r\n\r\n") + 4
    match random.randrange(6):
        case 0:
            return record[: random.randint(0, len(record))]
        case 1:
            # A writer that was killed and went on behind what it had left.
            return record[: random.randint(0, len(record))] + random.choice(others)
        case 2:
            return mutate(random, record[:end], TOKENS, most=2) + record[end:]
        case 3:
            return record[:end] + mutate(random, record[end:], TOKENS, most=2)
        case 4:
            length = random.choice((b"0", b"1", b"99", b"100000", b"-1", b"", b"1" * 30, b"0x10", b"+5", b"\xd9\xa3"))
            before, _, after = (
                record.rpartition(b"\r\nContent-Length: ") if b"HTTP" not in record[:end] else (record, b"", b"")
            )
            return before + b"\r\nContent-Length: " + length + after[after.find(b"\r\n") :]
        case _:
            return mutate(random, record, TOKENS)


def _pack(random: Random, record: bytes, broken: bool) -> bytes:
    """A record as a gzip member; a broken one sometimes in a member that is itself broken."""
    member = gzip.compress(record, mtime=0)
    if not broken or random.random() < 0.5:
        return member
    match random.randrange(5):
        case 0:
            return member[:-8] + struct.pack("<II", zlib.crc32(b"x"), len(record))
        case 1:
            return member[:-4] + struct.pack("<I", random.getrandbits(32))
        case 2:
            return member[:3] + bytes([random.randrange(256)]) + member[4:]
        case 3:
            return member[: random.randint(1, len(member))]
        case _:
            return mutate(random, member, TOKENS, most=2)


def _arc(random: Random) -> ArchiveFile:
    """An ARC, some of which is broken."""
    urls = [f"http://{random.randbytes(6).hex()}.example/{random.randbytes(16).hex()}" for _ in range(4)]
    bodies = [_body(random, url) for url in urls]
    records = [
        arc_header(),
        *(arc_record(url, b"HTTP/1.0 200 OK\r\n\r\n" + body) for url, body in zip(urls, bodies, strict=True)),
    ]
    at = random.randrange(len(records))
    records[at] = mutate(random, records[at], TOKENS)
    content = b"".join(records) if random.random() < 0.5 else b"".join(gzip.compress(one, mtime=0) for one in records)
    # ARC states no digest: nothing but the packing tells what is whole.
    answers = tuple(Answer(url, body, is_whole=False) for url, body in zip(urls, bodies, strict=True))
    name = "a.arc" if content[:1] != b"\x1f" else "a.arc.gz"
    return ArchiveFile(name, content, answers, frozenset(urls), b"", is_read_alone=False)
