"""Pictures: what their bytes are, and whether they show anything."""
