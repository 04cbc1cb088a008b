"""A collection's file, seed-archiver.toml, and the presets that it builds on.

    folder ─find_file→ file ─read_collection→ Collection ─apply_layers→ settings
    folder ─detect_by_files→ Generator ─survey_posts→ Survey ─collection_text→ file

Errors are `SettingsError`, each one sentence that names the file.
"""
