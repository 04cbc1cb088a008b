"""What a run knows of people's decisions."""

from __future__ import annotations

import logging
from itertools import islice

from archiver.config.run_settings import RunSettings
from archiver.decisions import DecisionFile
from archiver.repair.answers import Answers

logger = logging.getLogger(__name__)

_MAX_NAMED_LINES = 20
"""Lines of the file of decisions that a run names; more would hide what else it says. Chosen, not measured."""


class Reviews:
    """The decisions on all seeds, as the run found them."""

    def __init__(self, options: RunSettings) -> None:
        """Raises DecisionsError."""
        self.decisions = DecisionFile(options.seeds).read()
        self._displaced = set(self.decisions.displaced_urls)
        for problem in self.decisions.problems[:_MAX_NAMED_LINES]:
            logger.warning("%s", problem)
        if (more := len(self.decisions.problems) - _MAX_NAMED_LINES) > 0:
            logger.warning("%s: %d more lines are of no use.", self.decisions.file, more)

    def meet(self, url: str) -> None:
        """Note that a seed has an address."""
        self._displaced.discard(url)

    def name_gone_seeds(self) -> None:
        """Name the lines of seeds that are gone, once all seeds were met."""
        for problem in islice(self.decisions.gone(self._displaced), _MAX_NAMED_LINES):
            logger.warning("%s", problem)

    def answers(self, path: str, url: str) -> Answers:
        """Return what was said of the values that a page offers for one seed."""
        return Answers.of(self.decisions, path, url)
