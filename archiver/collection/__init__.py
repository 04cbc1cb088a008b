"""A collection of seeds as a whole: lists of addresses become stubs."""
