"""One commit per run, of what the run wrote and of nothing else; on real repositories."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.settings import Settings

from archiver import settings as ours
from archiver.config.run_settings import RunSettings
from archiver.errors import NotCommitted, SettingsError
from archiver.extensions.commit import message
from archiver.extensions.written import WrittenSeeds
from archiver.files.git import Repository
from archiver.models import CaptureReference, Change, Outcome, Result, Verdict
from tests.conftest import FIXTURES, Crawl, scrapy, tree

CASE = FIXTURES / "bangkokpost" / "2024-given-seed"
BROKEN, WHOLE = (CASE / "before.md").read_bytes(), (CASE / "after.md").read_bytes()
HOSTILE = [
    "plain.md", "-rf.md", "--amend.md", "--", "sp ace.md", "*.md", ":(exclude)x.md", ":!x.md", "#hash.md",
    '"quoted".md', "back\\slash.md", "new\nline.md", '"new\nline".md', "tab\tbed.md", "\x1b[2J.md", "日本語/สวัสดี.md",
    "café.md", "a/b/c/d.md", "Bcc: x.md", "'; touch x; '.md",
]  # fmt: skip
CAPTURE = CaptureReference("https://news.example/a", 200, "2026-06-01T00:00:00Z", "0" * 64, "live")


@pytest.fixture(autouse=True)
def _own_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No configuration of whoever runs the tests, and an author."""
    for name in [name for name in os.environ if name.startswith("GIT_") or name == "EMAIL"]:
        monkeypatch.delenv(name)
    config = tmp_path / "gitconfig"
    config.write_text("[user]\nname = Ann Other\nemail = ann@example.org\n[init]\ndefaultBranch = main\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def git(folder: Path, *args: str) -> str:
    done = subprocess.run(["git", "-C", folder, *args], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return os.fsdecode(done.stdout)


def planted(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def repository(folder: Path, files: dict[str, bytes], *init: str) -> Path:
    """A repository with one commit."""
    planted(folder, files)
    git(folder, "init", "--quiet", *init)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=Begin")
    return folder


def changed(folder: Path, *revision: str) -> set[str]:
    """The paths of a commit, HEAD unless told otherwise."""
    listed = git(folder, "show", "--format=", "--name-only", "-z", *revision)
    return {path for path in listed.split("\0") if path}


def commits(folder: Path) -> int:
    return int(git(folder, "rev-list", "--count", "HEAD"))


def result(path: str, *fields: str, capture: CaptureReference | None = CAPTURE) -> Result:
    changes = tuple(Change(field, "", "A long new text", "json-ld:headline") for field in fields)
    return Result(path, "https://news.example/a", Outcome.WRITTEN, Verdict.ARTICLE, "", changes, None, capture)


class Rewrite:
    """What a run does to seeds, without the run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.repository = Repository.of(folder)
        self.written = WrittenSeeds(self.repository)

    def __call__(self, *names: str, was: bytes = b"old", becomes: bytes = b"new") -> None:
        for name in names:
            file = self.folder / name
            before = file.read_bytes()
            after = before.replace(was, becomes)
            assert before != after
            file.write_bytes(after)
            self.written.record_write(file, before, after)
            self.written.record_result(file, result(str(file), "title"))

    def sorted(self) -> tuple[set[str], set[str]]:
        """What is the run's own, and what is not."""
        self.written.sort()
        own, others = list(self.written.own()), list(self.written.others())
        assert [os.fsencode(kept.path) for kept in self.written.results()] == own
        return {*map(os.fsdecode, own)}, {*map(os.fsdecode, others)}

    def commit(self) -> str:
        self.written.sort()
        return self.repository.commit(self.written.own(), message(self.written.results(), Counter()))


def test_names_that_look_like_options_patterns_or_texts_are_names(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r", dict.fromkeys([*HOSTILE, "x.md", "y.md"], b"old\n"))
    rewrite = Rewrite(folder)
    rewrite(*HOSTILE)
    planted(folder, {"x.md": b"mine\n", "y.md": b"mine\n"})
    git(folder, "add", "y.md")
    name = rewrite.commit()
    assert git(folder, "rev-parse", "HEAD").startswith(name)
    assert changed(folder) == set(HOSTILE)
    assert commits(folder) == 2
    assert git(folder, "status", "--porcelain").splitlines() == [" M x.md", "M  y.md"]
    assert "\x1b" not in git(folder, "log", "-1", "--format=%B")
    rewrite.written.close()


def test_changes_of_others_are_left_where_they_are(tmp_path: Path) -> None:
    names = ["own", "edited", "staged", "reverted", "meanwhile", "after", "gone", "taken", "executable"]
    folder = repository(tmp_path / "r", dict.fromkeys([*names, "moved-away"], b"old\n"))
    planted(folder, dict.fromkeys(["edited", "staged", "reverted"], b"old, and more\n"))
    git(folder, "add", "staged", "reverted")
    planted(folder, {"reverted": b"old\n", "untracked": b"old\n"})
    git(folder, "mv", "moved-away", "moved")
    rewrite = Rewrite(folder)
    (folder / "meanwhile").write_bytes(b"old, edited while the run went on\n")
    rewrite(*names, "untracked", "moved")
    (folder / "after").write_bytes(b"new, edited afterwards\n")
    (folder / "gone").unlink()
    git(folder, "commit", "--quiet", "--only", "--message=Take it", "--", "taken")
    before = git(folder, "status", "--porcelain")
    own, others = rewrite.sorted()
    assert own == {"own", "executable"}
    assert others == {"edited", "staged", "reverted", "meanwhile", "after", "gone", "untracked", "moved"}
    rewrite.repository.commit(rewrite.written.own(), "x")
    assert changed(folder) == own
    left = before.replace(" M own\n", "").replace(" M executable\n", "")
    assert git(folder, "status", "--porcelain") == left
    rewrite.written.close()


@pytest.mark.parametrize(
    ("attributes", "committed", "on_disk", "own"),
    [
        ("", b"old\r\nb\r\n", b"old\r\nb\r\n", True),
        ("* text=auto eol=crlf\n", b"old\nb\n", b"old\r\nb\r\n", True),
        ("* text eol=lf\n", b"old\nb\n", b"old\r\nb\r\n", True),
        ("* text eol=lf\n", b"old\nb\n", b"old\r\nc\r\n", False),
        ("", b"old\nb\n", b"old\r\nb\r\n", False),
    ],
)
def test_line_ends_are_compared_as_git_converts_them(
    tmp_path: Path, attributes: str, committed: bytes, on_disk: bytes, own: bool
) -> None:
    folder = repository(tmp_path / "r", {".gitattributes": attributes.encode(), "a.md": committed})
    (folder / "a.md").write_bytes(on_disk)
    rewrite = Rewrite(folder)
    rewrite("a.md")
    assert rewrite.sorted() == (({"a.md"}, set()) if own else (set(), {"a.md"}))
    rewrite.written.close()


def test_a_seed_that_is_written_twice_through_links_is_what_was_found_first(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r", {"a.md": b"old one\n", "b.md": b"old one\n"})
    for name in ("a", "b"):
        (folder / f"{name}-link.md").symlink_to(f"{name}.md")
    rewrite = Rewrite(folder)
    rewrite("a.md", "b.md")
    (folder / "b.md").write_bytes(b"new one, edited\n")
    rewrite("a-link.md", "b-link.md", was=b"one", becomes=b"two")
    assert rewrite.sorted() == ({"a.md"}, {"b.md"})
    rewrite.written.close()


def test_thousands_of_seeds_are_one_commit(tmp_path: Path) -> None:
    names = [f"{number // 100}/{'long name ' * 8}{number}.md" for number in range(2_000)]
    folder = repository(tmp_path / "r", dict.fromkeys(names, b"old\n"))
    rewrite = Rewrite(folder)
    rewrite(*names)
    rewrite.commit()
    assert changed(folder) == set(names)
    assert git(folder, "status", "--porcelain") == ""
    text = git(folder, "log", "-1", "--format=%B")
    assert text.startswith("Repair 2,000 seeds: title\n\n- 0/")
    assert "\n… and 1,900 more seeds\n" in text
    assert len(text.splitlines()) < 320
    rewrite.written.close()


def test_a_repository_of_the_newer_hash_works_too(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r", {"a.md": b"old\n"}, "--object-format=sha256")
    rewrite = Rewrite(folder)
    rewrite("a.md")
    rewrite.commit()
    assert changed(folder) == {"a.md"}
    rewrite.written.close()


def test_without_a_first_commit_nothing_is_known_to_be_as_it_was(tmp_path: Path) -> None:
    folder = planted(tmp_path / "r", {"a.md": b"old\n"})
    git(folder, "init", "--quiet")
    git(folder, "add", "a.md")
    rewrite = Rewrite(folder)
    rewrite("a.md")
    assert rewrite.sorted() == (set(), {"a.md"})
    rewrite.written.close()


def test_hooks_and_configuration_are_those_of_any_commit(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r", {"a.md": b"old\n"})
    git(folder, "config", "commit.cleanup", "strip")
    git(folder, "config", "i18n.commitEncoding", "ISO-8859-1")
    hook = folder / ".git" / "hooks" / "commit-msg"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text('#!/bin/sh\necho "Ticket: 7" >> "$1"\n')
    hook.chmod(0o755)
    rewrite = Rewrite(folder)
    rewrite("a.md")
    rewrite.repository.commit([b"a.md"], "สวัสดี\n\n# not a remark\n")
    assert "\nencoding " not in git(folder, "cat-file", "commit", "HEAD")
    assert git(folder, "log", "-1", "--format=%B").rstrip() == "สวัสดี\n\n# not a remark\nTicket: 7"
    (folder / "a.md").write_bytes(b"newer\n")
    hook.write_text("#!/bin/sh\necho 'a seed needs a ticket.'\nexit 1\n")
    with pytest.raises(NotCommitted, match=r"^a seed needs a ticket$"):
        rewrite.repository.commit([b"a.md"], "x")
    hook.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(NotCommitted, match=r"^git ended with exit code 1$"):
        rewrite.repository.commit([b"a.md"], "x")
    rewrite.written.close()


def test_new_pictures_come_with_the_seeds_that_name_them(tmp_path: Path) -> None:
    files = {"a.md": b"old\n", "other.md": b"old\n", "img/known.png": b"1", ".gitignore": b"*.tmp.png\n"}
    folder = repository(tmp_path / "r", files)
    rewrite = Rewrite(folder)
    rewrite("a.md", "other.md")
    (folder / "other.md").write_bytes(b"somebody's own\n")
    new = ["img/new\n.png", "img/known.png", "img/staged.png", "img/x.tmp.png", "img/of-other.png"]
    planted(folder, dict.fromkeys(new, b"2"))
    git(folder, "add", "img/staged.png")
    rewrite.written.record_pictures(folder / "a.md", [*(folder / name for name in new[:4]), tmp_path / "outside.png"])
    rewrite.written.record_pictures(folder / "other.md", [folder / new[4]])
    rewrite.written.sort()
    hook = folder / ".git" / "hooks" / "commit-msg"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    before = git(folder, "status", "--porcelain=v2")
    for fails in (True, False):
        try:
            rewrite.repository.commit(rewrite.written.own(), "x", rewrite.written.new_pictures())
        except NotCommitted:
            assert fails
            assert git(folder, "status", "--porcelain=v2") == before
        hook.unlink(missing_ok=True)
    assert changed(folder) == {"a.md", "img/new\n.png"}
    rewrite.written.close()


def test_what_git_says_is_the_reason(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r", {"a.md": b"old\n"})
    (folder / "a.md").write_bytes(b"new\n")
    (folder / ".git" / "index.lock").touch()
    with pytest.raises(NotCommitted, match=r"^Unable to create '.*index\.lock': File exists: .* remove that file$"):
        Repository.of(folder).commit([b"a.md"], "x")


def test_a_folder_that_git_cannot_use_stops_before_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    with pytest.raises(SettingsError, match=r"^COMMIT=1 needs SEEDS_DIR=.*plain in a git work tree \(not a git"):
        Repository.of(plain)
    git(tmp_path, "init", "--quiet", "--bare", "bare")
    with pytest.raises(SettingsError, match=r"work tree"):
        Repository.of(tmp_path / "bare")
    monkeypatch.setenv("PATH", str(plain))
    with pytest.raises(SettingsError, match=r"git, which is not installed"):
        Repository.of(plain)


def test_copies_elsewhere_are_nothing_to_commit(tmp_path: Path) -> None:
    settings = Settings()
    settings.setmodule(ours)
    settings.setdict({"SEEDS_DIR": str(tmp_path), "ARCHIVE": False, "COMMIT": True, "OUTPUT_DIR": "out"})
    with pytest.raises(SettingsError, match=r"OUTPUT_DIR=out leaves them alone; leave one of the two off"):
        RunSettings.read(settings)


# ---- The message ----------------------------------------------------------------------------------------------------


def test_a_message_says_what_was_recovered_and_from_where() -> None:
    snapshot = CaptureReference("https://archive.example/1", 200, "2020-01-01T00:00:00Z", "0" * 64, "wayback")
    by_itself = result("c.md", "title", capture=None)
    several = result("b.md", "title", "heading", capture=snapshot)
    several = replace(several, changes=(*several.changes, Change("body", "", "Text", "body")))
    results = [result("a.md", "title"), several, by_itself]
    outcomes = {
        (Outcome.WRITTEN, ""): 4,
        (Outcome.UNCHANGED, ""): 1200,
        (Outcome.MISSED, "gone"): 2,
        (Outcome.MISSED, "blocked"): 1,
        (Outcome.SKIPPED, ""): 50,
    }
    assert message(results, outcomes).splitlines() == [
        "Repair 3 seeds: title, body, heading",
        "",
        "- a.md",
        "  title from json-ld:headline",
        "  https://news.example/a (live, 2026-06-01T00:00:00Z)",
        "- b.md",
        "  title, heading from json-ld:headline; body from body",
        "  https://archive.example/1 (wayback, 2020-01-01T00:00:00Z)",
        "- c.md",
        "  title from json-ld:headline",
        "  without a page (https://news.example/a: article)",
        "",
        "In all title 3, body 1, heading 1.",
        "Of 1,257 seeds read: 4 written, 1,200 unchanged, 3 missed (blocked 1, gone 2), 50 skipped.",
        "",
        "Written-by: seed-archiver",
    ]


FIELDS = st.sampled_from(["title", "heading", "description", "language", "category", "author", "image", "archive_url"])
CHANGES = st.lists(st.builds(Change, FIELDS, st.none(), st.text(), st.text()), min_size=1, max_size=8).map(tuple)
CAPTURES = st.builds(CaptureReference, st.text(), st.just(200), st.text(), st.text(), st.just("live"))


@given(
    st.lists(
        st.builds(
            Result, st.text(), st.text(), st.just(Outcome.WRITTEN), st.sampled_from(Verdict), st.text(), CHANGES,
            st.none(), st.none() | CAPTURES,
        ),
        min_size=1, max_size=5,
    )
)  # fmt: skip
def test_no_value_can_make_a_line_or_a_remark_of_its_own(results: list[Result]) -> None:
    text = message(results, Counter({(Outcome.WRITTEN, ""): len(results)}))
    subject, empty, *rest = text.removesuffix("\n").split("\n")
    assert len(subject) <= 72
    assert empty == ""
    assert len(rest) == 3 * len(results) + 5
    for line in [subject, *rest]:
        assert line.replace("\t", "").isprintable()
        assert not line or re.match(r"Repair |- |  |In all |Of |Written-by: seed-archiver$", line)


def test_a_long_line_is_cut() -> None:
    lines = message([result("x" * 100_000, "title")], Counter()).splitlines()
    assert max(map(len, lines)) == 1_001


# ---- The run --------------------------------------------------------------------------------------------------------


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A repository whose seeds/ has two seeds to repair and two that are whole."""
    files = {"a.md": BROKEN, "-b é.md": BROKEN, "dirty.md": BROKEN, "whole.md": WHOLE}
    return repository(tmp_path / "site", {"README": b"x\n", **{f"seeds/{name}": file for name, file in files.items()}})


def test_a_run_commits_what_it_wrote(crawl: Crawl, site: Path) -> None:
    git(site, "checkout", "--quiet", "--detach")
    (site / "seeds" / "dirty.md").write_bytes(BROKEN + b"\nOne more line.\n")
    (site / "seeds" / "new.md").write_bytes(BROKEN)
    (site / "README").write_bytes(b"y\n")
    git(site, "add", "README")
    run = crawl(site / "seeds", settings={"COMMIT": 1})
    assert (run.code, run.stderr) == (0, "")
    assert changed(site) == {"seeds/a.md", "seeds/-b é.md"}
    assert git(site, "show", "HEAD:seeds/a.md").encode() == WHOLE
    assert git(site, "status", "--porcelain").splitlines() == ["M  README", " M seeds/dirty.md", "?? seeds/new.md"]
    assert git(site, "log", "-1", "--format=%B").splitlines()[:6] == [
        "Repair 2 seeds: heading, title",
        "",
        "- seeds/-b é.md",
        *_told(run.result("-b é.md")),
        "- seeds/a.md",
    ]
    *_, committed, left_out = run.stdout.splitlines()
    assert git(site, "rev-parse", "HEAD").startswith(committed.removeprefix("committed as "))
    assert left_out.endswith(": seeds/dirty.md, seeds/new.md")
    again = crawl(site / "seeds", settings={"COMMIT": 1})
    assert again.code == 0
    assert commits(site) == 2
    assert "commit" not in again.stdout


def _told(one: dict[str, object]) -> list[str]:
    changes, capture = one["changes"], one["capture"]
    assert isinstance(changes, list)
    assert isinstance(capture, dict)
    fields = "; ".join(f"{change['field']} from {change['source']}" for change in changes)
    return [f"  {fields}", f"  {capture['url']} (archive, {capture['captured_at']})"]


def test_without_an_author_the_seeds_are_written_and_the_run_says_so(
    crawl: Crawl, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(site, "config", "user.useConfigOnly", "true")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    run = crawl(site / "seeds", settings={"COMMIT": 1})
    assert run.code == 1
    (sentence,) = run.stderr.splitlines()
    assert "written but not committed (git does not know who commits: set user.name and user.email" in sentence
    assert (site / "seeds" / "a.md").read_bytes() == WHOLE
    assert commits(site) == 1


def test_outside_of_a_work_tree_nothing_runs(crawl: Crawl, seeds: Path) -> None:
    shutil.copyfile(CASE / "before.md", seeds / "a.md")
    before = tree(seeds)
    run = crawl(seeds, settings={"COMMIT": 1})
    assert run.code == 1
    assert re.fullmatch(r"scrapy crawl: COMMIT=1 needs SEEDS_DIR=.*, or leave COMMIT off\.\n", run.stderr)
    assert run.results == []
    assert tree(seeds) == before


def test_a_dry_run_commits_nothing(site: Path) -> None:
    options = ["SEEDS_DIR=" + str(site / "seeds"), f"REPLAY={FIXTURES}", "COMMIT=1", "DRY_RUN=1"]
    run = scrapy("crawl", "seeds", *(part for option in options for part in ("-s", option)))
    assert run.code == 0
    assert "would be written" in run.stderr
    assert "committed" not in run.stderr
    assert commits(site) == 1
    assert git(site, "status", "--porcelain") == ""


KILLED = """
import os, signal
from archiver.extensions.commit import RunCommit

def commit(self):
    os.kill(os.getpid(), signal.SIGKILL)

RunCommit._commit = commit
"""
"""A module of spiders, without any, by which a run is killed when it has written all and committed nothing."""


def test_what_a_killed_run_wrote_is_committed_by_the_next(crawl: Crawl, site: Path, tmp_path: Path) -> None:
    (tmp_path / "killed.py").write_text(KILLED)
    settings = {"COMMIT": 1, "RUN_DIR": tmp_path / "runs"}
    disk = {**settings, "SPIDER_MODULES": "archiver.spiders,killed"}
    killed = crawl(site / "seeds", settings=disk, args={"only": "a.md,dirty.md"}, env={"PYTHONPATH": str(tmp_path)})
    assert (killed.code, commits(site)) == (-9, 1)
    assert git(site, "status", "--porcelain").splitlines() == [" M seeds/a.md", " M seeds/dirty.md"]
    # What a person edits after that is the person's to commit.
    (site / "seeds" / "dirty.md").write_bytes(WHOLE + b"\nOne more line.\n")
    run = crawl(site / "seeds", settings=settings)
    assert (run.code, run.stderr) == (0, "")
    assert ", with 1 seed of an earlier run\n" in run.stdout
    assert changed(site) == {"seeds/a.md", "seeds/-b é.md"}
    assert git(site, "status", "--porcelain").splitlines() == [" M seeds/dirty.md"]
    text = git(site, "log", "-1", "--format=%B")
    assert text.startswith("Repair 1 seed: heading, title\n")
    assert "\n\nOf an earlier run, which did not commit it, 1 seed:\n- seeds/a.md\n\n" in text
    assert crawl(site / "seeds", settings=settings).code == 0
    assert commits(site) == 2


def test_a_run_with_nothing_of_its_own_commits_what_an_earlier_one_could_not(
    crawl: Crawl, site: Path, tmp_path: Path
) -> None:
    hook = site / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho No commits today >&2\nexit 1\n")
    hook.chmod(0o755)
    settings = {"COMMIT": 1, "RUN_DIR": tmp_path / "runs"}
    refused = crawl(site / "seeds", settings=settings)
    assert (refused.code, commits(site)) == (1, 1)
    assert "No commits today" in refused.stderr
    hook.unlink()
    # A lock that a killed git has left is named, and stays for the person to remove.
    (site / ".git" / "index.lock").touch()
    locked = crawl(site / "seeds", settings=settings)
    assert (locked.code, commits(site)) == (1, 1)
    assert "index.lock" in locked.stderr
    (site / ".git" / "index.lock").unlink()
    run = crawl(site / "seeds", settings=settings)
    assert (run.code, run.stderr) == (0, "")
    assert changed(site) == {"seeds/a.md", "seeds/-b é.md", "seeds/dirty.md"}
    assert git(site, "log", "-1", "--format=%s") == "Repair 3 seeds, of an earlier run\n"


def test_seeds_of_another_repository_are_named(crawl: Crawl, tmp_path: Path) -> None:
    blog = repository(tmp_path / "blog", {"own.md": BROKEN})
    posts = repository(blog / "posts", {"theirs.md": BROKEN})
    run = crawl(blog, settings={"COMMIT": 1})
    assert (run.code, commits(blog), commits(posts)) == (0, 2, 1)
    assert changed(blog) == {"own.md"}
    (sentence,) = [line for line in run.stdout.splitlines() if "not committed" in line]
    assert "posts/theirs.md; posts is a repository of its own, run again with SEEDS_DIR there" in sentence
