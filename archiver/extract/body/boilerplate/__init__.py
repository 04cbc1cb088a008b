"""Tell apart from the article what only surrounds it: by what elements are called, by shape, by repetition."""
