"""The collection file: found, read, checked, and put between the settings module and the command line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from scrapy.settings import Settings

from archiver.collection.file import FILE_NAME, find_file, read_collection
from archiver.collection.tables import NAMES, PATHS
from archiver.config.layers import settings_in_force
from archiver.config.names import OUR_DEFAULTS
from archiver.config.run_settings import RunSettings
from archiver.errors import SettingsError
from archiver.models import Field
from archiver.repair.policy import Action
from tests.conftest import scrapy, tree


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a collection, and the one that a command runs in."""
    place = tmp_path / "blog"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


def write(folder: Path, text: str) -> Path:
    file = folder / FILE_NAME
    file.write_text(text, encoding="utf-8")
    return file


def settings_for(text: str, folder: Path, **given: object) -> tuple[Settings, Mapping[str, str]]:
    """The settings of a command in the current folder, and where they come from."""
    write(folder, text)
    file = find_file(Path.cwd())
    assert file is not None
    settings = Settings()
    settings.setmodule("archiver.settings")
    settings.setdict(given, priority="cmdline")
    return settings, read_collection(file).apply(settings)


def run_for(text: str, folder: Path, **given: object) -> RunSettings:
    return RunSettings.read(settings_for(text, folder, **given)[0])


def refused(text: str, folder: Path) -> str:
    before = tree(folder.parent)
    file = write(folder, text)
    with pytest.raises(SettingsError) as caught:
        read_collection(file)
    file.unlink()
    assert tree(folder.parent) == before
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_it_is_found_in_the_folder_or_above_and_the_nearest_counts(folder: Path) -> None:
    (below := folder / "content" / "posts").mkdir(parents=True)
    assert find_file(folder) is None
    outer = write(folder.parent, "")
    assert find_file(below) == outer
    inner = write(folder, "")
    assert find_file(below) == find_file(folder) == inner


def test_command_line_over_file_over_preset_over_defaults(folder: Path) -> None:
    text = 'preset = "hugo"\ncontact = "me"\n[keys]\ntitle = "headline"\n[policy]\ndate = "keep"\n'
    text += "[settings]\nWAYBACK_TRIES = 1\n"
    run = run_for(text, folder)
    assert (run.contact, run.tries, run.seeds) == ("me", 1, Path("content"))
    assert (run.keys["title"], run.keys["category"]) == (("headline",), ("categories", "category"))
    assert run.policy.action(Field.DATE) is Action.KEEP
    run = run_for(text, folder, CONTACT="you", WAYBACK_TRIES="2", SEEDS_DIR="x", SEED_KEYS='{"title": "name"}')
    assert (run.contact, run.tries, run.seeds) == ("you", 2, Path("x"))
    assert (run.keys["title"], run.keys["category"]) == (("name",), ("categories", "category"))


def test_one_field_on_the_command_line_leaves_the_others_as_the_preset_has_them(folder: Path) -> None:
    policy = run_for('preset = "jekyll"\n', folder, FIELD_POLICY='{"title": "keep"}').policy
    actions = [policy.action(field) for field in (Field.TITLE, Field.DATE, Field.CATEGORY, Field.IMAGE)]
    assert actions == [Action.KEEP, Action.REPORT, Action.REPORT, Action.FILL]


@pytest.mark.parametrize(
    ("said", "given", "title", "author"),
    [
        ("REVIEW_BELOW = 0.7", None, 0.7, 0.7),
        ("REVIEW_BELOW = { author = 0.7 }", None, 0.9, 0.7),
        ("REVIEW_BELOW = { author = 0.7 }", '{"title": 0.5}', 0.5, 0.7),
        ("REVIEW_BELOW = { author = 0.7 }", "0", 0, 0),
        ("REVIEW_BELOW = 0.7", '{"title": 0.5}', 0.5, 0.85),
    ],
)
def test_below_what_a_value_waits_is_a_number_or_a_mapping(
    folder: Path, said: str, given: str | None, title: float, author: float
) -> None:
    bounds = run_for(f"[settings]\n{said}\n", folder, **({"REVIEW_BELOW": given} if given else {})).policy.review_below
    assert (bounds[Field.TITLE], bounds[Field.AUTHOR]) == (title, author)


