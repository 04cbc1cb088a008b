"""Lists of addresses in every format: what is taken, what is named, and that a hostile one costs only itself."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.collection.lists import decoding
from archiver.collection.lists.recognition import read_list
from archiver.collection.lists.row import AddressError, BadRow, Row, Value, check_address
from archiver.errors import SettingsError

ONE, TWO, THREE = (f"https://a.example/news/{name}" for name in ("one", "two", "three"))


def rows(raw: str | bytes, name: str = "list") -> list[Row]:
    """The rows of a list without a bad one."""
    entries = list(read_list(name, raw.encode() if isinstance(raw, str) else raw))
    taken = [entry for entry in entries if isinstance(entry, Row)]
    assert len(taken) == len(entries), entries
    return taken


def addresses(raw: str | bytes, name: str = "list") -> list[str]:
    return [row.address for row in rows(raw, name)]


def bad(raw: str | bytes) -> dict[str, str]:
    """What is wrong, by place; of addresses too."""
    found = {}
    for entry in read_list("list", raw.encode() if isinstance(raw, str) else raw):
        if isinstance(entry, BadRow):
            found[entry.place] = entry.clause
            continue
        try:
            check_address(entry.address)
        except AddressError as error:
            found[entry.place] = str(error)
    return found


def columns(raw: str, name: str = "list") -> list[Mapping[str, Value]]:
    return [row.columns for row in rows(raw, name)]


# ---- Text -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "address", "title"),
    [
        (ONE, ONE, None),
        (f"  {ONE}  # read on Monday", ONE, None),
        (f"- {ONE}", ONE, None),
        (f"12. <{ONE}>", ONE, None),
        (f"- [x] [One \\[and only\\]]({ONE})", ONE, "One [and only]"),
        (f'> * [One]( <{ONE}> "hover" )', ONE, "One"),
        (f"[![cover](https://a.example/c.png)]({ONE})", ONE, None),
        (f'[1]: <{ONE}> "One"', ONE, None),
        (f"He wrote it himself ({ONE}).", ONE, None),
        ("[Rome](https://a.example/Rome_(city))", "https://a.example/Rome_(city)", "Rome"),
        ("https://a.example/1,75399,42.html", "https://a.example/1,75399,42.html", None),
        ("https://a.example/a|b;c", "https://a.example/a|b;c", None),
    ],
)
def test_a_line_of_text_or_markdown_has_an_address(line: str, address: str, title: str | None) -> None:
    (row,) = rows(f"# Links\n\n<!-- by hand -->\n---\n{line}\n")
    assert (row.place, row.address) == ("line 5", address)
    assert row.columns == ({"title": title} if title else {})


@pytest.mark.parametrize(
    "start",
    [
        "<!-- mine -->\n# Links\n",
        f"[One]({TWO})\n",
        f"[1] {TWO}\n",
        f"[1]: {TWO}\n",
        f"<{TWO}>\n",
        f"[![](/i.png)]({TWO})",
    ],
)
def test_what_begins_like_another_format_may_be_markdown(start: str) -> None:
    assert addresses(f"{start}\n- {ONE}\n")[-1] == ONE


def test_a_line_may_hold_several_addresses_and_none_is_named() -> None:
    assert addresses(f"{ONE} and {TWO}\r{THREE}\r\n") == [ONE, TWO, THREE]
    assert bad(f"{ONE}\nsee below\nwww.a.example/x\n") == {
        "line 2": "says 'see below', which holds no http or https address; correct it",
        "line 3": "says 'www.a.example/x', which is no http or https address; write https://www.a.example/x",
    }


# ---- Tables ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"title,link,thumbnail\nOne,{ONE},{TWO}\n", "list"),
        (f"Title;URL\r\nOne;{ONE}\r\n", "list"),
        (f"{ONE}\tOne\n", "list"),
        (f'"{ONE}","One thing"\n', "list"),
        (f"{ONE},One\n", "list.csv"),
        (f"sep=|\nname|url\nOne|{ONE}\n", "list"),
        (f"id,when,where\n1,Monday,{ONE}\n", "list"),
        (f"\n# mine\n\nurl,title\n{ONE},One\n", "list"),
        (f"| Title | Where |\n|---|:-:|\n| One | {ONE} |\n", "list"),
        (f"url\n{ONE}\n", "list.CSV"),
        (f'url,title\n"{ONE}","One,\ntwo"\n', "list"),
    ],
)
def test_the_delimiter_the_header_and_the_column_of_a_table_are_found(text: str, name: str) -> None:
    assert addresses(text, name) == [ONE]


def test_two_addresses_in_a_line_are_no_table() -> None:
    assert addresses(f"{ONE}, {TWO}\n{THREE}\n") == [ONE, TWO, THREE]


def test_columns_have_the_names_of_the_header_or_numbers() -> None:
    assert columns(f'Title , URL,Tags\n"A, ""b""",{ONE},"x, y"\n') == [
        {"title": 'A, "b"', "url": ONE, "tags": ("x", "y")}
    ]
    assert columns(f"One\t{ONE}\n") == [{"1": "One", "2": ONE}]


