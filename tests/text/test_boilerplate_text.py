"""What the machinery around an article says, told from sentences that begin with the same words."""

from __future__ import annotations

import pytest

from archiver.extract.body.body import body
from archiver.text.boilerplate_text import is_machinery
from tests.extract.body.test_body import ARTICLE, TEXT, page

SAID = [
    "[signup form=1630175]",
    '[gallery ids="1,2" size=large]',
    "Lire aussi :",
    "Czytaj więcej",
    "Te puede interesar:",
    "関連記事",
    "यह भी पढ़ें",
    "Was this article helpful?",
    "Article continues below advertisement",
    "Anzeige",
    "Advertisement:",
    "Publicité :",
    "Mehr zum Thema:",
    "Privacy Policy",
    "Datenschutzerklärung",
    "Política de privacidad",
    "Skip twitter post by @harbourmaster",
    "End of Facebook post by Nordblatt, 2",
    "End of podcast promotion",
    "Skip advertisement",
    "Ende der weiteren Informationen",
    "Ende des Videobeitrags",
    "Passer la publicité",
    "Fin de la publicidad",
    "Následuje obsah vložený z jiného webu. Zde jej můžete přeskočit.",
    "Přejít za obsah vložený z jiného webu.",
    "An dieser Stelle finden Sie einen von unserer Redaktion ausgewählten, externen Inhalt, der den Text ergänzt.",
    "Externen Inhalt anzeigen",
    "Hat Ihnen dieser Beitrag gefallen? Dann unterstützen Sie uns mit einer Spende.",
    "This post contains affiliate links: if you buy something, I may earn a little.",
    "If you buy a boat through our links, we may earn a commission.",
    "Follow us on Instagram and YouTube for more boats.",
    "Ich bin damit einverstanden, dass mir der externe Inhalt angezeigt wird.",
    "Did you enjoy this article? Please support our newsroom with a donation.",
    "Cet article vous a plu ? Soutenez notre rédaction.",
    "¿Te ha gustado este artículo? Suscríbete a nuestra revista.",
]
TOLD = [
    "[Applause]",
    "[x = 3]",
    "Menu: soup, fish and a pudding",
    "Anzeigen gegen den Betreiber des Hafens gingen bei der Polizei ein.",
    "The privacy policy of the port was changed after the theft.",
    "End of Twitter as we knew it",
    "Skip the queue at the harbour",
    "Skip Jones sails around the world.",
    "Ende der Bauarbeiten",
    "Ende des Streiks: Fähren fahren wieder",
    "Fin de la promotion d’été au port de Nantes",
    "Passer la frontière reste difficile.",
    "An dieser Stelle stand einst die alte Werft.",
    "Hat Ihnen der Kapitän gesagt, wohin die Reise geht?",
    "Follow us on our way through the harbour.",
    "If you buy a boat, take it out of the water in the winter.",
    "If you enjoyed this summer, wait for the autumn.",
    "Cet article du code du travail vous protège.",
    "¿Te ha gustado el puerto? Vuelve en verano.",
]


@pytest.mark.parametrize("text", SAID)
def test_labels_signposts_and_appeals_are_machinery(text: str) -> None:
    assert is_machinery(text)
    assert body(page(f"<article><h1>Harbour reopens</h1>{ARTICLE}<p>{text}</p>{ARTICLE}</article>")).markdown == (
        f"{TEXT}\n\n{TEXT}"
    )


@pytest.mark.parametrize("text", TOLD)
def test_sentences_that_begin_alike_are_text(text: str) -> None:
    assert not is_machinery(text)
    assert text in body(page(f"<article><h1>Harbour reopens</h1>{ARTICLE}<p>{text}</p>{ARTICLE}</article>")).text


def test_a_long_text_says_more_than_a_notice() -> None:
    assert not is_machinery(f"Hat Ihnen dieser Beitrag gefallen? Dann unterstützen Sie uns. {'Mehr dazu. ' * 40}")
