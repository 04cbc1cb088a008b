from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from archiver.text import language_data, months
from archiver.text.language_data import FOLDER, LanguageDataError, read_language
from tests.conftest import ROOT
from tests.text import cldr

FILES = sorted(FOLDER.glob("*.toml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_language_says_what_it_lacks(file: Path) -> None:
    language = read_language(file)
    assert set(language.lacks) == language.missing()
    assert len(language.lacks) == len(set(language.lacks))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_language_has_no_month_that_cldr_has(file: Path) -> None:
    language = read_language(file)
    known = months._cldr_names(language.code)
    assert not {name for name in language.months if months._key(name) in known}
    assert known


def test_months_are_those_of_cldr() -> None:
    assert months.CLDR_FILE.read_text(encoding="utf-8") == cldr.written(), "run: python -m tests.text.cldr"


def test_months_are_known_without_babel() -> None:
    known = (
        "from archiver.text.months import month_number; import sys; print(month_number('März'), 'babel' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", known], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "3 False\n"


def test_no_two_languages_have_the_same_name_or_code() -> None:
    every = [name.lower() for one in language_data.languages() for name in (one.code, *one.names, *one.codes)]
    assert len(every) == len(set(every))


HEAD = 'names = ["Nordic"]\nspeakers = 1\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{HEAD}[not_fond]\n", "xx.toml: there is no key not_fond; did you mean not_found?"),
        (f"{HEAD}[login]\nheading = ['a']\n", "xx.toml: there is no key login.heading; did you mean login.headings?"),
        (f"{HEAD}[login]\nheadings = 'a'\n", "xx.toml: login.headings must be a list of texts"),
        (f"{HEAD}[login]\nheadings = ['a', 'a']\n", "xx.toml: login.headings has 'a' twice"),
        (f"{HEAD}login = 'a'\n", "xx.toml: login must be a table"),
        (f"{HEAD}[months]\nfebber = 13\n", "xx.toml: months must be a table"),
        (f"{HEAD}stop_words = ['a']\n", "xx.toml: stop_words must be one text"),
        ("speakers = 1\n", "xx.toml: names is missing"),
        ("names = ['Nordic']\nspeakers = 'few'\n", "xx.toml: speakers must be a number"),
        ("names = [\n", "xx.toml: this is not TOML"),
    ],
)
def test_a_mistake_is_told_by_file_and_key(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "xx.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(LanguageDataError, match=re.escape(message)):
        read_language(file)


def test_the_guide_to_a_new_language_is_true(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "add-a-language.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)
    file = tmp_path / "gl.toml"
    file.write_text(example, encoding="utf-8")
    language = read_language(file)
    assert set(language.lacks) == language.missing()
    for table, keys in language_data.PHRASES.items():
        assert f"`{table}`" in guide
        assert all(f"`{key}`" in guide for key in keys)
    assert not (FOLDER / "gl.toml").exists(), "choose another language for the example"
