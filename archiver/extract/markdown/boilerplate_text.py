"""What the machinery around an article says: labels, notices and appeals that are all that a block says."""

from __future__ import annotations

import re

from archiver.text.language_data import phrases
from archiver.text.phrase_patterns import alternatives

_LABEL = re.compile(
    # What machinery around an article says, when it is all that a block says; here with what may follow it.
    r"(?:\d{1,2}:)?\d{1,2}:\d\d|(?:(?:leave a |post a )?comments?|kommentare) (?:are|sind) (?:closed|geschlossen).?"
    r"|share (?:this|on).{0,30}|loading\.*|(?:image|photo|bild|foto) \d+ (?:of|von|de|/) \d+"
    r"|(?:open|view|see) (?:this )?(?:photo|image|picture)s? in (?:the )?(?:gallery|full ?screen)\W*"
    r"|この記事の画像を見る.{0,8}|\d+ ?min(?:\.|uten?|utes?)? (?:read|lesezeit|lecture|de lectura)"
    r"|print this (?:article|page).{0,30}|(?:\w+[- ])?box aufklappen.{0,30}"
    r"|(?:(?:facebook|twitter|x|google\+?|whatsapp|linkedin|xing|telegram|pinterest|e-?mail|threads|bluesky|reddit)\s*){2,}"
    rf"|{alternatives(phrases('labels.whole'))}:?",
    re.IGNORECASE,
)
_EXTERNAL = re.compile(
    # What stands in the place of an embedded post or video until a reader agrees to load it.
    r"(?:empfohlener|recommended) (?:redaktioneller|externer|editorial|external) (?:inhalt|content)"
    r"|externer inhalt|external content"
    r"|(?:an dieser stelle|hier) (?:findest du|finden sie|befindet sich|steht).{0,60}\bextern.*"
    r"|externen? inhalte? (?:an)?zeigen"
    r"|ich bin (?:damit )?einverstanden, dass (?:mir )?(?:externe )?inhalte.*angezeigt werden\W*"
    r"|(?:damit können )?personenbezogene daten (?:können )?an drittplattformen.*|ein klick für den datenschutz"
    r"|link zum .{2,20}-inhalt|(?:bitte )?aktivieren sie javascript.*",
    re.IGNORECASE | re.DOTALL,
)
_SIGNPOST = re.compile(
    # Where listeners to a screen reader may skip what was put in between, and where it ends.
    r"(?:skip|end of) (?:twitter|x|instagram|facebook|youtube|tiktok) (?:post|content|video)(?:,? \d+)?(?: by .{2,60})?"
    r"|(?:skip|end of) (?:the )?(?:ad|advertisement|(?:podcast|newsletter) promotion|image gallery)"
    r"|ende (?:des|der) (?:\w+beitrags|(?:bilder|foto)galerie|bilderstrecke|weiteren informationen)"
    r"|(?:passer|fin de) la (?:publicité|promotion|galerie)|(?:saltar|omitir|fin de)(?: la)? (?:publicidad|promoción)"
    r"|následuje obsah vložený z jiného webu.{0,40}|přejít (?:před|za) obsah vložený z jiného webu\W*",
    re.IGNORECASE,
)
_APPEAL = re.compile(
    # What the publisher asks of those who liked the article, in a paragraph of its own.
    r"(?:hat ihnen|gefällt ihnen) (?:dieser|der) (?:artikel|beitrag).{0,60}\b(?:unterstützen|spende).*"
    r"|(?:did you (?:like|enjoy)|if you (?:liked|enjoyed)) this (?:article|story).{0,80}\b(?:support|donat|subscri).*"
    r"|(?:cet article vous a plu|vous avez aimé cet article).{0,80}\b(?:soutene|abonne|faites un don).*"
    r"|(?:¿?te ha gustado|si te gustó) este artículo.{0,80}\b(?:apóyanos|suscríbete|dona).*",
    re.IGNORECASE | re.DOTALL,
)
_MAX_NOTICE_LETTERS = 400
"""Characters; a longer text says more than a notice. With fewer appeals of several sentences stay in the body, with
more the patterns, which allow words in between, may match a paragraph of the text. No measurement is on record."""


def is_machinery(text: str) -> bool:
    """True for a text that belongs to the page and not to its article, whole as it stands.

    >>> is_machinery("Advertisement"), is_machinery("Advertisement pays for this paper.")
    (True, False)
    """
    return _LABEL.fullmatch(text.removesuffix(":").rstrip()) is not None or (
        len(text) < _MAX_NOTICE_LETTERS and any(said.fullmatch(text) for said in (_SIGNPOST, _EXTERNAL, _APPEAL))
    )
