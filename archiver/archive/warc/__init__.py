"""Records of WARC files (ISO 28500), read and written."""