def test_a_lost_quotation_mark_costs_one_row() -> None:
    text = f'url,title\n{ONE},"One\n' + "".join(f"{TWO}/{number},Two\n" for number in range(300))
    entries = list(read_list("list.csv", text.encode()))
    assert [entry.place for entry in entries if isinstance(entry, BadRow)] == ["row 2"]
    assert len(entries) == 301


def test_rows_that_hold_no_address_are_named_by_their_number() -> None:
    assert list(bad(f"url,title\n{ONE},One\n,Two\n\njavascript:alert(1),Three\n")) == ["row 3", "row 5"]


def test_a_table_without_addresses_is_none() -> None:
    with pytest.raises(SettingsError, match=r"^list\.csv has no column of http and https addresses; "):
        rows("a,b\n1,2\n", "list.csv")


# ---- JSON -----------------------------------------------------------------------------------------------------------

CHROME = {
    "version": 1,
    "roots": {
        "bookmark_bar": {
            "name": "Bar",
            "type": "folder",
            "children": [
                {"name": "Empty", "type": "folder", "children": []},
                {"name": "News", "type": "folder", "children": [{"name": "One", "type": "url", "url": ONE}]},
            ],
        },
        "other": {"name": "Other", "type": "folder", "children": []},
    },
}
FIREFOX = {
    "title": "",
    "root": "placesRoot",
    "type": "text/x-moz-place-container",
    "children": [
        {"type": "text/x-moz-place-separator", "title": ""},
        {
            "type": "text/x-moz-place-container",
            "title": "News",
            "children": [{"type": "text/x-moz-place", "title": "One", "uri": ONE, "tags": "a,b"}],
        },
    ],
}
JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "home_page_url": "https://a.example/",
    "authors": [{"url": "https://a.example/me"}],
    "items": [{"id": "1", "url": ONE, "attachments": [{"url": "https://a.example/a.mp3"}]}],
}


@pytest.mark.parametrize(
    "value",
    [
        [ONE],
        ONE,
        {"url": ONE, "author": {"url": "https://a.example/me"}},
        [{"type": ["x"], "url": ONE}],
        [{"title": "x", "link": ONE}],
        [{"title": "x", "somewhere": ONE}],
        {"links": [ONE], "next": "https://a.example/page/2"},
        [["One", ONE]],
        CHROME,
        FIREFOX,
        JSON_FEED,
    ],
)
def test_addresses_in_json(value: Any) -> None:
    if isinstance(value, str):
        assert addresses(json.dumps(value)) == [ONE]
    for indent in (None, 1):
        assert addresses(json.dumps(value, indent=indent)) == [ONE]


def test_folders_titles_and_tags_of_bookmarks() -> None:
    (chrome,), (firefox,) = rows(json.dumps(CHROME)), rows(json.dumps(FIREFOX))
    assert (chrome.columns["name"], chrome.columns["folder"]) == ("One", "Bar/News")
    assert (firefox.columns["title"], firefox.columns["folder"], firefox.columns["tags"]) == ("One", "News", ("a", "b"))


def test_the_title_of_a_post_that_wordpress_lists() -> None:
    post = {
        "id": 1,
        "link": ONE,
        "title": {"rendered": "One &#8211; <em>two</em>"},
        "_links": {"self": [{"href": TWO}]},
    }
    (row,) = rows(json.dumps([post]))
    assert (row.address, row.columns["title"]) == (ONE, "One – two")


def test_bad_entries_of_json_are_named_and_the_others_are_taken() -> None:
    value = [ONE, 7, None, {"type": []}, "data:text/html,x", {"url": "javascript:x", "icon": f"{TWO}.png"}, TWO]
    assert list(bad(json.dumps(value))) == [f"entry {number}" for number in range(2, 7)]
    lines = [json.dumps({"url": ONE}), "{", "[1]", json.dumps({"url": TWO, "title": "Two"})]
    assert list(bad("\n".join(lines))) == ["line 2", "line 3"]


