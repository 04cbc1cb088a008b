"""Pages to articles: in processes of their own, part by part."""