def test_a_file_without_a_preset_leaves_the_defaults(folder: Path) -> None:
    run = run_for('[keys]\ntitle = "headline"\n', folder)
    assert run.keys["title"] == ("headline",)
    assert run.keys["source"] == ("origin_url", "source_url", "original_url")
    assert (run.seeds, run.archive_dir) == (Path("seeds"), Path("archive"))


def test_paths_count_from_the_folder_of_the_file_and_those_of_the_command_line_from_here(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (below := folder / "content" / "2024").mkdir(parents=True)
    monkeypatch.chdir(below)
    run = run_for('preset = "hugo"\n', folder)
    assert (run.seeds, run.archive_dir) == (Path(".."), Path("../../archive"))
    run = run_for('seeds = "content/2024"\n[settings]\nARCHIVE_DIR = "kept"\nOUTPUT_DIR = "out"\n', folder)
    assert (run.seeds, run.archive_dir, run.output) == (Path(), Path("../../kept"), Path("../../out"))
    assert run_for('seeds = "content"\n', folder, SEEDS_DIR="here", ARCHIVE_DIR="there").seeds == Path("here")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("preset = \n", f"{FILE_NAME} is not TOML (Invalid value (at line 1, column 10)); correct it"),
        ('preset = "hugo"\npreset = "jekyll"\n', f"{FILE_NAME} names 2 presets; leave one of them"),
        ('preset = ["hugo", "jekyll"]\n', f"{FILE_NAME}, line 1: preset names more than one; choose one of them"),
        ('preset = "hogo"\n', f"{FILE_NAME}, line 1: there is no preset hogo; did you mean hugo?"),
        (
            'preset = "wordpress"\n',
            f"{FILE_NAME}, line 1: there is no preset wordpress; the presets are astro, dendron",
        ),
        ("preset = 1\n", f'{FILE_NAME}, line 1: preset must be a text; write it like preset = "hugo"'),
        ('\ncontct = "x"\n', f"{FILE_NAME}, line 2: there is no contct; did you mean contact?"),
        ("dry_run = true\n", f"{FILE_NAME}, line 1: there is no dry_run here; write it under [settings] as DRY_RUN"),
        ("zzz = 1\n", f"{FILE_NAME}, line 1: there is no zzz; there may be preset, seeds, include"),
        ("heading = 1\n", f"{FILE_NAME}, line 1: heading must be true or false; write it like heading = false"),
        ('include = "a"\n', f"{FILE_NAME}, line 1: include must be a list of texts; write it like include = ["),
        ("exclude = [1]\n", f"{FILE_NAME}, line 1: exclude must be a list of texts; write it like exclude = ["),
        ("keys = 1\n", f"{FILE_NAME}, line 1: keys must be a table; write it like keys = {{ source ="),
        ('contact = "a\\nEvil: b"\n', f"{FILE_NAME}, line 1: contact holds a control character"),
        (
            '[keys]\nsorce = "url"\n',
            f"{FILE_NAME}, line 2: [keys] names the field 'sorce', which does not exist; did you",
        ),
        ("[keys]\nsource = 5\n", f"{FILE_NAME}, line 2: [keys] gives source no key; give it a name or a list of names"),
        ('[policy]\ndate = "no"\n', f"{FILE_NAME}, line 2: [policy] gives date the action 'no', which does not exist"),
        (
            'keys.titel = "x"\n',
            f"{FILE_NAME}, line 1: [keys] names the field 'titel', which does not exist; did you mean t",
        ),
        ("[settings]\nDRYRUN = true\n", f"{FILE_NAME}, line 2: there is no setting DRYRUN; did you mean DRY_RUN?"),
        ("[settings]\nBRIEF = true\n", f"{FILE_NAME}, line 2: there is no setting BRIEF; did you mean REPORT_BRIEF?"),
        ('[settings]\nDRY_RUN = "yes"\n', f"{FILE_NAME}, line 2: DRY_RUN must be true or false; correct it"),
        (
            "[settings]\nWAYBACK_TRIES = true\n",
            f"{FILE_NAME}, line 2: WAYBACK_TRIES must be a whole number; correct it",
        ),
        (
            "[settings]\nEXTRACT_TIMEOUT = -1\n",
            f"{FILE_NAME}: EXTRACT_TIMEOUT=-1 is not a number from 0 up; correct it",
        ),
        (
            'seeds = "a"\n[settings]\nSEEDS_DIR = "b"\n',
            f"{FILE_NAME}, line 3: SEEDS_DIR is there twice, also as `seeds`",
        ),
        ('seeds = "../x"\n', f'{FILE_NAME}, line 1: seeds = "../x" leads out of the folder of the file; name a place'),
        ('[settings]\nARCHIVE_DIR = "/tmp"\n', f'{FILE_NAME}, line 2: ARCHIVE_DIR = "/tmp" leads out of the folder'),
        ('[settings]\nOUTPUT_DIR = ".."\n', f'{FILE_NAME}, line 2: OUTPUT_DIR = ".." leads out of the folder'),
        ('[settings]\nREPLAY = "/etc"\n', f'{FILE_NAME}, line 2: REPLAY = "/etc" leads out of the folder'),
        ("a = " + "1" * 5000, f"{FILE_NAME} is not TOML (Exceeds the limit"),
        ("a = " + "[" * 5000, f"{FILE_NAME} is nested too deeply; make it flatter"),
        ("#" * 300_000, f"{FILE_NAME} is larger than 256 KiB; leave out what does not belong in it"),
    ],
)
def test_each_mistake_is_one_sentence_with_file_and_cure(folder: Path, text: str, sentence: str) -> None:
    assert refused(text, folder).startswith(sentence)


