"""Saved pages for tests."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter


def add_page(
    writer: WARCWriter,
    url: str,
    body: str | bytes,
    *,
    status: str = "200 OK",
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),),
    date: str = "2025-01-01T00:00:00Z",
) -> None:
    """Write one response record."""
    payload = body.encode() if isinstance(body, str) else body
    http = StatusAndHeaders(status, [*headers, ("Content-Length", str(len(payload)))], protocol="HTTP/1.1")
    record = writer.create_warc_record(
        url, "response", payload=BytesIO(payload), http_headers=http, warc_headers_dict={"WARC-Date": date}
    )
    writer.write_record(record)
    record.raw_stream.close()  # warcio leaves its temporary file to the garbage collector


def fixtures_as_warc(file: Path, folder: Path) -> None:
    """Write every capture of a fixture tree into one WARC."""
    with file.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for described in sorted(folder.rglob("capture.json")):
            capture = json.loads(described.read_bytes())
            add_page(
                writer,
                capture["url"],
                described.with_name("response.html").read_bytes(),
                status=f"{capture['status']} Said",
                headers=tuple(capture["headers"].items()),
                date=capture["captured_at"],
            )
