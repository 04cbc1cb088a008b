"""The fields of an article: who offers values, and which is chosen."""
