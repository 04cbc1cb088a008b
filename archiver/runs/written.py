"""What a run replaced, so that it can be put back."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from dataclasses import dataclass

_MAX_BYTES = 64 * 1024 * 1024
"""Bytes of one seed before it was written; a line that unpacks to more is damaged. The largest real seeds have 1 MB."""


@dataclass(frozen=True, slots=True)
class WrittenSeed:
    """One seed that was written in place."""

    seed: str
    """Relative to SEEDS_DIR, `/` between folders."""
    before: bytes
    before_sha256: str
    after_sha256: str

    @classmethod
    def of(cls, seed: str, before: bytes, after: bytes) -> WrittenSeed:
        """Return the note of a seed whose bytes were replaced."""
        return cls(seed, before, hashlib.sha256(before).hexdigest(), hashlib.sha256(after).hexdigest())

    @property
    def is_void(self) -> bool:
        """Whether it says that the seed was not written after all."""
        return self.before_sha256 == self.after_sha256

    def to_json(self) -> str:
        """Return the line, without its end."""
        packed = base64.b64encode(zlib.compress(self.before)).decode()
        return json.dumps(
            {
                "seed": self.seed, "before": packed,
                "before_sha256": self.before_sha256, "after_sha256": self.after_sha256,
            },
            ensure_ascii=False,
        )  # fmt: skip


def decode_written(line: bytes) -> WrittenSeed:
    """Return what a line says. Raises ValueError where it is damaged: what is put back has to be what was there."""
    found = json.loads(line)
    try:
        unpacking = zlib.decompressobj()
        before = unpacking.decompress(base64.b64decode(found["before"], validate=True), _MAX_BYTES)
        note = WrittenSeed(str(found["seed"]), before, str(found["before_sha256"]), str(found["after_sha256"]))
    except (KeyError, TypeError, zlib.error) as error:
        raise ValueError(f"it is damaged ({type(error).__name__})") from None
    if hashlib.sha256(before).hexdigest() != note.before_sha256:
        raise ValueError("it is damaged (the digest is that of other bytes)")
    return note
