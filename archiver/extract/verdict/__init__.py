"""What an answer turned out to be: an article, a wall, an error, a refusal."""
