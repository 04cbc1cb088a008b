"""An audit that goes by what an earlier one noted finds what one that reads every seed finds."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from scrapy.settings import Settings

from archiver.config.meaning import meaning_digest
from archiver.config.run_settings import RunSettings
from archiver.crawl.audit.audit import Audit
from archiver.crawl.audit.notes import AUDIT, SeedNotes
from archiver.repair.audit import AuditProblem
from archiver.seeds.store import SeedStore

SEEDS = {
    "a.md": '---\norigin_url: "https://a.example/1"\ntitle: ""\ntags: [x]\n---\n\nText.\n',
    "b.md": '---\norigin_url: "https://a.example/1#part"\ntitle: "B"\ntags: [x]\n---\n\nText.\n',
    "sub/c.md": '---\norigin_url: "https://a.example/3"\ntitle: "C"\ntags: [x]\n---\n\nText.\n',
    "sub/d.md": "No front matter.\n",
    "sub/e.md": "---\ntitle: [\n---\n",
    "sub/f.md": '---\norigin_url: "https://a.example/6"\ntitle: "F"\ntags: [x]\n---\n\nText.\n',
    "z.md": '---\norigin_url: "https://a.example/7"\ntitle: "Z"\ntags: x\n---\n\nText.\n',
}


@pytest.fixture
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    real = time.time_ns
    # As if all of it had been written some time ago.
    monkeypatch.setattr("archiver.seeds.store.time.time_ns", lambda: real() + 10**10)
    for name, text in SEEDS.items():
        file = tmp_path / "seeds" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (tmp_path / "archive").mkdir()
    (tmp_path / "seeds" / "link.md").symlink_to("b.md")
    return tmp_path / "seeds"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that were read, in turn."""
    paths: list[str] = []
    real = SeedStore.read_stamped

    def noted(store: SeedStore, path: str) -> tuple[bytes, bytes | None]:
        paths.append(path)
        return real(store, path)

    monkeypatch.setattr(SeedStore, "read_stamped", noted)
    return paths


def _options(seeds: Path) -> RunSettings:
    given = {"SEEDS_DIR": str(seeds), "ARCHIVE_DIR": str(seeds.parent / "archive")}
    return RunSettings.read(Settings(given), with_places=False)


def _audit(options: RunSettings, *, remembers: bool = True) -> list[AuditProblem]:
    folder = options.archive_dir if remembers else options.archive_dir / "none"
    with SeedNotes.open(folder, meaning_digest(options)) as notes:
        audit = Audit(options, None, notes, is_single=True)
        audit.take(SeedStore.open(options.seeds), None)
        audit.findings.add_shared()
        found = list(audit.findings.in_order())
        audit.findings.close()
        return found


def test_what_has_not_changed_is_not_read_again_and_is_found_again(seeds: Path, read: list[str]) -> None:
    options = _options(seeds)
    first = _audit(options)
    assert {problem.problem.value for problem in first} == {
        "blank", "same source", "no front matter", "unreadable", "wrong shape"
    }  # fmt: skip
    assert sorted(read) == sorted(SEEDS), "the link leads to one of them"
    read.clear()
    assert _audit(options) == first
    assert read == []
    (seeds / "a.md").write_text(SEEDS["b.md"], encoding="utf-8")
    (seeds / "sub" / "e.md").unlink()
    (seeds / "sub" / "c.md").rename(seeds / "g.md")
    changed = _audit(options)
    assert read == ["a.md", "g.md"]
    assert changed == _audit(options, remembers=False) != first
    renamed = replace(options, keys={**options.keys, "source": ("link",)})
    read.clear()
    assert _audit(renamed) == _audit(renamed, remembers=False) != changed
    assert len(read) == 2 * (len(SEEDS) - 1), "the same bytes mean something else"


def test_without_a_folder_nothing_is_noted_and_one_that_cannot_be_used_costs_nothing(
    seeds: Path, read: list[str]
) -> None:
    options, notes = _options(seeds), seeds.parent / "archive" / AUDIT
    found = _audit(options, remembers=False)
    assert not (seeds.parent / "archive" / "none").exists()
    notes.write_bytes(b"not a database " * 500)
    for reads in (len(SEEDS), 0):
        read.clear()
        assert _audit(options) == found
        assert len(read) == reads, "a damaged one is begun anew"
    notes.unlink()
    with SeedNotes.open(options.archive_dir, meaning_digest(options)):
        read.clear()
        assert _audit(options) == found, "another audit holds it"
        assert len(read) == len(SEEDS)
    assert _audit(options) == found
    notes.chmod(0o400)
    options.archive_dir.chmod(0o500)
    read.clear()
    assert _audit(options) == found
    assert read == []
    options.archive_dir.chmod(0o700)
