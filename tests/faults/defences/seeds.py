"""What keeps the user's files whole, and hostile seeds and values from doing more than they say."""

from __future__ import annotations

from tests.faults.defences.defence import Defence

_STORE = "seeds/store.py"
_IN_STORE = "tests/seeds/test_store.py::"
_REPLACEMENT = "files/replacement.py"
_IN_REPLACEMENT = "tests/files/test_replacement.py::"
_FRONT = "seeds/front_matter.py"
_BAD_SEED = "tests/seeds/test_seed.py::test_what_cannot_be_read_is_told_in_one_sentence"
_BAD_INPUT = "tests/seeds/formats/test_bad_input.py::"
_ATOMIC = "files/atomic.py"
_TABLES = "collection/tables.py"
_IN_FILE = "tests/collection/test_file.py::"

DEFENCES = (
    Defence(
        "a seed without end",
        _STORE,
        "content = seed.read(MAX_SEED_BYTES + 1)",
        "content = seed.read()",
        (f"{_IN_STORE}test_a_seed_without_end_is_not_read_to_it",),
    ),
    Defence(
        "pipes and sockets named like seeds",
        _STORE,
        "if not file.is_file() and file.exists() and not file.is_dir():",
        "if False:",
        (f"{_IN_STORE}test_what_is_no_file_is_not_read",),
    ),
    Defence(
        "a link out of the seeds' folder",
        _STORE,
        "if not real.is_relative_to(self.root.resolve()):",
        "if False:",
        (f"{_IN_STORE}test_a_link_that_leads_outside_is_neither_read_nor_written",),
    ),
    Defence(
        "a link out of OUTPUT_DIR",
        _STORE,
        "if not target.parent.resolve().is_relative_to(self.output.resolve()):",
        "if False:",
        (f"{_IN_STORE}test_a_copy_does_not_leave_the_output_folder",),
    ),
    Defence(
        "linked folders, and circles of them",
        "seeds/walk.py",
        "entry.is_dir(follow_symlinks=False)",
        "entry.is_dir()",
        (f"{_IN_STORE}test_a_folder_that_is_linked_to_is_not_entered",),
    ),
    Defence(
        "a seed that somebody edited meanwhile",
        _REPLACEMENT,
        "if os.fstat(descriptor).st_size != len(before) or os.pread(descriptor, len(before) + 1, 0) != before:",
        "if False:",
        (
            f"{_IN_STORE}test_a_file_that_somebody_changed_is_left_alone",
            f"{_IN_REPLACEMENT}test_what_somebody_does_meanwhile_is_not_lost",
        ),
    ),
    Defence(
        "a seed that was replaced while it was waited for",
        _STORE,
        "if not is_at(file, descriptor):",
        "if False:",
        (f"{_IN_STORE}test_a_file_that_was_replaced_or_renamed_while_waiting_for_its_lock_is_left_alone",),
    ),
    Defence(
        "a seed's name on the disk before its bytes",
        _REPLACEMENT,
        "            os.fsync(stream.fileno())\n",
        "",
        (f"{_IN_STORE}test_bytes_reach_the_disk_before_the_name_and_the_name_before_the_end",),
    ),
    Defence(
        "a seed that is written in place",
        _REPLACEMENT,
        "        new.replace(file)\n",
        "        file.write_bytes(new.read_bytes())\n",
        (f"{_IN_STORE}test_bytes_reach_the_disk_before_the_name_and_the_name_before_the_end",),
    ),
    Defence(
        "what a failed write leaves behind",
        _REPLACEMENT,
        "                part.unlink()\n",
        "                pass\n",
        (f"{_IN_STORE}test_a_disk_that_fails_leaves_the_old_bytes_and_nothing_else",),
    ),
    Defence(
        "a name that does not reach the disk",
        _REPLACEMENT,
        "                    old.replace(file)\n",
        "                    pass\n",
        (f"{_IN_REPLACEMENT}test_a_name_that_does_not_reach_the_disk_leaves_the_file_that_was_there",),
    ),
    Defence(
        "a seed that loses its mode",
        "files/attributes.py",
        "    os.fchmod(target, status.st_mode & 0o7777)\n",
        "",
        (f"{_IN_STORE}test_a_write_replaces_the_bytes_and_keeps_the_mode",),
    ),
    Defence(
        "a seed that loses its owner",
        "files/attributes.py",
        "raise OwnerNotKept(error.errno",
        "return; raise OwnerNotKept(error.errno",
        (f"{_IN_REPLACEMENT}test_a_file_that_this_user_cannot_give_to_its_owner_is_refused",),
    ),
    Defence(
        "a seed with two names, of which one would stay",
        _STORE,
        "if links > 1:",
        "if False:",
        (f"{_IN_STORE}test_a_seed_with_two_names_is_refused_for_one_would_stay_as_it_was",),
    ),
    Defence(
        "a file that is replaced before it is on the disk",
        _ATOMIC,
        "            os.fsync(stream.fileno())\n            part.replace(file)\n",
        "            part.replace(file)\n",
        ("tests/files/test_atomic.py::test_a_file_is_on_the_disk_before_it_takes_the_place_of_another",),
    ),
    Defence(
        "sweeping what a living run writes",
        _ATOMIC,
        "        if not try_lock(descriptor):\n            return False\n        file.unlink()",
        "        file.unlink()",
        ("tests/files/test_atomic.py::test_only_our_own_leftovers_of_dead_processes_go",),
    ),
    Defence(
        "front matter without end",
        _FRONT,
        "if len(front.encode()) > MAX_BYTES:",
        "if False:",
        (_BAD_SEED,),
    ),
    Defence(
        "aliases that stand for millions of values",
        _FRONT,
        "        if nodes > MAX_NODES:",
        "        if False:",
        (_BAD_SEED,),
    ),
    Defence(
        "an alias that stands for itself",
        _FRONT,
        "if isinstance(event, yaml.AliasEvent) and any(event.anchor == collection.anchor for collection in open_):",
        "if False:",
        (_BAD_SEED,),
    ),
    Defence(
        "YAML that is nested without end",
        _FRONT,
        "if len(open_) > MAX_DEPTH:",
        "if False:",
        (_BAD_SEED,),
    ),
    Defence(
        "YAML tags",
        _FRONT,
        "if tag is not None and tag not in _TAGS:",
        "if False:",
        (_BAD_SEED,),
    ),
    Defence(
        "a key that is there twice",
        _FRONT,
        "if event.value in collection.keys:",
        "if False:",
        (_BAD_SEED,),
    ),
    Defence(
        "YAML on which two parsers differ",
        _FRONT,
        "if tree != compose(front):",
        "if False:",
        (_BAD_SEED,),
    ),
    Defence(
        "TOML and JSON that are nested without end",
        "seeds/formats/spans.py",
        "if depth > MAX_DEPTH:",
        "if False:",
        (f"{_BAD_INPUT}test_toml_that_cannot_be_read", f"{_BAD_INPUT}test_json_that_cannot_be_read"),
    ),
    Defence(
        "TOML and JSON of too many values",
        "seeds/formats/spans.py",
        "if self.nodes > MAX_NODES:",
        "if False:",
        (f"{_BAD_INPUT}test_json_that_cannot_be_read",),
    ),
    Defence(
        "an edit that changes another key",
        "seeds/splice.py",
        "if tree is None or not is_wanted(tree, wanted):",
        "if False:",
        ("tests/seeds/test_splice.py::test_a_slip_of_the_writer_is_caught",),
    ),
    Defence(
        "a title that YAML takes for something else",
        "seeds/scalars.py",
        "_ESCAPED.sub(_escape, text)",
        "text",
        ("tests/seeds/test_scalars.py::test_a_string_reloads_as_itself_everywhere",),
    ),
    Defence(
        "a new seed outside of the folder",
        "collection/additions.py",
        'if not (store.root / given).resolve().is_relative_to(root) or ".." in given.parts:',
        "if False:",
        ("tests/collection/test_additions.py::test_new_seeds_stay_inside",),
    ),
    Defence(
        "a new seed behind a link",
        "seeds/creation.py",
        "if not file.parent.resolve().is_relative_to(store.root.resolve()):",
        "if False:",
        ("tests/collection/test_additions.py::test_new_seeds_stay_inside",),
    ),
    Defence(
        "titles that are names of devices or of index pages",
        "text/file_names.py",
        'return f"{name}-post" if name in _RESERVED else name',
        "return name",
        ("tests/text/test_file_names.py::test_a_title_as_a_name",),
    ),
    Defence(
        "titles with slashes, dots and controls as names",
        "text/file_names.py",
        'if unicodedata.category(char)[0] not in "LNM":\n        return "-"',
        'if unicodedata.category(char)[0] not in "LNM":\n        return char',
        ("tests/text/test_file_names.py::test_any_text_gives_a_name_that_is_safe_everywhere",),
    ),
    Defence(
        "a collection's file that loads code or opens hosts",
        _TABLES,
        "if setting in OUR_DEFAULTS:\n        return None\n    meant",
        "if True:\n        return None\n    meant",
        (f"{_IN_FILE}test_no_setting_that_could_load_code_is_taken",),
    ),
    Defence(
        "a collection's file that opens private hosts or runs programs",
        _TABLES,
        "    if setting in _BY_PERSON_ONLY:\n",
        "    if False:\n",
        (f"{_IN_FILE}test_no_setting_that_could_load_code_is_taken",),
    ),
    Defence(
        "a collection's file that names places outside",
        _TABLES,
        "_inside(source, path, value) if setting in PATHS else value",
        "value",
        (f"{_IN_FILE}test_a_link_out_of_the_collection_is_not_followed_unless_a_person_says_so",),
    ),
    Defence(
        "a collection with links that lead out of it",
        "collection/file.py",
        "if not leads_inside(self.file.parent, Path.cwd() / path):",
        "if False:",
        (f"{_IN_FILE}test_a_link_out_of_the_collection_is_not_followed_unless_a_person_says_so",),
    ),
    Defence(
        "entities in lists of addresses",
        "collection/lists/feeds.py",
        'if without_prolog(text)[:9].upper() == "<!DOCTYPE" and _ENTITIES.search(text):',
        "if False:",
        ("tests/collection/test_lists.py::test_entities_are_refused_in_any_encoding",),
    ),
    Defence(
        "a packed list that fills the memory",
        "collection/lists/decoding.py",
        "return packed.read(MAX_LIST_BYTES + 1)",
        "return packed.read()",
        ("tests/collection/test_lists.py::test_gzip_that_is_damaged_or_would_fill_the_memory",),
    ),
    Defence(
        "names that git takes for options or patterns",
        "files/git.py",
        '"--literal-pathspecs", ',
        "",
        ("tests/extensions/test_commit.py::test_names_that_look_like_options_patterns_or_texts_are_names",),
    ),
    Defence(
        "committing what somebody else changed",
        "extensions/written.py",
        "((:blob = after AND head = before) OR (:blob = after_lf AND head = before_lf))",
        "1",
        ("tests/extensions/test_commit.py::test_changes_of_others_are_left_where_they_are",),
    ),
)
