"""Noise for the fuzzing rows: broken front matter, pages, records and answers, and what they must not lead to."""
