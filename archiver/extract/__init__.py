"""From a capture to an article: parse once, collect candidates, choose by evidence, write the body as Markdown."""
