"""deploy/refresh.yml, run step by step as GitHub would on a real repository; `gh` only notes what it is asked."""

from __future__ import annotations

import json
import re
import socketserver
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT, seed_archiver
from tests.support.servers import Answer, Site, html

WORKFLOW = ROOT / "deploy" / "refresh.yml"
BRANCH = "seed-archiver/refresh"
GH = """#!/bin/sh
for word; do printf '%s\\t' "$word"; done >> "$CALLS"; echo >> "$CALLS"
case "$1 $2" in
"pr list") cat "$OPEN" ;;
"pr create") echo 7 > "$OPEN" ;;
esac
while [ $# -gt 0 ]; do [ "$1" != --body-file ] || cat "$2" > "$BODY"; shift; done
"""
PYTHON = '#!/bin/sh\necho "$@" > "$INSTALLED"\n'
ARCHIVER = """#!{python} -SE
import json, os, socket, sys
with socket.create_connection(("127.0.0.1", {port})) as link, link.makefile("rw", encoding="utf-8") as lines:
    print(json.dumps([os.getcwd(), *sys.argv[1:]]), file=lines, flush=True)
    code, said, complained = json.loads(lines.readline())
sys.stdout.write(said)
sys.stderr.write(complained)
sys.exit(code)
"""
"""Asks the test for a run of the program, which that starts in a part of the time."""
OPTIONS = ("PRIVATE_HOSTS=1", "WAYBACK=0", "DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=0", "EXTRACT_WORKERS=1")
"""The loopback interface is asked, which nobody else would want to be."""
TEXT = "The pilots of the ferry ask for a second lighthouse, since the first one stands where nobody needs it any more."


class Starter(socketserver.StreamRequestHandler):
    """Runs `seed-archiver` for the programs of a job."""

    def handle(self) -> None:
        folder, *args = json.loads(self.rfile.readline())
        run = seed_archiver(*args, *(word for option in OPTIONS for word in ("-s", option)), cwd=Path(folder))
        self.wfile.write(json.dumps([run.code, run.stdout, run.stderr]).encode() + b"\n")


