"""What archives are called that hold WARCs, or what came before them, in letters of any case."""

from __future__ import annotations

import re

_ARCHIVE_NAME = re.compile(
    r".*\.(?:w?arc(?:\.(?:gz|zst|bz2|xz|lz4|br|z|zip))?|wacz)(?:\.(?:open|part|tmp|crdownload))?", re.IGNORECASE
)
_UNFINISHED = (".open", ".part", ".tmp", ".crdownload")


def is_unfinished_name(name: str) -> bool:
    """Whether a file is named as programs name what they are still writing."""
    return name.lower().endswith(_UNFINISHED)


def is_wacz_name(name: str) -> bool:
    """Whether a file is named like a WACZ."""
    return name.lower().endswith(".wacz")


def is_archive_name(name: str) -> bool:
    """Whether a file is named like an archive of a kind that can be imported, packed and finished or not.

    >>> [is_archive_name(name) for name in ("A.WARC.GZ", "a.arc.gz", "a.warc.zst", "a.wacz", "warc.txt", "a.cdx")]
    [True, True, True, True, False, False]
    """
    return _ARCHIVE_NAME.fullmatch(name) is not None
