"""What goes along with a run: its report, and its commit."""
