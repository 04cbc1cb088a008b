"""What was found at the addresses of pictures, and when to look again."""
