"""The language of a text by its script and commonest words, to check what a page declares of itself.

A library of language detection would weigh more than the rest of the reader together; a page nearly always names its
language, and the question here is only whether the text contradicts it.
"""

from __future__ import annotations

import re
from collections import Counter

_COMMON = {
    "en": "the of and to in that is was for with on as are this from have not were which has their said will been",
    "de": "der die und das nicht ist den von mit ein eine auch sich auf für dem des im wird sind zu hat werden wurde",
    "fr": "le les des et est une dans que pour qui sur pas par au plus avec ce sont cette du il été ont mais aux",
    "es": "el los las que y en una por con para del se su como más al pero fue sus este ha son lo también",
    "it": "il di che è la per una del della sono con non le dei nel alla si anche gli più ha nella delle come",
    "pt": "o que os não uma do da em para com por mais dos são como foi das ao à também pela pelo seu sua",
    "nl": "de het een van en dat niet zijn op te voor met aan ook er maar bij door heeft wordt worden uit naar nog",
    "sv": "och att det som är på av för inte har den ett med till om han från men kan så var sig också",
    "da": "og at det er til af på den ikke som der har med et for han fra være blev også kan men efter hun jeg",
    "no": "og å det er til av på den ikke som har med et for han fra være ble også kan men etter hun jeg",
    "fi": "ja on ei se että oli hän mutta myös kun ovat mukaan kuin tai joka ole sen vuoden jo nyt hänen",
    "pl": "i w nie na się z do że jest to o jak po przez od ale za co tym jego są był może oraz dla",
    "cs": "a se v na že je o to by s z do ale pro jako za jsou podle který jeho bude když ve při po",
    "sk": "a sa v na že je o to by s z do ale pre ako za sú podľa ktorý jeho bude keď vo pri po",
    "hu": "a az és hogy nem is egy volt meg ez csak már van de mint ki még el azt vagy szerint",
    "ro": "și în de la că nu pe cu din este care pentru mai au sunt fost sau prin după ca fi lui",
    "hr": "i je u na da se za su od koji s a to će kako iz što bi nije ali ne sam po kao",
    "tr": "ve bir bu da de için ile olarak çok daha olan en sonra gibi kadar ne var o ise olduğu",
    "id": "yang dan di dengan untuk pada dari ini itu tidak dalam ke akan juga oleh ada sebagai telah mereka karena",
    "ms": "yang dan di dengan untuk pada dari ini itu tidak dalam ke akan juga oleh telah kata beliau bagi turut",
    "vi": "và của là các cho được trong với không có người đã một những này khi đến ra để nhiều",
    "ca": "el de la que i en els les una per amb del és no més al ha com dels també va són aquest",
    "et": "ja on ei et see oli ka kui aga ning mis oma seda ta või ning mida nii",
    "lt": "ir kad į su iš yra tai kaip apie bet nuo taip pat buvo jau tik ar už dėl",
    "is": "og að í er á sem við það ekki til um en var af með fyrir hann þess þar",
    "sq": "dhe të në një që për me nga është ka se i e u do më ky kjo",
    "ru": "и в не на что с по это он как но из за от для был так его все",
    "uk": "і в не на що з це та як до за від для але який він був про у також",
    "bg": "и в на да не за се от е са че с като по но ще това които",
    "sw": "na ya wa kwa ni katika za la hiyo kuwa cha kama hii baada ambayo huyo pia wao hayo",
    "af": "die van en het is nie wat om te sy vir ook daar word met aan was hulle deur",
    "sr": "и је у на да се за су од који са а то ће као из што није",
}


def _by_word() -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for language, common in _COMMON.items():
        for word in dict.fromkeys(common.split()):
            table.setdefault(word, []).append(language)
    return {word: tuple(spoken_in) for word, spoken_in in table.items()}


