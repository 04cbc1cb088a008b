"""Every setting that differs from Scrapy's default, and our own; each with its reason."""

from __future__ import annotations

from typing import Any

from archiver import __version__

BOT_NAME = "seed-archiver"
SPIDER_MODULES = ["archiver.spiders"]
NEWSPIDER_MODULE = "archiver.spiders"
COMMANDS_MODULE = "archiver.commands"
KNOWN_SETTING_PREFIXES: list[str] = []
"""What the settings of other packages begin with, such as `SPIDERMON_`; any other unknown name ends a command."""
SPIDER_LOADER_CLASS = "archiver.crawl.publishers.PublisherLoader"
"""Says which rule of which file is at fault, in one sentence."""

# ---- What is read and written -------------------------------------------------------------------------------------

SEEDS_DIR = "seeds"
"""The folder of the seeds, read recursively but for what is hidden; SEED_SUFFIXES says which files are read."""
SEED_SUFFIXES = [".md", ".markdown", ".txt"]
"""The endings of seeds' names, in any case; no other file is read."""
SEED_INCLUDE: list[str] = []
"""Patterns of which a seed's path must match one; none: all are read. They are written as in `.gitignore`, relative to
SEEDS_DIR: `posts/` or `posts/**` is the folder with all in it, `*` and `?` stay within a folder, `**` is any number of
folders. A pattern without a slash before its end means a name at any depth, `/posts` one in SEEDS_DIR itself."""
SEED_EXCLUDE: list[str] = []
"""Patterns, written as in SEED_INCLUDE, of what is not read: `node_modules/`, `README*`. A folder that is left out is
not entered, and nothing in it is included."""
OUTPUT_DIR: str | None = None
"""Write repaired copies here, by the same relative paths, and leave the seeds alone."""
ARCHIVE_DIR = "archive"
"""Where a live run keeps every request and answer (warc/*.warc.gz), and an index of them (index.sqlite)."""
ARCHIVE = True
"""Keep what is fetched; an answer that cannot be kept is not used, and ends the run."""
WARC_MAX_BYTES = 1_000_000_000
"""A WARC of this size is followed by a new one: a file of a gigabyte can still be copied and checked at one go."""
NOARCHIVE = "record"
"""What is done about pages that ask not to be archived (`noarchive` in X-Robots-Tag or in a meta element): `record`
keeps them and notes what they ask for, `honour` reads them for the repair and keeps their heads only."""
ARCHIVE_OPERATOR: str | None = None
"""Who runs the crawl; written into every WARC, beside CONTACT."""
REPLAY: str | None = None
"""Answer every request from these saved pages and open no socket: a WARC, a WACZ, a folder of them, a fixture tree, or
`archive`, which is what earlier runs kept in ARCHIVE_DIR (a folder of that name is `./archive`)."""
DRY_RUN = False
"""Write no seed, and print what would change as diffs: coloured on a terminal, elsewhere a patch of exact bytes, which
`git apply` takes, and nothing else. Whatever else the run says goes to standard error."""
SHOW_DIFF = False
"""Print the diff of every seed that is written, above the summary; DRY_RUN does so anyway."""
COMMIT = False
"""Commit what the run wrote to the seeds, which must lie in a git work tree; nothing that anybody else changed."""
RUN_DIR: str | None = None
"""Where each run leaves a folder of its own: its results, its report (index.html), what undo needs. None is
ARCHIVE_DIR/runs for a live run, for REPLAY=archive and with COMMIT=1, and nowhere else."""
RUNS_KEEP = 50
"""Folders of runs that stay, the newest; 0 keeps all. Of 100 seeds each has about 1 MB. What is not ours is not
removed."""
REPORT_BRIEF = False
"""Sum a run up in a few lines that name the seeds which are newly missed or newly wait for a person, and be silent when
there are none and no seed was written: for cron, and so for `scrapy refresh`."""
PROGRESS_INTERVAL: float | None = None
"""Seconds between two lines that say how far a run is, on standard error where that is no terminal; a shorter run has
none. 0 prints none at all. None is 60, and 0 with REPORT_BRIEF, where cron would mail them."""
FIELD_POLICY: dict[str, str] = {}
"""Per field `keep`, `fill`, `insert`, `refresh`, `review` or `report`; a field that is not named is filled. On the
command line as JSON."""
REVIEW_BELOW: dict[str, float] | float = {
    "title": 0.9,
    "description": 0.9,
    "image": 0.9,
    "language": 0.9,
    "author": 0.85,
    "date": 0.9,
    "category": 0.9,
    "body": 0.9,
}
"""A value that is right with less than this probability is not written but waits for a person, as with the policy
`review`. A number is for all fields and 0 lets none wait; a mapping is for the fields that it names. An author is less
often confirmed by a second place of its page, and is wanted more than a language is: hence the lower bound."""
SEED_KEYS: dict[str, Any] = {
    "source": ["origin_url", "source_url", "original_url"],
    "title": ["title"],
    "description": ["description"],
    "image": ["image"],
    "language": ["language", "lang"],
    "author": ["author"],
    "date": ["date"],
    "category": ["category"],
}
"""The keys that a field may have in front matter; the first is used when one is inserted, in the order of this mapping.
A key in a mapping has its path: `params.source_url`. The source is the first of its keys whose value can be asked: an
absolute http or https address on another host than SITE_HOSTS."""
SEED_SHAPES: dict[str, str] = {}
"""Per field `text`, `list` or `wikilinks` (`- "[[Name]]"`), which is what a key becomes that is null or absent, while a
list stays a list and a text a text; for the date `day` or `instant`, in the zone of the file's other times."""
SITE_HOSTS: list[str] = []
"""The hosts of the site that is built from the seeds, such as `blog.example`; `www.` makes no difference. An address on
one of them, as in `canonical_url`, is no source."""
SITE_BUILDER: str | None = None
"""What builds the site, `jekyll` or `hugo`: `scrapy audit` then names what stops it. None takes what lies in a folder
`_posts` or `_drafts` for Jekyll's."""
BODY_HEADING = True
"""Begin a body that is written with the title as a heading, and fill a first heading that is empty. Off for a theme
that prints `title` above the text, which would then stand there twice; what heading a seed has is left as it is."""
LIQUID_FENCES = True
"""Put code with `{{` or `{%` between `{% raw %}` and `{% endraw %}`, for Jekyll and Eleventy. Off where no Liquid runs:
Hugo, Astro and Obsidian print these."""
FOLLOW_MOVES = False
"""Write the new address into the seeds of an article that has moved for good (301 or 308 all the way)."""

