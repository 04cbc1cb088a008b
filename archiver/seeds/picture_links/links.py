"""The pictures that a seed names, in its front matter and in its text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from archiver.images.addresses import is_remote, with_scheme
from archiver.seeds.picture_links.front_matter import find_in_front_matter
from archiver.seeds.seed import Seed
from archiver.text.markdown.images import find_images

LinkPlace = Literal["front matter", "markdown", "definition", "html"]
_Span = tuple[int, int, str, LinkPlace]


class PictureLink(NamedTuple):
    """One address of a picture, and the bytes of the file that it is written with."""

    start: int
    end: int
    address: str
    """Without the escapes of the language that it stands in."""
    place: LinkPlace

    @property
    def is_remote(self) -> bool:
        """True for an address on a host, which a file of the site's own has not."""
        return is_remote(self.address)

    @property
    def url(self) -> str:
        """The address with a scheme."""
        return with_scheme(self.address)


@dataclass(frozen=True, slots=True)
class PictureLinks:
    """All pictures of a seed."""

    links: tuple[PictureLink, ...]
    """In the order in which they stand."""
    templates: tuple[str, ...]
    """Addresses in shortcodes and tags of a site's builder, which are not read and not rewritten."""
    unsure: tuple[str, ...]
    """Addresses whose place is not certain, or which a link shares, so that they are not rewritten."""

    @property
    def urls(self) -> Iterator[str]:
        """Every address on a host that the seed names, also those that are not rewritten; some more than once."""
        yield from (link.url for link in self.links if link.is_remote)
        yield from (url for url in (*self.templates, *self.unsure) if url.lower().startswith(("http://", "https://")))


def find_links(seed: Seed, image_keys: Iterable[str]) -> PictureLinks:
    """Return the pictures that a seed names below some keys of its front matter, and in its text."""
    document = seed.document
    front_start = len(document.bom) + len(document.opening)
    body_start = front_start + len(document.front) + len(document.closing)
    front: list[_Span] = [(*span, "front matter") for span in find_in_front_matter(seed, image_keys)]
    body = find_images(seed.body)
    return PictureLinks(
        (*_in_bytes(seed.front, front_start, front), *_in_bytes(seed.body, body_start, body.spans)),
        body.templates,
        body.unsure,
    )


def _in_bytes(text: str, offset: int, spans: Iterable[_Span]) -> Iterator[PictureLink]:
    """Yield spans of a text, which are in order, as those of the file that has it behind so many bytes."""
    at = 0
    for start, end, address, place in spans:
        first = offset + len(text[at:start].encode())
        offset = first + len(text[start:end].encode())
        at = end
        yield PictureLink(first, offset, address, place)
