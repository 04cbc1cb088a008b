"""What commands have in common: their settings, what they select, how signals and crashes end them."""
