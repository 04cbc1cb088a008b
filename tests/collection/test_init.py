"""What `seed-archiver init` finds in a folder, and the file that it writes about it."""

from __future__ import annotations

import tomllib
from argparse import Namespace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.collection.file import FILE_NAME, read_collection
from archiver.collection.proposal import Proposal, collection_text, propose, report, toml_text
from archiver.collection.survey import is_source_address
from archiver.commands.init import Command


def post(folder: Path, name: str, front: str, body: str = "Text.") -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"---\n{front.strip()}\n---\n\n{body}\n", encoding="utf-8")


def written(proposal: Proposal) -> dict[str, object]:
    return tomllib.loads(collection_text(proposal))


def shown(proposal: Proposal) -> dict[str, str]:
    return dict(report(proposal))


def test_hugo_with_a_nested_source_and_lists(tmp_path: Path) -> None:
    (tmp_path / "hugo.toml").write_text('title = "x"\nbaseURL = "https://www.blog.example/"\n')
    for number in range(4):
        front = (
            f'title: "{number}"\nurl: https://blog.example/{number}/\nparams:\n  source_url: https://a.example/{number}'
        )
        post(
            tmp_path,
            f"content/posts/{number}.md",
            f"{front}\nauthors: [Ann, Bo]\ncategories: []\ndate: 2024-01-0{number + 1}",
        )
    post(tmp_path, "themes/x/post.md", "link: https://theme.example/")
    post(tmp_path, "content/about.md", "title: About")
    proposal = propose(tmp_path)
    assert written(proposal) == {
        "preset": "hugo",
        "seeds": "content",
        "site_hosts": ["www.blog.example"],
        "keys": {"source": ["params.source_url"], "author": ["authors", "author", "params.author", "params.authors"]},
        "shapes": {"author": "list", "date": "day"},
    }
    found = shown(proposal)
    assert found["generator"] == "Hugo (hugo.toml)"
    assert found["source"] == "params.source_url 4 (of 5 posts, 4 have one)"
    assert found["category"] == "categories 4 (4 blank); list 4"


def test_jekyll_with_a_source_key_of_each_kind(tmp_path: Path) -> None:
    (tmp_path / "_config.yml").write_text(
        "title: x\nurl: 'https://blog.example'  # mine\nauthor:\n  url: https://me.example\n"
    )
    keys = "source_url external_url canonical_url link original_url url source ref redirect_to origin_url via".split()
    for number, key in enumerate(keys):
        post(tmp_path, f"_posts/2024-01-{number + 10}-x.markdown", f"title: x\n{key}: https://a{number}.example/x?y=1")
    post(
        tmp_path,
        "_posts/2024-02-01-own.md",
        "title: x\nurl: /own/\nsource: github_trending\nlink: https://blog.example/1",
    )
    proposal = propose(tmp_path)
    said = written(proposal)
    assert (said["preset"], said["seeds"], said["site_hosts"]) == ("jekyll", "_posts", ["blog.example"])
    assert isinstance(said["keys"], dict)
    assert set(said["keys"]["source"]) == set(keys)
    assert said["keys"]["source"].index("origin_url") < said["keys"]["source"].index("url")
    assert shown(proposal)["source"].endswith("(of 12 posts, 11 have one)")


def test_obsidian_clippings_among_notes(tmp_path: Path) -> None:
    (tmp_path / ".obsidian").mkdir()
    for number in range(3):
        front = f'title: "{number}"\nsource: "https://a.example/{number}"\npublished: 2024-01-01\n'
        post(tmp_path, f"Clippings/{number}.md", front + 'author:\n  - "[[Ann Ames]]"')
    post(tmp_path, "Templates/clip.md", "title: '{{title}}'\nsource: https://b.example/{{x}}")
    for day in ("2024-01-01", "2024-01-02"):
        (tmp_path / "Daily").mkdir(exist_ok=True)
        (tmp_path / "Daily" / f"{day}.md").write_text("# Today\n")
    proposal = propose(tmp_path)
    assert written(proposal) == {
        "preset": "obsidian",
        "seeds": ".",
        "exclude": ["Daily/**"],
        "keys": {"source": ["source"]},
    }
    assert shown(proposal)["author"] == "author 3; wikilinks 3"
    assert shown(proposal)["no posts"] == "2 without front matter, such as Daily/2024-01-01.md"