@dataclass
class Job:
    """One repository on a server, its pull requests, and what a job finds and leaves."""

    folder: Path
    site: Site
    port: int
    uploaded: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        programs = self.folder / "bin"
        programs.mkdir()
        scripts = {"gh": GH, "python": PYTHON, "seed-archiver": ARCHIVER.format(python=sys.executable, port=self.port)}
        for name, text in scripts.items():
            (programs / name).write_text(text)
            (programs / name).chmod(0o755)
        (self.folder / "gitconfig").write_text(
            "[user]\nname = Ann\nemail = ann@example.org\n[init]\ndefaultBranch = main\n"
        )
        for name in ("calls", "open", "body", "output"):
            (self.folder / name).touch()
        self.git("init", "--quiet", "--bare", "origin.git")
        self.git("clone", "--quiet", "origin.git", "mine")
        posts = self.folder / "mine" / "_posts"
        posts.mkdir()
        for name in ("ferry", "harbour"):
            (posts / f"{name}.md").write_text(
                f'---\norigin_url: "{self.site.url(f"/{name}")}"\ntitle: ""\n---\n{TEXT}\n'
            )
        (self.folder / "mine" / "seed-archiver.toml").write_text('seeds = "_posts"\n')
        self.push("Begin")

    @property
    def environment(self) -> dict[str, str]:
        places = {name: str(self.folder / name.lower()) for name in ("CALLS", "OPEN", "BODY", "INSTALLED")}
        return {
            "PATH": f"{self.folder / 'bin'}:/usr/bin:/bin", "HOME": str(self.folder), "LANG": "C.UTF-8",
            "GIT_CONFIG_GLOBAL": str(self.folder / "gitconfig"), "GIT_CONFIG_NOSYSTEM": "1",
            "GITHUB_OUTPUT": str(self.folder / "output"), "RUNNER_TEMP": str(self.folder), **places,
        }  # fmt: skip

    def git(self, *args: str, cwd: str = "") -> str:
        done = subprocess.run(
            ["git", *args], cwd=self.folder / cwd, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def push(self, subject: str) -> None:
        self.git("add", "--all", cwd="mine")
        self.git("commit", "--quiet", f"--message={subject}", cwd="mine")
        self.push_head()

    def push_head(self) -> None:
        self.git("push", "--quiet", "origin", "HEAD:main", cwd="mine")

    def merge(self) -> None:
        """Merge the pull request, as its page does: the branch stays."""
        self.git("fetch", "--quiet", "origin", BRANCH, cwd="mine")
        self.git("merge", "--quiet", "--no-edit", "FETCH_HEAD", cwd="mine")
        self.push_head()
        (self.folder / "open").write_text("")

    def works(self) -> list[str]:
        """The clones that jobs have worked in, the last one last."""
        return sorted(folder.name for folder in self.folder.glob("work*"))

    def branch(self, *args: str) -> str:
        return self.git("-C", "origin.git", *args)

    def body(self) -> str:
        return (self.folder / "body").read_text("utf-8")

    def run(self, last_step: str = "") -> list[list[str]]:
        """Run the job on a fresh clone, to the step of this id; what `gh` was asked but for the pull requests."""
        work = f"work{len(self.works())}"
        self.git("clone", "--quiet", "--branch=main", "origin.git", work)
        (self.folder / "calls").write_text("")
        workflow = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
        known: dict[str, Any] = {"github.ref_name": "main", "github.server_url": "https://git.example"}
        for step in workflow["jobs"]["refresh"]["steps"]:
            if not self._applies(step.get("if", ""), known):
                continue
            if "run" in step:
                (self.folder / "output").write_text("")
                given = {**workflow["env"], **step.get("env", {})}
                variables = {name: self._fill(value, known) for name, value in given.items()}
                bash = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
                done = subprocess.run(
                    bash, cwd=self.folder / work, env=self.environment | variables,
                    capture_output=True, text=True, check=False,
                )  # fmt: skip
                assert done.returncode == 0, done.stdout + done.stderr
                for line in (self.folder / "output").read_text().splitlines():
                    name, _, value = line.partition("=")
                    known[f"steps.{step['id']}.outputs.{name}"] = value
                if step.get("id") == last_step:
                    break
            elif step["uses"].startswith("actions/upload-artifact@"):
                self.uploaded.append(self._fill(step["with"]["path"], known).replace("~", str(self.folder)))
        calls = [line.rstrip("\t").split("\t") for line in (self.folder / "calls").read_text().splitlines()]
        return [call for call in calls if call[:2] != ["pr", "list"]]

    @staticmethod
    def _fill(text: str, known: dict[str, Any]) -> str:
        return re.sub(r"\$\{\{ *([\w.]+) *\}\}", lambda found: known.get(found[1], ""), text)

    @staticmethod
    def _applies(condition: str, known: dict[str, Any]) -> bool:
        """Whether a step's condition holds, of the few forms that there are."""
        for part in filter(None, condition.replace("always()", "").strip(" &").split(" && ")):
            name, sign, wanted = part.split()
            if (known.get(name, "") == wanted.strip("'")) != (sign == "=="):
                return False
        return True


@pytest.fixture
def job(tmp_path: Path) -> Any:
    ferry = html("Ferry pilots ask for a second lighthouse", *[TEXT] * 4)
    pages = {"/ferry": Answer(ferry, 200, {"Content-Type": "text/html; charset=utf-8"})}
    with Site(pages) as site, socketserver.TCPServer(("127.0.0.1", 0), Starter) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield Job(tmp_path, site, server.server_address[1])
        server.shutdown()


def test_one_branch_and_one_pull_request_are_kept(job: Job) -> None:
    # The first run opens it; one seed was missed, which is no failure of the job.
    (made,) = job.run()
    assert made[:6] == ["pr", "create", "--base", "main", "--head", BRANCH]
    assert made[7] == "Repair 1 seed, 1 missed"
    assert "| `ferry.md` | written | `title` |" in job.body()
    assert "<details><summary>Evidence</summary>" in job.body()
    assert "https://git.example" in job.body()
    assert (job.folder / "installed").read_text().startswith("-m pip install")
    (report,) = job.uploaded
    assert (Path(report) / "results.jsonl").is_file()
    assert job.branch("rev-list", "--count", f"main..{BRANCH}") == "1"
    assert "second lighthouse" in job.branch("show", f"{BRANCH}:_posts/ferry.md")

    # Nothing new: nothing is asked of anybody.
    first = job.branch("rev-parse", BRANCH)
    assert job.run() == []
    assert job.branch("rev-parse", BRANCH) == first
    assert len(job.uploaded) == 1

    # A post more, while the pull request waits: the same branch and the same pull request, with both seeds.
    job.site.pages["/tide"] = Answer(job.site.pages["/ferry"].body.replace(b"lighthouse", b"tide gauge"), 200)
    post = f'---\norigin_url: "{job.site.url("/tide")}"\ntitle: ""\n---\n'
    (job.folder / "mine" / "_posts" / "tide.md").write_text(post)
    job.push("A post")
    (changed,) = job.run()
    assert changed[:4] == ["pr", "edit", "7", "--title"]
    assert re.findall(r"^\| `(\w+).md` \| written", job.body(), re.MULTILINE) == ["ferry", "tide"]
    assert job.branch("rev-list", "--count", "--no-merges", f"main..{BRANCH}") == "2"
    assert job.branch("merge-base", "--is-ancestor", "main", BRANCH) == ""

    # Somebody mends by hand what waits: the branch begins anew from there, and nothing of theirs is lost.
    ferry = job.folder / "mine" / "_posts" / "ferry.md"
    ferry.write_text(ferry.read_text().replace('title: ""', 'title: "By hand"'))
    job.push("A title")
    job.run(last_step="branch")
    work = job.works()[-1]
    assert job.git("rev-parse", "HEAD", cwd=work) == job.branch("rev-parse", "main")
    assert job.git("status", "--porcelain", cwd=work) == ""
    job.git("revert", "--no-edit", "HEAD", cwd="mine")
    job.push_head()

    # Merged: the next change has a branch and a pull request of its own.
    job.merge()
    (job.folder / "mine" / "_posts" / "again.md").write_text(post)
    job.push("Another post")
    (made,) = job.run()
    assert made[:2] == ["pr", "create"]
    assert re.findall(r"^\| `(\w+).md` \| written", job.body(), re.MULTILINE) == ["again"]
    assert job.branch("rev-list", "--count", f"main..{BRANCH}") == "1"
