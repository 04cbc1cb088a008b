"""Disks that fill up, fail and are read-only, under runs of the program."""
