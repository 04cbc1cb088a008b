"""One line of text as a page prints it, and the forms in which two such lines are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from html import unescape

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_WORD = re.compile(r"\w+")
_HIDDEN = frozenset({"Cc", "Cs", "Co", "Cn"})
_INVISIBLE = re.compile("[\xad\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]+")
"""Soft hyphen, zero width space, word joiner, byte order mark, and what turns the direction of the text behind it."""
_FOLDED = str.maketrans(
    {
        **dict.fromkeys("“”„«»″‟", '"'),
        **dict.fromkeys("‘’‚‹›`´′", "'"),
        **dict.fromkeys("–—‒―‐‑−", "-"),
        "…": "...",
    }
)
# Letters that NFKD leaves whole, as addresses usually spell them.
_SPELLED = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ə": "e"}
)
# Letter by letter, close to what common slug generators write; two systems that differ still share most words.
_CYRILLIC = {
    **dict(
        zip(
            "абвгдезийклмнопрстуфыэ",
            [
                "a",
                "b",
                "v",
                "g",
                "d",
                "e",
                "z",
                "i",
                "y",
                "k",
                "l",
                "m",
                "n",
                "o",
                "p",
                "r",
                "s",
                "t",
                "u",
                "f",
                "y",
                "e",
            ],
            strict=True,
        ),
    ),
    "ё": "e",
    "ж": "zh",
    "х": "h",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ъ": "",
    "ь": "",
    "ю": "yu",
    "я": "ya",
    "є": "ie",
    "і": "i",
    "ї": "i",
    "ґ": "g",
}
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        [
            "a",
            "v",
            "g",
            "d",
            "e",
            "z",
            "i",
            "th",
            "i",
            "k",
            "l",
            "m",
            "n",
            "x",
            "o",
            "p",
            "r",
            "s",
            "s",
            "t",
            "y",
            "f",
            "ch",
            "ps",
            "o",
        ],
        strict=True,
    )
)
_TRANSLITERATED = str.maketrans({**_CYRILLIC, **_GREEK})


def one_line(text: str) -> str:
    r"""The text on one line: entities resolved however often they were escaped, NFC, nothing invisible.

    None that turns the direction of what follows either: what stands beside it would be read otherwise.

    >>> one_line("Fish &amp;amp; chips\n  at &#8216;noon&#8217;")
    'Fish & chips at ‘noon’'
    """
    for _ in range(3):
        if "&" not in text or not _ENTITY.search(text):
            break
        text = unescape(text)
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    text = " ".join(text.split())
    if not text.isprintable():
        text = " ".join("".join(c for c in text if unicodedata.category(c) not in _HIDDEN).split())
    return text


def without_tags(text: str) -> str:
    """The text without markup that was left in it, such as `<em>` inside an attribute."""
    return _TAG.sub("", text) if "<" in text else text


@lru_cache(maxsize=4096)
def fold_punctuation(text: str) -> str:
    """The form in which two spellings of one headline are equal: case, quotes, dashes and spaces do not count."""
    folded = text.replace("`", "'") if text.isascii() else text.translate(_FOLDED)
    return " ".join(folded.split()).casefold()


@lru_cache(maxsize=4096)
def alnum_key(text: str) -> str:
    """Letters and digits only, without accents: the form in which names are compared."""
    return "".join(_WORD.findall(strip_accents(text))).replace("_", "")


class _Uncombined(dict[int, int | None]):
    """What `str.translate` makes of a character: None for one that combines; each is looked up once."""

    def __missing__(self, code: int) -> int | None:
        self[code] = found = None if unicodedata.combining(chr(code)) else code
        return found


_UNCOMBINED = _Uncombined()


@lru_cache(maxsize=4096)
def strip_accents(text: str) -> str:
    """Lower case without accents."""
    text = text.casefold()
    if text.isascii():
        return text
    return unicodedata.normalize("NFKD", text.translate(_SPELLED)).translate(_UNCOMBINED)


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """The words in Latin letters without accents, as far as transliteration goes."""
    return tuple(_WORD.findall(strip_accents(text.casefold().translate(_TRANSLITERATED))))


def slug_share(text: str, slug: frozenset[str]) -> float:
    """Which share of an address's words the text says, from 0 to 1; tolerant of how umlauts were spelled.

    >>> slug_share("Über die Brücke", frozenset({"ueber", "bruecke"}))
    1.0
    """
    if not slug:
        return 0.0
    said = set(words(text))
    said.update(words(transliterate_umlauts(text)))
    return len(slug & said) / len(slug)


def transliterate_umlauts(text: str) -> str:
    """The text in lower case with umlauts as two letters."""
    return (
        text.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("å", "aa").replace("ø", "oe")
    )
