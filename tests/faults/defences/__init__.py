"""Every defence of the program, as a text of its source that can be taken out, and the tests that must fail then."""

from __future__ import annotations

from tests.faults.defences import archives, network, output, pages, seeds
from tests.faults.defences.defence import Defence

DEFENCES: tuple[Defence, ...] = (
    *network.DEFENCES, *pages.DEFENCES, *seeds.DEFENCES, *archives.DEFENCES, *output.DEFENCES,
)  # fmt: skip
