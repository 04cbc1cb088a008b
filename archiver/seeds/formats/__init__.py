"""TOML and JSON front matter: where each value stands, and what it says.

    Document ──load_document──▶ FrontMatter

`tomllib` and `json` say what front matter means and not where it stands; the scanners here say where, and both have to
agree: docs/design.md D7.
"""
