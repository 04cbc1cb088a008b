"""A setting that does not exist ends a command, before it does anything."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import scrapy as scrapy_package
from scrapy.settings import Settings
from scrapy.utils.misc import walk_modules_iter

from archiver import settings as ours
from archiver.commands.base.settings_check import SettingsCheck
from archiver.config.names import READ_BY_SCRAPY, check_names
from archiver.errors import SettingsError
from tests.conftest import FIXTURES, GIVEN_SEED, Crawl, scrapy, tree

NOT_SETTINGS = {"DEFAULT_CIPHERS", "IGNORED_EXTENSIONS", "METHOD_TLS", "XDG_CONFIG_HOME"}


def refused(given: dict[str, object], priority: str = "cmdline") -> str:
    settings = Settings()
    settings.setmodule("archiver.settings")
    settings.setdict(given, priority)
    with pytest.raises(SettingsError) as caught:
        check_names(settings)
    return str(caught.value)


@pytest.mark.parametrize(
    ("given", "meant"),
    [("DRYRUN", "DRY_RUN"), ("SEED_DIR", "SEEDS_DIR"), ("dry_run", "DRY_RUN"), ("USER_AGENTS", "USER_AGENT")],
)
def test_the_nearest_name_is_suggested(given: str, meant: str) -> None:
    for priority in ("project", "spider", "cmdline"):
        assert refused({given: "1"}, priority) == f"there is no setting {given}; did you mean {meant}?"


def test_a_name_like_no_other_is_refused_too() -> None:
    for foreign in ("ZZZQ", "SPIDERMON_ENABLED"):
        assert refused({foreign: 1}).startswith(f"there is no setting {foreign}; correct it, or name the prefix")


@pytest.mark.parametrize("prefixes", [["SPIDERMON_"], "SPIDERMON_,OTHER_"])
def test_settings_of_other_packages_are_let_through(prefixes: object) -> None:
    settings = Settings({"KNOWN_SETTING_PREFIXES": prefixes, "SPIDERMON_ENABLED": True}, "cmdline")
    check_names(settings)
    assert "DRYRUN" in refused({"KNOWN_SETTING_PREFIXES": prefixes, "SPIDERMON_ENABLED": True, "DRYRUN": 1})
    assert "DRYRUN" in refused({"KNOWN_SETTING_PREFIXES": "", "DRYRUN": 1})


def test_what_an_addon_sets_is_let_through() -> None:
    settings = Settings()
    settings.set("ADDED_BY_A_PROGRAM", 1, "addon")
    check_names(settings)


def test_every_setting_that_scrapy_reads_is_known() -> None:
    """Scrapy's own source is the list; one that a newer version brings is found here."""
    written = set()
    for file in Path(scrapy_package.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                written.add(node.value)
    written = {name for name in written if re.fullmatch(r"(?!SCRAPY_)[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+", name)}
    assert written - set(Settings()) - NOT_SETTINGS <= READ_BY_SCRAPY


def test_every_command_of_ours_checks_its_settings() -> None:
    modules = list(walk_modules_iter("archiver.commands"))
    commands = [module.Command for module in modules if hasattr(module, "Command")]
    assert len(commands) >= 7
    assert all(issubclass(command, SettingsCheck) for command in commands)


def test_nothing_is_written_when_a_setting_does_not_exist(crawl: Crawl, seeds: Path, tmp_path: Path) -> None:
    (seeds / "a.md").write_bytes(GIVEN_SEED.read_bytes())
    before = tree(tmp_path)
    for wrong, sentence in (
        ({"DRYRUN": 1}, "there is no setting DRYRUN; did you mean DRY_RUN?"),
        (
            {"SEED_KEYS": '{"titel": "title"}'},
            "SEED_KEYS names the field 'titel', which does not exist; did you mean title?",
        ),
    ):
        run = crawl(seeds, settings=wrong)
        assert (run.code, run.stdout) == (1, "")
        assert run.stderr.startswith(f"scrapy crawl: {sentence}")
        assert run.stderr.count("\n") == 1
        assert tree(tmp_path) == before


def test_every_source_of_a_name_is_checked(tmp_path: Path) -> None:
    """The settings module of a collection, and a command that has a `-s` of its own."""
    (tmp_path / "mine.py").write_text("from archiver.settings import *\nSEED_DIR = 'x'\n", encoding="utf-8")
    here = {"SCRAPY_SETTINGS_MODULE": "mine", "PYTHONPATH": str(tmp_path)}
    run = scrapy("status", env=here)
    assert (run.code, run.stdout) == (1, "")
    assert run.stderr == "scrapy status: there is no setting SEED_DIR; did you mean SEEDS_DIR?\n"
    run = scrapy("archive", "list", "-s", "ARCHIV_DIR=x")
    assert (run.code, run.stdout) == (1, "")
    assert run.stderr == "scrapy archive: there is no setting ARCHIV_DIR; did you mean ARCHIVE_DIR?\n"
    run = scrapy("capture", "https://a.example/", tmp_path / "new", "-s", f"REPLAI={FIXTURES}")
    assert (run.code, run.stdout) == (1, "")
    assert run.stderr == "scrapy capture: there is no setting REPLAI; did you mean REPLAY?\n"
    assert not (tmp_path / "new").exists()


def test_no_setting_is_given_a_value_twice() -> None:
    """The second would undo the first: handlers of local files came back so, which no redirect may reach."""
    body = ast.parse(Path(ours.__file__).read_text("utf-8")).body
    given = [one for one in body if isinstance(one, ast.Assign | ast.AnnAssign)]
    targets = [one.target if isinstance(one, ast.AnnAssign) else one.targets[0] for one in given]
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    assert len(names) > 60
    assert sorted(set(names)) == sorted(names)
    assert {scheme: handler for scheme, handler in ours.DOWNLOAD_HANDLERS.items() if handler is None}.keys() == {
        "file", "data", "ftp", "s3",
    }  # fmt: skip
