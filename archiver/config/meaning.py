"""What a seed's bytes are taken to mean, as a digest: what was noted of a seed holds while that is the same."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path

import yaml

import archiver
from archiver.config.run_settings import RunSettings
from archiver.models import Field


def meaning_digest(options: RunSettings, *more: object) -> bytes:
    """Digest the settings that decide what is read from a seed, the program that reads it, and who runs it.

    `more` is what else the reader goes by.
    """
    policy = options.policy
    said = [
        sorted((field, names) for field, names in options.keys.items()),
        sorted(options.site_hosts),
        [field for field in Field if policy.inserts(field)],
        policy.body_heading,
        os.geteuid(),  # what one user may read another may not
        sys.version,
        yaml.__version__,
        _program(),
        [str(one) for one in more],
    ]
    return hashlib.sha256(json.dumps(said).encode("utf-8", "surrogatepass")).digest()


def _program() -> list[object]:
    """What tells this program from another version of it; a copy that is being worked on by its files."""
    package = Path(archiver.__file__).parent
    files = []
    for folder, below, names in os.walk(package):
        below.sort()
        for name in sorted(names):
            if name.endswith((".py", ".toml")):
                status = (Path(folder) / name).stat()
                files.append((str(Path(folder).relative_to(package)), name, status.st_size, status.st_mtime_ns))
    return [archiver.__version__, files]
