"""What a picture at an address turned out to be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

PicturePlace = Literal["lead", "body"]
"""Where a seed names a picture: in its front matter, or in its text."""


class PictureVerdict(StrEnum):
    """What the answer to the request for a picture turned out to be."""

    ALIVE = "alive"
    """A picture that shows something."""
    GONE = "gone"
    """404 or 410, a file that is not there, or a host that has not answered for long."""
    PLACEHOLDER = "placeholder"
    """A picture that shows nothing: a pixel, an even colour, or the one that a host gives for any that it lost."""
    NOT_IMAGE = "not_image"
    """An answer that is no picture: a page, another type, a file that breaks off, a bomb."""
    UNKNOWN = "unknown"
    """Neither alive nor dead, as far as can be said: the host did not answer, or refused; the picture is too large to
    be looked at, or readers see it and nobody should take it, as it is a script, an archive of files or a page too."""

    @property
    def is_dead(self) -> bool:
        """Whether a seed needs another address for the picture."""
        return self in {PictureVerdict.GONE, PictureVerdict.PLACEHOLDER, PictureVerdict.NOT_IMAGE}


@dataclass(frozen=True, slots=True)
class PictureJudgement:
    """The judgement of the bytes of a picture."""

    verdict: PictureVerdict
    detail: str = ""
    """Why, for a person; a part of a sentence, empty for one that is alive."""
    mime: str = ""
    """By its bytes; empty where they are no picture."""
    width: int = 0
    height: int = 0
    """In pixels; 0 where nobody knows."""
    fingerprint: str = ""
    """The perceptual hash, sixteen hexadecimal digits; empty for a drawing, and for a picture without contrast."""


@dataclass(frozen=True, slots=True)
class ImageCheck:
    """One picture of a seed, as a result tells of it."""

    url: str
    """As the seed names it."""
    place: PicturePlace
    verdict: PictureVerdict
    detail: str = ""
    """Why it is not alive; one sentence."""
    is_own: bool = False
    """Whether it is kept for the site, and so never replaced."""
    replaced_by: str = ""
    """The address that the seed has now in its place; empty where it has this one."""
