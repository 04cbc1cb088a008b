"""Pairs of a seed's text and a page's whose kind of difference is known, since they are made by it."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from archiver.models import DriftKind
from tests.repair.drift.texts import Script

Text = list[list[str]]
"""Paragraphs of sentences."""


def write(text: Text, script: Script) -> list[str]:
    """The paragraphs as Markdown."""
    return [script.gap.join(paragraph) for paragraph in text]


def article(script: Script, random: Random) -> Text:
    """Four to eight paragraphs of one to three sentences, none of them twice."""
    left = list(script.sentences)
    random.shuffle(left)
    text = []
    for _ in range(random.randint(4, 8)):
        count = random.randint(1, 3)
        taken, left = left[:count], left[count:]
        if taken:
            text.append(taken)
    return text


def edited(text: Text, script: Script, random: Random) -> Text:
    """The text with one to three changes by an editor within its paragraphs."""
    after = [list(paragraph) for paragraph in text]
    made = 0
    wanted = random.randint(1, 3)
    for at in random.sample(range(len(after)), len(after)):
        whole = script.gap.join(after[at])
        words = [(old, new) for old, new in script.words if old in whole]
        if words and random.random() < 0.7:
            old, new = random.choice(words)
            after[at] = [whole.replace(old, new, 1)]
        elif at < len(after) - 1:
            after[at].insert(random.randint(0, len(after[at])), script.added)
        else:
            continue
        made += 1
        if made == wanted or "added" in whole:
            break
    return after


def _image(script: Script, paragraphs: list[str], random: Random) -> None:
    at = random.randint(1, len(paragraphs))
    alt = random.choice([script.caption, script.caption, ""])
    block = [f"![{alt}](https://a.example/{random.randint(1, 99)}.jpg)"]
    paragraphs[at:at] = (
        block if random.random() < 0.3 else [*block, random.choice([script.caption, f"*{script.caption}*"])]
    )


def _credit(script: Script, paragraphs: list[str], random: Random) -> None:
    paragraphs.insert(random.choice([1, len(paragraphs)]), script.credit)


def _offer(script: Script, paragraphs: list[str], random: Random) -> None:
    paragraphs.insert(random.randint(1, len(paragraphs)), script.offer)


def _related(script: Script, paragraphs: list[str], random: Random) -> None:
    links = [f"- [{line}](https://a.example/{line})" for line in script.headlines]
    plain = [f"- {line}" for line in script.headlines]
    at = random.choice([len(paragraphs), len(paragraphs) // 2])
    paragraphs[at:at] = [random.choice(["## ", "**", ""]), "\n".join(random.choice([links, plain]))]
    mark = paragraphs[at]
    paragraphs[at] = f"{mark}{script.related}{'**' if mark == '**' else ''}"


def _joined(script: Script, paragraphs: list[str], random: Random) -> None:
    at = random.randrange(len(paragraphs) - 1)
    paragraphs[at : at + 2] = [script.gap.join(paragraphs[at : at + 2])]


def _wrapped(script: Script, paragraphs: list[str], random: Random) -> None:
    at = random.randrange(len(paragraphs))
    middle = len(paragraphs[at]) // 2
    if (blank := paragraphs[at].find(" ", middle)) > 0:
        paragraphs[at] = f"{paragraphs[at][:blank]}\n{paragraphs[at][blank + 1 :]}"


_SPELLED = str.maketrans(
    {"“": '"', "”": '"', "「": "『", "」": "』", "，": ",", "、": "，", "。": "．", ";": ",", "-": "–"}
)


def _punctuated(script: Script, paragraphs: list[str], random: Random) -> None:
    paragraphs[:] = [paragraph.translate(_SPELLED) for paragraph in paragraphs]


def _marked(script: Script, paragraphs: list[str], random: Random) -> None:
    # Below an image what is emphasised as a whole is its caption.
    own = [at for at, paragraph in enumerate(paragraphs) if paragraph[0] not in "-#!*"]
    at = random.choice([at for at in own if not at or not paragraphs[at - 1].startswith("!")])
    paragraphs[at] = random.choice(["**{}**", "> {}", "[{}](https://a.example/x)", "_{}_"]).format(paragraphs[at])


_VISIBLE: list[Callable[[Script, list[str], Random], None]] = [_joined, _punctuated, _credit, _offer, _related, _image]
_MARKUP: list[Callable[[Script, list[str], Random], None]] = [_wrapped, _marked]


def decorated(text: Text, script: Script, random: Random, least: int = 0) -> list[str]:
    """The paragraphs with some things done to them that are not the article's text; `least` that a reader sees."""
    paragraphs = write(text, script)
    made = random.sample(_VISIBLE, random.randint(least, 3)) + random.sample(_MARKUP, random.randint(0, 1))
    for change in (*_VISIBLE, *_MARKUP):
        if change in made and len(paragraphs) > 1:
            change(script, paragraphs, random)
    return paragraphs


def pair(kind: DriftKind, script: Script, random: Random) -> tuple[str, str]:
    """A seed's body and a page's that differ so."""
    text = article(script, random)
    ours, theirs = text, text
    match kind:
        case DriftKind.SAME:
            title = random.choice([[], ["# A title of its own"]])
            return _body([*title, *write(text, script)]), _body(write(text, script))
        case DriftKind.COSMETIC:
            plain, other = write(text, script), decorated(text, script, random, least=2)
            while "\n\n".join(plain) == "\n\n".join(other):
                other = decorated(text, script, random, least=2)
            return (_body(plain), _body(other)) if random.random() < 0.5 else (_body(other), _body(plain))
        case DriftKind.SEED_TRUNCATED:
            ours = _cut(text, script, random)
        case DriftKind.SHORTENED:
            theirs = _cut(text, script, random)
        case DriftKind.UPDATED:
            theirs = edited(text, script, random)
            if theirs == text:
                theirs = [[*text[0], script.added], *text[1:]]
        case DriftKind.DIVERGED:
            others = random.sample(script.others, len(script.others))
            theirs = [others[:2], others[2:4], others[4:]]
        case DriftKind.GONE:
            return _body(decorated(text, script, random)), random.choice(["", "\n", "![](https://a.example/1.jpg)\n"])
    return _body(decorated(ours, script, random)), _body(decorated(theirs, script, random))


def _cut(text: Text, script: Script, random: Random) -> Text:
    """The beginning of a text: some paragraphs, or to the middle of one."""
    at = random.randint(1, len(text) - 1)
    if len(text[at]) > 1 and random.random() < 0.5:
        return [*text[:at], text[at][:1]]
    return text[:at]


def _body(paragraphs: list[str]) -> str:
    return "\n\n".join(paragraphs) + "\n"