@pytest.mark.parametrize(
    ("files", "front", "preset"),
    [
        ({"astro.config.mjs": 'export default {\n  site: "https://blog.example",\n}'}, "pubDate: 2024-01-01", "astro"),
        ({".eleventy.js": "", "_data/site.json": '{\n "url": "https://blog.example"}'}, "layout: x", "eleventy"),
        ({"dendron.yml": "siteUrl: https://blog.example\n"}, "id: x", "dendron"),
        ({"config/_default/hugo.yaml": "baseURL: https://blog.example\n"}, "draft: true", "hugo"),
        ({"config.toml": 'baseURL = "https://blog.example"\n'}, "draft: true", "hugo"),
        ({"config.toml": 'name = "something else"\n', "CNAME": "blog.example\n"}, "title: x", "plain"),
        ({}, "reference: https://a.example/1", "zettlr"),
        ({}, "id: x\ndesc: y", "dendron"),
        ({}, "source: https://a.example/1\npublished: 2024-01-01\ncreated: 2024-01-02", "obsidian"),
        ({}, "title: x", "plain"),
    ],
)
def test_the_generator_and_the_own_host(tmp_path: Path, files: dict[str, str], front: str, preset: str) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    post(tmp_path, "a.md", front)
    generator = propose(tmp_path).generator
    assert generator.preset.name == preset
    assert generator.hosts == (("blog.example",) if files else ())


def test_a_key_that_nobody_knows_is_a_source_only_where_posts_have_no_other(tmp_path: Path) -> None:
    for number in range(6):
        known = f"source_url: https://a.example/{number}\n" if number % 2 else ""
        mine = "" if number % 2 else f"clipped_from: https://b.example/{number}\n"
        shared = f"author_page: https://me.example/\ncover: https://c.example/{number}\nphoto: https://d.example/{number}.jpg\n"
        post(tmp_path, f"{number}.md", f"{known}{mine}{shared}discussion: https://news.example/{number}")
    proposal = propose(tmp_path)
    assert [(one.key, one.posts) for one in proposal.survey.sources] == [("source_url", 3), ("clipped_from", 3)]
    assert len(proposal.survey.sourced) == 6


