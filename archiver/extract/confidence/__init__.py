"""How likely each chosen value is right: evidence, named features, a weight each."""
