"""Common Crawl as a web archive: monthly crawls, their indexes, and records read by their byte ranges."""