_SPEAKERS = _by_word()
_SCRIPTS = (
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("bn", re.compile(r"[\u0980-\u09ff]")),
    ("ta", re.compile(r"[\u0b80-\u0bff]")),
    ("te", re.compile(r"[\u0c00-\u0c7f]")),
    ("ml", re.compile(r"[\u0d00-\u0d7f]")),
    ("gu", re.compile(r"[\u0a80-\u0aff]")),
    ("pa", re.compile(r"[\u0a00-\u0a7f]")),
    ("ka", re.compile(r"[\u10a0-\u10ff]")),
    ("hy", re.compile(r"[\u0530-\u058f]")),
    ("km", re.compile(r"[\u1780-\u17ff]")),
    ("my", re.compile(r"[\u1000-\u109f]")),
    ("lo", re.compile(r"[\u0e80-\u0eff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
)
_SHARED_SCRIPTS = {
    "ar": frozenset({"ar", "fa", "ur", "ps", "ckb", "ku", "ug", "sd"}),
    "he": frozenset({"he", "iw", "yi"}),
    "hi": frozenset({"hi", "mr", "ne", "sa"}),
    "bn": frozenset({"bn", "as"}),
    "zh": frozenset({"zh", "yue"}),
}
_FAMILIES = (
    frozenset({"nb", "no", "nn", "da"}),
    frozenset({"hr", "bs", "sr", "sh", "sl", "me"}),
    frozenset({"id", "ms"}),
    frozenset({"cs", "sk"}),
    frozenset({"es", "ca", "gl", "ast", "pt"}),
    frozenset({"nl", "af", "fy"}),
    frozenset({"de", "lb", "als", "gsw", "nds"}),
    frozenset({"bg", "mk", "ru", "uk", "be", "sr", "kk", "ky", "mn"}),
)
_UNCOMMON = re.compile(r"[\u0370-\u03ff\u0530-\ud7af]")
_WORD = re.compile(r"[^\W\d_]+")
_READ = 1800
_TAG = re.compile(r"^([A-Za-z]{2,3})(?:[-_].*)?$")
_CANONICAL = {
    "nb": "no",
    "iw": "he",
    "in": "id",
    "eng": "en",
    "deu": "de",
    "ger": "de",
    "fra": "fr",
    "fre": "fr",
    "spa": "es",
    "ita": "it",
    "por": "pt",
    "tha": "th",
}
_SPELLED_OUT = {
    "english": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "spanish": "es",
    "español": "es",
    "italian": "it", "italiano": "it", "portuguese": "pt", "thai": "th", "dutch": "nl", "nederlands": "nl",
}  # fmt: skip


def primary(tag: str) -> str | None:
    """The primary subtag of a language tag (https://www.rfc-editor.org/rfc/rfc5646#section-2.2.1), lower case.

    >>> primary("pt_BR"), primary("German"), primary("x")
    ('pt', 'de', None)
    """
    tag = tag.strip().split(",")[0].strip()
    if name := _SPELLED_OUT.get(tag.lower()):
        return name
    match = _TAG.match(tag)
    if match is None:
        return None
    code = match[1].lower()
    return _CANONICAL.get(code, code)


def detect_language(text: str) -> tuple[str | None, bool]:
    """The language that a text is written in, and whether that is beyond doubt; (None, False) when it does not say."""
    sample = text[:_READ]
    tokens = _WORD.findall(sample.casefold())
    letters = sum(map(len, tokens))
    if letters < 20:
        return None, False
    if not sample.isascii() and len(_UNCOMMON.findall(sample)) > 0.05 * letters:
        for language, pattern in _SCRIPTS:
            share = len(pattern.findall(sample)) / letters
            if share > (0.05 if language == "ja" else 0.4):
                return language, letters >= 40
    scores = Counter(language for token in tokens for language in _SPEAKERS.get(token, ()))
    (language, most), (_, next_most) = [*scores.most_common(2), ("", 0), ("", 0)][:2]
    total = len(tokens)
    best, second = most / total, next_most / total
    if best < 0.08:
        return None, False
    return language, total >= 60 and best >= 0.15 and best >= 1.4 * second


def contradicts(declared: str, found: str) -> bool:
    """True when a text in the language `found` cannot be one in the language `declared`."""
    if declared == found or declared in _SHARED_SCRIPTS.get(found, ()):
        return False
    return not any(declared in family and found in family for family in _FAMILIES)
