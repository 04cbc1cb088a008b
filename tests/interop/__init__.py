"""What other people's programs make of our files, and we of theirs: `make interop`."""