# ---- Extraction ---------------------------------------------------------------------------------------------------

MAX_PARTS = 10
"""Pages of one article whose texts are joined; 1 joins none. Each is a request of its own. What is left out is said."""
EXTRACT_WORKERS = 0
"""Processes that extract; 0 is one per core."""
EXTRACT_TIMEOUT = 5.0
"""Seconds that one page may take."""
EXTRACT_MEMORY_MB = 450
"""Megabytes of data that a worker may hold; with its code it stays below 500 MB. 0 is no limit; a system that has none
gets a warning."""

# ---- Pages that need a browser ------------------------------------------------------------------------------------

BROWSER = "never"
"""Run the scripts of pages in a browser: `never`, `auto`, which is only where a page has next to no text without them,
or `always`. Needs the extra `seed-archiver[browser]` and Chromium ([browser](browser.md)). With `auto` and `always` the
rules of a publisher (`SiteRules.browser`) decide for its pages."""
BROWSER_EXECUTABLE = "/usr/bin/chromium"
"""Chromium, by default where Debian's package `chromium` puts it; none is downloaded."""
BROWSER_PAGES = 2
"""Pages that are open at once. With one small application the browser holds 240 MB, with each further one 100 more."""
BROWSER_TIMEOUT = 60.0
"""Seconds that one page may take; what it fetches comes at the pace of its hosts, by default one answer a second."""
BROWSER_MEMORY_MB = 1500
"""Megabytes that the browser may hold in all its processes, without its code, where there is /proc (Linux); above this
the largest page is ended. 0 is no limit."""

# ---- Pictures -----------------------------------------------------------------------------------------------------

