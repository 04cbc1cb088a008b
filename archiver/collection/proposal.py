"""A collection's file for what was found in a folder."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from archiver.collection.detect import Generator, detect_by_files, detect_by_posts
from archiver.collection.presets import Preset, presets
from archiver.collection.survey import Folder, KeyCount, Survey, read_folder, survey_posts
from archiver.models import Field

_SUFFIXES = (".md", ".markdown", ".mdx", ".txt")
"""What posts are named like, before it is known who reads them."""

_GLOB_CHARACTERS = re.compile(r"[][*?!\\]")
"""What means something else in a glob than in a name."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was found in a folder, and what its file is to say."""

    generator: Generator
    folder: Folder
    survey: Survey
    seeds: str
    """The folder of the posts, below the collection's."""
    unread: Mapping[str, int]
    """Files with front matter whose suffix the generator does not read, by suffix."""
    exclude: tuple[str, ...]
    """Folders of files without front matter, as globs below `seeds`."""

    @property
    def below_seeds(self) -> tuple[str, ...]:
        """The posts that lie below `seeds`."""
        return tuple(path for path in self.folder.posts if _is_below(path, self.seeds))


def propose(root: Path) -> Proposal:
    """Look at the files of a folder, and say what its collection file should."""
    generator = detect_by_files(root)
    preset = generator.preset if generator else presets()["plain"]
    folder = _read(root, preset)
    if generator is None:
        generator = detect_by_posts(root, folder.posts)
        if generator.preset is not preset:
            preset = generator.preset
            folder = _read(root, preset)
    survey = survey_posts(folder.posts, preset, generator.hosts)
    seeds = _seeds_folder(root, str(preset.values.get("SEEDS_DIR", ".")), folder, survey)
    others = read_folder(root, set(_SUFFIXES) - set(preset.texts("SEED_SUFFIXES")), preset.texts("SEED_EXCLUDE"))
    unread = Counter(PurePosixPath(path).suffix.lower() for path in others.posts)
    return Proposal(generator, folder, survey, seeds, unread, tuple(_folders_without_posts(folder, seeds)))


def _read(root: Path, preset: Preset) -> Folder:
    return read_folder(root, preset.texts("SEED_SUFFIXES"), preset.texts("SEED_EXCLUDE"))


def _seeds_folder(root: Path, usual: str, folder: Folder, survey: Survey) -> str:
    """The generator's usual folder where it has all posts with a source, else the nearest folder that has them."""
    paths = sorted(survey.sourced) or sorted(folder.posts)
    if (root / usual).is_dir() and all(_is_below(path, usual) for path in paths):
        return usual
    common: tuple[str, ...] = PurePosixPath(paths[0]).parts[:-1] if paths else ()
    for path in paths:
        parts = PurePosixPath(path).parts[:-1]
        same = next((at for at, (one, two) in enumerate(zip(common, parts, strict=False)) if one != two), None)
        common = common[: min(len(common), len(parts)) if same is None else same]
    return "/".join(common) or "."


def _folders_without_posts(folder: Folder, seeds: str) -> Iterator[str]:
    """Globs of the topmost folders in which no file that is named like a post has front matter."""
    having = {str(parent) for path in (*folder.posts, *folder.broken) for parent in PurePosixPath(path).parents}
    found: set[str] = set()
    for path in folder.others:
        empty = [str(parent) for parent in PurePosixPath(path).parents if str(parent) not in having]
        if empty and _is_below(empty[-1], seeds):
            found.add(empty[-1])
    prefix = "" if seeds == "." else f"{seeds}/"
    plain = (one.removeprefix(prefix) for one in sorted(found) if one != seeds)
    yield from (f"{one}/**" for one in plain if not _GLOB_CHARACTERS.search(one))


def _is_below(path: str, folder: str) -> bool:
    return folder == "." or PurePosixPath(path).is_relative_to(folder)


def collection_text(proposal: Proposal) -> str:
    """Return the text of the collection's file."""
    return "\n".join(_lines(proposal)) + "\n"