@pytest.mark.parametrize(
    "text",
    ['["https://a.example/1",]', "[" * 100_000, "[" * 900 + f'"{ONE}"' + "]" * 900, "{}x", "[" + "1" * 9_999 + "]"],
)
def test_json_that_is_none_is_said_in_a_sentence(text: str) -> None:
    with pytest.raises(SettingsError, match=r"^list (is no JSON|has more than \d+ folders)"):
        rows(text)


# ---- XML and HTML ---------------------------------------------------------------------------------------------------

RSS = f"""<?xml version="1.0" encoding="ISO-8859-1"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>All</title><link>https://a.example/</link>
<item><title>Café &amp;amp; bar</title><link>{ONE}</link><pubDate>Tue, 12 Nov 2024 04:10:56 GMT</pubDate>
<category>World</category><category>Asia</category></item>
<item><guid>{TWO}</guid></item></channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://a.example/"/><entry>
<title type="html">&lt;b&gt;One&lt;/b&gt; day</title><link rel="self" href="https://a.example/self"/>
<link rel="alternate" href="{ONE}"/><published>2024-11-12T04:10:56Z</published></entry></feed>"""
SITEMAP = f"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:i="https://i.example/" xmlns:n="n">
<url><loc> {ONE} </loc><lastmod>2025-01-01</lastmod><i:image><i:loc>https://a.example/i.png</i:loc></i:image>
<n:news><n:publication_date>2024-11-12</n:publication_date><n:title>One</n:title></n:news></url></urlset>"""
OPML = f"""<opml version="2.0"><body><outline text="News"><outline text="One" type="link" url="{ONE}" category="a,b"/>
<outline text="Two" xmlUrl="https://a.example/feed" htmlUrl="{TWO}"/></outline></body></opml>"""
NETSCAPE = f"""<!DOCTYPE NETSCAPE-Bookmark-file-1>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8"><TITLE>Bookmarks</TITLE><H1>Bookmarks</H1>
<DL><p>
    <DT><H3>News</H3>
    <DL><p>
        <DT><A HREF="{ONE}" ADD_DATE="1" TAGS="x,y">Caf\u00e9</A>
        <DD>A note
        <DT><H3>Asia</H3>
        <DL><p><DT><A HREF="{TWO}">Two</A></DL><p>
        <DT><A HREF="{THREE}">Three</A>
    </DL><p>
