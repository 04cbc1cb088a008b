"""TOML and JSON front matter: where each value stands, and edits of it.

    text ──locate──▶ Spans
    text + Spans + Edit ──FrontWriter──▶ Splice, the piece of text that is replaced

`tomllib` and `json` say what front matter means and not where it stands; the scanners here say where, and both have to
agree before and after an edit: docs/design.md D7.
"""
