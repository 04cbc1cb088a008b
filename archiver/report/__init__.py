"""The page that a person opens after a run."""
