"""SVG: text, which may run scripts, and is judged apart."""

from __future__ import annotations

import re

from lxml import etree

from archiver.images.types import SVG
from archiver.models import PictureJudgement, PictureVerdict

_ACTIVE = re.compile(
    rb"<script|<foreignObject|<iframe|<embed|<object|<!ENTITY|javascript:|\son[a-z]+\s*=|"
    rb"(?:href|src)\s*=\s*[\"']?\s*(?!data:image/|#)[a-z+]+:|@import",
    re.IGNORECASE,
)
"""What runs, or asks others for something."""
_MAX_DRAWING_BYTES = 2_000_000
"""Bytes of a drawing that is parsed; maps have up to one million. With fewer those are refused, with more the parser
takes longer than a page may. Chosen, not measured."""


def judge_drawing(body: bytes) -> PictureJudgement:
    """Return whether a drawing is a plain one: well-formed, without scripts and without anything from elsewhere.

    One that is well-formed and not plain is unknown.
    """
    if len(body) > _MAX_DRAWING_BYTES:
        return PictureJudgement(PictureVerdict.UNKNOWN, f"its drawing has {len(body)} bytes", SVG.mime)
    if _ACTIVE.search(body):
        # Browsers run nothing of it where a page shows it as a picture, so it is not dead; nobody else should have it.
        said = "its drawing runs a script, or asks others for something"
        return PictureJudgement(PictureVerdict.UNKNOWN, said, SVG.mime)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return _refuse("its drawing is damaged")
    if etree.QName(root).localname != "svg":
        return _refuse("its drawing is none")
    if not len(root):
        return PictureJudgement(PictureVerdict.PLACEHOLDER, "its drawing is empty", SVG.mime)
    return PictureJudgement(PictureVerdict.ALIVE, "", SVG.mime)


def _refuse(why: str) -> PictureJudgement:
    return PictureJudgement(PictureVerdict.NOT_IMAGE, why, SVG.mime)
