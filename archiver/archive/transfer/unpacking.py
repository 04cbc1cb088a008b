"""The bytes in a packed file, member after member (gzip, zstd, bzip2, xz), or of one that is not packed at all."""

from __future__ import annotations

import bz2
import lzma
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, Protocol, cast

from isal import igzip_lib

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_ISAL_ERROR = cast("type[Exception]", igzip_lib.error)  # isal's types call it an exception, not a class of them
FAULTS: tuple[type[Exception], ...] = (EOFError, ValueError, OSError, lzma.LZMAError, zstd.ZstdError, _ISAL_ERROR)
"""What damaged bytes make the unpackers raise."""

_PART_BYTES = 1 << 16
"""Bytes that are read, and that are unpacked, at once; fewer cost more calls, more cost memory. Nothing but speed
depends on it. No measurement is on record."""
_MATCH_BYTES = 1 << 10
"""Bytes that are searched twice, for a record's start that lies across two parts; with fewer one with a long address is
missed, with more nothing changes."""
_MAX_DICTIONARY_BYTES = 1 << 26
"""Bytes of a dictionary; what programs make has about 110 KB. With fewer a sound file is refused, with more a trap
fills the memory. Chosen, not measured."""
_MAX_XZ_BYTES = 1 << 27
"""Bytes of memory that xz may take to unpack; with its largest preset (-9) it takes 65 MB. With fewer what others have
packed is refused, with more a trap fills the memory: a file may ask for 4 GB. Chosen by that preset."""
_DICTIONARY_MAGIC = b"\x5d\x2a\x4d\x18"
"""The skippable frame that a .warc.zst may begin with (https://iipc.github.io/warc-specifications/specifications/
warc-zstd/)."""
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, /, max_length: int = -1) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Packing:
    """One way to pack a file."""

    name: str
    magic: re.Pattern[bytes]
    """How a member begins."""
    begin: Callable[[BinaryIO], Callable[[], _Unpacker]] | None
    """What gives an unpacker for each member of a file; None for a way that cannot be undone here."""


def _zstd(stream: BinaryIO) -> Callable[[], _Unpacker]:
    dictionary = _dictionary(stream)
    return lambda: zstd.ZstdDecompressor(dictionary)


def _dictionary(stream: BinaryIO) -> zstd.ZstdDict | None:
    """The dictionary in the first frame of a file. Raises what FAULTS has."""
    stream.seek(0)
    if stream.read(len(_DICTIONARY_MAGIC)) != _DICTIONARY_MAGIC:
        return None
    size = int.from_bytes(stream.read(4), "little")
    if size > _MAX_DICTIONARY_BYTES:
        raise ValueError("its dictionary is larger than any")
    content = stream.read(size)
    if content.startswith(_ZSTD_MAGIC):
        content = zstd.ZstdDecompressor().decompress(content, _MAX_DICTIONARY_BYTES)
    return zstd.ZstdDict(content)


PACKINGS = (
    Packing("gzip", re.compile(rb"\x1f\x8b\x08"), lambda _: lambda: igzip_lib.IgzipDecompressor(igzip_lib.DECOMP_GZIP)),
    Packing("zstd", re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18"), _zstd),
    Packing("bzip2", re.compile(rb"BZh[1-9]1AY&SY"), lambda _: bz2.BZ2Decompressor),
    Packing("xz", re.compile(rb"\xfd7zXZ\x00"), lambda _: partial(lzma.LZMADecompressor, memlimit=_MAX_XZ_BYTES)),
    Packing("lz4", re.compile(rb"\x04\x22\x4d\x18"), None),
)


class Unpacked:
    """What is in a file, read from its beginning. Raises what FAULTS has where it is damaged."""

    def __init__(self, stream: BinaryIO, packing: Packing | None) -> None:
        self._stream, self._packing = stream, packing
        self._begin = packing.begin(stream) if packing is not None and packing.begin is not None else None
        self.resume(0)

    def resume(self, offset: int) -> None:
        """Read on from an offset of the file at which a member begins, or a record of a file that is not packed."""
        self._stream.seek(offset)
        self._raw, self._ready, self.member = b"", b"", offset
        self._unpacker: _Unpacker | None = None

    @property
    def offset(self) -> int:
        """Where in the file the next byte lies, or begins the member that holds it."""
        if self._begin is None:
            return self._stream.tell() - len(self._ready)
        if self._ready or (self._unpacker is not None and not self._unpacker.eof):
            return self.member
        return self._stream.tell() - len(self._raw)

    def read(self, size: int) -> bytes:
        """The next bytes, so many at most and one at least; none at the end."""
        if not self._fill():
            return b""
        part, self._ready = self._ready[:size], self._ready[size:]
        return part

    def readline(self, limit: int) -> bytes:
        """The bytes up to the end of the line. Raises ValueError for a longer one."""
        line = b""
        while not line.endswith(b"\n") and self._fill():
            end = self._ready.find(b"\n") + 1 or len(self._ready)
            line += self.read(end)
            if len(line) > limit:
                raise ValueError("it has no line of records")
        return line

    def skip_blank_lines(self) -> None:
        """Pass over the ends of lines that stand here, in this member and behind it."""
        while self._fill() and not self._strip():
            pass

    def end_line(self) -> bool:
        """Pass over the ends of lines that stand here in this member; False where something else stands here."""
        ended = not self._fill(next_member=False)
        while self._fill(next_member=False):
            before = len(self._ready)
            if rest := self._strip():
                return ended or len(rest) < before
            ended = True
        return ended

    def _strip(self) -> bytes:
        self._ready = self._ready.lstrip(b"\r\n")
        return self._ready

    def skip_to(self, start: re.Pattern[bytes]) -> bool:
        """Pass over what stands here, up to the next match; False where there is none."""
        before = b""
        while self._fill():
            searched = before + self._ready
            if match := start.search(searched):
                self._ready = searched[match.start() :]
                return True
            before, self._ready = searched[-_MATCH_BYTES:], b""
        return False

    def matches(self, start: re.Pattern[bytes]) -> bool:
        """Whether what stands here, in this member, begins like that."""
        while len(self._ready) < _MATCH_BYTES and (more := self._next_part(next_member=False)):
            self._ready += more
        return start.match(self._ready) is not None

    def _fill(self, next_member: bool = True) -> bool:
        """Have some bytes ready; False at the end, of the file or without `next_member` of the member."""
        self._ready = self._ready or self._next_part(next_member)
        return bool(self._ready)

    def _next_part(self, next_member: bool) -> bytes:
        if self._begin is None:
            return self._stream.read(_PART_BYTES)
        unpacked = b""
        while not unpacked:
            if (self._unpacker is None or self._unpacker.eof) and not (next_member and self._next_member()):
                break
            assert self._unpacker is not None
            part = b""
            if self._unpacker.needs_input:
                part, self._raw = self._raw or self._stream.read(_PART_BYTES), b""
                if not part:
                    raise EOFError("it breaks off")
            unpacked = self._unpacker.decompress(part, _PART_BYTES)
            if self._unpacker.eof:
                self._raw = self._unpacker.unused_data
        return unpacked

    def _next_member(self) -> bool:
        assert self._begin is not None
        # Zeros behind a member are padding, as from tapes.
        while not (rest := self._raw.lstrip(b"\0")):
            if not (rest := self._stream.read(_PART_BYTES)):
                return False
            self._raw = rest
        self._raw = rest
        self.member = self._stream.tell() - len(rest)
        self._unpacker = self._begin()
        return True
