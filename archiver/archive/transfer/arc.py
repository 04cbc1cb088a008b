"""Records of ARC files (versions 1 and 2), which WARC came after, as records of WARC.

https://archive.org/web/researcher/ArcFileFormat.php: a line with address, IP address, time, media type and length, then
so many bytes: the answer with its HTTP head. Version 2 has five more columns, of which only the length is of use.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from archiver.archive.warc.fields import parse_date

_URL = r"(?P<url>[^\x00-\x20\x7f][^\x00-\x1f\x7f]*?)"
"""Addresses that hold spaces were written as they came."""
_MEDIA = r"(?:(?!://)[^\x00-\x1f\x7f])*"
"""Media types that hold spaces were written as they came too; what holds an address is another line."""
_LINES = (
    re.compile(
        rf"{_URL} (?P<ip>[0-9a-fA-F.:]+|-) (?P<date>\d{{8,14}}) (?P<media>\S+)"
        r" (?:\d{3}|-) \S+ \S+ \d+ \S+ (?P<length>\d{1,18})"
    ),
    re.compile(rf"{_URL} (?P<ip>[0-9a-fA-F.:]+|-) (?P<date>\d{{8,14}}) (?P<media>{_MEDIA}) (?P<length>\d{{1,18}})"),
)
_TORN_URL = re.compile(r" (?:[0-9a-fA-F.:]+|-)(?: \d{8,14} | ?\d{0,14}(?:https?|ftp)://)")
"""What follows an address: one that holds it is a line that broke off, and the next one that went on behind it."""
ARC_START = re.compile(rb"(?:https?://|ftp://|dns:)[^\x00-\x20]+ (?:[0-9a-fA-F.:]+|-) \d{8,14} \S*.{0,200}? \d+\r?\n")
"""How a record begins, to go on behind a damaged one."""
_NO_IP = ("-", "0.0.0.0")  # noqa: S104  (what crawlers wrote for an unknown one)


@dataclass(frozen=True, slots=True)
class ArcLine:
    """The line before an ARC record."""

    url: str
    ip: str
    date: str
    media: str
    length: int

    @property
    def is_about_the_file(self) -> bool:
        """Whether it is the first of a file, which only names the version."""
        return self.url.startswith("filedesc:")


def parse_line(line: bytes) -> ArcLine:
    """Read the line before a record. Raises ValueError."""
    text = line.decode("latin-1").rstrip("\r\n")
    for pattern in _LINES:
        if (match := pattern.fullmatch(text)) and not _TORN_URL.search(match["url"]):
            return ArcLine(match["url"], match["ip"], match["date"], match["media"], int(match["length"]))
    raise ValueError("it begins with no line of ARC")


def warc_fields(line: ArcLine, start: bytes, digest: str, identity: str) -> Mapping[str, str]:
    """The fields of the WARC record that an ARC record becomes, `start` being how its block begins.

    What has no HTTP head (`dns:`, and pages that very old crawlers kept without) is a resource. Raises ValueError for a
    time that is none.
    """
    is_answer = start.startswith(b"HTTP/") or not start
    fields = {
        "WARC-Type": "response" if is_answer else "resource",
        "WARC-Record-ID": identity,
        "WARC-Date": parse_date(line.date).isoformat().replace("+00:00", "Z"),
        "WARC-Target-URI": line.url.replace(" ", "%20"),
        "WARC-Block-Digest": digest,
        "Content-Type": "application/http; msgtype=response" if is_answer else line.media or "unknown",
    }
    return fields if line.ip in _NO_IP else fields | {"WARC-IP-Address": line.ip}
