"""What goes into the archive from elsewhere, and out of it."""
