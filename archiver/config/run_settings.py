"""What a run was asked to do: its settings and arguments, read and checked once, before anything is fetched.

Why once: docs/design.md D2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from scrapy.settings import BaseSettings

from archiver.archive.replay import OWN, check_replay
from archiver.config.browser import parse_browser
from archiver.config.consoles import leave_out_consoles
from archiver.config.fields import parse_fields, parse_keys, parse_policy, parse_review_below, parse_shapes
from archiver.config.image_links import ImageLinks
from archiver.config.images import ImageSettings
from archiver.config.names import OUR_DEFAULTS, RUN_SETTINGS, accept_old_names, check_add_ons, check_names
from archiver.config.noarchive import NoArchive, parse_noarchive
from archiver.config.selection import parse_hosts, parse_seed_files, parse_selection
from archiver.config.single_settings import (
    check_archive,
    find_repository,
    parse_archive_url_key,
    parse_moment,
    parse_progress_interval,
    parse_run_dir,
    parse_save_page_now,
    parse_site_builder,
)
from archiver.config.values import read_amount, read_count, read_mapping, read_pace, read_switch
from archiver.config.web_archives import WebArchives, parse_web_archives
from archiver.errors import SettingsError
from archiver.files.git import Repository
from archiver.repair.build_problems import Builder
from archiver.repair.diff import Keys
from archiver.repair.policy import Action, Policy
from archiver.repair.selection import Selection
from archiver.rules import BrowserUse
from archiver.seeds.globs import SeedFiles
from archiver.wayback.savepagenow import SavePageNow


@dataclass(frozen=True, slots=True)
class Due:
    """What a refresh takes."""

    until: datetime | None = None
    """Addresses whose turn has come by then; aware. None: by the time at which they are asked."""
    limit: int | None = None
    """The most addresses that are asked."""
    deadline: float | None = None
    """When no more addresses are asked, by `time.monotonic()`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """A run's settings and arguments, valid; docs/settings.md says what each setting is for."""

    seeds: Path
    seed_files: SeedFiles
    """Which files below `seeds` are read."""
    output: Path | None
    archive_dir: Path
    archive: bool
    warc_max_bytes: int
    noarchive: NoArchive
    """What is done about pages that ask not to be archived."""
    replay: str | None
    """Saved pages that answer in the place of the network; None in a live run."""
    at: datetime | None
    """Replay the captures nearest to this time."""
    operator: str | None
    contact: str | None
    dry_run: bool
    show_diff: bool
    report_brief: bool
    progress_interval: float
    """Seconds between two lines that say how far the run is; 0 where none are printed."""
    run_dir: Path | None
    """Where the run leaves its folder; None where it leaves none."""
    runs_keep: int
    """The most folders of runs that stay; 0 is all."""
    selection: Selection
    """The seeds that are taken."""
    policy: Policy
    keys: Keys
    site_hosts: frozenset[str]
    """The site's own, without `www.`; an address there is no source."""
    site_builder: Builder | None
    """What builds the site; None where nobody says so."""
    liquid_fences: bool
    """Whether Liquid in code is switched off."""
    follow_moves: bool
    """Whether a seed gets the new address of an article that has moved for good."""
    archive_url_key: str | None
    """The key for the address of the copy that a seed was repaired from; None when it is not written."""
    repository: Repository | None
    """Where what the run writes is committed; None when it is not."""
    due: Due | None = None
    """What a refresh is limited to; None for a crawl of all seeds."""

    max_parts: int
    extract_workers: int
    extract_timeout: float
    extract_memory_mb: int

    browser: BrowserUse
    """For pages of which no rule says otherwise."""
    browser_executable: Path
    browser_pages: int
    browser_timeout: float
    browser_memory_mb: int

    images: ImageSettings
    """Which pictures are fetched."""
    image_links: ImageLinks
    """What links to them become."""

    private_hosts: bool
    crawl_delay_max: float
    retry_backoff_base: float
    retry_backoff_max: float
    host_breaker_failures: int
    host_breaker_pause: float

    web_archives: WebArchives
    """Those that are asked for lost pages."""
    save_page_now: SavePageNow | None
    """How live pages are submitted; None when they are not."""
    save_page_now_per_minute: float
    save_page_now_wait: float
    save_page_now_address: str
    """Where pages are submitted, whether any are; its host may be private."""

    @property
    def service_addresses(self) -> tuple[str, ...]:
        """Of the services of web archives, asked or not; their hosts may be private."""
        return (*self.web_archives.addresses, self.save_page_now_address)

    @property
    def tries(self) -> int:
        """Copies that are looked at for one page."""
        return self.web_archives.tries

    @property
    def is_recording(self) -> bool:
        """Whether what is fetched is kept."""
        return self.archive and self.replay is None

    @property
    def runs_dir(self) -> Path:
        """Where the folders of earlier runs lie, whether this run leaves one or not."""
        return self.run_dir or self.archive_dir / "runs"

    @property
    def uses_browser(self) -> bool:
        """Whether pages may be rendered; a replay reads what a browser made of them then."""
        return self.browser is not BrowserUse.NEVER and self.replay is None

    @property
    def replays_archive(self) -> bool:
        """Whether the saved pages are those that earlier runs kept."""
        return self.replay == OWN

    @classmethod
    def read(
        cls,
        settings: BaseSettings,
        arguments: Mapping[str, str | None] = MappingProxyType({}),
        *,
        with_places: bool = True,
    ) -> RunSettings:
        """Check what a run was given. Raises SettingsError, whose sentence says which setting to mend.

        `arguments` are those of `-a`, by their names. `with_places` looks at what settings name outside of them, too:
        folders, the git repository, the keys of Save Page Now. Without it `repository` and `save_page_now` are None.
        """
        settings = _complete(settings)
        check_names(settings)
        check_add_ons(settings)
        if read_switch(settings, "HTTPCACHE_ENABLED"):
            raise SettingsError(
                "HTTPCACHE_ENABLED=1 would answer past the archive, with neither the time nor the place of an answer; "
                "leave it off, and repair again from what was kept with REPLAY=archive"
            )
        replay = str(settings["REPLAY"]) if settings["REPLAY"] else None
        archive = read_switch(settings, "ARCHIVE")
        if with_places and replay:
            check_replay(replay, Path(settings["ARCHIVE_DIR"] or ""))
        elif with_places and archive:
            check_archive(settings)
        if not settings["SEEDS_DIR"]:
            raise SettingsError("SEEDS_DIR is empty; name the folder that holds the seeds")
        keys = parse_keys(read_mapping(settings, "SEED_KEYS"))
        actions = parse_policy(read_mapping(settings, "FIELD_POLICY"))
        renewed = dict.fromkeys(parse_fields(arguments.get("refresh")), Action.REFRESH)
        shapes = parse_shapes(read_mapping(settings, "SEED_SHAPES"))
        policy = Policy(
            {**actions, **renewed},
            shapes,
            read_switch(settings, "BODY_HEADING"),
            parse_review_below(settings["REVIEW_BELOW"]),
        )
        return cls(
            seeds=Path(settings["SEEDS_DIR"]),
            seed_files=parse_seed_files(settings),
            output=Path(settings["OUTPUT_DIR"]) if settings["OUTPUT_DIR"] else None,
            archive_dir=Path(settings["ARCHIVE_DIR"] or OUR_DEFAULTS["ARCHIVE_DIR"]),
            archive=archive,
            warc_max_bytes=read_count(settings, "WARC_MAX_BYTES"),
            noarchive=parse_noarchive(settings),
            replay=replay,
            at=parse_moment(arguments.get("at"), replay),
            operator=settings["ARCHIVE_OPERATOR"] or None,
            contact=settings["CONTACT"] or None,
            dry_run=read_switch(settings, "DRY_RUN"),
            show_diff=read_switch(settings, "SHOW_DIFF"),
            report_brief=read_switch(settings, "REPORT_BRIEF"),
            progress_interval=parse_progress_interval(settings),
            run_dir=parse_run_dir(settings, archive, replay),
            runs_keep=read_count(settings, "RUNS_KEEP"),
            selection=parse_selection(arguments, policy),
            policy=policy,
            keys=keys,
            site_hosts=frozenset(parse_hosts(settings.getlist("SITE_HOSTS"), "SITE_HOSTS")),
            site_builder=parse_site_builder(settings),
            liquid_fences=read_switch(settings, "LIQUID_FENCES"),
            follow_moves=read_switch(settings, "FOLLOW_MOVES"),
            archive_url_key=parse_archive_url_key(settings, keys),
            repository=find_repository(settings) if with_places else None,
            max_parts=read_count(settings, "MAX_PARTS"),
            extract_workers=read_count(settings, "EXTRACT_WORKERS"),
            extract_timeout=read_amount(settings, "EXTRACT_TIMEOUT"),
            extract_memory_mb=read_count(settings, "EXTRACT_MEMORY_MB"),
            browser=parse_browser(settings, with_places=with_places and not replay),
            browser_executable=Path(settings["BROWSER_EXECUTABLE"] or ""),
            browser_pages=int(read_pace(settings, "BROWSER_PAGES")),
            browser_timeout=read_pace(settings, "BROWSER_TIMEOUT"),
            browser_memory_mb=read_count(settings, "BROWSER_MEMORY_MB"),
            images=ImageSettings.read(settings, with_places=with_places),
            image_links=ImageLinks.read(settings, with_places=with_places),
            private_hosts=read_switch(settings, "PRIVATE_HOSTS"),
            crawl_delay_max=read_amount(settings, "CRAWL_DELAY_MAX"),
            retry_backoff_base=read_amount(settings, "RETRY_BACKOFF_BASE"),
            retry_backoff_max=read_amount(settings, "RETRY_BACKOFF_MAX"),
            host_breaker_failures=read_count(settings, "HOST_BREAKER_FAILURES"),
            host_breaker_pause=read_amount(settings, "HOST_BREAKER_PAUSE"),
            web_archives=parse_web_archives(settings),
            save_page_now=parse_save_page_now(settings) if with_places else None,
            save_page_now_per_minute=read_pace(settings, "SAVE_PAGE_NOW_PER_MINUTE"),
            save_page_now_wait=read_amount(settings, "SAVE_PAGE_NOW_WAIT"),
            save_page_now_address=str(settings["SAVE_PAGE_NOW_URL"] or ""),
        )

    @classmethod
    def of(cls, settings: BaseSettings) -> RunSettings:
        """Return what was read at the start of a run; where nobody did, such as in `scrapy shell`, read it."""
        stored = settings.get(RUN_SETTINGS)
        return stored if isinstance(stored, RunSettings) else cls.read(settings, with_places=False)

    def store(self, settings: BaseSettings) -> None:
        """Let every part of the run have these, by `RunSettings.of`."""
        settings.set(RUN_SETTINGS, self, priority="cmdline")


class RunSettingsAddon:
    """Reads the settings before any other add-on or component asks for them, unless the spider has.

    What they turn off is left out.
    """

    def update_settings(self, settings: BaseSettings) -> None:
        """Called by Scrapy before the crawl's components are built."""
        RunSettings.of(settings).store(settings)
        leave_out_consoles(settings)


def _complete(settings: BaseSettings) -> BaseSettings:
    """Return the settings, under their new names, with our defaults where a project does not import them."""
    # `settings.copy()` copies every value in depth, which costs more than all that is read here.
    whole = BaseSettings()
    for name in settings:
        whole.set(name, settings[name], settings.getpriority(name) or 0)
    accept_old_names(whole)
    for name in OUR_DEFAULTS.keys() - set(whole):
        whole.set(name, OUR_DEFAULTS[name], priority="default")
    return whole
