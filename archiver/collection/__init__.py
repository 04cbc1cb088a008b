"""A collection's file, seed-archiver.toml, the presets that it builds on, and seeds made of lists of addresses.

    folder ─find_file→ file ─read_collection→ Collection ─apply_layers→ settings
    folder ─detect_by_files→ Generator ─survey_posts→ Survey ─collection_text→ file
    list ─read_list→ rows ─▶ stubs

Errors are `SettingsError`, each one sentence that names the file.
"""