</DL><p>"""


def test_feeds_say_title_date_and_tags() -> None:
    first, second = rows(RSS.encode("latin-1"))
    assert (first.address, second.address) == (ONE, TWO)
    assert first.columns == {
        "title": "Café & bar", "date": "Tue, 12 Nov 2024 04:10:56 GMT", "tags": ("World", "Asia"),
    }  # fmt: skip
    (entry,) = rows(ATOM)
    assert (entry.address, entry.columns) == (ONE, {"title": "One day", "date": "2024-11-12T04:10:56Z"})


def test_a_sitemap_may_be_packed_and_its_images_are_no_pages() -> None:
    for raw in (SITEMAP.encode(), gzip.compress(SITEMAP.encode())):
        (row,) = rows(raw)
        assert (row.address, row.columns) == (ONE, {"title": "One", "date": "2024-11-12"})


def test_outlines_and_bookmarks_have_folders_and_tags() -> None:
    first, second = rows(OPML)
    assert (first.columns["folder"], first.columns["tags"], second.address) == ("News", ("a", "b"), TWO)
    assert [(row.address, row.columns.get("folder"), row.columns["title"]) for row in rows(NETSCAPE)] == [
        (ONE, "News", "Café"), (TWO, "News/Asia", "Two"), (THREE, "News", "Three"),
    ]  # fmt: skip
    assert rows(NETSCAPE)[0].columns["tags"] == ("x", "y")


@pytest.mark.parametrize("start", ["", "<?xml version='1.0'?><!DOCTYPE html>", "<!-- x --><!doctype html>", "<html>"])
def test_any_page_of_links_is_a_list(start: str) -> None:
    assert addresses(f"{start}<div><ul><li><a class=x href={ONE} target='_blank'>One</a></ul></div>") == [ONE]


def test_xml_that_breaks_off_is_named_and_what_was_read_is_taken() -> None:
    entries = list(read_list("list", RSS.partition("<item><guid>")[0].encode() + b"<item><link>"))
    assert entries[0] == rows(RSS)[0]
    assert isinstance(entries[-1], BadRow)
    assert entries[-1].clause.startswith("is no XML (")


@pytest.mark.parametrize("half", ["&#xD800;", "&#55296;", "&#x00DFFF", "&#xd8ff;&#xDC00;"])
def test_half_a_character_costs_its_own_row(half: str) -> None:
    outline = f'<opml><body><outline url="{ONE}{half}"/><outline url="{TWO}" text="{half}"/></body></opml>'
    first, second, *_ = read_list("list", outline.encode())
    assert isinstance(first, Row)
    assert first.address.startswith(f"{ONE}\ufffd")
    assert isinstance(second, Row)
    assert second.address == TWO


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("<sitemapindex><sitemap><loc>https://a.example/s.xml</loc></sitemap></sitemapindex>", "is a list of sitemaps"),
        ("<?xml version='1.0'?><note><to>You</to></note>", "is neither RSS, Atom, a sitemap nor OPML (<note>)"),
        ("<html><body><p>Nothing.</p></body></html>", "is HTML without a link"),
        ("<?xml version='1.0'?><", "is no XML that can be read"),
    ],
)
def test_markup_that_is_no_list_is_said_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(SettingsError, match=r"^list ") as caught:
        rows(text)
    assert sentence in str(caught.value)


# ---- Hostile lists --------------------------------------------------------------------------------------------------

LAUGHS = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">{entities}]>
<rss><channel><item><title>&z;</title><link>https://a.example/1</link></item></channel></rss>""".format(
    entities="".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefghijklmnopqrstuvwxy", "bcdefghijklmnopqrstuvwxyz", strict=True)
    )
)
EXTERNAL = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<rss><channel><item><title>&x;</title><link>https://a.example/1</link></item></channel></rss>"""


@pytest.mark.parametrize("text", [LAUGHS, EXTERNAL])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_any_encoding(text: str, encoding: str) -> None:
    with pytest.raises(SettingsError, match=r"^list defines entities, which lists do not need; delete its DOCTYPE$"):
        rows(text.encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize(
    "text", [f"{ONE}\r\n{TWO}é\r\n", f'[\r\n"{ONE}",\r\n"{TWO}é"]\r\n', f"url\ta\n{ONE}\t1\n{TWO}é\t2"]
)
def test_byte_order_marks_and_wide_characters(text: str, encoding: str) -> None:
    assert addresses(text.encode(encoding)) == [ONE, f"{TWO}é"]


def test_bytes_that_are_no_text_cost_their_own_row() -> None:
    assert bad(ONE.encode() + b"\nhttps://a.example/\xff\xfe\n" + TWO.encode()) == {
        "line 2": "is not UTF-8; save the list as UTF-8"
    }


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("ISO-8859-2", "iso-8859-2"), ("windows-1251", "cp1251"), ("Shift_JIS", "shift_jis"), ("UTF-16", "utf-8"),
        ("undefined", "utf-8"), ("idna", "utf-8"), ("unicode_escape", "utf-8"), ("hex", "utf-8"), ("utf-7", "utf-8"),
        ("none-such", "utf-8"),
    ],
)  # fmt: skip
def test_an_encoding_is_believed_when_it_is_a_set_of_characters(declared: str, encoding: str) -> None:
    title = "ёж" if encoding in {"cp1251", "shift_jis"} else "ósmy"
    for text in (
        f"<?xml version='1.0' encoding='{declared}'?><rss><item><link>{ONE}</link><title>{title}</title></item></rss>",
        f"<meta charset={declared}><a href='{ONE}'>{title}</a>",
    ):
        assert rows(text.encode(encoding))[0].columns == {"title": title}


def test_bookmarks_that_only_firefox_can_read() -> None:
    with pytest.raises(SettingsError, match=r"^list is packed as only Firefox does it; export the bookmarks as HTML"):
        rows(b"mozLz40\0" + bytes(range(256)))


def test_gzip_that_is_damaged_or_would_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match=r"^list is damaged gzip \("):
        rows(gzip.compress(ONE.encode())[:-9])
    monkeypatch.setattr(decoding, "MAX_LIST_BYTES", 1_000_000)
    bomb = gzip.compress(b"\n" * 20_000_000)
    tracemalloc.start()
    with pytest.raises(SettingsError, match=r"^list is larger than 1,000,000 bytes; split it$"):
        rows(bomb)
    assert tracemalloc.get_traced_memory()[1] < 10e6
    tracemalloc.stop()


