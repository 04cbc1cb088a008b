"""The errors of the archiver, by what the caller should do.

    ArchiverError
     ├── SettingsError      stop before anything is fetched; the message says which setting to mend
     │    ├── RulesError        the same, for what a spider's file says of its publisher
     │    └── DecisionsError    the same, for the file of people's decisions; or: what was said is not noted
     ├── LedgerError        stop; the ledger cannot be used, no seed was touched on its account
     │    └── LedgerDamaged     the same; the archive's captures tell most of what it held
     ├── OffersError        go on without what runs noted of written values, and say so once
     ├── ArchiveBusy        stop with exit code 75; another run works on this archive, the next one will have its turn
     ├── NotRewritten       stop; without some records a file of the archive would not read as before, so all stay
     ├── RunUnreadable      stop; there is no such run, or nothing of it can be read
     ├── NotCommitted       the seeds are written and git would not commit them; say so, exit code 1
     ├── PictureUnwritable  leave the links to this picture as they are, name it, go on
     ├── SeedError          leave this seed alone, report it as missed, go on with the others
     │    ├── SeedSkipped       the same, but no miss: it is no post, or was copied from no page
     │    ├── SeedUnreadable    the file cannot be read, or its front matter cannot be understood
     │    ├── SeedRefused       the change cannot be made without touching something else
     │    ├── SeedChanged       somebody else changed the file meanwhile; the next run will see it afresh
     │    └── SeedUnwritable    the repaired file could not be put in place; the old one is untouched
     └── CaptureError       no usable capture for this address; report the seed as missed
          ├── NotSaved          the replay holds none
          ├── CdxError          a web archive's list of captures cannot be used; go on without that archive
          ├── MementoError      a web archive handed out no copy of the page; try its next capture
          ├── ArchiveRefusal    a web archive hands out nothing of this address; do not ask it again soon
          ├── HostPaused        a host or service wants more quiet than a request can wait; it was not asked, leave it
          │    └── HostDown        the same, since it does not work
          ├── ForbiddenByRobots the site's robots.txt forbids the address; leave it, look for no copy
          │    └── CrawlDelayTooLong it allows fewer requests than a run can live with
          ├── AddressRemoved    what was kept of the address was taken down; leave it, look for no copy
          ├── NotRendered       a browser made no document of the page; judge the answer as it came
          ├── RunEnded          the run was ended before it could be known; say nothing of the page
          └── NotArchived       the answer cannot be archived; take no more pages

Every message is one sentence that names the file or address, says what is wrong and what to do.
"""

from __future__ import annotations


class ArchiverError(Exception):
    """Base of all errors that the archiver raises on purpose."""


class SettingsError(ArchiverError):
    """A setting or argument that no run can start with."""


class RulesError(SettingsError):
    """What a spider's file says of its publisher and cannot be meant so; names the file and the field."""


class DecisionsError(SettingsError):
    """The file of people's decisions cannot be read or added to; names it."""


class LedgerError(ArchiverError):
    """The ledger is damaged, locked, of a newer version, or cannot be written."""


class LedgerDamaged(LedgerError):
    """The ledger's file is no whole database any more."""


class OffersError(ArchiverError):
    """The record of what runs have written to seeds cannot be used."""


class ArchiveBusy(ArchiverError):
    """Another run works on this archive; the caller exits with 75 (EX_TEMPFAIL of sysexits)."""


class NotRewritten(ArchiverError):
    """Files of the archive that cannot be written again without some of their records; all are as they were."""


class RunUnreadable(ArchiverError):
    """A run that there is not, or whose folder cannot be read or written."""


class NotCommitted(ArchiverError):
    """What git says when it does not do what it was asked; the seeds are written all the same."""


class PictureUnwritable(ArchiverError):
    """The file of a picture could not be put in place; what lies there is untouched."""


class SeedError(ArchiverError):
    """One seed that has to be left alone."""


class SeedSkipped(SeedError):
    """A file that is no post, or a post that was copied from no page; there is nothing to ask for."""


class SeedUnreadable(SeedError):
    """The file cannot be read, or its front matter cannot be understood."""


class SeedRefused(SeedError):
    """The change cannot be made without touching something else."""


class SeedChanged(SeedError):
    """The file is no longer what was read."""


class SeedUnwritable(SeedError):
    """The repaired file could not be put in place; the old one is untouched."""


class CaptureError(ArchiverError):
    """No usable capture for an address."""


class NotSaved(CaptureError):
    """A replay that holds no capture of the address."""


class CdxError(CaptureError):
    """A web archive's list of captures cannot be used; another time it may."""


class MementoError(CaptureError):
    """A web archive handed out no copy of the page."""

    def __init__(self, message: str, *, is_temporary: bool = True) -> None:
        """`is_temporary`: asked another time, the archive may hand it out."""
        super().__init__(message)
        self.is_temporary = is_temporary


class ArchiveRefusal(CaptureError):
    """A web archive hands out nothing of an address, today or later: its owner or a court asked for that."""


class HostPaused(CaptureError):
    """A host or service that is not asked for some time, because it wants so; nothing was learnt about the page."""


class HostDown(HostPaused):
    """A host or service that is not asked for some time, because it does not work."""


class ForbiddenByRobots(CaptureError):
    """The site's robots.txt forbids the address to us."""


class CrawlDelayTooLong(ForbiddenByRobots):
    """The site's robots.txt wants more time between two requests than CRAWL_DELAY_MAX."""


class AddressRemoved(CaptureError):
    """An address that was taken down from the archive, and is not asked again."""


class NotRendered(CaptureError):
    """A page of which a browser made no document, within its limits or at all."""


class RunEnded(CaptureError):
    """What was not asked, or not waited for, since the run was ended; nothing was learnt about the page."""


class NotArchived(CaptureError):
    """An answer that cannot be archived, and so is not used; no other can be either."""
