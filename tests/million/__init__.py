"""Archives of a million captures: what it costs to look at them."""
