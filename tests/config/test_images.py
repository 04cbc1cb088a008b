"""IMAGES, and what it needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archiver.config import images
from archiver.config.images import ImageUse
from archiver.config.run_settings import RunSettings
from archiver.errors import SettingsError
from tests.config.test_browser import read


def test_no_picture_is_asked_for_unless_it_is_wanted() -> None:
    assert read().images.use is ImageUse.NONE
    run = read(IMAGES="lead", IMAGE_OWN_HOSTS="WWW.img.example, b.example")
    assert run.images.is_on
    assert run.images.own_hosts == {"img.example", "b.example"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"IMAGES": "some"}, "IMAGES=some is not known; write one of none, lead, all"),
        ({"IMAGE_OWN_HOSTS": "https://a.example/x"}, "IMAGE_OWN_HOSTS names 'https://a.example/x', which is no host"),
        ({"IMAGE_MAX_BYTES": "much"}, "IMAGE_MAX_BYTES=much is not a whole number"),
    ],
)
def test_what_cannot_be_meant_is_named(given: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        read(**given)


def test_without_the_extra_the_sentence_names_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(images, "PACKAGE", "no_such_package")
    with pytest.raises(SettingsError, match=r"IMAGES=all needs Pillow, .* `pip install 'seed-archiver\[images\]'`"):
        read(IMAGES="all", ARCHIVE_DIR=str(tmp_path))
    assert isinstance(read(), RunSettings)
