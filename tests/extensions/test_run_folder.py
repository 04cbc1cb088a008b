"""The folder that a run leaves, as a user finds it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from archiver.extensions.run_folder import patch_of
from archiver.runs import RunFolder, runs_of
from tests.conftest import FIXTURES, GIVEN_SEED, Crawl, scrapy, tree
from tests.report.samples import mixed, write_run
from tests.support.servers import Answer, Site

TEXT = (
    "The harbour of the old town was opened again on Sunday after two years of works, and many came.",
    "The mayor said that the new quay had cost less than was feared, since the old stones could be used again.",
    "Fishermen had protested for months, because they had to land their catch in the next town up the coast.",
)
PAGE = Answer(
    b"<html lang=en><head><title>Harbour opens</title></head><body><article><h1>Harbour opens</h1>"
    + "".join(f"<p>{paragraph}</p>" for paragraph in TEXT).encode()
    + b"</article></body></html>",
    headers={"Content-Type": "text/html; charset=utf-8"},
)
EDITED = '---\norigin_url: "{url}"\ntitle: ""\n---\n\n' + "\n\n".join(TEXT).replace("new quay", "old quay") + "\n"


def _lines(folder: RunFolder, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder.path / name).read_text("utf-8").splitlines()]


def test_a_run_leaves_its_results_and_what_undo_needs(crawl: Crawl, seeds: Path, tmp_path: Path) -> None:
    before = b'---\norigin_url: "%s"\ntitle: ""\n---\n'
    lost = Answer(b"<title>Lost</title><p>Menu<p>We looked everywhere for it.", 404, {"Content-Type": "text/html"})
    with Site({"/2024/harbour": PAGE, "/2024/gone": lost}) as site:
        for name, path in (("a.md", "/2024/harbour"), ("sub/gone.md", "/2024/gone")):
            (seeds / name).parent.mkdir(exist_ok=True)
            (seeds / name).write_bytes(before % site.url(path).encode())
        run = crawl(seeds, replay=None)
        (seeds / "edited.md").write_text(EDITED.format(url=site.url("/2024/harbour")))
        edited = crawl(seeds, replay=None, args={"only": "edited.md"}, settings={"DRY_RUN": 1})
        again = crawl(seeds, replay=None, args={"only": "a.md"})
        address = site.url("/2024/harbour")
    runs = tmp_path / "archive" / "runs"
    later, folder = runs_of(runs)
    assert f"report  {folder.report}" in run.stdout
    (other,) = _lines(later, "results.jsonl")
    assert edited.code == 0
    assert ["old", "new"] in [
        [pair["old"][slice(*pair["removed"][0])], pair["new"][slice(*pair["added"][0])]]
        for pair in other["text"]["pairs"]
        if pair["removed"]
    ]
    assert "2 seeds" in folder.report.read_text("utf-8")
    assert "report" not in again.stdout
    (idle,) = (runs / "idle.log").read_text().splitlines()
    assert "scrapy crawl seeds -a only=a.md: 1 unchanged, " in idle
    head = folder.head()
    assert (head.command, head.reason, head.dry_run) == ("scrapy crawl seeds", "finished", False)
    assert head.counts == {"written": 1, "missed": 1}
    assert head.settings == {
        "ARCHIVE_DIR": str(tmp_path / "archive"), "PRIVATE_HOSTS": "1", "SEEDS_DIR": str(seeds), "WAYBACK": "0",
    }  # fmt: skip
    records = {record["seed"]: record for record in _lines(folder, "results.jsonl")}
    told = {key: value for key, value in records["a.md"].items() if key in run.result("a.md")}
    assert told == run.result("a.md")
    assert (records["a.md"]["title"], records["a.md"]["language"]) == ("Harbour opens", "en")
    assert '\n+title: "Harbour opens"\n' in records["a.md"]["patch"]
    assert records["sub/gone.md"]["chain"][0]["status"] == 404
    assert records["sub/gone.md"]["page"] == {"title": "Lost", "first_line": "We looked everywhere for it."}
    assert records["a.md"]["page"] is None
    folder.report.unlink()
    made = [scrapy("report", *name, "-s", f"RUN_DIR={runs}") for name in ((), (folder.name,), ("2020",))]
    assert [(done.code, done.stdout) for done in made[:2]] == [(0, f"{it.report}\n") for it in (later, folder)]
    assert (made[2].code, folder.report.is_file()) == (1, True)
    assert made[2].stderr.startswith(f"scrapy report: there is no run 2020 in {runs}; the newest are {later.name}")
    (written,) = folder.written()
    assert (written.seed, written.before) == ("a.md", before % address.encode())


def test_a_patch_has_every_byte_of_its_lines() -> None:
    assert patch_of("a.md", b"one\r\n\x0ctwo", b"one\r\nthree").split("\n") == [
        "--- a/a.md", "+++ b/a.md", "@@ -1,2 +1,2 @@", " one\r",
        "-\x0ctwo", "\\ No newline at end of file", "+three", "\\ No newline at end of file",
    ]  # fmt: skip


def test_a_replay_leaves_a_folder_only_where_one_is_named(crawl: Crawl, seeds: Path, tmp_path: Path) -> None:
    (seeds / "given.md").write_bytes(GIVEN_SEED.read_bytes())
    assert crawl(seeds, settings={"DRY_RUN": 1}).code == 0
    assert not (tmp_path / "archive").exists()
    runs = tmp_path / "runs"
    settings = {"DRY_RUN": 1, "RUN_DIR": runs, "RUNS_KEEP": 1, "WAYBACK_CDX": "http://user:secret@a.example/{url}"}
    for _ in range(2):
        assert crawl(seeds, settings=settings).code == 0
    (folder,) = runs_of(runs)
    assert folder.head().dry_run
    assert list(folder.written()) == []
    assert not (folder.path / "written.jsonl").exists()
    assert "secret" not in str(tree(runs))
    assert folder.head().settings["WAYBACK_CDX"] == "http://a.example/{url}"
    assert folder.head().settings["REPLAY"].endswith("fixtures")


def test_a_killed_run_is_reported_by_what_it_did(crawl: Crawl, seeds: Path, tmp_path: Path) -> None:
    (seeds / "given.md").write_bytes(GIVEN_SEED.read_bytes())
    runs = tmp_path / "runs"
    killed = write_run(runs, mixed(), ended=None)
    asked = write_run(runs, mixed(), ended=None)
    assert scrapy("report", asked.name, "-s", f"RUN_DIR={runs}").code == 0
    assert (asked.head().reason, asked.report.is_file()) == ("killed", True)
    assert not killed.report.exists()
    # The next run gives it one too, whatever there was to do.
    assert crawl(seeds, settings={"DRY_RUN": 1, "RUN_DIR": runs}).code == 0
    assert (killed.head().reason, killed.head().counts["missed"]) == ("killed", 3)
    assert killed.report.is_file()


def test_folder_and_feed_on_a_full_disk_are_one_line_and_the_seeds_are_repaired(seeds: Path, tmp_path: Path) -> None:
    (seeds / "given.md").write_bytes(GIVEN_SEED.read_bytes())
    (tmp_path / "taken").write_text("a file")
    settings = {"SEEDS_DIR": seeds, "REPLAY": FIXTURES, "RUN_DIR": tmp_path / "taken" / "runs"}
    options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    run = scrapy("crawl", "seeds", *options, "-O", "/dev/full:jsonlines")
    assert run.code == 1
    (line,) = run.stderr.splitlines()
    assert "the folder of this run cannot be written in" in line
    assert "name another folder in RUN_DIR" in line
    assert "the feed /dev/full is not whole (no space left on device)" in line
    assert "written     1" in run.stdout
    assert (seeds / "given.md").read_bytes() != GIVEN_SEED.read_bytes()
