"""`scrapy archive compact`, `remove` and `prune`, as a person runs them."""

from __future__ import annotations

import fcntl
import json
import shutil
from pathlib import Path

from tests.conftest import Crawl, Run, scrapy
from tests.support.servers import Answer, Site, html

TITLE = "The mayor's private letters were read aloud"
PROSE = "A clerk read them aloud in the old town hall before anybody could say a word about it, she said."
PAGE = html(TITLE, *[PROSE] * 5)
OTHER = html("Ferry pilots ask for a second lighthouse", *["They asked the harbour office for it, he said."] * 5)


def archive(folder: Path, action: str, *args: str | Path) -> Run:
    run = scrapy("archive", action, *args, "-s", f"ARCHIVE_DIR={folder}", env={"COLUMNS": "300"})
    assert "Traceback" not in run.stderr
    return run


def test_an_address_is_taken_down_and_stays_down(seeds: Path, tmp_path: Path, crawl: Crawl) -> None:
    folder = tmp_path / "archive"
    with Site({"/gone": Answer(PAGE), "/other": Answer(OTHER)}) as site:
        url = site.url("/gone")
        for name in ("gone", "other"):
            text = f'---\norigin_url: "{site.url(f"/{name}")}"\ntitle: ""\n---\n\n# \n'
            (seeds / f"{name}.md").write_text(text)
        assert crawl(seeds, replay=None).result("gone.md")["outcome"] == "written"

        with (folder / "lock").open("r+b") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for words in (["remove", url, "--reason", "x"], ["compact"]):
                busy = archive(folder, *words)
                assert (busy.code, "works on" in busy.stderr) == (75, True)
        refused = archive(folder, "remove", url, "--yes")
        assert (refused.code, "add --reason TEXT" in refused.stderr) == (1, True)
        shown = archive(folder, "remove", url, "--dry-run")
        assert (shown.code, "2 records (1 request, 1 response) in 1 of 1 files" in shown.stdout) == (0, True)
        asked = archive(folder, "remove", url, "--reason", "a court said so")
        assert (asked.code, "add --yes" in asked.stderr) == (1, True)
        assert json.loads(archive(folder, "list", url, "--json").stdout)["status"] == 200

        done = archive(folder, "remove", url, "--reason", "a court said so", "--yes")
        assert (done.code, done.stderr) == (0, "")
        assert "1 captures (2 records) taken out of 1 files" in done.stdout
        assert "1 runs held words of it" in done.stdout
        for file in folder.rglob("*"):
            assert file.is_dir() or TITLE.encode() not in file.read_bytes(), file
        (written, *_) = (folder / "runs").glob("*/written.jsonl")
        assert [json.loads(line)["seed"] for line in written.read_text().splitlines()] == ["other.md"]
        assert not (folder / "warc" / "upkeep.json").exists()
        assert archive(folder, "list", url).code == 2
        assert "a court said so" in archive(folder, "remove").stdout

        site.asked.clear()
        again = crawl(seeds, replay=None).result("gone.md")
        assert (again["outcome"], again["verdict"]) == ("missed", "removed")
        assert "(a court said so)" in again["detail"]
        assert f"archive remove --lift {url}` lets it be asked again" in again["detail"]
        assert "/gone" not in site.paths()
        lifted = archive(folder, "remove", "--lift", url)
        assert (lifted.code, lifted.stdout) == (0, f"{url} may be fetched and imported again\n")
        assert crawl(seeds, replay=None).result("gone.md")["verdict"] == "article"

    def captures() -> list[str]:
        lines = archive(folder, "list", site.url("/other"), "--json").stdout.splitlines()
        return [json.loads(line)["captured_at"] for line in lines]

    before = captures()
    pruned = archive(folder, "prune", "--keep", "last")
    assert pruned.code == 0
    assert "go and the others stay" in pruned.stdout
    # What a run wrote from stays beside the last one.
    assert captures() == [before[0], before[-1]]
    shutil.copytree(folder / "warc", folder / "services")
    merged = archive(folder, "compact")
    assert merged.code == 0
    assert [len(list((folder / name).iterdir())) for name in ("warc", "services")] == [1, 1]
    assert "became 1;" in merged.stdout
    assert archive(folder, "check").code == 0
