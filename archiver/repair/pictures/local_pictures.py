"""Links of a seed to pictures that the archive has, rewritten to files of the collection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Protocol

from archiver.archive.base import RecordedResponse
from archiver.archive.transfer.assets import NoPicture
from archiver.archive.transfer.picture_folder import PictureFolder
from archiver.decisions import Answer
from archiver.errors import PictureUnwritable, SeedError
from archiver.models import Change
from archiver.repair.pictures.places import PicturePlace, PicturePlaces
from archiver.repair.repair import Repair
from archiver.repair.reviews.answers import Answers
from archiver.seeds import Seed, read
from archiver.seeds.picture_links import find_links, rewrite_links

PICTURES = "pictures"
"""What a change of links to pictures has in the place of a field."""


class PictureSource(Protocol):
    """Where pictures come from."""

    def find(self, url: str) -> RecordedResponse:
        """What an address has shown. Raises NoPicture."""
        ...

    def close(self) -> None:
        """Let go of what it was read from."""
        ...


class LocalPictures:
    """Rewrites the links of a run's seeds. May be used by several threads."""

    def __init__(
        self,
        places: PicturePlaces,
        keys: Sequence[str],
        source: PictureSource,
        is_own: Callable[[str], bool],
        *,
        writes: bool,
    ) -> None:
        """`keys` are those of pictures in front matter, pictures that `is_own` says yes to stay; `writes` makes files.

        Without files the links are those that there would be.
        """
        self._places = places
        self._keys = keys
        self._source = source
        self._is_own = is_own
        self._writes = writes
        self._shared = PictureFolder(places.shared_folder)

    @staticmethod
    def is_refused(answers: Answers) -> bool:
        """Whether a person took links of the seed back, whichever: which there are depends on what else is written."""
        said = answers.find(PICTURES)
        return said is not None and said.answer is Answer.KEEP

    def remote_urls(self, seed: Seed, content: bytes) -> list[str]:
        """Return the pictures elsewhere that a seed with this content names in places that can be rewritten."""
        try:
            links = find_links(read(seed.path, content), self._keys).links
        except SeedError:
            return []
        return list(dict.fromkeys(link.url for link in links if link.is_remote and not self._is_own(link.url)))

    def rewrite(
        self, path: str, seed: Seed, done: Repair, answers: Answers, dead: Mapping[str, str] = MappingProxyType({})
    ) -> Repair:
        """Return the repair of the seed at a path below its folder, with the links of its content rewritten.

        `dead` are pictures that no file is made of, with the reason. Files come before links: they lie there when this
        returns, and the seed is still as it was.
        """
        try:
            repaired = read(seed.path, done.content)
            links = find_links(repaired, self._keys)
        except SeedError:
            return done
        remote = {link.address: link.url for link in links.links if link.is_remote and not self._is_own(link.url)}
        left = dict.fromkeys(links.templates, "a shortcode or tag of the site's builder names it")
        left |= dict.fromkeys(links.unsure, "its place in the text is not certain, or a link shares it")
        left = {url: why for url, why in left.items() if not self._is_own(url)}
        left |= {url: dead[url] for url in remote.values() if url in dead}
        remote = {address: url for address, url in remote.items() if url not in dead}
        place = self._places.of(path)
        folder = self._folder(place)
        targets = self._each(remote, left, folder.name_for, place)
        if targets and self.is_refused(answers):
            return replace(done, refused=(*done.refused, PICTURES))
        content = done.content
        try:
            content = rewrite_links(repaired, self._keys, targets)
            if self._writes and targets:
                remote = {address: remote[address] for address in targets}
                targets = self._each(remote, left, lambda url, body: folder.place(url, body).name, place)
                content = rewrite_links(repaired, self._keys, targets)
        except SeedError as error:
            left |= dict.fromkeys((remote[address] for address in targets), str(error))
            targets = {}
        return replace(
            done,
            content=content if targets else done.content,
            changes=(*done.changes, _change(remote, targets)) if targets else done.changes,
            picture_files=tuple(dict.fromkeys(place.folder / target.rpartition("/")[2] for target in targets.values())),
            remote_pictures=tuple(f"{url} ({why})" for url, why in left.items()),
        )

    def close(self) -> None:
        """Let go of the source."""
        self._source.close()

    def _each(
        self,
        remote: Mapping[str, str],
        left: dict[str, str],
        name: Callable[[str, bytes], str],
        place: PicturePlace,
    ) -> dict[str, str]:
        """What links say then, by address; what stays as it is goes to `left`. One picture at a time in memory."""
        targets: dict[str, str] = {}
        for address, url in remote.items():
            try:
                targets[address] = place.prefix + name(url, self._source.find(url).body)
            except (NoPicture, PictureUnwritable) as error:
                left[url] = str(error)
        return targets

    def _folder(self, place: PicturePlace) -> PictureFolder:
        """A folder with what is known of it; that of one post is forgotten with its seed."""
        return self._shared if place.folder == self._shared.folder else PictureFolder(place.folder)


def _change(remote: Mapping[str, str], targets: Mapping[str, str]) -> Change:
    return Change(PICTURES, _join(remote[address] for address in targets), _join(targets.values()), "archive")


def _join(addresses: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(addresses))