def refusal(raw: bytes, name: str) -> str:
    """Why a list cannot be read; its name where it can."""
    try:
        list(read_list(name, raw))
    except SettingsError as error:
        return str(error)
    return name


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_a_sentence(raw: bytes) -> None:
    assert refusal(raw, "list").startswith("list")


@given(st.text(max_size=200), st.sampled_from(["[", "{", "<", "<dl", "<rss>", '"', "a,", "[x](", "- ", 'sep="\n']))
def test_any_text_is_read_or_refused_in_a_sentence(text: str, start: str) -> None:
    raw = f"{start}{text}\n{ONE},{text}\n".encode("utf-8", "surrogatepass")
    assert refusal(raw, "list.csv").startswith("list.csv")


@pytest.mark.parametrize(
    ("address", "clause"),
    [
        ("", "has no address; add it, or delete the row"),
        (
            "javascript:alert(1)",
            "'javascript:alert(1)' uses javascript:, and only http and https addresses can be fetched",
        ),
        ("data:text/html,x", "'data:text/html,x' uses data:, and only http and https addresses can be fetched"),
        ("https://a.example/a b", "'https://a.example/a b' holds a blank or a control character; write it as %20"),
        ("https://a.example/\x00", "'https://a.example/\\x00' holds a blank or a control character; write it as %20"),
        ("https://a.example/\ufffd", "is not UTF-8; save the list as UTF-8"),
        ("https://:0", "'https://:0' names no host that can be asked; correct it"),
        ("https://a.example:99999/", "'https://a.example:99999/' names no host that can be asked; correct it"),
        ("http://[::1", "'http://[::1' names no host that can be asked; correct it"),
        (
            "a.example:8000/x",
            "says 'a.example:8000/x', which is no http or https address; write https://a.example:8000/x",
        ),
        ("/news/one", "says '/news/one', which is no http or https address; correct it"),
    ],
)
def test_an_address_that_cannot_be_asked_is_said_in_a_clause(address: str, clause: str) -> None:
    with pytest.raises(AddressError) as caught:
        check_address(address)
    assert str(caught.value) == clause


def test_what_surrounds_an_address_is_no_part_of_it() -> None:
    assert check_address(f" \ufeff{ONE}\u200b\n") == ONE


LONG = 10_000


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"- [Title {number}]({ONE}/{number})" for number in range(LONG)),
        "url,title\n" + "\n".join(f'{ONE}/{number},"Title, {number}"' for number in range(LONG)),
        "\n".join(json.dumps({"url": f"{ONE}/{number}"}) for number in range(LONG)),
        json.dumps([{"url": f"{ONE}/{number}", "title": "x"} for number in range(LONG)]),
        "<urlset>" + "".join(f"<url><loc>{ONE}/{number}</loc></url>" for number in range(LONG)) + "</urlset>",
        "<dl>" + "".join(f"<dt><a href='{ONE}/{number}'>x</a>" for number in range(LONG)) + "</dl>",
    ],
    ids=["text", "csv", "json lines", "json", "sitemap", "bookmarks"],
)
def test_a_long_list_is_read_whole(text: str) -> None:
    assert addresses(text) == [f"{ONE}/{number}" for number in range(LONG)]


@pytest.mark.parametrize(
    "fragment",
    ["[" * 99, "[a](" * 50, "![a](b" * 40, "> " * 99, '","' * 33, "<a:" * 40, "https://" * 20, f"{ONE}{')' * 99}"],
)
def test_a_long_list_of_fragments_ends(fragment: str) -> None:
    # Each of them would take hours, were it looked through again from each of its characters on.
    text = f"{ONE}\nx {fragment * 1_000}\n" + f"x {fragment}\n" * 1_000
    assert list(read_list("list", text.encode()))


@pytest.mark.parametrize(
    "fragment",
    ["<!-- ", "<a ", '<a href="', "<a b='\"", f"<h3>folder</h3><dl><a href='{ONE}'>", "<a b c d", "<a <a ", "</dl>"],
)
def test_a_page_of_fragments_ends(fragment: str) -> None:
    entries = list(read_list("list", f"<dl><a href='{ONE}'>One</a>{fragment * 10_000}".encode()))
    assert entries[0] == Row("entry 1", ONE, {"title": "One"})
