"""The faults, by kind; each module names its own as FAULTS."""
