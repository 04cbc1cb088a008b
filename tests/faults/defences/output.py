"""What keeps what a page says from being more than text: to Markdown, Liquid, HTML, terminals, git and other people."""

from __future__ import annotations

from tests.faults.defences.defence import Defence

_PROPERTIES = "tests/extract/markdown/test_properties.py::"
_REPORT = "tests/report/test_page.py::"
_WEB = "review/web.py"
_IN_WEB = ("tests/review/test_web.py::test_nobody_else_is_answered",)

DEFENCES = (
    Defence(
        "Liquid and HTML in a page's text",
        "text/markdown/escaping.py",
        "return active.sub(replace, text)",
        "return text",
        (f"{_PROPERTIES}test_liquid_is_inert_and_html_is_text",),
    ),
    Defence(
        "code that ends a raw section",
        "text/markdown/escaping.py",
        "    elif ends_raw(lines):\n",
        "    elif False:\n",
        ("tests/extract/markdown/test_writer.py::test_code_that_ends_a_raw_section_is_made_inert",),
    ),
    Defence(
        "markup at the start of a line",
        "text/markdown/escaping.py",
        "match = None if line[:1].isalpha() else _LINE_START.match(line)",
        "match = None",
        ("tests/extract/markdown/test_writer.py::test_starts_of_lines",),
    ),
    Defence(
        "controls and turned text in a body",
        "extract/markdown/inline.py",
        "self._parts.append(_DROPPED.sub(_shown, text))",
        "self._parts.append(text)",
        ("tests/extract/markdown/test_writer.py::test_text_in_a_line",),
    ),
    Defence(
        "controls in titles and names",
        "text/normalize.py",
        "    if not text.isprintable():\n",
        "    if False:\n",
        ("tests/text/test_normalize.py::test_a_line_is_one_line_and_stays_so",),
    ),
    Defence(
        "turned text in titles and names",
        "text/normalize.py",
        "\\u200b\\u202a-\\u202e\\u2060\\u2066-\\u2069\\ufeff]+",
        "\\u200b\\u2060\\ufeff]+",
        ("tests/text/test_normalize.py::test_line",),
    ),
    Defence(
        "markup that comes alive when it is unescaped twice",
        "extract/fields/descriptions.py",
        'text = without_tags(one_line(without_tags(text))).strip(" /›»>|")',
        'text = one_line(without_tags(text)).strip(" /›»>|")',
        ("tests/extract/fields/test_descriptions.py::test_markup_that_was_escaped_as_text_does_not_come_alive",),
    ),
    Defence(
        "addresses in links that are no web addresses",
        "extract/dom/page.py",
        'return url if url.startswith(("http://", "https://")) and names_host(url) else None',
        "return url",
        ("tests/extract/dom/test_page.py::test_what_is_no_web_address_is_none",),
    ),
    Defence(
        "controls on a terminal and in a log",
        "text/control_characters.py",
        "    if text.isprintable():\n",
        "    if True:\n",
        (
            "tests/extensions/test_report.py::test_control_characters_are_shown_not_obeyed",
            "tests/extensions/test_commit.py::test_no_value_can_make_a_line_or_a_remark_of_its_own",
        ),
    ),
    Defence(
        "a script element that data end",
        "report/blocks.py",
        'return text.encode("utf-8", "replace").decode().translate(_INERT)',
        'return text.encode("utf-8", "replace").decode()',
        (f"{_REPORT}test_what_was_scraped_is_data_and_never_markup",),
    ),
    Defence(
        "scripts of others in the report",
        "report/page.py",
        "script-src '{_digest(_script())}'",
        "script-src 'unsafe-inline'",
        (f"{_REPORT}test_the_policy_names_the_style_and_the_script_by_their_digests",),
    ),
    Defence(
        "markup in the report's table",
        "report/page.py",
        "<tr><td>{_escape(seed)}<td>{_escape(title)}<td>",
        "<tr><td>{seed}<td>{title}<td>",
        (f"{_REPORT}test_what_was_scraped_is_data_and_never_markup",),
    ),
    Defence(
        "markup in the text of a pull request",
        "report/summary.py",
        'fence = "`" * (1 + max(map(len, re.findall("`+", shown)), default=0))',
        'fence = "`"',
        ("tests/report/test_summary.py::test_a_code_span_is_one_whatever_it_holds",),
    ),
    Defence(
        "another site's page in the browser that reviews",
        _WEB,
        'if self.headers.get("Origin") != f"http://{self.server.host}":',
        "if False:",
        _IN_WEB,
    ),
    Defence(
        "another name for the server of a review",
        _WEB,
        'if self.headers.get("Host") != self.server.host:',
        "if False:",
        _IN_WEB,
    ),
    Defence(
        "whoever does not know a review's address",
        _WEB,
        "elif not secrets.compare_digest(token.encode(), self.server.token.encode()) or name not in names:",
        "elif name not in names:",
        _IN_WEB,
    ),
    Defence(
        "a decision without end",
        _WEB,
        "elif int(length) > _MAX_BODY_BYTES:",
        "elif False:",
        _IN_WEB,
    ),
    Defence(
        "passwords in settings, which are logged",
        "config/names.py",
        'if name == "NOTIFY":',
        "if False:",
        ("tests/extensions/test_notice.py::test_addresses_are_taken_from_the_environment_only",),
    ),
)