def test_what_is_no_text_file_is_one_sentence(folder: Path) -> None:
    file = folder / FILE_NAME
    file.write_bytes(b'contact = "\xff"\n')
    with pytest.raises(SettingsError, match=r"is not UTF-8; save it as UTF-8$"):
        read_collection(file)
    file.unlink()
    file.mkdir()
    assert find_file(folder) == file
    with pytest.raises(SettingsError, match=r"is not a file; rename it"):
        read_collection(file)


def test_a_mark_at_the_start_and_windows_line_ends_are_no_mistake(folder: Path) -> None:
    file = folder / FILE_NAME
    file.write_bytes(b'\xef\xbb\xbfcontact = "me"\r\n[keys]\r\nsource = "via"\r\n')
    (layer,) = read_collection(file).layers
    assert (layer.values["CONTACT"], layer.origins["SEED_KEYS.source"]) == ("me", f"{FILE_NAME}, line 3, [keys]")


def test_no_setting_that_could_load_code_is_taken(folder: Path) -> None:
    """Scrapy's own are refused, whatever they are; some of ours are for a person to give."""
    module = Settings()
    module.setmodule("archiver.settings")
    for name in {*map(str, Settings()), *map(str, module)} - OUR_DEFAULTS.keys() - {"REPLAY"}:
        said = refused(f"[settings]\n{name} = 1\n", folder)
        assert "[settings] may not set" in said or "there is no setting" in said, name
    for name in ("ADDONS", "SPIDER_MODULES", "EXTENSIONS", "ITEM_PIPELINES", "COMMANDS_MODULE", "TWISTED_REACTOR"):
        said = refused(f'[settings]\n{name} = {{"os.system" = 1}}\n', folder)
        assert said.startswith(f"{FILE_NAME}, line 2: [settings] may not set {name}: it takes the settings of docs/")
        assert "others can load code" in said
    for name in ("COMMIT", "PRIVATE_HOSTS", "WAYBACK_CDX", "WEB_ARCHIVES", "SAVE_PAGE_NOW_URL", "BROWSER_EXECUTABLE"):
        said = refused(f"[settings]\n{name} = true\n", folder)
        assert f"[settings] may not set {name}, which " in said
        assert "on the command line" in said


def test_every_setting_that_names_a_folder_is_kept_inside() -> None:
    assert {name for name in OUR_DEFAULTS if name.endswith("_DIR")} | {"REPLAY"} == set(PATHS)
    assert set(NAMES.values()) >= {"SEEDS_DIR", "SEED_KEYS", "FIELD_POLICY", "CONTACT"}