IMAGES = "none"
"""The pictures of a seed that are fetched and judged: `none`, `lead`, which is that of the front matter, or `all`, the
body's too. Needs the extra `seed-archiver[images]` ([images](images.md))."""
IMAGE_OWN_HOSTS: list[str] = []
"""Hosts that keep pictures for the site, such as `img.blog.example`, beside SITE_HOSTS and GitHub's for attachments. A
picture there is looked at and never replaced; `www.` makes no difference."""
IMAGE_MAX_BYTES = 20_000_000
"""The largest picture that is taken; photographs for the web stay below 5 MB. 0 leaves it to DOWNLOAD_MAXSIZE."""
IMAGE_LINKS = "remote"
"""What links to pictures become that the archive has: `remote`, which leaves them as they are, or `local`, which puts
the pictures beside the seeds and rewrites the links ([image links](image-links.md))."""
IMAGE_DIR = "images"
"""The folder for pictures that all seeds share, as with IMAGE_LINKS=local; it is made when there is one."""
IMAGE_PATH: str | None = None
"""How pages name IMAGE_DIR, such as `/images`. None names it as it lies, relative to the seed: `../images`."""
IMAGE_BUNDLES = True
"""Put the pictures of an `index.md` that has a folder of its own beside it, as Hugo's page bundles have them."""

# ---- Good manners -------------------------------------------------------------------------------------------------

CONTACT: str | None = None
"""Where a site's owner can ask about the crawl: an address of yours, put into the User-Agent. Set it."""
USER_AGENT = f"seed-archiver/{__version__}"
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "seed-archiver"
"""The name that robots.txt rules are looked up by: the product token, as RFC 9309 has it."""
CRAWL_DELAY_MAX = 60.0
"""Seconds; a Crawl-delay or Request-rate in robots.txt is kept up to this, a host that wants more is not asked."""
DOWNLOAD_DELAY = 1.0
CONCURRENT_REQUESTS_PER_DOMAIN = 1
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
COOKIES_ENABLED = False
"""Nothing we fetch needs a session."""
REFERRER_POLICY = "no-referrer"

# ---- Safety -------------------------------------------------------------------------------------------------------

DOWNLOAD_VERIFY_CERTIFICATES = True
"""A forged page must not end up in a seed; Scrapy does not check by default."""
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
"""A local server that runs Python code has no place in a cron job."""
DOWNLOAD_HANDLERS: dict[str, str | None] = {
    **dict.fromkeys(("http", "https"), "archiver.downloader.recording.wire.WireDownloadHandler"),
    **dict.fromkeys(("file", "data", "ftp", "s3")),
}
"""A redirect must not read local files; the one for http and https notes what an archive is to keep."""
PRIVATE_HOSTS = False
"""Ask hosts in private networks too. A seed or a redirect could otherwise make us read what only this machine can."""
TWISTED_DNS_RESOLVER = "archiver.downloader.guard.PublicHostsResolver"
DOWNLOAD_MAXSIZE = 32 * 1024 * 1024
"""Bytes of one answer, before and after decompression; the largest real article pages stay below 6 MB. Of what is above
1 MB a run has 40 MB in memory at once, and the rest on disk in ARCHIVE_DIR; an answer above that alone."""
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 60
METAREFRESH_ENABLED = False
"""News pages refresh themselves for their advertisements; a refresh is content, not an answer."""
HTTPERROR_ALLOW_ALL = True
"""An error page is an answer, and is judged like any other."""
REDIRECT_MAX_TIMES = 10
URLLENGTH_LIMIT = 0
"""Scrapy drops longer addresses without a word; the server may say what it thinks of them."""
RETRY_BACKOFF_BASE = 2.0
"""Seconds before the first retry; later ones wait exponentially longer, with jitter."""
RETRY_BACKOFF_MAX = 60.0
"""Seconds; a host that asks for more by Retry-After is left alone for that time, what waits for it fails at once."""
HOST_BREAKER_FAILURES = 5
"""Failures in a row (no answer, 5xx, 429) after which a host is left alone; 0: never. One page is tried three times, so
it takes a second one to fail too; the pauses between five give a server twenty seconds to restart."""
HOST_BREAKER_PAUSE = 600.0
"""Seconds for which such a host is left alone, and one whose robots.txt cannot be had; then one request tries again."""

# ---- Web archives ---------------------------------------------------------------------------------------------------

