"""What a page's scripts carry as data for themselves: read as JSON, never run."""
