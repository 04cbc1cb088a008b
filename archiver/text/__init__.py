"""Words, letters, dates and languages: what everything that compares words stands on."""