def test_a_folder_in_which_nothing_has_front_matter_is_excluded_and_what_is_broken_is_not(tmp_path: Path) -> None:
    post(tmp_path, "posts/a.md", "source_url: https://a.example/1")
    post(tmp_path, "b.md", "source_url: https://a.example/2")
    for name in ("docs/guide/x.md", "docs/y.md", "posts/notes.md", "[old]/z.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("No front matter.\n")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "c.md").write_text("---\ntitle: [\n---\n")
    proposal = propose(tmp_path)
    assert written(proposal)["exclude"] == ["docs/**"]
    assert shown(proposal)["unreadable"].startswith("1, such as broken/c.md: line ")


def test_without_any_source_the_file_says_what_to_add(tmp_path: Path) -> None:
    post(tmp_path, "a.md", "title: x\nurl: /2024/x")
    proposal = propose(tmp_path)
    assert written(proposal) == {"preset": "plain", "seeds": ".", "heading": False, "keys": {}}
    assert "name the one that does" in collection_text(proposal)
    assert shown(proposal)["source"].startswith("no key holds addresses on other hosts")


def test_a_blank_list_has_the_shape_of_the_preset_and_a_mapping_is_no_field(tmp_path: Path) -> None:
    (tmp_path / ".obsidian").mkdir()
    front = "source: https://a.example/1\nauthor:\n  - ''\ncategory: []\npublished:\nimage:\n  url: ''\n"
    post(tmp_path, "a.md", front)
    assert written(propose(tmp_path))["shapes"] == {"category": "list"}
    found = shown(propose(tmp_path))
    assert (found["author"], found["image"]) == ("author 1 (1 blank); wikilinks 1", "image.url 1 (1 blank)")


def test_names_of_folders_and_keys_cannot_break_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = 'a "quoted"\\ folder\u2028'
    (tmp_path / "hugo.toml").touch()
    for number in range(2):
        post(tmp_path, f"{place}/{number}.md", f"'my \"source\" key': https://a.example/{number}")
    monkeypatch.chdir(tmp_path)
    (tmp_path / FILE_NAME).write_text(collection_text(propose(tmp_path)), encoding="utf-8")
    (_, layer) = read_collection(tmp_path / FILE_NAME).layers
    assert layer.values["SEEDS_DIR"] == place
    assert layer.values["SEED_KEYS"] == {"source": ['my "source" key']}


def test_nothing_is_written_for_a_folder_that_no_file_can_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "hugo.toml").touch()
    post(tmp_path, "a\nb/1.md", "source_url: https://a.example/1")
    monkeypatch.chdir(tmp_path)
    command = Command()
    command.run([], Namespace(force=False, dry_run=False))
    assert command.exitcode == 1
    assert f"{FILE_NAME}, line 3: seeds holds a control character" in capsys.readouterr().err
    assert not (tmp_path / FILE_NAME).exists()


@pytest.mark.parametrize("answer", [EOFError, KeyboardInterrupt])
def test_whoever_breaks_off_at_the_question_keeps_the_file(
    answer: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def ask(_: str) -> str:
        raise answer

    post(tmp_path, "a.md", "source_url: https://a.example/1")
    (tmp_path / FILE_NAME).write_text("mine")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", ask)
    command = Command()
    command.run([], Namespace(force=False, dry_run=False))
    assert command.exitcode == 1
    assert f"{FILE_NAME} was left as it is." in capsys.readouterr().err
    assert (tmp_path / FILE_NAME).read_text() == "mine"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_can_be_written_as_toml(text: str) -> None:
    assert tomllib.loads(f"x = {toml_text(text)}") == {"x": text}


def test_whether_a_heading_belongs_in_the_body_is_as_most_texts_have_it(tmp_path: Path) -> None:
    (tmp_path / "hugo.toml").touch()
    for number in range(3):
        post(tmp_path, f"content/{number}.md", f"source_url: https://a.example/{number}", "# \n\nText.")
    post(tmp_path, "content/bare.md", "source_url: https://a.example/9")
    assert written(propose(tmp_path))["heading"] is True
    for number in range(3):
        post(tmp_path, f"content/{number}.md", f"source_url: https://a.example/{number}")
    assert "heading" not in written(propose(tmp_path))


def test_posts_that_the_generator_does_not_read_are_counted(tmp_path: Path) -> None:
    (tmp_path / "hugo.toml").touch()
    post(tmp_path, "content/a.md", "source_url: https://a.example/1")
    for name in ("b.mdx", "c.mdx", "d.txt"):
        post(tmp_path, f"content/{name}", "source_url: https://a.example/2")
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "robots.txt").write_text("User-agent: *\n")
    assert shown(propose(tmp_path))["not read"].startswith("2 .mdx, 1 .txt with front matter; if they are posts")


def test_a_generator_that_would_not_read_the_posts_is_not_theirs(tmp_path: Path) -> None:
    for number in range(3):
        post(tmp_path, f"{number}.txt", f"layout: post\norigin_url: https://a.example/{number}", "# One\n\nText.")
    proposal = propose(tmp_path)
    assert (proposal.generator.preset.name, len(proposal.folder.posts)) == ("plain", 3)


@pytest.mark.parametrize(
    ("value", "is_source"),
    [
        ("https://a.example/1", True),
        ("HTTP://A.example", True),
        ("https://www.own.example/1", False),
        ("https://own.example", False),
        ("https://a.example/photo.JPG", False),
        ("https://a.example/two words", False),
        ("//a.example/1", False),
        ("/1", False),
        ("github_trending", False),
        ("https://[", False),
        ("https://", False),
        (7, False),
        (None, False),
    ],
)
def test_what_counts_as_the_address_of_a_source(value: object, is_source: bool) -> None:
    assert is_source_address(value, ["own.example"]) is is_source


def test_a_link_to_a_file_elsewhere_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "blog").mkdir()
    post(tmp_path, "outside.md", "source_url: https://a.example/1")
    (tmp_path / "blog" / "a.md").symlink_to(tmp_path / "outside.md")
    post(tmp_path, "blog/b.md", "title: x")
    assert list(propose(tmp_path / "blog").folder.posts) == ["b.md"]
