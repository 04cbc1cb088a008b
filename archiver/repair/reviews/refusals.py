"""Values of ours that somebody took away again: a "no" without a word.

When a value counts as taken away, and when not: docs/design.md D69.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from archiver.decisions.offer_record import Offer, OfferRecord, WrittenValue
from archiver.decisions.review_decision import digest_of
from archiver.errors import NotCommitted, SeedError
from archiver.files.git import Repository
from archiver.files.history import History, Version
from archiver.models import Field
from archiver.repair.diff import Keys, find_key
from archiver.seeds import Seed, first_heading, read


def digest_in(seed: Seed, field: str, keys: Keys) -> str:
    """Return the digest of what a seed says for a field, for `heading`, or for a key of an address."""
    if field == Field.BODY:
        return digest_of(field, seed.body.strip())
    if field == "heading":
        heading = first_heading(seed.body)
        return digest_of(field, heading.text if heading else "")
    key = find_key(seed, keys[field]) if field in [*Field] else field
    if key is None:
        return digest_of(field, "")
    items = seed.items(key)
    return digest_of(field, seed.text(key) or "" if items is None else ", ".join(items))


class Refusals:
    """Tells of a value that is offered whether it was taken away before."""

    def __init__(
        self, seeds_dir: Path, keys: Keys, record: OfferRecord | None = None, *, by_scans: bool = False
    ) -> None:
        """`by_scans`: believe what scans have met and not met where git says nothing; for a live run in place only."""
        self._by_scans = by_scans
        self._seeds_dir = seeds_dir
        self._keys = keys
        self._record = record

    def taken_away_at(self, offer: Offer) -> float | None:
        """Return when the value was taken away, in seconds since 1970; None where it was not. Raises OffersError.

        The seed does not have it. `offer.path` is below SEEDS_DIR.
        """
        notes = self._record.written(offer) if self._record is not None else []
        # A note of another path is the seed's own when that was renamed.
        notes = [note for note in notes if note.path == offer.path or not (self._seeds_dir / note.path).exists()]
        if self._has_git:
            if self.history is None:
                return None  # nobody knows
            try:
                versions = self._versions(self.history, offer.path, notes)
                if not versions and not notes:
                    return None
                if self.history.blob_in_head(self._seeds_dir / offer.path) is not None:
                    return self._in_history(self.history, offer, versions, notes) if versions else None
            except NotCommitted:
                return None
        seen = (note.seen for note in notes if note.seen is not None)
        return max(seen, default=None) if self._by_scans else None

    @cached_property
    def _has_git(self) -> bool:
        folder = self._seeds_dir.absolute()
        return any((place / ".git").exists() for place in (folder, *folder.parents))

    @cached_property
    def history(self) -> History | None:
        """None where the seeds lie in no work tree, or git cannot be asked."""
        repository = Repository.find(self._seeds_dir) if self._has_git else None
        return History(repository, self._seeds_dir) if repository is not None else None

    def close(self) -> None:
        """Let go of the history."""
        if vars(self).get("history") is not None:
            self.history.close()  # type: ignore[union-attr]  # it was just looked at

    def head(self) -> str | None:
        """Return the commit that HEAD is at; None without git, and before the first one."""
        try:
            return self.history.head if self.history is not None else None
        except NotCommitted:
            return None

    def _versions(self, history: History, path: str, notes: Sequence[WrittenValue]) -> list[Version]:
        """The changes of a seed, the newest first; none where none of them can have taken away what is ours."""
        notes = [note for note in notes if note.head != history.head]  # since then nothing was committed
        if not notes and not history.own_commits:
            return []
        paths = dict.fromkeys((path, *(note.path for note in notes)))
        versions = [version for name in paths for version in history.versions(self._seeds_dir / name)]
        return versions if notes or any(version.commit in history.own_commits for version in versions[1:]) else []

    def _in_history(
        self, history: History, offer: Offer, versions: Sequence[Version], notes: Sequence[WrittenValue]
    ) -> float | None:
        """When a commit of HEAD's history took the value away after we had written it."""
        blobs = {blob for version in versions for blob in (version.before, version.after) if blob is not None}
        having = {blob for blob, content in history.read(blobs).items() if self._has(content, offer)}
        if history.blob_in_head(self._seeds_dir / offer.path) in having:
            return None  # whoever took it away has not committed that
        removal, earlier = _removal(versions, having)
        if removal is None:
            return None
        if _is_ours(history, having, earlier) or any(_is_later(history, removal, note) for note in notes):
            return history.authored_at(removal.commit)
        return None

    def _has(self, content: bytes, offer: Offer) -> bool:
        try:
            return digest_in(read(offer.path, content), offer.field, self._keys) == offer.digest
        except SeedError:
            return False


def _removal(versions: Sequence[Version], having: set[str]) -> tuple[Version | None, Sequence[Version]]:
    """The last commit that took a value away, and those before it.

    Where a merge did, and left out what a branch had written, it is the last of that branch.
    """
    for place, version in enumerate(versions):
        if version.before in having and version.after not in having:
            return version, versions[place + 1 :]
    return next((version for version in versions if version.after in having), None), versions


def _is_ours(history: History, having: set[str], earlier: Sequence[Version]) -> bool:
    """Whether one of our commits had put the value in."""
    return any(
        version.commit in history.own_commits and version.after in having and version.before not in having
        for version in earlier
    )


def _is_later(history: History, version: Version, note: WrittenValue) -> bool:
    """Whether a commit was made after a value was first written, by history and not by clocks where that is known."""
    is_before = history.is_before(version.commit, note.head) if note.head else False
    if is_before is None:
        return history.authored_at(version.commit) >= note.at
    return not is_before
