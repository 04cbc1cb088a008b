"""Lists of addresses in the formats that other programs write: bytes → rows."""
