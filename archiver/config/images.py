"""Which pictures are fetched, and which of them are the site's own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec

from scrapy.settings import BaseSettings

from archiver.config.selection import parse_hosts
from archiver.config.values import read_count
from archiver.errors import SettingsError

PACKAGE = "PIL"
"""What the extra installs."""


class ImageUse(StrEnum):
    """Which pictures of a seed are fetched."""

    NONE = "none"
    LEAD = "lead"
    """That of its front matter."""
    ALL = "all"
    """Those of its body too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageSettings:
    """What a run does with pictures."""

    use: ImageUse = ImageUse.NONE
    own_hosts: frozenset[str] = frozenset()
    """Hosts of pictures that somebody keeps for the site, without `www.`; those are never replaced."""
    max_bytes: int = 0
    """The most bytes of one picture; 0 is DOWNLOAD_MAXSIZE alone."""

    @classmethod
    def read(cls, settings: BaseSettings, *, with_places: bool) -> ImageSettings:
        """Read the settings of pictures. Raises SettingsError; `with_places` looks for the extra too."""
        return cls(
            use=_parse_use(settings, with_places=with_places),
            own_hosts=frozenset(parse_hosts(settings.getlist("IMAGE_OWN_HOSTS"), "IMAGE_OWN_HOSTS")),
            max_bytes=read_count(settings, "IMAGE_MAX_BYTES"),
        )

    @property
    def is_on(self) -> bool:
        """Whether any picture is looked at."""
        return self.use is not ImageUse.NONE


def _parse_use(settings: BaseSettings, *, with_places: bool) -> ImageUse:
    named = str(settings["IMAGES"] or ImageUse.NONE)
    if named not in [*ImageUse]:
        raise SettingsError(f"IMAGES={named} is not known; write one of {', '.join(ImageUse)}")
    use = ImageUse(named)
    if with_places and use is not ImageUse.NONE and find_spec(PACKAGE) is None:
        raise SettingsError(
            f"IMAGES={use} needs Pillow, which is not installed; install it with "
            "`pip install 'seed-archiver[images]'`, or set IMAGES=none"
        )
    return use
