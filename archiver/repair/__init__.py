"""A seed and its article: what differs, what is taken, and the bytes that follow."""
