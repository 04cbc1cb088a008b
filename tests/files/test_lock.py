"""One run at a time per archive."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.errors import ArchiveBusy, SettingsError
from archiver.files.lock import run_lock
from tests.conftest import ROOT

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
_HOLD = """
import sys, time
from datetime import datetime, UTC
from pathlib import Path
from archiver.files.lock import run_lock
with run_lock(Path(sys.argv[1]), datetime(2026, 5, 1, tzinfo=UTC)):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_run_hears_who_runs_and_a_dead_one_holds_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    holder = subprocess.Popen([sys.executable, "-c", _HOLD, folder], cwd=ROOT, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(ArchiveBusy, match=rf"process {holder.pid}, since 2026-05-01T00:00:00\+00:00"):
        run_lock(folder, NOW).__enter__()
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    with run_lock(folder, NOW):
        assert (folder / "lock").read_text() == f"{os.getpid()} 2026-06-01T12:00:00+00:00\n"
        with pytest.raises(ArchiveBusy):
            run_lock(folder, NOW).__enter__()
    with run_lock(folder, NOW):
        pass


def test_a_place_that_cannot_be_locked_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="cannot be locked"), run_lock(tmp_path / "file", NOW):
        pass


def test_a_full_disk_is_locked_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "pwrite", fail)
    with run_lock(tmp_path, NOW), pytest.raises(ArchiveBusy, match="another run works on"):
        run_lock(tmp_path, NOW).__enter__()
