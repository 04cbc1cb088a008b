"""How the text of a page differs from that of a seed, in any script; what of it counts; and a seed brought up by it."""
