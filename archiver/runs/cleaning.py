"""Take what runs noted of some addresses out of their folders: values, texts, patches; what was done stays."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from archiver.files.atomic import begin, sweep
from archiver.runs.feed import drop_entries
from archiver.runs.folder import RESULTS, WRITTEN, RunFolder, runs_of

Concerns = Callable[[str], bool]
"""Whether an address is one of those that were taken down, or holds one."""

_STAYS = ("seed", "path", "origin_url", "outcome", "verdict")
"""Of a line: what was done, and to which seed. Everything else may hold words of the page."""
_DETAIL = "What this run read of the page was taken down since."
_UNFINISHED = "cleaning"


def clean_runs(runs_dir: Path, concerns: Concerns) -> list[RunFolder]:
    """Clean every run that has ended, and the feed; return those whose report is to be made again. Raises OSError."""
    cleaned = [folder for folder in runs_of(runs_dir) if not folder.is_running() and clean_run(folder, concerns)]
    drop_entries(runs_dir, concerns)
    return cleaned


def clean_run(folder: RunFolder, concerns: Concerns) -> bool:
    """Clean what a run noted; whether anything was there. Raises OSError.

    A seed of such an address can be put back by `undo` no more: what it was before is gone, too.
    """
    sweep(folder.path, _UNFINISHED)
    seeds = set[str]()

    def of_results(line: bytes) -> bytes:
        found = _object(line)
        if found is None:
            return line if _is_of_nobody(line, concerns) else b""
        if not _addresses(found, concerns):
            return line
        seeds.add(str(found.get("seed") or found.get("path")))
        rest = {key: found[key] for key in _STAYS if key in found}
        return (json.dumps({**rest, "detail": _DETAIL}, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")

    def of_written(line: bytes) -> bytes:
        found = _object(line)
        return b"" if found is None or str(found.get("seed")) in seeds else line

    changed = _rewrite(folder.path / RESULTS, of_results)
    return (bool(seeds) and _rewrite(folder.path / WRITTEN, of_written)) or changed


def _rewrite(file: Path, change: Callable[[bytes], bytes]) -> bool:
    """Put a file with changed lines in the place of another, if any line changes."""
    try:
        source = file.open("rb")
    except FileNotFoundError:
        return False
    with source:
        out, part = begin(file.parent, _UNFINISHED)
        with out:
            try:
                if is_changed := _copy(source, out, change):
                    out.flush()
                    os.fsync(out.fileno())
                    part.replace(file)
            finally:
                part.unlink(missing_ok=True)
    return is_changed


def _copy(source: BinaryIO, out: BinaryIO, change: Callable[[bytes], bytes]) -> bool:
    is_changed = False
    for line in source:
        changed = change(line)
        is_changed = is_changed or changed != line
        out.write(changed)
    return is_changed


def _object(line: bytes) -> dict[str, Any] | None:
    with contextlib.suppress(ValueError):
        found = json.loads(line)
        return found if isinstance(found, dict) else None
    return None


def _addresses(found: dict[str, Any], concerns: Concerns) -> bool:
    """Whether the line of a seed speaks of one of the addresses: its own, or where it was read."""
    capture = found.get("capture")
    chain = found.get("chain") or ()
    urls = [found.get("origin_url"), capture.get("url") if isinstance(capture, dict) else None]
    urls += [step.get("url") for step in chain if isinstance(step, dict)]
    return any(concerns(url) for url in urls if isinstance(url, str) and url)


def _is_of_nobody(line: bytes, concerns: Concerns) -> bool:
    """Whether a line that was cut off, and so cannot be read, names none of the addresses."""
    words = line.decode("utf-8", "replace").replace('"', " ").split()
    return not any(concerns(word) for word in words if word.startswith(("http://", "https://")))