WAYBACK = True
"""Look for pages that are gone, blocked or unreachable in a public web archive."""
WAYBACK_CDX = (
    "https://web.archive.org/cdx/search/cdx?url={url}&matchType={match}&output=json"
    "&fl=timestamp,original,mimetype,statuscode,digest,length&filter=!statuscode:%5B45%5D..&limit={limit}"
    "&showResumeKey=true"
)
"""Where the archive lists its captures; redirects and revisits are wanted too, for the article may be where they lead.
pywb: `http://host/coll/cdx?url={url}&matchType={match}&output=json&limit={limit}`."""
WAYBACK_RAW = "https://web.archive.org/web/{timestamp}id_/{url}"
"""Where the archive has its copies as they were archived. pywb: `http://host/coll/{timestamp}id_/{url}`."""
WAYBACK_TRIES = 3
"""Copies that are looked at for one page, each of another payload."""
WAYBACK_CDX_PER_MINUTE = 24.0
"""Lists that the archive is asked for; above this the Internet Archive closes its doors for an hour."""
WAYBACK_COPIES_PER_SECOND = 8.0
"""Copies that the archive is asked for; the same."""
WAYBACK_PAUSE = 60.0
"""Seconds for which a service is left alone after a 429 that does not say how long."""
WEB_ARCHIVES: list[str | dict[str, object]] = []
"""Web archives that are asked in turn after the one above, where that has no copy: a known name (`arquivo`,
`commoncrawl`), a kind with an address (`pywb=https://host/coll`, `memgator=https://host`), or a mapping with `name`,
`kind` (`cdx`, `timemap`, `commoncrawl`) and what the kind needs (docs/web-archives.md). `lists_per_minute` (12),
`copies_per_second` (1), `pause` (60 seconds) and `tries` (3) are the limits of each; archives at one host share the
slower ones."""
SAVE_PAGE_NOW = False
"""Ask the Internet Archive to take copies of live pages; needs SAVE_PAGE_NOW_ACCESS_KEY and SAVE_PAGE_NOW_SECRET_KEY in
the environment."""
SAVE_PAGE_NOW_URL = "https://web.archive.org/save"
"""Where pages are submitted."""
SAVE_PAGE_NOW_WITHIN = "30d"
"""A page with a copy no older than this is not copied again."""
SAVE_PAGE_NOW_PER_MINUTE = 6.0
"""Pages that are submitted; a copy takes the service up to a minute, and an account may have twelve at once."""
SAVE_PAGE_NOW_WAIT = 120.0
"""Seconds that a run waits at its end for copies that are being taken; the next run asks about the rest."""
ARCHIVE_URL_KEY: str | None = None
"""Key, such as `archive_url` or `params.archive_url`, for the address of the archived copy that a seed was repaired
from; None writes none."""

# ---- The machinery ------------------------------------------------------------------------------------------------

ADDONS = {
    "archiver.config.run_settings.RunSettingsAddon": 0,
    "archiver.downloader.identity.ContactAddon": 100,
    "archiver.downloader.recording.replay.ReplayAddon": 500,
    "archiver.downloader.slots.ServiceSlotsAddon": 600,
    "archiver.downloader.recording.record.RecordAddon": 600,
    "archiver.downloader.pauses.HostPausesAddon": 700,
    "archiver.downloader.large_answers.LargeAnswersAddon": 700,
    "archiver.browser.browser.BrowserAddon": 800,
}
DOWNLOADER_MIDDLEWARES = {
    "archiver.downloader.removed.RemovedAddressesMiddleware": 40,
    "archiver.downloader.guard.PublicHostsMiddleware": 50,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "archiver.downloader.robots.RobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "archiver.downloader.retry.PatientRetryMiddleware": 550,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "archiver.downloader.recording.compression.CompressionMiddleware": 590,
    "archiver.downloader.pauses.HostPausesMiddleware": 600,
}
ITEM_PIPELINES = {"archiver.pipelines.RepairPipeline": 100}
EXTENSIONS = {
    "archiver.extensions.report.RunReport": 0,
    "archiver.extensions.commit.RunCommit": 10,
    "archiver.extensions.run_folder.RunFolderExtension": 20,
    "archiver.extensions.notice.RunNotice": 30,
}
CONCURRENT_ITEMS = 1
"""Scrapy starts so many tasks per answer, of which nearly every one is waited for by one seed."""
FEED_STORAGES = {
    **dict.fromkeys(("", "file"), "archiver.extensions.feeds.FileFeed"),
    "stdout": "archiver.extensions.feeds.StandardOutputFeed",
}
FEED_EXPORT_ENCODING = "utf-8"
LOG_LEVEL = "WARNING"
"""The summary and the results say what happened; a log that is never empty is never read."""
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"
"""The seed's result says it."""
LOGSTATS_INTERVAL = 0
