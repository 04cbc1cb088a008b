"""An audit of many seeds: what is found, on disk until it is shown; what was read, for the next one."""
