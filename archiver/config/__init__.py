"""What a run was told by its settings: their names, their values, and the page that lists them."""
