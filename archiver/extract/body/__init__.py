"""The text of an article: found, cut to its edges, completed."""