@pytest.mark.parametrize("name", ["archive", "content"])
def test_a_link_out_of_the_collection_is_not_followed_unless_a_person_says_so(folder: Path, name: str) -> None:
    (outside := folder.parent / "elsewhere").mkdir()
    (folder / name).symlink_to(outside)
    setting = "ARCHIVE_DIR" if name == "archive" else "SEEDS_DIR"
    with pytest.raises(SettingsError, match=rf"^{name} is a link out of the folder of {FILE_NAME}; .* -s {setting}="):
        settings_for('preset = "hugo"\n', folder)
    settings_for('preset = "hugo"\n', folder, **{setting: name})
    (folder / FILE_NAME).unlink()
    settings_named = f'[settings]\n{setting} = "{name}"\n'
    assert f'{setting} = "{name}" leads out of the folder' in refused(settings_named, folder)


@pytest.mark.parametrize("name", ["ledger.sqlite", "warc"])
def test_no_file_of_the_archive_is_a_link_out_of_the_collection(folder: Path, name: str) -> None:
    (folder / "archive").mkdir()
    (folder / "archive" / name).symlink_to(folder.parent / "elsewhere")
    with pytest.raises(SettingsError, match=rf"^archive/{name} is a link out of the folder of {FILE_NAME}; "):
        settings_for("", folder)
    settings_for("", folder, ARCHIVE_DIR="kept")


def test_what_the_file_excludes_is_added_to_the_preset_unless_it_names_the_setting(folder: Path) -> None:
    upper = read_collection(write(folder, 'preset = "hugo"\nexclude = ["drafts/**"]\n')).layers[-1]
    added = upper.values.get("SEED_EXCLUDE")
    assert isinstance(added, list)
    assert {"drafts/**", "**/themes/**"} <= set(added)


def test_where_each_value_comes_from(folder: Path) -> None:
    text = 'preset = "jekyll"\n\n[keys]\ntitle = "headline"\n\n[settings]\nWAYBACK = false\n'
    settings, origins = settings_for(text, folder, DRY_RUN="1", FIELD_POLICY='{"title": "keep"}')
    lines = {line.name: (line.value, line.origin) for line in settings_in_force(settings, origins)}
    assert lines["SEED_KEYS.title"] == ("headline", f"{FILE_NAME}, line 4, [keys]")
    assert lines["SEED_KEYS.date"] == (["date"], "preset jekyll")
    assert lines["WAYBACK"] == (False, f"{FILE_NAME}, line 7, [settings]")
    assert lines["FIELD_POLICY.title"] == ("keep", "command line")
    assert lines["FIELD_POLICY.date"] == ("report", "preset jekyll")
    assert lines["DRY_RUN"] == ("1", "command line")
    assert lines["ARCHIVE_DIR"] == ("archive", f"default, beside {FILE_NAME}")
    assert lines["SEEDS_DIR"] == ("_posts", "preset jekyll")
    assert lines["EXTRACT_TIMEOUT"] == (5.0, "default")


def test_scrapy_reads_it_too_and_config_says_where_values_come_from(folder: Path) -> None:
    (folder / "scrapy.cfg").write_text("[settings]\ndefault = archiver.settings\n")
    write(folder, 'preset = "zettlr"\ncontact = "me"\n')
    here = {"PYTHONPATH": str(Path(__file__).parents[2])}
    run = scrapy("config", "--given", "--json", "-s", "DRY_RUN=1", cwd=folder, env=here)
    assert (run.code, run.stderr) == (0, "")
    lines = {line["name"]: line for line in map(json.loads, run.stdout.splitlines())}
    assert lines["CONTACT"] == {"name": "CONTACT", "value": "me", "origin": f"{FILE_NAME}, line 2"}
    assert lines["SEED_KEYS.source"]["value"][0] == "reference"
    assert lines["DRY_RUN"]["origin"] == "command line"
    assert "EXTRACT_TIMEOUT" not in lines
    write(folder, 'preset = "zetlr"\n')
    run = scrapy("crawl", "seeds", cwd=folder, env=here)
    assert (run.code, run.stdout) == (1, "")
    assert run.stderr == f"scrapy crawl: {FILE_NAME}, line 1: there is no preset zetlr; did you mean zettlr?\n"
