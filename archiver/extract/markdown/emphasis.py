"""Delimiters of emphasis that CommonMark reads as meant (spec 0.31, section 6.2, left- and right-flanking runs).

A line is a list of pieces: text, marks (the noncharacters below), and strings that are Markdown already.
"""

from __future__ import annotations

from typing import NamedTuple

from archiver.text.markdown.escaping import is_punctuation, may_be_punctuation

OPEN_STRONG, CLOSE_STRONG, OPEN_EM, CLOSE_EM, BREAK = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3", "\ufdd4"
PARTNER = {OPEN_STRONG: CLOSE_STRONG, OPEN_EM: CLOSE_EM}
_MARKS = frozenset((OPEN_STRONG, CLOSE_STRONG, OPEN_EM, CLOSE_EM))


class Written(NamedTuple):
    """A run of text, as Markdown and as plain text."""

    markdown: str
    text: str
    code: str | None = None
    """The code of a code span, as the page has it."""
    liquid_fences: bool = True
    """Whether Liquid in that code is switched off."""


Piece = str | Written
_MAX_ROUNDS = 60
"""Rounds in which marks are dropped or changed; a text that needs more is written without its emphasis. With fewer
texts of many nested marks lose it, more cost time. No measurement is on record."""


def delimiters(pieces: list[Piece]) -> dict[int, str]:
    """The delimiter of each mark by its place, empty where no delimiter would be read as emphasis.

    Punctuation at the inner edge moves out of the emphasis where a letter follows, `**Note**:text`; `pieces` is
    changed for that.
    """
    dropped: set[int] = set()
    paired = _pairs(pieces)
    # kramdown takes an underscore beside a digit for an opening one, GFM those beside an e-mail address for its part.
    unclear = any("_" in piece or "@" in piece for piece in map(_open_text, pieces))
    starred = {at for pair in paired for at in pair} if unclear else set()
    marks: dict[int, str] = {}
    for _ in range(_MAX_ROUNDS):
        pairs = [pair for pair in paired if pair[0] not in dropped]
        marks = {at: _delimiter(pieces[at], at in starred) for pair in pairs for at in pair}
        # Every pair is looked at in every round, so that a long line needs few of them.
        settled = [_settle(pieces, marks, pair, dropped, starred) for pair in pairs]
        if all(settled):
            break
    else:
        marks = {}
    return {at: marks.get(at, "") for at, piece in enumerate(pieces) if piece in _MARKS}


def _open_text(piece: Piece) -> str:
    """What of a piece readers search for underscores: text, and the source of formulas."""
    if isinstance(piece, Written):
        return piece.markdown if piece.markdown.startswith("$") else ""
    return piece


def _delimiter(mark: Piece, starred: bool) -> str:
    return "**" if mark in (OPEN_STRONG, CLOSE_STRONG) else "*" if starred else "_"


def _pairs(pieces: list[Piece]) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    waiting: list[int] = []
    for at, piece in enumerate(pieces):
        if piece in PARTNER:
            waiting.append(at)
        elif piece in _MARKS and waiting and PARTNER[str(pieces[waiting[-1]])] == piece:
            pairs.append((waiting.pop(), at))
    return pairs


def _settle(
    pieces: list[Piece], marks: dict[int, str], pair: tuple[int, int], dropped: set[int], starred: set[int]
) -> bool:
    """True when the pair reads as emphasis; else change one thing that may help."""
    opener, closer = pair
    before, first = _beside(pieces, marks, opener, -1), _beside(pieces, marks, opener, 1)
    last, after = _beside(pieces, marks, closer, -1), _beside(pieces, marks, closer, 1)
    opens, closes = _flanks(before, first), _flanks(after, last)
    if _joins_closer(pieces, marks, opener):
        dropped.add(opener)
        return False
    if opens and closes:
        # An underscore beside a letter is part of the word, to kramdown one behind a hyphen too.
        in_word = before == "-" or _is_letter(before) or _is_letter(after)
        if marks[opener] == "**" or (marks[opener] == "_" and not in_word):
            return True
        # A star is not, unless it joins another run of stars that is not around or within the whole of it.
        if "*" not in (before, first, last, after) or _is_all_strong(pieces, marks, pair):
            starred.update(pair)
            return marks[opener] == "*"
    elif (not closes and _shift(pieces, closer, -1)) or (not opens and _shift(pieces, opener, 1)):
        return False
    dropped.add(opener)
    return False


def _is_all_strong(pieces: list[Piece], marks: dict[int, str], pair: tuple[int, int]) -> bool:
    """True when what is emphasised is just what is strong too, as in `***all***`, with no other mark beside it."""
    opener, closer = pair
    for step in (1, -1):
        begin, end = opener + step, closer - step
        if begin >= 0 and end < len(pieces) and pieces[begin] == OPEN_STRONG and pieces[end] == CLOSE_STRONG:
            return bool(marks.get(begin)) and bool(marks.get(end))
    return False


def _joins_closer(pieces: list[Piece], marks: dict[int, str], opener: int) -> bool:
    """True when stars that open stand right behind stars that close: read together, they do neither."""
    before = next((at for at in range(opener - 1, -1, -1) if pieces[at] not in _MARKS or marks.get(at)), None)
    return (
        before is not None
        and pieces[before] in PARTNER.values()
        and marks.get(before, "").startswith("*")
        and marks[opener].startswith("*")
    )


def _shift(pieces: list[Piece], mark: int, inward: int) -> bool:
    """Move one character of punctuation from inside the mark to its outside; False when that is no text."""
    inner, outer = mark + inward, mark - inward
    text = pieces[inner]
    if isinstance(text, Written) or text in _MARKS or text == BREAK or len(text) < 2:
        return False
    moved, kept = (text[-1], text[:-1]) if inward < 0 else (text[0], text[1:])
    neighbour = pieces[outer] if 0 <= outer < len(pieces) else None
    if not isinstance(neighbour, str) or neighbour in _MARKS or neighbour == BREAK or kept != kept.strip():
        return False
    pieces[inner] = kept
    pieces[outer] = moved + neighbour if inward < 0 else neighbour + moved
    return True


def _beside(pieces: list[Piece], marks: dict[int, str], at: int, step: int) -> str:
    """The character that stands beside a place in the Markdown, a blank at the edges."""
    at += step
    while 0 <= at < len(pieces):
        piece = pieces[at]
        shown = piece.markdown if isinstance(piece, Written) else marks.get(at, "") if piece in _MARKS else piece
        if shown == BREAK:
            return " "
        if shown:
            return shown[-1] if step < 0 else shown[0]
        at += step
    return " "


def _flanks(outside: str, inside: str) -> bool:
    return not inside.isspace() and (not may_be_punctuation(inside) or outside.isspace() or is_punctuation(outside))


def _is_letter(character: str) -> bool:
    return not character.isspace() and not is_punctuation(character)
