"""One short file per publisher; `seeds` takes them all."""