def _lines(proposal: Proposal) -> Iterator[str]:
    preset, survey = proposal.generator.preset, proposal.survey
    yield f"# Written by `seed-archiver init`; {_comment(preset.about)}: {_comment(proposal.generator.evidence)}."
    yield f"preset = {toml_text(preset.name)}"
    yield f"seeds = {toml_text(proposal.seeds)}"
    if proposal.exclude:
        yield f"exclude = {_toml_list(proposal.exclude)}"
    if proposal.generator.hosts:
        yield f"# From {_comment(proposal.generator.hosts_from)}: an address on one of them is no source."
        yield f"site_hosts = {_toml_list(proposal.generator.hosts)}"
    heading = _heading(proposal)
    if heading is not None and heading is not preset.values["BODY_HEADING"]:
        yield f"heading = {str(heading).lower()}"
    yield "# Where a site's owner can ask about the crawl: an address of yours."
    yield '# contact = "mailto:me@example.org"'
    keys = dict(_keys(proposal))
    if keys or not survey.sources:
        yield ""
        yield "[keys]"
        if not survey.sources:
            yield "# No key of the posts holds addresses on other hosts; name the one that does:"
            yield '# source = "source_url"'
        yield from (f"{field} = {_toml_list(names)}" for field, names in keys.items())
    shapes = dict(_shapes(proposal))
    if shapes:
        yield ""
        yield "[shapes]"
        yield from (f"{field} = {toml_text(shape)}" for field, shape in shapes.items())


def _heading(proposal: Proposal) -> bool | None:
    """Whether most texts begin with a heading; None without a text."""
    headed = [proposal.folder.headed[path] for path in proposal.below_seeds if path in proposal.folder.headed]
    return 2 * sum(headed) > len(headed) if headed else None


def _keys(proposal: Proposal) -> Iterator[tuple[str, list[str]]]:
    """The keys of each field that differ from the preset's; those of sources always, for they were looked for."""
    preset, survey = proposal.generator.preset, proposal.survey
    if survey.sources:
        yield "source", [one.key for one in survey.sources]
    for field, found in survey.fields.items():
        known = preset.keys[field]
        if found and (found[0].key != known[0] or any(one.key not in known for one in found)):
            yield field.value, list(dict.fromkeys([*(one.key for one in found), *known]))


def _shapes(proposal: Proposal) -> Iterator[tuple[str, str]]:
    """The shapes of most values, where the preset has others."""
    usual = proposal.generator.preset.values.get("SEED_SHAPES", {})
    assert isinstance(usual, dict)
    for field, shapes in proposal.survey.shapes.items():
        if not shapes or field not in {Field.AUTHOR, Field.CATEGORY, Field.DATE}:
            continue
        most = shapes.most_common(1)[0][0]
        if most != usual.get(field, "instant" if field is Field.DATE else "text"):
            yield field.value, most


def report(proposal: Proposal) -> Iterator[tuple[str, str]]:
    """Return what was found, with counts: a name and a line each."""
    folder, survey, generator = proposal.folder, proposal.survey, proposal.generator
    posts = len(folder.posts)
    yield "generator", f"{generator.preset.about} ({generator.evidence})"
    own = f"{', '.join(generator.hosts)} ({generator.hosts_from})" if generator.hosts else "not found"
    yield "own hosts", own
    outside = posts - len(proposal.below_seeds)
    where = f"{len(proposal.below_seeds)} of them in" if outside else "in"
    yield "posts", f"{posts} with front matter, {where} {proposal.seeds}"
    if folder.broken:
        yield "unreadable", f"{len(folder.broken)}, such as {next(iter(folder.broken.values())).rstrip('.')}"
    if folder.others:
        yield "no posts", f"{len(folder.others)} without front matter, such as {folder.others[0]}"
    if proposal.unread:
        counts = ", ".join(f"{count} {suffix}" for suffix, count in proposal.unread.items())
        yield "not read", f"{counts} with front matter; if they are posts, name them in SEED_SUFFIXES under [settings]"
    yield "excluded", ", ".join(proposal.exclude) or "what the preset names"
    found = ", ".join(f"{one.key} {one.posts}" for one in survey.sources) or "no key holds addresses on other hosts"
    yield "source", f"{found} (of {posts} posts, {len(survey.sourced)} have one)"
    headed = folder.headed.values()
    yield "heading", f"{sum(headed)} of {len(headed)} texts begin with one"
    for field, keys in survey.fields.items():
        if keys:
            shapes = ", ".join(f"{shape} {count}" for shape, count in survey.shapes[field].most_common())
            yield field.value, f"{', '.join(map(_as_text, keys))}{f'; {shapes}' if shapes else ''}"


def _as_text(count: KeyCount) -> str:
    return f"{count.key} {count.posts}" + (f" ({count.blank} blank)" if count.blank else "")


def toml_text(text: str) -> str:
    r"""Return a TOML basic string: JSON's escapes are TOML's, but for DEL, which JSON leaves as it is.

    >>> toml_text('a "b"\x7f')
    '"a \\"b\\"\\u007f"'
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _toml_list(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(toml_text, texts))}]"


def _comment(text: str) -> str:
    """Text that cannot end a comment."""
    return "".join(character if character.isprintable() else "?" for character in text)
