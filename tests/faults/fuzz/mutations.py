"""Texts broken in the ways in which files, transfers and hands break them."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

NEWLINES = (b"\n", b"\r\n", b"\r", b"\xc2\x85", b"\xe2\x80\xa8", b"\xe2\x80\xa9", b"\x0b", b"\x0c", b"")
BYTES = (
    b"\x00", b"\xff", b"\xfe\xff", b"\xc3", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x1b[2J", b"\x7f",
    b"\xef\xbb\xbf", b"\xe2\x80\xae", b"\xe2\x81\xa6", b"\xe2\x80\x8b", b"\xc2\x9b", b"\xc2\xa0", b"\xef\xbf\xbe",
    b"\xf0\x9f\x98\x80", b"\xd7\xa9", b"\t", b" ", b"  ", b"\n", b"\r", b"\r\n", b"\\", b"'", b'"', b"`", b"#", b" #",
)  # fmt: skip
"""What is put in anywhere."""


def mutate(random: Random, raw: bytes, tokens: Sequence[bytes], *, most: int = 4) -> bytes:
    """Break a text at some places; `tokens` are what means something in its language."""
    for _ in range(random.randint(1, most)):
        raw = random.choice(_WAYS)(random, raw, tokens)
    return raw


def _at(random: Random, raw: bytes) -> int:
    return random.randint(0, len(raw))


def _flip(random: Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    at = _at(random, raw)
    return raw[:at] + bytes([random.randrange(256)]) + raw[at + 1 :]


def _put_token(random: Random, raw: bytes, tokens: Sequence[bytes]) -> bytes:
    at = _at(random, raw)
    return raw[:at] + random.choice(tokens) + raw[at:]


def _put_bytes(random: Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    at = _at(random, raw)
    return raw[:at] + random.choice(BYTES) + raw[at:]


def _take_out(random: Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    at = _at(random, raw)
    return raw[:at] + raw[at + random.randint(1, random.choice((1, 3, 40))) :]


def _cut(random: Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    return raw[: _at(random, raw)] if random.random() < 0.5 else raw[_at(random, raw) // 4 :]


def _repeat(random: Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    at = _at(random, raw)
    part = raw[at : at + random.randint(1, 30)]
    return raw[:at] + part * random.choice((1, 1, 1, 2, 50)) + raw[at:]


def _copy_elsewhere(random: Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    at, to = _at(random, raw), _at(random, raw)
    return raw[:to] + raw[at : at + random.randint(1, 60)] + raw[to:]


def _change_lines(random: Random, raw: bytes, tokens: Sequence[bytes]) -> bytes:
    """Repeat, drop, swap, indent or end otherwise one line."""
    lines = raw.splitlines(keepends=True) or [b""]
    at, other = random.randrange(len(lines)), random.randrange(len(lines))
    match random.randrange(6):
        case 0:
            lines.insert(other, lines[at])
        case 1:
            del lines[at]
        case 2:
            # Neighbours: a head of a record that gets the address of another is forged, and not broken.
            lines[at - 1], lines[at] = lines[at], lines[at - 1]
        case 3:
            lines[at] = random.choice((b" ", b"  ", b"\t", b"    ", b"- ", b"? ", b"# ", b"...")) + lines[at]
        case 4:
            lines[at] = lines[at].rstrip(b"\r\n") + random.choice(NEWLINES)
        case _:
            lines[at] = lines[at].rstrip(b"\r\n") + random.choice(tokens) + b"\n"
    return b"".join(lines)


def _change_newlines(random: Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    return raw.replace(b"\n", random.choice(NEWLINES[:-1])) if random.random() < 0.3 else raw.replace(b"\n", b"\r\n")


_WAYS = (
    _flip, _put_token, _put_token, _put_token, _put_bytes, _take_out, _cut, _repeat, _copy_elsewhere,
    _change_lines, _change_lines, _change_lines, _change_newlines,
)  # fmt: skip
