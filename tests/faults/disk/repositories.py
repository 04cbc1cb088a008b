"""Seeds in git, where a repository is not all there is."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.faults.disk.lab import Lab, Tries, bad_end, pages
from tests.faults.fault import Figures
from tests.support.servers import Site


def tries(numbers: range, folder: Path) -> Figures:
    """Crawl with --commit, and look where the commit went."""
    said = Tries()
    for number in numbers:
        own = folder / str(number)
        own.mkdir()
        with said.one(number) as this, Site(pages(2)) as site:
            kind = _KINDS[number % len(_KINDS)]
            this.lost += [f"{kind.__name__}: {sentence}" for sentence in kind(site, own)]
    return said.figures


def _git(folder: Path, *words: str) -> str:
    given = ["-c", "protocol.file.allow=always", "-c", "user.name=A", "-c", "user.email=a@example.org"]
    return subprocess.run(["git", "-C", folder, *given, *words], check=True, capture_output=True, text=True).stdout


def _repository(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    _git(folder, "init", "--quiet", "--initial-branch=main")
    _git(folder, "config", "user.name", "A")
    _git(folder, "config", "user.email", "a@example.org")
    return folder


def _commit_all(folder: Path) -> None:
    _git(folder, "add", ".")
    _git(folder, "commit", "--quiet", "--message=all")


def _crawl(lab: Lab, right: Path, *others: Path) -> list[str]:
    """Crawl: one commit more in the right repository, nothing left there, nothing new in others."""
    heads = {one: _git(one, "rev-parse", "HEAD") for one in (right, *others)}
    lost = bad_end(lab.run("crawl", "seeds", "--commit"), {0})
    if _git(right, "rev-parse", "HEAD^") != heads[right] or _git(right, "status", "--short"):
        lost.append("the seeds are not committed")
    return lost + [f"{one.name} has a commit" for one in others if _git(one, "rev-parse", "HEAD") != heads[one]]


def _named(lab: Lab, folder: Path, *words: str, code: int) -> list[str]:
    """Crawl where nothing can be committed: a sentence has these words, and nothing is committed."""
    head = _git(folder, "rev-parse", "HEAD")
    done = lab.run("crawl", "seeds", "--commit")
    lost = bad_end(done, {code})
    lost += [f"{word} is not said" for word in words if word not in done.stdout + done.stderr]
    return lost + (["something was committed"] if _git(folder, "rev-parse", "HEAD") != head else [])


def _submodule(site: Site, own: Path) -> list[str]:
    library = _repository(own / "library")
    Lab(site, own, seeds=library / "seeds")
    _commit_all(library)
    blog = _repository(own / "blog")
    _git(blog, "submodule", "--quiet", "add", str(library), "posts")
    _commit_all(blog)
    posts = blog / "posts"
    _git(posts, "config", "user.name", "A")
    _git(posts, "config", "user.email", "a@example.org")
    return _crawl(Lab(site, own, seeds=posts / "seeds"), posts, blog)


def _above_a_submodule(site: Site, own: Path) -> list[str]:
    lost = _submodule(site, own)
    blog = own / "blog"
    lab = Lab(site, own, seeds=blog / "posts" / "seeds", archive=own / "other")
    _commit_all(blog / "posts")
    lab.seeds = blog
    return lost + _named(lab, blog / "posts", "posts/seeds/0.md", "is a repository of its own", code=0)


def _linked_worktree(site: Site, own: Path) -> list[str]:
    main = _repository(own / "main")
    Lab(site, own, seeds=main / "seeds")
    _commit_all(main)
    _git(main, "worktree", "add", "--quiet", str(own / "linked"), "-b", "other")
    return _crawl(Lab(site, own, seeds=own / "linked" / "seeds"), own / "linked", main)


def _nested(site: Site, own: Path) -> list[str]:
    outer = _repository(own / "outer")
    (outer / "file").touch()
    _commit_all(outer)
    inner = _repository(outer / "inner")
    lab = Lab(site, own, seeds=inner / "seeds")
    _commit_all(inner)
    return _crawl(lab, inner, outer)


def _ignored(site: Site, own: Path) -> list[str]:
    folder = _repository(own / "blog")
    (folder / ".gitignore").write_text("seeds/\n")
    lab = Lab(site, own, seeds=folder / "seeds")
    _commit_all(folder)
    return _named(lab, folder, "not committed", "seeds/0.md", code=0)


def _sparse(site: Site, own: Path) -> list[str]:
    folder = _repository(own / "blog")
    lab = Lab(site, own, seeds=folder / "seeds")
    (folder / "other").mkdir()
    (folder / "other" / "file").touch()
    _commit_all(folder)
    _git(folder, "sparse-checkout", "set", "seeds")
    return _crawl(lab, folder)


def _locked(name: str) -> Callable[[Site, Path], list[str]]:
    def kind(site: Site, own: Path) -> list[str]:
        folder = _repository(own / "blog")
        lab = Lab(site, own, seeds=folder / "seeds")
        _commit_all(folder)
        lock = folder / ".git" / name
        lock.touch()
        lost = _named(lab, folder, name, "remove that file", code=1)
        lock.unlink()
        return lost

    kind.__name__ = name
    return kind


_KINDS: tuple[Callable[[Site, Path], list[str]], ...] = (
    _submodule, _above_a_submodule, _linked_worktree, _nested, _ignored, _sparse,
    _locked("index.lock"), _locked("refs/heads/main.lock"),
)  # fmt: skip
