"""What keeps an archive sound over the years."""
