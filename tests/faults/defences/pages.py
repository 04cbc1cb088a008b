"""What keeps a page from being taken for what it is not, and from ending the process that reads it."""

from __future__ import annotations

from tests.faults.defences.defence import Defence

_WORKERS = "crawl/extraction/workers.py"
_IN_WORKERS = "tests/crawl/extraction/test_workers.py::"
_ANSWER = "extract/verdict/response.py"
_PAGE = "extract/verdict/page.py"
_VERDICT = "tests/extract/verdict/test_page.py::"
_CUT = "tests/archive/test_cut_answers.py::"
_IMAGES = "tests/images/test_judgement.py::"

DEFENCES = (
    Defence(
        "a page that takes for ever",
        _WORKERS,
        "timeout=self._seconds)",
        "timeout=None)",
        (f"{_IN_WORKERS}test_a_page_that_goes_wrong_costs_its_own_result_only",),
    ),
    Defence(
        "a page that fills the memory",
        "crawl/extraction/processes.py",
        "resource.setrlimit(resource.RLIMIT_DATA, (size, size))",
        "pass",
        (f"{_IN_WORKERS}test_a_page_that_goes_wrong_costs_its_own_result_only",),
    ),
    Defence(
        "a signal for the run that ends its workers",
        "crawl/extraction/processes.py",
        "    with stop_signals_blocked():\n        forkserver.ensure_running()",
        "    if True:\n        forkserver.ensure_running()",
        (f"{_IN_WORKERS}test_no_signal_for_the_run_ends_a_worker",),
    ),
    Defence(
        "workers that outlive a run that was killed",
        "crawl/extraction/processes.py",
        "        ctypes.CDLL(None).prctl(1, signal.SIGKILL)",
        "        pass",
        (f"{_IN_WORKERS}test_a_worker_ends_with_a_run_that_is_killed",),
    ),
    Defence(
        "a page that ends the process that reads it",
        _WORKERS,
        "except ProcessExpired as error:",
        "except ZeroDivisionError as error:",
        (f"{_IN_WORKERS}test_a_page_that_goes_wrong_costs_its_own_result_only",),
    ),
    Defence(
        "an error of a library that cannot be sent",
        _WORKERS,
        "self._pool.schedule(_tell_cause, args=[function, given],",
        "self._pool.schedule(function, args=[given],",
        (f"{_IN_WORKERS}test_a_page_that_goes_wrong_costs_its_own_result_only",),
    ),
    Defence(
        "a tag of a hundred thousand attributes",
        "extract/dom/page.py",
        'drop_surplus_attributes(_END_OF_BODY.sub(b"", markup))',
        '_END_OF_BODY.sub(b"", markup)',
        ("tests/extract/dom/test_attribute_limit.py::test_a_tag_keeps_as_many_attributes_as_any_page_has",),
    ),
    Defence(
        "characters that end the parsing of a page",
        "extract/dom/page.py",
        "replace_lone_surrogates(remove_controls(markup))",
        "replace_lone_surrogates(markup)",
        ("tests/faults/test_cases.py::test_a_page_that_once_broke_extraction_does_no_harm",),
    ),
    Defence(
        "a picture that no worker can hold",
        _WORKERS,
        "if self._megabytes and len(body) * _MIN_MEMORY_FACTOR > self._megabytes * 1024 * 1024:",
        "if False:",
        (f"{_IN_WORKERS}test_a_picture_is_judged_within_the_limits_of_a_page",),
    ),
    Defence(
        "binary noise",
        _ANSWER,
        "if kind is None and _is_noise(capture.body):",
        "if False:",
        (f"{_VERDICT}test_noise_is_not_html_whatever_is_said_of_it",),
    ),
    Defence(
        "text of which much is not in its charset",
        _PAGE,
        "_undecodable(view)\n        or ",
        "",
        (f"{_VERDICT}test_a_text_that_is_not_in_the_charset_it_names_is_no_article",),
    ),
    Defence(
        "charsets that are none",
        "extract/dom/decoding.py",
        "if encoding is None or encoding not in _ENCODINGS:",
        "if encoding is None:",
        ("tests/extract/dom/test_decoding.py::test_what_is_no_charset_of_the_web_counts_as_none_stated",),
    ),
    Defence(
        "files that are no pages",
        _ANSWER,
        "next((name for pattern, name in _SNIFFED if pattern.match(capture.body[:64])), None)",
        "None",
        (f"{_VERDICT}test_other_content_is_not_html",),
    ),
    Defence(
        "an error status with an article in it",
        _ANSWER,
        "if status in _MEANINGS:",
        "if False:",
        (f"{_VERDICT}test_status",),
    ),
    Defence(
        "a test for robots",
        _ANSWER,
        "    if _is_challenge(capture):\n        return Verdict.BLOCKED",
        "    if False:\n        return Verdict.BLOCKED",
        (f"{_VERDICT}test_a_challenge_is_never_dead",),
    ),
    Defence(
        "a redirect to the front page, a login, an error page",
        _ANSWER,
        "return _by_status(capture) or _by_address(capture) or _by_content(capture)",
        "return _by_status(capture) or _by_content(capture)",
        (f"{_VERDICT}test_where_a_redirect_leads",),
    ),
    Defence(
        "an empty answer",
        _ANSWER,
        'return Verdict.EMPTY, "The answer has no content."',
        "return None",
        (f"{_VERDICT}test_no_content_is_empty",),
    ),
    Defence(
        "soft 404s, captchas and faults under 200",
        _PAGE,
        "        or _notice(view)\n",
        "",
        (
            f"{_VERDICT}test_soft_404_by_title",
            f"{_VERDICT}test_blocked_by_words",
            f"{_VERDICT}test_a_fault_under_200_is_unreachable",
        ),
    ),
    Defence(
        "consent walls",
        _PAGE,
        "        or _consent(view)\n",
        "",
        (f"{_VERDICT}test_a_consent_wall_is_blocked",),
    ),
    Defence(
        "a page that forwards elsewhere",
        _PAGE,
        "        or _judge_forward(view)\n",
        "",
        (f"{_VERDICT}test_a_forwarding_page",),
    ),
    Defence(
        "a page that calls the front page its address",
        _PAGE,
        "        or _home(view)\n",
        "",
        (f"{_VERDICT}test_canonical_home_is_redirected_home",),
    ),
    Defence(
        "a page with nothing to read",
        _PAGE,
        "        or _empty(view)\n",
        "",
        (f"{_VERDICT}test_nothing_to_read_is_empty",),
    ),
    Defence(
        "a teaser taken for the article",
        _PAGE,
        "        or _judge_wall(view)\n",
        "",
        (f"{_VERDICT}test_a_marked_teaser_is_walled",),
    ),
    Defence(
        "lists, fronts and shelves",
        "extract/article.py",
        "judge_structure(page, body.markdown, chosen) or (verdict, detail)",
        "(verdict, detail)",
        ("tests/extract/verdict/test_not_article.py::test_a_page_that_is_no_article_is_refused",),
    ),
    Defence(
        "half a page taken for the whole",
        "extract/article.py",
        'markdown = body.markdown if verdict is Verdict.ARTICLE and not capture.is_cut else ""',
        'markdown = body.markdown if verdict is Verdict.ARTICLE else ""',
        (f"{_CUT}test_what_breaks_off_gives_fields_but_no_body_and_is_kept_as_far_as_it_came",),
    ),
    Defence(
        "dead after one bad answer",
        "ledger/state.py",
        ".failures >= MIN_DEAD_FAILURES",
        ".failures >= 1",
        ("tests/ledger/test_state.py::test_dead_takes_three_failures_three_days_apart_since_the_last_success",),
    ),
    Defence(
        "dead after one bad weekend",
        "ledger/state.py",
        " >= MIN_TIME_BETWEEN_FAILURES",
        " is not None",
        ("tests/ledger/test_state.py::test_written_histories",),
    ),
    Defence(
        "linked data that is nested without end",
        "extract/dom/jsonld.py",
        "if depth > _MAX_DEPTH:",
        "if False:",
        ("tests/extract/dom/test_jsonld.py::test_what_is_nested_without_end_is_followed_some_levels",),
    ),
    Defence(
        "elements that are nested without end",
        "extract/markdown/content.py",
        "MAX_LEVELS = 120",
        "MAX_LEVELS = 1_000_000",
        ("tests/extract/markdown/test_writer.py::test_nesting_without_end_is_read_to_its_innermost_text",),
    ),
    Defence(
        "pictures of too many pixels",
        "images/decoding.py",
        "Image.MAX_IMAGE_PIXELS = MAX_PIXELS",
        "Image.MAX_IMAGE_PIXELS = None",
        (f"{_IMAGES}test_nothing_hostile_is_alive",),
    ),
    Defence(
        "pictures that are scripts, pages or archives too",
        "images/judgement.py",
        "if (meaning := second_meaning(body)) is not None:",
        'if (meaning := "") and False:',
        (f"{_IMAGES}test_what_readers_see_and_nobody_should_take_is_unknown",),
    ),
    Defence(
        "drawings that run or ask for something",
        "images/drawings.py",
        "if _ACTIVE.search(body):",
        "if False:",
        (f"{_IMAGES}test_what_readers_see_and_nobody_should_take_is_unknown",),
    ),
)
