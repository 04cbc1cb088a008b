"""Go through what waits in a terminal: one value at a time, one key an answer, every answer carried out at once."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from archiver.decisions import Answer
from archiver.errors import ArchiverError, DecisionsError, SeedChanged, SeedError
from archiver.extensions.diffs import coloured_diff
from archiver.models import Field
from archiver.review.apply import Done, Reviewer
from archiver.review.editing import edit_line, edit_text
from archiver.review.keys import Keys
from archiver.review.queue import OpenOffer
from archiver.review.views import MAX_RIVALS, offer_view
from archiver.text.control_characters import escape_control

_HELP = """\
  a  accept: the seed gets the value         k x  keep the seed as it is, until the page offers something else
  1-9  take this value instead               e    edit the value first, a body in $EDITOR
  s  skip: it waits on                       A    accept all that is left of this field and host
  d  show the exact change                   u    undo the last answer
  q  quit; what was answered stays           ?    this help
"""
_PROMPT = "a accept · k keep · s skip · ? help: "


class TerminalReview:
    """One pass over what waits."""

    def __init__(self, reviewer: Reviewer, offers: Sequence[OpenOffer], keys: Keys, console: Console) -> None:
        self.counts: Counter[Answer] = Counter()
        self.failed = 0
        self._reviewer = reviewer
        self._offers = list(offers)
        self._keys = keys
        self._console = console
        self._at = 0
        self._done: list[tuple[int, list[Done]]] = []
        """Answers that can be taken back, those of one key together, with where in the list they were given."""

    def run(self) -> None:
        """Ask until all was seen or somebody quits. Raises DecisionsError where an answer cannot be noted."""
        while True:
            offer = self._next()
            if offer is None and not self._done:
                return
            self._show(offer)
            key = self._keys.read()
            self._console.print(Text(key if key.isprintable() else ""))
            if key in {"q", "", "\x04"} or (offer is None and key != "u"):
                return
            try:
                self._obey(key, offer)
            except DecisionsError:
                raise
            except ArchiverError as error:
                # A seed that says something else by now is asked about again, if there is still something to ask.
                self.failed += isinstance(error, SeedError) and not isinstance(error, SeedChanged)
                self._say(str(error))

    def _next(self) -> OpenOffer | None:
        """The next value that waits still, against what its seed says in this moment."""
        while self._at < len(self._offers):
            try:
                offer = self._reviewer.look(self._offers[self._at])
            except SeedError as error:
                self.failed += 1
                self._say(str(error))
                offer = None
            if offer is not None:
                return offer
            self._at += 1
        return None

    def _show(self, offer: OpenOffer | None) -> None:
        if offer is None:
            self._console.print(Text("That was all. u undo the last answer · any other key ends: "), end="")
            return
        self._console.print(offer_view(offer, f"[{self._at + 1}/{len(self._offers)}]"))
        self._console.print(Text(_PROMPT, style="bold"), end="")

    def _obey(self, key: str, offer: OpenOffer | None) -> None:
        if key == "u":
            self._undo()
        elif offer is None:
            return
        elif key == "a":
            self._answer([offer], Answer.ACCEPT)
        elif key in {"k", "x"}:
            self._answer([offer], Answer.KEEP)
        elif key.isdigit() and 1 <= int(key) <= min(MAX_RIVALS, len(offer.change.candidates)):
            self._answer([offer], Answer.VALUE, offer.change.candidates[int(key) - 1].value)
        elif key == "e":
            self._edit(offer)
        elif key == "s":
            self._at += 1
        elif key == "A":
            self._accept_alike(offer)
        elif key == "d":
            before, after = self._reviewer.preview(offer, offer.change.new)
            self._console.print(coloured_diff(os.fsencode(offer.seed), before, after), soft_wrap=True, highlight=False)
        else:
            self._console.print(Text(_HELP), end="")

    def _answer(self, offers: Sequence[OpenOffer], answer: Answer, value: str | None = None) -> None:
        done: list[Done] = []
        self._done.append((self._at, done))
        try:
            for offer in offers:
                try:
                    done.append(self._reviewer.answer(offer, answer, value))
                except SeedError as error:
                    if len(offers) == 1:
                        raise
                    self.failed += 1
                    self._say(str(error))
        finally:
            self.counts[answer] += len(done)
            if not done:
                self._done.pop()
        self._at += len(offers) == 1

    def _edit(self, offer: OpenOffer) -> None:
        with self._keys.lines():
            is_body = offer.field == Field.BODY
            value = edit_text(offer.change.new) if is_body else edit_line(f"{offer.field}: ", offer.change.new)
        if value is not None:
            self._answer([offer], Answer.VALUE, value)

    def _accept_alike(self, offer: OpenOffer) -> None:
        alike = [
            seen
            for one in self._offers[self._at :]
            if (one.field, one.host) == (offer.field, offer.host) and (seen := self._look(one)) is not None
        ]
        question = f"accept {len(alike)} values for {offer.field} from {offer.host}? y n: "
        self._console.print(Text(escape_control(question), style="bold"), end="")
        key = self._keys.read()
        self._console.print(Text(key if key.isprintable() else ""))
        if key == "y":
            self._answer(alike, Answer.ACCEPT)

    def _look(self, offer: OpenOffer) -> OpenOffer | None:
        try:
            return self._reviewer.look(offer)
        except SeedError:
            return None  # it is named when its turn comes

    def _undo(self) -> None:
        if not self._done:
            self._say("nothing was answered yet")
            return
        at, done = self._done[-1]
        while done:
            self._reviewer.take_back(done[-1])
            self.counts[done.pop().decision.answer] -= 1
        self._done.pop()
        self._at = at

    def _say(self, sentence: str) -> None:
        self._console.print(Text(f"{escape_control(sentence).rstrip('.')}.", style="yellow"), soft_wrap=True)
