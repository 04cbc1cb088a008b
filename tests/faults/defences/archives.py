"""What keeps the archive, the ledger and what others send whole, and nothing from being taken for what it is not."""

from __future__ import annotations

from tests.faults.defences.defence import Defence

_READER = "archive/warc/reader.py"
_REPLAY = "tests/archive/test_replay.py::"
_IMPORT = "tests/archive/test_importing.py::"
_FOLDER = "tests/extensions/test_run_folder.py::"
_ASSETS = "tests/archive/transfer/test_assets.py::"

DEFENCES = (
    Defence(
        "a record that was changed",
        _READER,
        "    if block_differs(record):\n",
        "    if False:\n",
        (f"{_REPLAY}test_a_damaged_record_is_reported_by_file_and_offset_and_the_others_serve",),
    ),
    Defence(
        "a record that is shorter than it says",
        _READER,
        "    if record.raw_stream.limit:\n",
        "    if False:\n",
        (f"{_REPLAY}test_damage_is_found_without_digests",),
    ),
    Defence(
        "a WARC that changes while it is read",
        _READER,
        "if recorded.url != url and address_key(recorded.url) != address_key(url):",
        "if False:",
        (f"{_REPLAY}test_a_warc_that_changes_during_the_run_is_not_believed",),
    ),
    Defence(
        "an archive that breaks off",
        "archive/warc/scan.py",
        "if record is None and offset < end:",
        "if False:",
        (f"{_REPLAY}test_a_warc_that_was_cut_off_serves_what_is_whole",),
    ),
    Defence(
        "damage that hides what lies behind it",
        "archive/warc/scan.py",
        "return next_match(stream, max(offset, start) + 1, _START)",
        "return None",
        (f"{_REPLAY}test_a_damaged_record_is_reported_by_file_and_offset_and_the_others_serve",),
    ),
    Defence(
        "records that are packed as one",
        "archive/warc/scan.py",
        "if member_goes_on(records):",
        "if False:",
        (f"{_IMPORT}test_any_mix_of_forms_gives_the_captures_that_are_in_it",),
    ),
    Defence(
        "the torn tail of a run that was killed",
        "archive/recovery.py",
        "stream.truncate(end)",
        "pass",
        ("tests/archive/test_recording.py::test_the_next_start_cuts_a_torn_tail",),
    ),
    Defence(
        "finishing the file of a living run",
        "archive/recovery.py",
        "if not try_lock(stream.fileno()) or not os.fstat(stream.fileno()).st_nlink or not file.exists():",
        "if False:",
        ("tests/archive/test_recording.py::test_the_next_start_cuts_a_torn_tail",),
    ),
    Defence(
        "a seed from an answer that was not kept",
        "downloader/recording/recorder.py",
        'raise NotArchived(f"{exchange.url} answered, but {self._failure}") from error',
        "return",
        ("tests/archive/test_recording.py::test_a_full_disk_ends_the_run_and_no_seed_comes_from_what_was_not_kept",),
    ),
    Defence(
        "a feed that is lost on a full disk",
        "extensions/feeds.py",
        "        self._on_failure(error)\n",
        "        pass\n",
        (f"{_FOLDER}test_folder_and_feed_on_a_full_disk_are_one_line_and_the_seeds_are_repaired",),
    ),
    Defence(
        "a file of a WACZ that is not the one it states",
        "archive/transfer/intake.py",
        "if stated and len(stated) == len(digest) and stated != digest:",
        "if False:",
        ("tests/commands/test_archive.py::test_imports_are_taken_once_and_only_when_they_can_be_read",),
    ),
    Defence(
        "a zip file that is a trap",
        "archive/transfer/importing.py",
        "if entry.file_size > _MAX_PACKED_FACTOR * max(1, entry.compress_size):",
        "if False:",
        (f"{_IMPORT}test_what_is_refused_is_named_with_its_reason",),
    ),
    Defence(
        "zip files in zip files without end",
        "archive/transfer/importing.py",
        "elif depth >= _MAX_DEPTH:",
        "elif False:",
        (f"{_IMPORT}test_what_is_refused_is_named_with_its_reason",),
    ),
    Defence(
        "names in a zip file that lead out of the archive",
        "archive/transfer/intake.py",
        'return f"imported-{digest[:_DIGEST_LETTERS]}.warc"',
        'return f"../imported-{digest[:_DIGEST_LETTERS]}.warc"',
        (f"{_IMPORT}test_names_in_a_zip_file_lead_nowhere",),
    ),
    Defence(
        "importing what was taken down",
        "archive/transfer/intake.py",
        "removed = leave_out_removed(Tombstones.read(archive.folder), file, UNFINISHED_IMPORT)",
        "removed = 0",
        ("tests/archive/upkeep/test_removal.py::test_an_import_leaves_out_what_was_taken_down",),
    ),
    Defence(
        "an index of another version",
        "archive/schema.py",
        "if version != _VERSION:",
        "if False:",
        ("tests/archive/test_archive.py::test_a_process_with_an_older_index_goes_on_beside_one_that_makes_it_anew",),
    ),
    Defence(
        "another program's file in the index's place",
        "archive/schema.py",
        "if application != _APPLICATION_ID:",
        "if False:",
        ("tests/archive/test_archive.py::test_an_index_that_cannot_be_used_is_made_again",),
    ),
    Defence(
        "a ledger from the future",
        "ledger/schema.py",
        "if version > len(steps):",
        "if False:",
        (
            "tests/ledger/test_ledger.py::test_the_first_version_is_brought_up_to_date_and_a_step_that_fails_changes_nothing",
        ),
    ),
    Defence(
        "another program's database in the ledger's place",
        "ledger/schema.py",
        "if tables and owner != APPLICATION_ID:",
        "if False:",
        ("tests/ledger/test_ledger.py::test_a_file_that_cannot_be_used_is_one_sentence",),
    ),
    Defence(
        "two runs on one archive",
        "files/lock.py",
        "fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)",
        "pass",
        ("tests/files/test_lock.py::test_a_second_run_hears_who_runs_and_a_dead_one_holds_nothing",),
    ),
    Defence(
        "addresses of pictures as paths",
        "archive/transfer/picture_folder.py",
        'if words := _NOT_IN_NAMES.sub("-", name_of(stem)).strip("-"):',
        "if words := stem:",
        (f"{_ASSETS}test_a_name_takes_plain_letters_from_an_address",),
    ),
    Defence(
        "a picture in the place of something else",
        "archive/transfer/picture_folder.py",
        "if not os.path.lexists(file):",
        "if True:",
        (f"{_ASSETS}test_what_lies_there_is_never_replaced",),
    ),
    Defence(
        "a file that another one's name is taken from",
        "files/atomic.py",
        "        os.link(file, target)\n",
        "        os.replace(file, target); file.touch()\n",
        ("tests/collection/test_additions.py::test_a_name_that_somebody_takes_meanwhile_is_left_alone",),
    ),
)
