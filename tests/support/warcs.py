"""WARC and ARC records in the layouts of other programs, byte for byte."""

from __future__ import annotations

import base64
import gzip
import hashlib
import sys
import uuid

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


def block_digest(block: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(block, usedforsecurity=False).digest()).decode()


def warc_record(
    kind: str,
    url: str,
    block: bytes,
    *,
    date: str = "2025-03-01T10:00:00Z",
    identity: str = "",
    media: str = "application/http; msgtype=response",
    **fields: str,
) -> bytes:
    """A plain record of WARC 1.1; further fields by their names, `_` for `-`."""
    lines = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{identity or uuid.uuid5(uuid.NAMESPACE_URL, kind + url + date)}>",
        "WARC-Target-URI": url,
        "WARC-Date": date,
        **{name.replace("_", "-"): value for name, value in fields.items()},
        "Content-Type": media,
        "Content-Length": str(len(block)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"WARC/1.1\r\n{head}\r\n".encode() + block + b"\r\n\r\n"


def chunked(body: bytes) -> bytes:
    """A body in two chunks."""
    half = len(body) // 2
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:half], body[half:], b""))


def wget_pair(url: str, body: bytes) -> tuple[bytes, bytes]:
    """What `wget --warc-file` writes of a chunked page, and `--warc-dedup` when it comes again (1.21, 1.24)."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    payload = chunked(body)
    digest, original = block_digest(payload), str(uuid.uuid5(uuid.NAMESPACE_URL, url))
    media = "application/http;msgtype=response"
    first = warc_record(
        "response", f"<{url}>", head + payload, identity=original, media=media,
        WARC_Block_Digest=block_digest(head + payload), WARC_Payload_Digest=digest,
    )  # fmt: skip
    again = warc_record(
        "revisit", f"<{url}>", head, date="2025-03-09T10:00:00Z", media=media,
        WARC_Refers_To=f"<urn:uuid:{original}>", WARC_Truncated="length",
        WARC_Profile="http://netpreserve.org/warc/1.0/revisit/identical-payload-digest",
        WARC_Block_Digest=block_digest(head), WARC_Payload_Digest=digest,
    )  # fmt: skip
    return first.replace(b"WARC/1.1", b"WARC/1.0", 1), again.replace(b"WARC/1.1", b"WARC/1.0", 1)


def each_packed(*records: bytes) -> bytes:
    """Records as a .warc.gz has them, one gzip member each."""
    return b"".join(gzip.compress(record, mtime=0) for record in records)


ARC_COLUMNS = {
    1: b"1 0 Crawler\nURL IP-address Archive-date Content-type Archive-length\n",
    2: b"2 0 Crawler\nURL IP-address Archive-date Content-type Result-code Checksum Location Offset Filename "
    b"Archive-length\n",
}


def arc_record(
    url: str, block: bytes, *, version: int = 1, date: str = "20040301101112", media: str = "text/html"
) -> bytes:
    """A record of ARC, as crawlers wrote it until about 2008."""
    more = "" if version == 1 else " 200 DXMN4A - 0 crawl.arc"
    return f"{url} 192.0.2.7 {date} {media}{more} {len(block)}\n".encode() + block + b"\n"


def arc_header(version: int = 1) -> bytes:
    """What an ARC file begins with."""
    return arc_record("filedesc://crawl.arc", ARC_COLUMNS[version], version=version, media="text/plain")


def zstd_warc(*records: bytes, dictionary: bytes = b"", pack_dictionary: bool = False) -> bytes:
    """A .warc.zst: a frame for each record, and the dictionary in front of them."""
    shared = zstd.ZstdDict(dictionary) if dictionary else None
    content = zstd.compress(dictionary) if pack_dictionary else dictionary
    front = b"\x5d\x2a\x4d\x18" + len(content).to_bytes(4, "little") + content if dictionary else b""
    return front + b"".join(zstd.compress(record, zstd_dict=shared) for record in records)


def zstd_dictionary(records: list[bytes]) -> bytes:
    """A dictionary that is trained on some records."""
    return zstd.train_dict(records, 2048).dict_content
